"""The formats of reports: which module writes each, and which library it needs."""

from collections.abc import Callable, Iterable
from importlib import import_module

from ..data.errors import UnknownNameError
from .blocks import Report
from .extras import required

Writer = Callable[[Report], bytes | str]

#: Format to module, function, and the libraries of the extra `reports` that it needs.
_WRITERS = {
    "pdf": ("typst_pdf", "pdf", ("typst",)),
    "html": ("html", "html", ()),
    "pptx": ("pptx_slides", "pptx", ("pptx", "typst")),
    "xlsx": ("xlsx_sheets", "xlsx", ("xlsxwriter",)),
    "md": ("markdown", "markdown", ()),
}
FORMATS = tuple(_WRITERS)


def check_formats(formats: Iterable[str]) -> None:
    """Refuse a format that is unknown or whose library is missing, before any work.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    TierscapeError
        If a library is not installed.

    Examples
    --------
    >>> check_formats(["pdff"])
    Traceback (most recent call last):
    tierscape.data.errors.UnknownNameError: unknown format 'pdff'. Did you mean 'pdf'?
    """
    for form in formats:
        if form not in _WRITERS:
            raise UnknownNameError("format", form, FORMATS)
        for library in _WRITERS[form][2]:
            required(library, form.upper())


def written(report: Report, form: str) -> bytes:
    """Return a report as the bytes of a file.

    Parameters
    ----------
    report
        What it says.
    form
        One of `FORMATS`.
    """
    module, function, _ = _WRITERS[form]
    write: Writer = getattr(import_module(f".{module}", __package__), function)
    content = write(report)
    return content.encode() if isinstance(content, str) else content
