"""The methods of learned clusters by name, and where they part from scikit-learn's conventions."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..data.errors import UnknownNameError
from .learn_base import GeodesicClusterer
from .learn_density import GeodesicDBSCAN, GeodesicHDBSCAN, GeodesicOPTICS
from .learn_groups import GeodesicAgglomerative, GeodesicKMedoids

__all__ = [
    "EXPECTED_FAILED_CHECKS",
    "METHODS",
    "GeodesicAgglomerative",
    "GeodesicClusterer",
    "GeodesicDBSCAN",
    "GeodesicHDBSCAN",
    "GeodesicKMedoids",
    "GeodesicOPTICS",
    "Method",
    "estimator",
    "method",
]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of learned clusters.

    Attributes
    ----------
    name, sentence
        Its name, and what it looks for, for a reader who is no statistician.
    estimator
        The class, which follows scikit-learn's conventions.
    scanned
        The parameter that decides most, which a scan goes through.
    """

    name: str
    sentence: str
    estimator: type[GeodesicClusterer]
    scanned: str


METHODS: Mapping[str, Method] = {
    each.name: each
    for each in (
        Method(
            "dbscan",
            "Cities with enough others within the radius, chained; the rest belongs nowhere.",
            GeodesicDBSCAN,
            "radius_km",
        ),
        Method(
            "hdbscan",
            "Groups that stay together over many radii, dense or sparse; the rest belongs nowhere.",
            GeodesicHDBSCAN,
            "min_cities",
        ),
        Method(
            "optics",
            "Groups that are denser than what surrounds them; the rest belongs nowhere.",
            GeodesicOPTICS,
            "min_cities",
        ),
        Method(
            "agglomerative",
            "Neighbours joined step by step into a given number of groups; every city has one.",
            GeodesicAgglomerative,
            "n_clusters",
        ),
        Method(
            "k-medoids",
            "Each city with the nearest of a given number of central cities; every city has one.",
            GeodesicKMedoids,
            "n_clusters",
        ),
    )
}

#: Checks of scikit-learn's `check_estimator` that a method cannot pass, with the reason.
EXPECTED_FAILED_CHECKS: Mapping[str, Mapping[str, str]] = {
    name: dict.fromkeys(
        ("check_fit_idempotent", "check_fit_check_is_fitted", "check_n_features_in"),
        "the check's points lie about (100, 100), and there is no latitude of 100 degrees",
    )
    for name in METHODS
}


def method(name: str) -> Method:
    """Return a method by its name.

    Raises
    ------
    UnknownNameError
        If there is none; with the nearest.

    Examples
    --------
    >>> method("dbscn")
    Traceback (most recent call last):
    ...
    tierscape.data.errors.UnknownNameError: unknown method 'dbscn'. Did you mean 'dbscan'?
    """
    if name not in METHODS:
        raise UnknownNameError("method", name, METHODS)
    return METHODS[name]


def estimator(name: str, **parameters: object) -> GeodesicClusterer:
    """Return an estimator of a method with parameters; their values are checked when it is fitted.

    Raises
    ------
    UnknownNameError
        If there is no such method, or it has no parameter of a name.

    Examples
    --------
    >>> estimator("dbscan", radius_km=120.0)
    GeodesicDBSCAN(radius_km=120.0)
    """
    found = method(name).estimator()
    known = found.get_params()
    for each in parameters:
        if each not in known:
            raise UnknownNameError(f"parameter of {name}", each, known)
    found.set_params(**parameters)
    return found
