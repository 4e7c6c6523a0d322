"""The mean sphere: points as unit vectors, arcs as chords. Within 0.6 % of the ellipsoid."""

import numpy as np
import numpy.typing as npt

from .points import Floats

#: Mean radius of the Earth in km, (2a + b)/3 on GRS80 (Moritz 2000, Journal of Geodesy 74).
EARTH_KM = 6371.0088


def unit_vectors(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Return points of the unit sphere, shape (n, 3).

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.

    Examples
    --------
    >>> unit_vectors([0.0, 180.0, 12.0], [0.0, 0.0, 90.0]).round(9).tolist()
    [[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    lam, phi = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    flat = np.cos(phi)
    return np.stack([flat * np.cos(lam), flat * np.sin(lam), np.sin(phi)], axis=-1)


def chord_of(km: npt.ArrayLike) -> Floats:
    """Return the chord of a great-circle arc, in radii: 2 sin(d / 2R).

    Parameters
    ----------
    km : array-like of float
        Arcs in km, not negative; half the circumference and more give 2.

    Examples
    --------
    >>> chord_of([0.0, 1e9]).tolist()
    [0.0, 2.0]
    """
    half = np.minimum(np.asarray(km, float) / (2 * EARTH_KM), np.pi / 2)
    return np.asarray(2 * np.sin(half))


def arc_km(chord: npt.ArrayLike) -> Floats:
    """Return the great-circle arc of a chord in radii, in km: 2R asin(c / 2).

    Examples
    --------
    >>> arc_km(chord_of([250.0])).round(6).tolist()
    [250.0]
    """
    half = np.minimum(np.asarray(chord, float) / 2, 1.0)
    return np.asarray(2 * EARTH_KM * np.arcsin(half))
