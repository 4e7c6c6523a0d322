"""The progress of a batch: a bar with the time left on a terminal, plain lines in a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TextIO

import click


@contextmanager
def batch_progress(stream: TextIO | None = None) -> Iterator[Callable[[int, int, str], None]]:
    """Give a function that shows how many pieces of work are done, of how many, and the last.

    Parameters
    ----------
    stream
        Where to; standard error if None.

    Examples
    --------
    >>> with batch_progress(sys.stdout) as progress:
    ...     progress(0, 2, "")
    ...     progress(1, 2, "alps: 0.5 s")
    [1/2] alps: 0.5 s
    """
    target = stream or sys.stderr
    with ExitStack() as stack:
        bars: list[Any] = []

        def line(done: int, total: int, text: str) -> None:
            if text:
                print(f"[{done}/{total}] {text}", file=target, flush=True)

        def bar(done: int, total: int, text: str) -> None:
            if not bars:
                shown = click.progressbar(
                    length=total,
                    file=target,
                    show_pos=True,
                    item_show_func=lambda item: item,
                )
                bars.append(stack.enter_context(shown))
            bars[0].update(done - bars[0].pos, text.partition(": ")[0])

        yield bar if target.isatty() else line
