"""Files of a batch: written beside and renamed, nobody's file lost, one run at a time."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

from ..data.errors import TierscapeError

LOCK = ".tierscape-report.lock"
_PART = ".part-"
#: What will fail for the next file too.
_HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its target and rename it; on an error the target is as it was."""
    beside = path.with_name(_PART + path.name)
    try:
        with beside.open("wb") as file:
            file.write(content)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def put_file(path: Path, content: bytes, ours: str) -> str:
    """Write a report's file; a file there that is not as a batch wrote it is kept.

    Parameters
    ----------
    path
        The target.
    content
        What it shall hold.
    ours
        SHA-256 of what a batch wrote there, empty where none did.

    Returns
    -------
    str
        The new name of the file that was there and had been made or changed by somebody else;
        empty where there was none.
    """
    there = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    if there and there == sha256(content).hexdigest():
        return ""
    kept = ""
    if there and there != ours:
        target = _free_name(path)
        path.rename(target)
        kept = target.name
    replace_file(path, content)
    return kept


def is_hopeless(error: OSError) -> bool:
    """Tell whether an error of writing will meet every other file too, as on a full disk."""
    return error.errno in _HOPELESS


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make a folder and hold it for one run; what a killed run left half-written is removed.

    The lock is the operating system's: it ends with the process, however that ends.

    Raises
    ------
    TierscapeError
        If it cannot be written, or another run holds it.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="ascii")
    except FileExistsError:
        raise TierscapeError(f"{folder}: is a file. Give a folder with -o.") from None
    except OSError as error:
        raise TierscapeError(f"{folder}: cannot be written: {error.strerror}.") from None
    with file:
        if not _try_lock(file):
            raise TierscapeError(
                f"{folder}: {_holder(path)} is writing reports there. Wait for it."
            )
        file.truncate(0)
        with suppress(OSError):  # A full disk has no room for the number; the lock holds.
            file.write(f"{os.getpid()}\n")
            file.flush()
        for part in folder.glob(f"{_PART}*"):
            part.unlink(missing_ok=True)
        yield


def _free_name(path: Path) -> Path:
    """Return a name beside a file that nobody has."""
    number = 1
    while (found := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")).exists():
        number += 1
    return found


def _holder(path: Path) -> str:
    """Return who holds a folder, in words."""
    try:
        return f"process {int(path.read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return "another process"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        """Lock a byte far behind the number, which others may read."""
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        """Lock a file if nobody holds it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
