"""The journal of a run on parts: what is finished, so that `--resume` does the rest."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tierscape.data.errors import Problem, TierscapeError
from tierscape.engine_parts import Part
from tierscape.engine_worker import Outcome

NAME = ".journal"


@dataclass(frozen=True, slots=True)
class Journal:
    """A file of one line for the request, and one for every part that is finished."""

    folder: Path
    request: str

    def begin(self) -> None:
        """Make the folder of an unfinished run.

        Raises
        ------
        TierscapeError
            If it cannot be made.
        """
        try:
            self.folder.mkdir(parents=True)
            self._add({"request": self.request})
        except OSError as error:
            message = f"{self.folder}: cannot be written: {error.strerror}."
            raise TierscapeError(message) from None

    def note(self, part: Part, outcome: Outcome) -> None:
        """Add a finished part."""
        self._add({"stamp": part.stamp, **asdict(outcome)})

    def finished(self, parts: Iterable[Part]) -> dict[str, Outcome]:
        """Return what is finished of some parts: noted, its input as it was, its file there.

        Raises
        ------
        TierscapeError
            If the run was begun with another request, or other versions.
        """
        lines = self._lines()
        begun = lines[0].get("request") if lines else None
        if begun != self.request:
            raise TierscapeError(
                f"{self.folder}: was begun otherwise: {begun}; now it is {self.request}. "
                "Give the same options and versions, or remove the folder."
            )
        stamps = {part.name: part.stamp for part in parts}
        return {
            outcome.name: outcome
            for line in lines[1:]
            if stamps.get(line["name"]) == line.pop("stamp")
            for outcome in [_outcome(line)]
            if is_there(self.folder, outcome)
        }

    def drop(self) -> None:
        """Remove the journal of a run that is finished."""
        (self.folder / NAME).unlink()

    def _add(self, line: dict[str, Any]) -> None:
        with (self.folder / NAME).open("a", encoding="utf-8") as file:
            # The newline comes first: a line that was cut off does not spoil the next.
            file.write("\n" + json.dumps(line, ensure_ascii=False))

    def _lines(self) -> list[dict[str, Any]]:
        """Return the lines; one that was cut off when the machine stopped is none."""
        try:
            text = (self.folder / NAME).read_text(encoding="utf-8")
        except OSError as error:
            message = f"{self.folder}: has no journal: {error.strerror}. Remove the folder."
            raise TierscapeError(message) from None
        return [read for line in text.split("\n") for read in _read(line)]


def is_there(folder: Path, outcome: Outcome) -> bool:
    """Tell whether the file of a finished part is where it belongs, with its size."""
    path = folder / outcome.name
    return path.is_file() and path.stat().st_size == outcome.size


def _read(line: str) -> list[dict[str, Any]]:
    try:
        return [json.loads(line)]
    except json.JSONDecodeError:
        return []


def _outcome(line: dict[str, Any]) -> Outcome:
    problems = tuple(Problem(**each) for each in line.pop("problems"))
    return Outcome(problems=problems, **line)
