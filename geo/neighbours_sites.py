"""The sites that neighbours are sought among: points of the unit sphere with ids.

What to do with missing coordinates and with points that coincide is decided here, once and aloud.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..data.errors import TierscapeError
from .points import Floats
from .points import points as turned
from .sphere import unit_vectors

Ints = npt.NDArray[np.intp]
Texts = npt.NDArray[np.object_]
Missing = Literal["error", "drop"]
Coincident = Literal["error", "keep", "merge"]

#: Chords, in radii, that differ by less (6 µm) are equal: the rest is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Points on the sphere.

    Attributes
    ----------
    ids : array of shape (n,)
        What the sites are called; all different.
    xyz : array of shape (n, 3)
        Unit vectors.
    rank : array of shape (n,)
        The place of every site in the order of the ids, which breaks ties.
    spot : array of shape (n,)
        Sites at the same place share a number.
    notes : tuple of str
        What was done to the input.
    """

    ids: Texts
    xyz: Floats
    rank: Ints
    spot: Ints
    notes: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self.ids)

    @property
    def coincide(self) -> bool:
        """Whether two sites are at the same place."""
        return len(self.spot) > 0 and int(self.spot.max()) + 1 < len(self.spot)


def sites(
    points: npt.ArrayLike,
    ids: Sequence[object] | None = None,
    *,
    coincident: Coincident,
    missing: Missing,
) -> Sites:
    """Return points as sites.

    Parameters
    ----------
    points : array-like of shape (n, 2)
        Longitude and latitude in degrees.
    ids
        Their names, all texts or all numbers; None counts them from 0.
    coincident
        Points nearer than 6 µm: `error`; `keep` them as sites of distance 0; `merge` them into
        the one whose id comes first.
    missing
        Points without a coordinate: `error`, or `drop` them.

    Raises
    ------
    TierscapeError
        If a policy is unknown, an id stands twice, a coordinate is out of range, or a policy is
        `error` and the points break it.

    Examples
    --------
    >>> points = [[0, 0], [0, 0], [9, 9]]
    >>> found = sites(points, ["b", "a", "c"], coincident="merge", missing="error")
    >>> found.ids.tolist(), found.notes
    (['a', 'c'], ('1 coincident site merged: b into a',))
    """
    check_policy("coincident", coincident, ("error", "keep", "merge"))
    check_policy("missing", missing, ("error", "drop"))
    lonlat = np.asarray(points, float)
    if lonlat.ndim != 2 or lonlat.shape[1] != 2 or not len(lonlat):
        raise TierscapeError(
            f"points of shape {lonlat.shape} are not longitudes and latitudes: give shape (n, 2)."
        )
    names = _names(ids, len(lonlat))
    notes: tuple[str, ...] = ()
    absent = np.isnan(lonlat).any(axis=1)
    if absent.any():
        text = f"{_counted(absent.sum(), 'site')} without coordinates"
        if missing == "error" or absent.all():
            raise TierscapeError(f"{text}: {_some(names[absent])}. Locate or drop them.")
        lonlat, names = lonlat[~absent], names[~absent]
        notes = (f"{text} dropped",)
    lon, lat = turned(*lonlat.T)
    xyz = unit_vectors(lon, lat)
    rank = _ranks(names)
    spot = _spots(xyz)
    kept = Sites(names, xyz, rank, spot, notes)
    return _settled(kept, coincident) if kept.coincide else kept


def check_policy(name: str, value: str, choices: Sequence[str]) -> None:
    """Raise if a policy is not one of the choices."""
    if value not in choices:
        raise TierscapeError(f"{name} is {value!r}; it is one of {', '.join(choices)}.")


def _names(ids: Sequence[object] | None, n: int) -> Texts:
    names = np.empty(n, object)
    names[:] = range(n) if ids is None else list(ids) if len(ids) == n else [None] * n
    if ids is not None and len(ids) != n:
        raise TierscapeError(f"{len(ids)} ids for {n} points.")
    values, counts = np.unique(names.astype(str), return_counts=True)
    if len(values) < n:
        raise TierscapeError(f"ids stand twice: {_some(values[counts > 1])}.")
    return names


def _ranks(names: Texts) -> Ints:
    rank = np.empty(len(names), np.intp)
    try:
        rank[np.argsort(names, kind="stable")] = np.arange(len(names))
    except TypeError:
        raise TierscapeError("ids are of several types: give all texts or all numbers.") from None
    return rank


def _spots(xyz: Floats) -> Ints:
    """Give every place a number; points that are nearer than `ROUNDING` are at one."""
    pairs = cKDTree(xyz).query_pairs(ROUNDING, output_type="ndarray")
    n = len(xyz)
    if not len(pairs):
        return np.arange(n)
    same = coo_array((np.ones(len(pairs)), tuple(pairs.T)), shape=(n, n))
    return np.asarray(connected_components(same, directed=False)[1], np.intp)


def _settled(found: Sites, coincident: Coincident) -> Sites:
    """Apply the policy to sites that coincide."""
    order = np.argsort(found.rank)
    first = order[np.unique(found.spot[order], return_index=True)[1]]
    extra = np.setdiff1d(np.arange(len(found)), first)
    into = first[found.spot[extra]]
    pairs = zip(found.ids[extra], found.ids[into], strict=True)
    text = _some([f"{a} into {b}" for a, b in pairs])
    if coincident == "error":
        at_one = _some(
            [f"{found.ids[a]} and {found.ids[b]}" for a, b in zip(into, extra, strict=True)]
        )
        raise TierscapeError(
            f"sites at the same place: {at_one}. Correct them, or choose coincident='keep' or "
            "'merge'."
        )
    count = _counted(len(extra), "coincident site")
    if coincident == "keep":
        return Sites(found.ids, found.xyz, found.rank, found.spot, (*found.notes, f"{count} kept"))
    keep = np.sort(first)
    ids = found.ids[keep]
    notes = (*found.notes, f"{count} merged: {text}")
    return Sites(ids, found.xyz[keep], _ranks(ids), np.arange(len(keep)), notes)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _some(names: Sequence[object] | npt.NDArray[np.object_], most: int = 5) -> str:
    """Name a few."""
    listed = ", ".join(map(str, names[:most]))
    return listed + (f" and {len(names) - most} more" if len(names) > most else "")
