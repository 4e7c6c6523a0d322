"""Interval arithmetic on a tree of printed means: what the other figures leave each of them.

Parts and wholes form a tree, so that a mean is the only link between its parts and all else.
Passing intervals up and then down the tree therefore gives the exact ranges.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..data.published_means import Printed, PublishedMean
from .audit_programs import Interval

FREE: Interval = (-math.inf, math.inf)
#: Where one ends and the other begins, intervals meet in spite of binary fractions.
EXACT = 1e-9

#: The place of a mean in the tree: which part, which part of it.
Path = tuple[int, ...]


def meet(first: Interval, second: Interval) -> Interval | None:
    """Return what two intervals share, None if nothing.

    Examples
    --------
    >>> meet((0, 2), (1, 3)), meet((0, 1), (2, 3))
    ((1, 2), None)
    """
    low, high = max(first[0], second[0]), min(first[1], second[1])
    return (low, max(low, high)) if low <= high + EXACT else None


def span(printed: Printed) -> Interval:
    """Return what rounding leaves of a printed number."""
    return printed.low, printed.high


def shares(whole: PublishedMean) -> list[float] | None:
    """Return the weights of the parts as shares of 1; None where they are not printed."""
    weights = [part.weight for part in whole.parts if part.weight is not None]
    if len(weights) < len(whole.parts) or not sum(weights):
        return None
    return [weight / sum(weights) for weight in weights]


def from_parts(whole: PublishedMean) -> Interval:
    """Return the range that a mean's parts allow, with the printed weights or else with any."""
    if not whole.parts:
        return FREE
    parts, weights = [believed(part) for part in whole.parts], shares(whole)
    if weights is None:
        return min(low for low, _ in parts), max(high for _, high in parts)
    return _sum(parts, weights)


def believed(mean: PublishedMean) -> Interval:
    """Return the range of a mean by its own figure and its parts; if they clash, by the figure."""
    return meet(span(mean.printed), from_parts(mean)) or span(mean.printed)


def clashes(mean: PublishedMean, path: Path = ()) -> Iterator[tuple[Path, PublishedMean]]:
    """Yield every mean that cannot come from its parts, with its place in the tree."""
    if mean.parts and meet(span(mean.printed), from_parts(mean)) is None:
        yield path, mean
    for number, part in enumerate(mean.parts):
        yield from clashes(part, (*path, number))


def implied(
    mean: PublishedMean, above: Interval = FREE, path: Path = ()
) -> Iterator[tuple[Path, PublishedMean, Interval]]:
    """Yield each mean with the range that all figures but its own leave; none where they clash.

    Parameters
    ----------
    mean
        The tree.
    above
        What is known of it from outside.
    path
        Its place.

    Examples
    --------
    Halves of 0.50 and 0.80 cannot make 0.70.

    >>> halves = [PublishedMean(text, Printed.read(text), 50) for text in ("0.50", "0.80")]
    >>> whole = PublishedMean("whole", Printed.read("0.70"), None, tuple(halves))
    >>> for _, each, (low, high) in implied(whole):
    ...     print(each.name, round(low, 4), round(high, 4))
    whole 0.645 0.655
    0.50 0.585 0.615
    0.80 0.885 0.915
    """
    own = meet(from_parts(mean), above)
    if own is not None:
        yield path, mean, own
    known = meet(span(mean.printed), above) or span(mean.printed)
    parts, weights = [believed(part) for part in mean.parts], shares(mean)
    for number, part in enumerate(mean.parts):
        others = [*parts[:number], *parts[number + 1 :]]
        if weights is None:
            left = _left_unweighted(known, others)
        else:
            rest = [*weights[:number], *weights[number + 1 :]]
            left = _left(known, others, rest, weights[number])
        yield from implied(part, left, (*path, number))


def changed(mean: PublishedMean, path: Path, printed: Printed) -> PublishedMean:
    """Return the tree with another figure at one place."""
    if not path:
        return replace(mean, printed=printed)
    parts = list(mean.parts)
    parts[path[0]] = changed(parts[path[0]], path[1:], printed)
    return replace(mean, parts=tuple(parts))


def nearest_print(printed: Printed, allowed: Interval) -> Printed:
    """Return the nearest number of as many digits that may stand for one of an interval.

    Examples
    --------
    >>> nearest_print(Printed.read("0.67"), (0.43, 0.62)).text
    '0.62'
    """
    unit = 2 * printed.half
    low, high = allowed[0] - printed.half, allowed[1] + printed.half
    steps = 0
    if printed.value < low - EXACT:
        steps = math.ceil((low - printed.value) / unit - EXACT)
    elif printed.value > high + EXACT:
        steps = -math.ceil((printed.value - high) / unit - EXACT)
    return Printed.read(replace(printed, value=printed.value + steps * unit).text)


def _sum(parts: Sequence[Interval], weights: Sequence[float]) -> Interval:
    """Return the range of a weighted sum."""
    pairs = list(zip(parts, weights, strict=True))
    return sum(w * low for (low, _), w in pairs), sum(w * high for (_, high), w in pairs)


def _left(
    whole: Interval, others: Sequence[Interval], weights: Sequence[float], weight: float
) -> Interval:
    """Return the range that a whole and its other parts leave a part of a known weight."""
    if not weight:
        return FREE
    low, high = _sum(others, weights)
    return (whole[0] - high) / weight, (whole[1] - low) / weight


def _left_unweighted(whole: Interval, others: Sequence[Interval]) -> Interval:
    """Return the same where weights are free: all is left, unless the others lie on one side."""
    if not others:
        return whole
    if max(high for _, high in others) < whole[0] - EXACT:
        return whole[0], math.inf
    if min(low for low, _ in others) > whole[1] + EXACT:
        return -math.inf, whole[1]
    return FREE
