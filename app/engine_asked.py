"""What the user asked of the engine, and what of it makes no sense."""

from dataclasses import dataclass
from pathlib import Path

from tierscape.data.errors import TierscapeError

#: After the name of an output, while it is not finished.
UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Engine:
    """What the user asked of the engine.

    Attributes
    ----------
    name
        `local` or `dask`.
    scheduler
        The address of a running scheduler; None starts workers on this machine.
    resume
        Go on with what an earlier run has left.
    """

    name: str = "local"
    scheduler: str | None = None
    resume: bool = False


def check_engine(asked: Engine) -> None:
    """Refuse what makes no sense, before any work.

    Raises
    ------
    TierscapeError
        If a scheduler is named for another engine than dask.
    """
    if asked.scheduler and asked.name != "dask":
        raise TierscapeError("--scheduler: is for --engine dask.")


def unfinished(output: Path) -> Path:
    """Return the folder in which what is finished of an output waits for the rest.

    Examples
    --------
    >>> unfinished(Path("out/placed")).name
    'placed.unfinished'
    """
    return output.with_name(output.name + UNFINISHED)


def check_unfinished(folder: Path, *, resume: bool) -> None:
    """Refuse to begin where a run was left, and to go on where there is none.

    Raises
    ------
    TierscapeError
        If an unfinished run is in the way, or there is nothing to resume.
    """
    if folder.exists() and not resume:
        raise TierscapeError(
            f"{folder}: a run that was not finished. Finish it with --resume, or remove it."
        )
    if resume and not folder.exists():
        raise TierscapeError(f"{folder}: there is nothing to resume. Leave --resume out.")
