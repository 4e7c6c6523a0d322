"""Work cut into tasks: the same results whatever does them, in whatever order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy.typing as npt

_Task = TypeVar("_Task")

#: What a task gives: plain arrays by name, which can be sent and kept.
Arrays = Mapping[str, npt.NDArray[Any]]


class Mapped(Protocol):
    """What does the tasks of one piece of work: this process, or the workers of an engine."""

    def __call__(
        self, name: str, work: Callable[[_Task], Arrays], tasks: Sequence[_Task]
    ) -> Iterator[Arrays]:
        """Return what the work makes of each task, in the order of the tasks.

        Parameters
        ----------
        name
            Of the work; no other in one run has it.
        work
            A pure function that can be pickled; it holds the data, and is sent once.
        tasks
            What it is called with, small things that can be pickled. How work is cut must not
            depend on who does it, and each task draws with a seed of its own.
        """


def one_by_one(
    name: str,  # noqa: ARG001 - an engine keeps what is finished under it
    work: Callable[[_Task], Arrays],
    tasks: Sequence[_Task],
) -> Iterator[Arrays]:
    """Do tasks in this process, one when the result before has been taken.

    Examples
    --------
    >>> import numpy as np
    >>> squares = one_by_one("squares", lambda number: {"square": np.array(number**2)}, [2, 3])
    >>> [int(found["square"]) for found in squares]
    [4, 9]
    """
    return map(work, tasks)
