"""The documentation site: Sphinx with MyST, built offline (`make docs`)."""

from tierscape import __version__

project = "tierscape"
author = "The tierscape authors"
copyright = author  # noqa: A001 - Sphinx's name
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {
    "description": "Clusters of cities, compared from published tier rankings",
    "font_family": '"Noto Sans", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif',
    "page_width": "1240px",
    "code_font_size": "0.8em",
    "show_powered_by": False,
}
html_show_sphinx = False
html_show_sourcelink = False
html_search_language = "en"
pygments_style = "sphinx"

myst_heading_anchors = 4

# The docstrings are numpydoc; their types stand in the signatures.
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
# A word in single backticks is code, as everywhere in the docstrings.
default_role = "code"
