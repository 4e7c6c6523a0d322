"""Writing results: the same tables give the same bytes, and nothing is left half-written."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tierscape.data.errors import TierscapeError

# The tables come from those who have loaded pandas; `geocode -o` writes text and loads none.
if TYPE_CHECKING:
    import pandas as pd

#: Decimals by the end of a column's name; other numbers get six.
DECIMALS = {"lon": 5, "lat": 5, "_km": 3}


def table_csv(table: "pd.DataFrame") -> str:
    r"""Return a table as CSV: comma, LF, missing values empty, numbers rounded by column.

    Examples
    --------
    >>> import pandas as pd
    >>> table_csv(pd.DataFrame({"lon": [1.23456789], "certain": [True]}))
    'lon,certain\n1.23457,true\n'
    """
    rounded = table.copy()
    for name in rounded.columns:
        if rounded[name].dtype.kind == "b":
            rounded[name] = rounded[name].map({True: "true", False: "false"})
        elif rounded[name].dtype.kind == "f":
            rounded[name] = rounded[name].round(decimals_of(str(name)))
    return str(rounded.to_csv(index=False, lineterminator="\n"))


def decimals_of(column: str) -> int:
    """Return the decimals that a column of numbers is written with."""
    return next((count for end, count in DECIMALS.items() if column.endswith(end)), 6)


def sha256(content: bytes) -> str:
    """Return the SHA-256 digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def as_json(content: object) -> str:
    """Return readable JSON in a fixed order, with Chinese as it is."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_folder(folder: Path, files: Iterable[tuple[str, Callable[[], str]]]) -> None:
    """Write every file, or none of them.

    The contents are made and written into a folder beside the target, which is renamed at the
    end. Into a folder that exists, the files are moved one by one; other files stay.

    Parameters
    ----------
    folder
        The target.
    files
        File name and a function that makes its text, in the order to make them.

    Raises
    ------
    TierscapeError
        If the target is a file, or cannot be written.
    """
    beside = _folder_beside(folder)
    try:
        for name, make in files:
            text = make()
            (beside / name).write_text(text, encoding="utf-8", newline="\n")
        _move_into(beside, folder)
    except OSError as error:
        raise TierscapeError(f"{folder}: cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_folder(folder: Path) -> None:
    """Refuse a target that `write_folder` could not write, before any work is done.

    Raises
    ------
    TierscapeError
        If it is a file, or its place or what is in it cannot be written.
    """
    # Folders that are made to see whether they can be made go again.
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        shutil.rmtree(_folder_beside(folder))
        if folder.is_dir():
            Path(tempfile.mkdtemp(prefix=".kept-", dir=folder)).rmdir()
    except OSError as error:
        raise TierscapeError(f"{folder}: cannot be written: {error.strerror}.") from None
    finally:
        for each in new[1:]:
            with suppress(OSError):
                each.rmdir()


def write_file(path: Path, text: str) -> None:
    """Write one file beside its target and rename it.

    Raises
    ------
    TierscapeError
        If the target is a folder or cannot be written.
    """
    with beside_target(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def beside_target(path: Path) -> Iterator[Path]:
    """Give a file beside the target to write; it is renamed at the end, or removed on an error.

    Raises
    ------
    TierscapeError
        If the target is a folder or cannot be written.
    """
    if path.is_dir():
        raise TierscapeError(f"{path}: is a folder. Give a file name with -o.")
    beside = path.with_name(f".part-{path.name}")
    try:
        beside.touch()
        yield beside
        beside.replace(path)
    except OSError as error:
        raise TierscapeError(f"{path}: cannot be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)


def _folder_beside(folder: Path) -> Path:
    """Make a folder beside a target folder."""
    if folder.exists() and not folder.is_dir():
        raise TierscapeError(f"{folder}: is a file. Give a folder with -o.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise TierscapeError(f"{folder}: cannot be written: {error.strerror}.") from None


def _move_into(beside: Path, folder: Path) -> None:
    """Rename the folder made beside the target; into one that exists, move its files."""
    # mkdtemp makes a private folder; the result is to be as open as the user's umask says.
    umask = os.umask(0)
    os.umask(umask)
    beside.chmod(0o777 & ~umask)
    if not folder.exists():
        beside.rename(folder)
        return
    made = sorted(beside.iterdir())
    blocked = [path.name for path in made if (folder / path.name).is_dir()]
    if blocked:
        raise TierscapeError(f"{folder}: {', '.join(blocked)} is a folder there. Remove it.")
    _replace_all(made, folder)


def _replace_all(made: list[Path], folder: Path) -> None:
    """Move files into a folder; where one cannot be moved, put back what was there."""
    kept = Path(tempfile.mkdtemp(prefix=".kept-", dir=folder))
    moved: list[Path] = []
    try:
        for path in made:
            target = folder / path.name
            if target.exists():
                target.replace(kept / path.name)
            moved.append(target)
            path.replace(target)
    except BaseException:
        for target in moved:
            target.unlink(missing_ok=True)
            if (kept / target.name).exists():
                (kept / target.name).replace(target)
        raise
    finally:
        shutil.rmtree(kept, ignore_errors=True)
