"""Writing files into folders and folders within them: all of them, or none."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tierscape.data.errors import TierscapeError


def write_tree(folder: Path, files: Mapping[str, str]) -> None:
    """Write every file, or none of them; other files of the folder stay.

    Parameters
    ----------
    folder
        The target; it may be new.
    files
        Text by path below the target, with `/` between folders.

    Raises
    ------
    TierscapeError
        If one cannot be written; what was there is put back.
    """
    new = not folder.exists()
    blocked = [name for name in files if (folder / name).is_dir()]
    if blocked:
        raise TierscapeError(f"{folder}: {', '.join(blocked)} is a folder there. Remove it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as draft:
            made, kept = Path(draft, "made"), Path(draft, "kept")
            for name, text in files.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            _move(list(files), made, kept, folder)
    except OSError as error:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        raise TierscapeError(f"{folder}: cannot be written: {error.strerror}.") from None


def _move(names: list[str], made: Path, kept: Path, folder: Path) -> None:
    """Move files into a folder; where one cannot be moved, put back what was there."""
    done: list[str] = []
    try:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            if (folder / name).exists():
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).replace(kept / name)
            done.append(name)
            (made / name).replace(folder / name)
    except BaseException:
        for name in done:
            (folder / name).unlink(missing_ok=True)
            if (kept / name).exists():
                (kept / name).replace(folder / name)
        _remove_empty(folder, names)
        raise


def _remove_empty(folder: Path, names: list[str]) -> None:
    inner = {folder / parent for name in names for parent in PurePosixPath(name).parents}
    for path in sorted(inner - {folder}, reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
