"""The lattice of partial rankings: how many of each chain are placed so far.

A ranking is filled from the top. What is placed at any time is an up-set of the partial order; up
to the choice of cities within a block it is three numbers: so many of the shared cities, so many
of those of the first edition only, so many of those of the second only. For a number of shared
cities placed, the other two numbers each have a least and a greatest value, independently.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tiers import BoolArray, IntArray
from .order import LinkedOrder


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """The states with one number of cities placed, within a window of the other two numbers.

    Attributes
    ----------
    one, two
        The numbers of the second and the third chain that occur: half-open ranges.
    shared
        The number of shared cities placed, for every pair of them.
    inside
        Which of the pairs are states.
    """

    one: slice
    two: slice
    shared: IntArray
    inside: BoolArray

    def of(self, table: NDArray[Any], one: int = 0, two: int = 0) -> NDArray[Any]:
        """Return the window of a padded table (`Lattice.padded`), moved by some steps.

        The table's last two axes are the numbers; the result is a view.
        """
        rows = slice(self.one.start + 1 + one, self.one.stop + 1 + one)
        columns = slice(self.two.start + 1 + two, self.two.stop + 1 + two)
        return table[..., rows, columns]


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The states that rankings pass through.

    Attributes
    ----------
    sizes
        Number of cities of the three chains.
    least, most
        For every number of shared cities placed: the least and the greatest numbers of the other
        two chains; shape (2, shared + 1).
    """

    sizes: tuple[int, int, int]
    least: IntArray
    most: IntArray

    @property
    def padded(self) -> tuple[int, int]:
        """Shape of a table over the numbers of two chains, with a margin of one all round."""
        return self.sizes[1] + 3, self.sizes[2] + 3

    def layers(self) -> Iterator[Layer]:
        """Yield the states with 0, 1, … cities placed."""
        numbers = np.arange(self.sizes[0] + 1)
        fewest, greatest = (numbers + ends.sum(axis=0) for ends in (self.least, self.most))
        every = np.arange(sum(self.sizes) + 1)
        # All limits rise with the number of shared cities, so its ends give the window.
        low = np.searchsorted(greatest, every)
        high = np.searchsorted(fewest, every, side="right") - 1
        starts, stops = self.least[:, low].tolist(), (self.most[:, high] + 1).tolist()
        for placed in every.tolist():
            one, two = (slice(starts[k][placed], stops[k][placed]) for k in (0, 1))
            grid = np.arange(one.start, one.stop)[:, np.newaxis], np.arange(two.start, two.stop)
            shared = placed - grid[0] - grid[1]
            known = np.minimum(np.maximum(shared, 0), self.sizes[0])
            inside = shared == known
            for number, least, most in zip(grid, self.least, self.most, strict=True):
                inside &= (least[known] <= number) & (number <= most[known])
            yield Layer(one, two, known, inside)


def lattice(order: LinkedOrder) -> Lattice:
    """Return the lattice of an order.

    A shared city needs all cities above it that only one edition has, and such a city needs all
    shared cities above it; the rest follows within the chains.

    Examples
    --------
    >>> import pandas as pd
    >>> from tierscape.scoring.linked.order import order_of
    >>> order = order_of(pd.Series({"a": 1, "b": 2}), pd.Series({"b": 1, "c": 2}))
    >>> lattice(order).least.tolist(), lattice(order).most.tolist()
    ([[0, 1], [0, 0]], [[1, 1], [0, 1]])
    """
    chain = order.chain
    sizes = tuple(int(count) for count in np.bincount(chain, minlength=3))
    least, most = [], []
    for number, tier in ((1, order.first), (2, order.second)):
        own, shared = tier[chain == number], tier[chain == 0]
        least.append(np.concatenate([[0], np.searchsorted(own, shared)]))
        needed = np.searchsorted(shared, own)
        most.append(np.searchsorted(needed, np.arange(len(shared) + 1), side="right"))
    return Lattice((sizes[0], sizes[1], sizes[2]), np.array(least), np.array(most))
