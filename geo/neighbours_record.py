"""Who neighbours whom, and how much: the record, its weights, and its islands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from ..data.errors import TierscapeError
from .neighbours_sites import Ints, Texts, check_policy
from .points import Floats

Islands = Literal["error", "keep", "nearest"]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The neighbours of every site, in compressed rows; the arrays cannot be written to.

    Attributes
    ----------
    ids : array of shape (n,)
        The sites.
    indptr : array of shape (n + 1,)
        The neighbours of site i stand from `indptr[i]` to `indptr[i + 1]`.
    indices : array of shape (m,)
        The neighbours, ascending in every row; never the site itself.
    weights : array of shape (m,)
        Their weights, positive.
    notes : tuple of str
        How they were made, and what the policies did.
    """

    ids: Texts
    indptr: Ints
    indices: Ints
    weights: Floats
    notes: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self.ids)

    @property
    def counts(self) -> Ints:
        """How many neighbours each site has."""
        return np.asarray(self.indptr[1:] - self.indptr[:-1])

    @property
    def islands(self) -> Texts:
        """The sites without a neighbour."""
        return np.asarray(self.ids[self.counts == 0])

    def matrix(self) -> csr_array:
        """Return the weights as a sparse matrix of its own, shape (n, n)."""
        parts = (self.weights.copy(), self.indices.copy(), self.indptr.copy())
        return csr_array(parts, shape=(len(self), len(self)))

    def row_standardised(self) -> "Neighbours":
        """Return the same neighbours with weights that sum to 1 for every site but islands."""
        counts = self.counts
        sums = np.bincount(np.repeat(np.arange(len(self)), counts), self.weights, len(self))
        weights = self.weights / np.repeat(sums, counts)
        return frozen(replace(self, weights=weights, notes=(*self.notes, "rows sum to 1")))

    def unit(self) -> "Neighbours":
        """Return the same neighbours with weights of 1."""
        return frozen(replace(self, weights=np.ones_like(self.weights)))

    def only(self, keep: Sequence[bool]) -> "Neighbours":
        """Return the neighbours among some of the sites.

        Parameters
        ----------
        keep : array of bool, shape (n,)
            Which sites stay; weights stay as they are.
        """
        chosen = np.asarray(keep, bool)
        return from_matrix(self.matrix()[chosen][:, chosen], self.ids[chosen], self.notes)


def frozen(neighbours: Neighbours) -> Neighbours:
    """Lock the arrays, so that no function can change weights in place."""
    for array in (neighbours.ids, neighbours.indptr, neighbours.indices, neighbours.weights):
        array.setflags(write=False)
    return neighbours


def from_matrix(matrix: csr_array, ids: Texts, notes: tuple[str, ...]) -> Neighbours:
    """Return the neighbours in a sparse matrix of weights.

    Parameters
    ----------
    matrix : scipy sparse array of shape (n, n)
        Weights; what is on the diagonal is left out and noted, and so are zeros.

    Raises
    ------
    TierscapeError
        If a weight is negative, missing or infinite, or the shape is not that of the ids.
    """
    coo = matrix.tocoo()
    if coo.shape != (len(ids), len(ids)):
        raise TierscapeError(f"weights of shape {coo.shape} for {len(ids)} sites.")
    if not (np.isfinite(coo.data) & (coo.data >= 0)).all():
        raise TierscapeError("a weight is negative, missing or infinite: weights are positive.")
    own = (coo.row == coo.col) & (coo.data > 0)
    real = (coo.row != coo.col) & (coo.data > 0)
    shape = coo.shape
    parts = (np.asarray(coo.data[real], float), (coo.row[real], coo.col[real]))
    rows = csr_array(parts, shape=shape)
    rows.sum_duplicates()
    said = (f"{int(own.sum())} weights of sites on themselves left out",) if own.any() else ()
    return frozen(
        Neighbours(
            ids.copy(),
            rows.indptr.astype(np.intp),
            rows.indices.astype(np.intp),
            rows.data,
            (*notes, *said),
        )
    )


def within_groups(
    neighbours: Neighbours, groups: Sequence[object], *, islands: Literal["error", "keep"]
) -> Neighbours:
    """Keep only the neighbours of a site's own group (its country, its cluster).

    Parameters
    ----------
    neighbours
        Any neighbours.
    groups : sequence of length n
        The group of every site; None or an empty text is no group, and such a site is an island.
    islands
        Sites without a neighbour: `error`, or `keep` them so.

    Raises
    ------
    TierscapeError
        If the lengths differ, or there are islands and they are an error.
    """
    check_policy("islands", islands, ("error", "keep"))
    if len(groups) != len(neighbours):
        raise TierscapeError(f"{len(groups)} groups for {len(neighbours)} sites.")
    label = np.array([str(group) if group not in (None, "") else "" for group in groups], object)
    rows = np.repeat(np.arange(len(neighbours)), neighbours.counts)
    same = (label[rows] == label[neighbours.indices]) & (label[rows] != "")
    parts = (neighbours.weights[same], (rows[same], neighbours.indices[same]))
    matrix = csr_array(parts, shape=(len(neighbours),) * 2)
    found = from_matrix(matrix, neighbours.ids, (*neighbours.notes, "within groups"))
    return settle_islands(found, islands)


def settle_islands(found: Neighbours, islands: Islands) -> Neighbours:
    """Raise on islands, or note that they are kept."""
    alone = found.islands
    if not len(alone):
        return found
    names = ", ".join(map(str, alone[:5])) + ("" if len(alone) <= 5 else ", …")
    if islands == "error":
        raise TierscapeError(
            f"{len(alone)} of {len(found)} sites have no neighbour: {names}. Widen the "
            "neighbourhood, or choose another islands policy."
        )
    return frozen(replace(found, notes=(*found.notes, f"{len(alone)} islands kept: {names}")))
