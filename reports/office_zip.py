"""Office files are ZIP archives: the same parts give the same bytes, whatever the clock says."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: The earliest time that a ZIP archive can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


#: What XML cannot hold.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def office_text(text: str) -> str:
    """Return a text without what XML cannot hold.

    Examples
    --------
    >>> office_text("a" + chr(7) + "b")
    'ab'
    """
    return _UNPRINTABLE.sub("", text)


def fixed_office(content: bytes, date: str) -> bytes:
    """Return an Office file with fixed times: in the archive, in its properties, in what it embeds.

    Parameters
    ----------
    content
        A PPTX or XLSX file.
    date
        ISO date to stand as the day it was made and changed.

    Examples
    --------
    >>> import xlsxwriter
    >>> book = xlsxwriter.Workbook(file := BytesIO())
    >>> _ = book.add_worksheet(), book.close()
    >>> fixed = fixed_office(file.getvalue(), "2024-01-01")
    >>> b"2024-01-01T00:00:00Z" in ZipFile(BytesIO(fixed)).read("docProps/core.xml")
    True
    """
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as fixed:
        for name in source.namelist():
            part = ZipInfo(name, _EPOCH)
            part.compress_type = ZIP_DEFLATED
            # The system that wrote a file is a byte of it, and tells Windows from others.
            part.create_system = 0
            fixed.writestr(part, _fixed_part(name, source.read(name), date))
    return target.getvalue()


def _fixed_part(name: str, content: bytes, date: str) -> bytes:
    """Return one part of an Office file."""
    if name.endswith(".xlsx"):
        return fixed_office(content, date)
    if name == "docProps/core.xml":
        return _STAMP.sub(rb"\g<1>%sT00:00:00Z\g<3>" % date.encode(), content)
    return content
