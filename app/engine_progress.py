"""How far work is that is done in pieces."""

import time
from collections.abc import Callable

#: Seconds between two lines of progress.
PACE = 5.0

Say = Callable[[str], None]


class Progress:
    """Says how far the work is, and how long it will take, every few seconds.

    Parameters
    ----------
    say
        Takes messages.
    pieces, size
        How many pieces there are, and how large all of them are together.
    clock
        Tells the time in seconds.
    text
        Makes the beginning of a message of the pieces that are done, all pieces, and the size that
        is done.
    """

    def __init__(
        self,
        say: Say,
        pieces: int,
        size: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        text: Callable[[int, int, int], str] = "{} of {} parts, {:,} rows".format,
    ) -> None:
        self.say, self.pieces, self.size, self.clock, self.text = say, pieces, size, clock, text
        self.begun = self.told = clock()
        self.done = self.size_done = 0

    def add(self, size: int) -> None:
        """Count a piece that is done."""
        self.done, self.size_done = self.done + 1, self.size_done + size
        now = self.clock()
        if now - self.told < PACE or self.done == self.pieces:
            return
        self.told = now
        left = (now - self.begun) * (self.size - self.size_done) / max(self.size_done, 1)
        begin = self.text(self.done, self.pieces, self.size_done)
        self.say(f"{begin}, about {duration(left)} left")


def duration(seconds: float) -> str:
    """Return a time for a reader.

    Examples
    --------
    >>> duration(42.2), duration(75), duration(7300)
    ('42 s', '1 min 15 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
