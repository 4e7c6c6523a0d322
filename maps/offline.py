"""Any folium map as one self-contained file: nothing is loaded when it is opened."""

import base64
import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink

from ..data.errors import TierscapeError
from .escape import script_json
from .page_scan import scan_page

ASSETS = Path(__file__).parent / "assets"

# Libraries that folium links in every page, and what betrays that a page uses them. Where nothing
# does, the link is left out; where something does, it stays, and is then refused by name.
_ONLY_IF_USED = {
    "jquery": r"\$\(|\$\.|jQuery",  # but for popups, see below
    "bootstrap": r"data-bs-|bootstrap\.",
    "bootstrap_css": r"data-bs-",
    "glyphicons_css": r"glyphicon",
    "awesome_markers": r"AwesomeMarkers",
    "awesome_markers_css": r"AwesomeMarkers",
    "awesome_markers_font_css": r"AwesomeMarkers|\bfa-",
    "awesome_rotate_css": r"fa-rotate",
}
# The one thing that folium's popups ask of jQuery is to make an element of their HTML.
_POPUP = re.compile(r"\$\(`(?:[^`\\]|\\.)*`\)\[0\]", re.DOTALL)
# Written so, a text means the same in HTML, in a JavaScript template and in a jinja template.
_IN_FOLIUM = {ord(c): f"&#{ord(c)};" for c in "&<>\"'`$\\{}%#"}
_POLICY = "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:"


def save_offline(
    m: folium.Map, path: str | Path, *, allow: Iterable[str] = (), policy: bool = False
) -> None:
    """Write a folium map to one file that needs no network; see `render_offline`.

    The file is written beside and then renamed, so that a failure leaves no half of it.

    Raises
    ------
    TierscapeError
        If something outside the file remains, or the file cannot be written.
    """
    target = Path(path)
    text = render_offline(m, allow=allow, policy=policy)
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise TierscapeError(f"{target}: {error.strerror}.") from None


def render_offline(m: folium.Map, *, allow: Iterable[str] = (), policy: bool = False) -> str:
    """Return the page of a folium map with Leaflet inside and nothing left to load.

    Leaflet's script, style and images come from this package. The other libraries that folium
    links by default (jQuery, Bootstrap, Awesome Markers and their fonts) are left out where the
    map does not use them. The map itself is not changed.

    Parameters
    ----------
    m
        Any folium map. Icons from Awesome Markers need libraries that are not here.
    allow
        Beginnings of URLs in scripts that are only text and are never loaded.
    policy
        Whether to add a Content-Security-Policy by which the browser itself refuses every
        request and every script but those of the page. Event handlers in attributes stop working.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    TierscapeError
        If something outside the file remains; the message names every URL.

    Examples
    --------
    >>> "cdn." in render_offline(folium.Map(tiles=None))
    False
    """
    figure = _page_of(m)
    for child in list(figure._children.values()):  # noqa: SLF001 - branca offers no other way
        child.render()
    # Links enter the header while the children render; the page is put together afterwards.
    linked = figure.header._children  # noqa: SLF001
    figure.header._children = _embedded(figure, linked)  # noqa: SLF001
    try:
        html = str(figure._template.render(this=figure, kwargs={}))  # noqa: SLF001
    finally:
        figure.header._children = linked  # noqa: SLF001
    page = scan_page(html, allow)
    if page.urls:
        remaining = ", ".join(sorted(set(page.urls)))
        raise TierscapeError(f"The map still loads from outside its file: {remaining}")
    return _with_policy(html, page.scripts) if policy else html


def notebook_frame(m: folium.Map, height_px: int = 720) -> str:
    """Return a map as a notebook shows it: a frame that holds the whole page.

    The page needs no network, unless the map has layers that do.

    Examples
    --------
    >>> notebook_frame(folium.Map(tiles=None))[:16]
    '<iframe srcdoc="'
    """
    try:
        page = render_offline(m)
    except TierscapeError:
        page = _page_of(m).render()
    # In an attribute with double quotes nothing else needs escaping.
    held = page.replace("&", "&amp;").replace('"', "&quot;")
    style = f"width: 100%; height: {height_px}px; border: 0"
    return f'<iframe srcdoc="{held}" style="{style}" allowfullscreen></iframe>'


def folium_text(text: object) -> str:
    """Return a text that folium's tooltips, popups and GeoJSON properties show as it is.

    They take what they are given for HTML, and put it into a JavaScript template and through
    jinja on the way, so that a name may break the page or run. Direction marks are kept to the
    text itself.

    Examples
    --------
    >>> "<b>" in folium_text("<b>")
    False
    >>> import html
    >>> html.unescape(folium_text("<b> ${a} {{ 7*7 }}"))[5:-6]
    '<b> ${a} {{ 7*7 }}'
    """
    return f"<bdi>{str(text).translate(_IN_FOLIUM)}</bdi>"


def leaflet_script() -> str:
    """Return Leaflet's script, with its marker images inside."""
    script = _asset("leaflet.js").partition("//# sourceMappingURL")[0]
    icons = {
        "iconUrl": _data_url("marker-icon.png"),
        "iconRetinaUrl": _data_url("marker-icon-2x.png"),
        "shadowUrl": _data_url("marker-shadow.png"),
    }
    return script + _template("marker-icons.js").replace("MARKER_ICONS", script_json(icons))


def leaflet_style() -> str:
    """Return Leaflet's style sheet, with its images inside."""
    return re.sub(
        r"url\(images/([\w-]+\.png)\)",
        lambda found: f"url({_data_url(found[1])})",
        _asset("leaflet.css").replace("behavior: url(#default#VML);", ""),
    )


class Inline(Element):
    """Text that stands in a page as it is; branca would read it as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self.text


def _page_of(m: folium.Map) -> Figure:
    """Return the page that a map stands in."""
    root = m.get_root()
    if not isinstance(root, Figure):
        raise TierscapeError(f"{m.get_name()} stands in no page: add the map to a Figure.")
    return root


def _embedded(figure: Figure, linked: OrderedDict[str, Element]) -> OrderedDict[str, Element]:
    """Return the header's children with what is needed inside, and links to what is missing."""
    content = _content(figure.html) + _content(figure.script)
    without_popups = _POPUP.sub("", content)
    used = {
        name
        for name, sign in _ONLY_IF_USED.items()
        if re.search(sign, without_popups if name == "jquery" else content)
    }
    inside = {
        "leaflet": Inline(f"<script>{leaflet_script()}</script>"),
        "leaflet_css": Inline(f"<style>{leaflet_style()}</style>"),
    }
    kept = OrderedDict(
        (name, inside.get(name, child))
        for name, child in linked.items()
        if name not in _ONLY_IF_USED or name in used
    )
    if "jquery" not in used and without_popups != content:
        kept["popups"] = Inline(f"<script>{_template('popup-html.js')}</script>")
    # A map may link nothing and yet be given layers that need a library.
    return kept | {name: link for name, link in _links() if name in used - kept.keys()}


def _content(part: Element) -> str:
    """Return the text of a part of a page, but for what this package put there itself."""
    children = part._children.values()  # noqa: SLF001 - branca offers no other way
    return "".join(child.render() for child in children if not isinstance(child, Inline))


def _links() -> list[tuple[str, Element]]:
    """Return the libraries that folium links in every page of its own."""
    scripts = [(name, JavascriptLink(url)) for name, url in folium.Map.default_js]
    return scripts + [(name, CssLink(url)) for name, url in folium.Map.default_css]


def _with_policy(html: str, scripts: Iterable[str]) -> str:
    """Return the page with a policy that allows its own scripts, by their digests, and no more."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    content = _POLICY.format(scripts=allowed or "'none'")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    return html.replace("<head>", f"<head>\n{meta}", 1)


@lru_cache(maxsize=16)
def _asset(name: str) -> str:
    """Return the text of a file of this package."""
    return (ASSETS / name).read_text(encoding="utf-8")


def _template(name: str) -> str:
    """Return the text of a template of this package."""
    return (ASSETS.parent / "templates" / name).read_text(encoding="utf-8")


def _data_url(name: str) -> str:
    """Return an image of this package as a data URL."""
    content = base64.b64encode((ASSETS / name).read_bytes()).decode()
    return f"data:image/png;base64,{content}"
