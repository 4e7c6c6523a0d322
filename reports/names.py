"""Names of files and sheets that are safe on every system, and unique."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

#: What Windows, macOS or a shell takes for something else than a letter of a name.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"
}
#: Bytes of a name, so that an ending and a prefix still fit the 255 of a file system.
_LONGEST = 180
_SHEET_UNSAFE = re.compile(r"[\x00-\x1f\[\]:*?/\\]+")
_SHEET_LONGEST = 31


def safe_name(text: str) -> str:
    """Return a file name, without its ending, that is safe on every system.

    A name that had to be changed ends in a checksum of what it was, so that two names never
    become one. Chinese names stay as they are.

    Parameters
    ----------
    text
        Any text.

    References
    ----------
    Microsoft, "Naming Files, Paths, and Namespaces".

    Examples
    --------
    >>> safe_name("g20-2023-阿尔卑斯-zh"), safe_name("../a:b"), safe_name("CON"), safe_name("x. ")
    ('g20-2023-阿尔卑斯-zh', 'a-b-7b26657f', '_CON-a3dbc4b6', 'x-7a590786')
    """
    # A lone surrogate stands for a byte of a file name that is no UTF-8.
    whole = text.encode("utf-8", "replace").decode()
    name = unicodedata.normalize("NFC", _UNSAFE.sub("-", whole))
    name = "".join(char for char in name if unicodedata.category(char) not in {"Cf", "Co", "Cn"})
    name = _cut(name.strip(" .-~"), _LONGEST)
    if name.split(".")[0].rstrip().lower() in _DEVICES:
        name = f"_{name}"
    if name != text:
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return f"{name or 'report'}-{digest}"
    return name


def unique_names(texts: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return safe names, no two of them alike even where capitals do not count.

    Parameters
    ----------
    texts
        What is to be named, in order.
    taken
        Names that others have.

    Examples
    --------
    >>> unique_names(["alps", "Alps", "alps"], ["rockies"])
    ['alps', 'Alps-2', 'alps-3']
    """
    used = {name.casefold() for name in taken}
    return [_unused(safe_name(text), used) for text in texts]


def sheet_names(texts: Iterable[str]) -> list[str]:
    """Return names of sheets: at most 31 characters, none that XLSX forbids, no two alike.

    Examples
    --------
    >>> sheet_names(["Members: why?", "Members: why?", "x" * 40])[:2]
    ['Members- why', 'Members- why-2']
    """
    used = {"history"}
    found = []
    for text in texts:
        name = _SHEET_UNSAFE.sub("-", text).strip(" '-")[:_SHEET_LONGEST].rstrip(" '-")
        found.append(_unused(name or "Sheet", used, _SHEET_LONGEST))
    return found


def _unused(name: str, used: set[str], longest: int = 255) -> str:
    """Return a name that is not used, with a number where it must be, and note it."""
    number, found = 1, name
    while found.casefold() in used:
        number += 1
        ending = f"-{number}"
        found = name[: longest - len(ending)] + ending
    used.add(found.casefold())
    return found


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text, in bytes of UTF-8, without half a character."""
    return text.encode()[:most].decode("utf-8", "ignore").rstrip(" .-")
