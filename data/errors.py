"""Errors: one base class, and messages that name the place, the value and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in an input: where it is, what was found, what was expected, what to do."""

    file: str
    row: int | None
    column: str | None
    value: str
    rule: str
    remedy: str = ""

    def __str__(self) -> str:
        """Give one line that a planner can act on."""
        where = self.file
        if self.row is not None:
            where += f", line {self.row}"
        if self.column:
            where += f", {self.column}"
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}: {shortened(self.value)!r}: {self.rule}.{remedy}"


def shortened(text: str, most: int = 80) -> str:
    """Return a text that fits a line: its beginning, and how long it is.

    Examples
    --------
    >>> shortened("x" * 200, most=5)
    'xxxxx… (200 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


class TierscapeError(Exception):
    """Base of every error that tierscape raises on purpose."""


class DataError(TierscapeError):
    """An input breaks its rules; holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownNameError(TierscapeError):
    """A slug or name that nothing answers to."""

    def __init__(self, kind: str, value: str, choices: Iterable[str]) -> None:
        self.kind, self.value = kind, value
        super().__init__(f"unknown {kind} {value!r}. {did_you_mean(value, choices)}")


def nearest(value: str, choices: Iterable[str], count: int = 1) -> list[str]:
    """Return the choices spelt most like `value`, best first.

    Examples
    --------
    >>> nearest("north-see", ["north-sea", "alps"])
    ['north-sea']
    """
    return get_close_matches(value, list(choices), n=count, cutoff=0.4)


def did_you_mean(value: str, choices: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest valid value, or all of a short list.

    Examples
    --------
    >>> did_you_mean("north-see", ["north-sea", "alps"])
    "Did you mean 'north-sea'?"
    """
    known = sorted(choices)
    close = nearest(value, known)
    if close:
        return f"Did you mean {close[0]!r}?"
    listed = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
    return f"Valid: {listed}." if known else "There is none."
