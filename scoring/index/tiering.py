"""Totals become tiers: by share, by threshold, or where the totals break."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError, UnknownNameError
from ...data.score_records import Tiering
from ..tiers import FloatArray, IntArray
from .breaks import natural_breaks
from .settle import TIE, ranks_of, settled

METHODS = ("share", "threshold", "natural-breaks")


def tiers_of(total: pd.Series, tiering: Tiering) -> pd.DataFrame:
    """Return the tier of every city.

    - `share`: the cut after the best c % of N cities lies at the whole number m at or below
      N·c/100. Where cities m and m + 1 tie, `promote` lifts all of that tie into the better
      tier, and `cut-short` leaves all of it in the worse one.
    - `threshold`: a city is in the first tier whose threshold its total reaches.
    - `natural-breaks`: `count` tiers with the least sum of squared distances from their means
      (Fisher's exact method).

    Totals that differ by less than 1e-9 of the largest are tied. A tier may be empty where cities
    are few or tied; `tier_shares` shows it.

    Parameters
    ----------
    total
        Total by city, more is better.
    tiering
        The rule.

    Returns
    -------
    pandas.DataFrame
        In the order of `total`: `city`, `total`, `rank` (ties share the better), `tier` (1 is
        best), `label`.

    Raises
    ------
    TierscapeError
        If a city has no total; if shares or breaks are to part one city, or cities that all tie;
        if there are fewer different totals than natural breaks ask for; if the rule itself makes
        no sense (shares that do not rise within 0 to 100, thresholds that do not fall, a number
        of labels that is not that of the tiers).
    UnknownNameError
        If there is no such rule.

    References
    ----------
    Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American
    Statistical Association 53, 789-798.

    Examples
    --------
    >>> total = pd.Series([9, 8, 8, 7, 6], index=list("ABCDE"))
    >>> tiers_of(total, Tiering("share", (40, 100), "promote"))["tier"].tolist()
    [1, 1, 1, 2, 2]
    >>> tiers_of(total, Tiering("share", (40, 100), "cut-short"))["tier"].tolist()
    [1, 2, 2, 2, 2]
    """
    rank, tier = placed(total, tiering)
    labels = tier_labels(tiering)
    return pd.DataFrame(
        {
            "city": total.index,
            "total": total.to_numpy(dtype=np.float64),
            "rank": rank,
            "tier": tier,
            "label": [labels[number - 1] for number in tier],
        }
    )


def placed(total: pd.Series, tiering: Tiering) -> tuple[IntArray, IntArray]:
    """Return rank and tier of every city, as `tiers_of` does, without the table."""
    methods: dict[str, Callable[[FloatArray, Tiering], IntArray]] = {
        "share": _by_share,
        "threshold": _by_threshold,
        "natural-breaks": _by_breaks,
    }
    if tiering.method not in methods:
        raise UnknownNameError("rule for tiers", tiering.method, METHODS)
    check_tiering(tiering)
    values = settled(total.to_numpy(dtype=np.float64))
    _check_totals(total.index, values, tiering)
    return ranks_of(total).to_numpy(dtype=np.int64), methods[tiering.method](values, tiering)


def cuts_of(tiering: Tiering) -> tuple[float, ...]:
    """Return the shares at which tiers part: without the last, if it is 100."""
    return tiering.shares[:-1] if tiering.shares[-1:] == (100,) else tiering.shares


def tier_count(tiering: Tiering) -> int:
    """Return the number of tiers that a rule makes."""
    counts = {
        "share": len(cuts_of(tiering)) + 1,
        "threshold": len(tiering.thresholds) + 1,
        "natural-breaks": tiering.count,
    }
    return counts[tiering.method]


def tier_labels(tiering: Tiering) -> tuple[str, ...]:
    """Return the labels of the tiers, best first: those given, or what the rule says.

    Examples
    --------
    >>> tier_labels(Tiering("share", (10, 30, 100)))
    ('0%-10%', '10%-30%', '30%-100%')
    """
    if tiering.labels:
        return tiering.labels
    if tiering.method == "share":
        edges = (0, *cuts_of(tiering), 100)
        return tuple(f"{a:g}%-{b:g}%" for a, b in pairwise(edges))
    if tiering.method == "threshold":
        known = tiering.thresholds
        return (*(f"≥ {number:g}" for number in known), f"< {known[-1]:g}")
    return tuple(str(number) for number in range(1, tiering.count + 1))


def tier_shares(tiers: pd.DataFrame, tiering: Tiering) -> pd.DataFrame:
    """Return what the tiers were to hold, and what they hold.

    Parameters
    ----------
    tiers
        As `tiers_of` returns.
    tiering
        The same rule.

    Returns
    -------
    pandas.DataFrame
        One row per tier, best first: `tier`, `label`, `n_cities`, `nominal_from`, `nominal_to`
        (cumulative percentages from the top, NaN unless the rule is by share), `true_from`,
        `true_to` (of the cities in fact).

    Examples
    --------
    >>> rule = Tiering("share", (40, 100), "promote")
    >>> tiers = tiers_of(pd.Series([9, 8, 8, 7, 6], index=list("ABCDE")), rule)
    >>> tier_shares(tiers, rule)[["n_cities", "nominal_to", "true_to"]].to_numpy().tolist()
    [[3.0, 40.0, 60.0], [2.0, 100.0, 100.0]]
    """
    k = tier_count(tiering)
    sizes = np.bincount(tiers["tier"], minlength=k + 1)[1:]
    true = np.r_[0.0, 100 * np.cumsum(sizes) / len(tiers)]
    nominal = np.full(k + 1, np.nan)
    if tiering.method == "share":
        nominal = np.array([0.0, *cuts_of(tiering), 100.0])
    return pd.DataFrame(
        {
            "tier": np.arange(1, k + 1),
            "label": tier_labels(tiering),
            "n_cities": sizes,
            "nominal_from": nominal[:-1],
            "nominal_to": nominal[1:],
            "true_from": true[:-1],
            "true_to": true[1:],
        }
    )


def check_tiering(tiering: Tiering) -> None:
    """Check that a rule for tiers makes sense.

    Raises
    ------
    TierscapeError
        If not; the message says what is wrong.
    """
    cuts, known = cuts_of(tiering), tiering.thresholds
    rising = all(a < b for a, b in pairwise((0, *cuts, 100)))
    falling = all(a > b for a, b in pairwise(known))
    rules = (
        (tiering.method == "share" and not (cuts and rising), "shares rise between 0 and 100"),
        (
            tiering.method == "share" and tiering.ties not in {"promote", "cut-short"},
            "ties are 'promote' or 'cut-short'",
        ),
        (
            tiering.method == "threshold" and not (known and falling),
            "thresholds fall, from the best tier's",
        ),
        (
            tiering.method == "natural-breaks" and tiering.count < 2,
            "natural breaks need a count of 2 or more",
        ),
        (
            len(tiering.labels) not in {0, tier_count(tiering)},
            f"there is one label for each of the {tier_count(tiering)} tiers",
        ),
    )
    broken = [rule for wrong, rule in rules if wrong]
    if broken:
        raise TierscapeError(f"{tiering}: {'; '.join(broken)}.")


def _check_totals(cities: pd.Index, values: FloatArray, tiering: Tiering) -> None:
    empty = cities[np.isnan(values)]
    if len(empty) or not len(cities):
        named = ", ".join(map(str, empty)) or "there is no city"
        raise TierscapeError(f"cities without a total have no tier: {named}.")
    if tiering.method == "threshold":
        return
    if values.min() == values.max():
        what = f"{cities[0]} is alone" if len(cities) == 1 else f"all {len(cities)} cities tie"
        raise TierscapeError(
            f"{what} (total {values[0]:g}): a rule by {tiering.method} cannot part them. "
            "Add cities or indicators, or set thresholds."
        )


def _by_share(values: FloatArray, tiering: Tiering) -> IntArray:
    ordered = np.sort(values)[::-1]
    tier = np.full(len(values), tier_count(tiering), dtype=np.int64)
    for number, cut in reversed(list(enumerate(cuts_of(tiering), 1))):
        # A nominal position that is whole but for rounding counts as whole.
        m = int(np.floor(len(values) * cut / 100 + TIE))
        if m == 0:
            continue
        within = values >= ordered[m - 1]
        if tiering.ties == "cut-short" and within.sum() > m:
            within = values > ordered[m - 1]
        tier[within] = number
    return tier


def _by_threshold(values: FloatArray, tiering: Tiering) -> IntArray:
    rising = np.array(tiering.thresholds[::-1], dtype=np.float64)
    reach = values + TIE * np.abs(values)
    return tier_count(tiering) - np.searchsorted(rising, reach, side="right")


def _by_breaks(values: FloatArray, tiering: Tiering) -> IntArray:
    different = len(np.unique(values))
    if different < tiering.count:
        raise TierscapeError(
            f"{different} different totals cannot make {tiering.count} tiers. Ask for fewer."
        )
    return tiering.count - natural_breaks(values, tiering.count)
