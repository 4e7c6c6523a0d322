"""How the draws of a spatial statistic are cut into tasks, and what the tasks are called."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ..tasks import Arrays, Mapped

_Task = TypeVar("_Task")

#: The first site of a block, and the one after its last.
Span = tuple[int, int]


def under(prefix: str, mapped: Mapped) -> Mapped:
    """Return what does tasks, with words before the name of every piece of work.

    Examples
    --------
    >>> from tierscape.scoring.tasks import one_by_one
    >>> list(under("Moran I", one_by_one)("maps", lambda number: {}, [1, 2]))
    [{}, {}]
    """

    def prefixed(
        name: str, work: Callable[[_Task], Arrays], tasks: Sequence[_Task]
    ) -> Iterator[Arrays]:
        return mapped(f"{prefix} {name}", work, tasks)

    return prefixed


def spans(total: int, size: int) -> list[Span]:
    """Return blocks of a size, the last one smaller: where each begins and ends.

    Examples
    --------
    >>> spans(5, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    return [(start, min(start + size, total)) for start in range(0, total, size)]
