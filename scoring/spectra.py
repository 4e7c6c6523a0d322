"""Exact laws of weighted rank sums from their characteristic functions."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import fft

from .rank_sums import RankSums
from .tier_transforms import Circle, Part, transform
from .tiers import FloatArray, IntArray

#: Parts of a spectrum smaller than this are left out.
NEGLIGIBLE = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """An exact law on a lattice: `probabilities[k]` is that of the value `low + k · step`."""

    low: int
    step: int
    probabilities: FloatArray

    @property
    def values(self) -> IntArray:
        """Values in ascending order."""
        return self.low + self.step * np.arange(len(self.probabilities), dtype=np.int64)

    def below(self, value: float) -> float:
        """Return P(S < value) + ½ P(S = value)."""
        place = (value - self.low) / self.step
        below = self.probabilities[: max(math.ceil(place), 0)].sum()
        here = 0 <= place < len(self.probabilities) and place == int(place)
        return float(below + (self.probabilities[int(place)] / 2 if here else 0.0))

    def quantile(self, share: float) -> int:
        """Return the least value v with P(S ≤ v) ≥ share, to rounding."""
        reached = np.cumsum(self.probabilities) >= share - 1e-12
        return int(self.values[np.argmax(reached)])


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """A law by its characteristic function about the middle, which is real.

    Attributes
    ----------
    low, step, size
        The lattice: the least value, and so many more in steps.
    circle
        The circle of the frequencies, as long as the lattice at least: nothing is wrapped.
    function
        The function at the frequencies 0, 1, …, up to half the circle.
    """

    low: int
    step: int
    size: int
    circle: Circle
    function: FloatArray

    def law(self) -> Law:
        """Return the law: the inverse Fourier transform."""
        length = self.circle.half
        turns = np.arange(len(self.function))
        shift = np.exp(-1j * np.pi * (self.size - 1) / length * turns)
        law: FloatArray = fft.irfft(self.function * shift, length)[: self.size]
        law = np.maximum(law + law[::-1], 0.0)
        return Law(self.low, self.step, np.asarray(law / law.sum()))

    def below(self, value: int) -> float:
        """Return P(S < value) + ½ P(S = value).

        The law is the same on both sides of its middle, so this is ½ less half of what lies
        between the value and its mirror image: the mean, over all frequencies, of the function
        times Dirichlet's kernel of so many values. The kernel of −n is that of n with another
        sign, which serves a value above the middle.
        """
        before, beyond = divmod(value - self.low, self.step)
        here = beyond == 0 and 0 <= before < self.size
        before = min(max(before + (beyond > 0), 0), self.size)
        between = self.circle.kernel(self.size - 2 * before)
        if here:
            between = (between + self.circle.kernel(self.size - 2 * before - 2)) / 2
        terms = self.function * between[: len(self.function)]
        # All frequencies come twice, but 0 and, on an even circle, the one opposite.
        once = terms[0] + (terms[-1] if self.circle.half % 2 == 0 else 0.0)
        inside = (2 * terms.sum() - once) / self.circle.half
        return float(min(max((1 - inside) / 2, 0.0), 1.0))


def spectra(sums: RankSums) -> Iterator[Spectrum]:
    """Yield the characteristic function of each sum."""
    ends = (array.tolist() for array in (*sums.bounds(), sums.steps))
    for counts, weights, low, high, step in zip(sums.counts, sums.weights, *ends, strict=True):
        size = (high - low) // step + 1
        circle = Circle.of(int(fft.next_fast_len(size, real=True)), step)
        yield Spectrum(low, step, size, circle, _function(_parts(counts, weights), circle))


def _function(parts: list[Part], circle: Circle) -> FloatArray:
    """Return the characteristic function about the middle at all frequencies of a circle."""
    function = np.zeros(circle.half // 2 + 1)
    turns, values = np.arange(len(function), dtype=np.int64), np.ones(len(function))
    for part in parts:
        values = values * transform(part, circle, turns)
        large = np.abs(values) >= NEGLIGIBLE
        turns, values = turns[large], values[large]
    function[turns] = values
    return function


def _parts(counts: IntArray, weights: IntArray) -> list[Part]:
    """Return the tiers that vary, cheapest first.

    Weights are taken relative to the commonest one of the tier (0 as a rule): the ranks of a tier
    have a fixed sum, so a constant added to all of its weights adds a constant.
    """
    listed = weights.tolist()
    kinds = ([(w, n) for w, n in zip(listed, row, strict=True) if n] for row in counts.tolist())
    parts = [_part(found) for found in kinds if len(found) > 1]
    return sorted(parts, key=lambda part: part.cost)


def _part(kinds: list[tuple[int, int]]) -> Part:
    """Return a tier of several weights, each with its count; the least count serves best first."""
    *others, (common, _) = sorted(kinds, key=lambda kind: kind[1])
    weights, counts = zip(*((weight - common, n) for weight, n in others), strict=True)
    return Part(sum(n for _, n in kinds), weights, counts)
