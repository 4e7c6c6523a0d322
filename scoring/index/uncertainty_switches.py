"""The same index with one choice made otherwise: what becomes of ranks and tiers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ...data.score_records import ScoreFolder, Treatment
from ..tiers import IntArray
from .combine import combine
from .index import IndexResult, compute_index
from .settle import ranks_of
from .tiering import tiers_of
from .tree import TOTAL, tree_of

#: What is tried in place of the index's own choice.
COMBINATIONS = ("arithmetic", "geometric", "harmonic", "copeland")
NORMALISATIONS = ("minmax", "zscore", "rank", "percentile")
FILLINGS = ("drop-indicator", "nearest", "lowest-step")
COLUMNS = ("choice", "alternative", "city", "rank", "tier", "note")


Outcome = tuple[str, str, pd.DataFrame | None, str]


@dataclass(frozen=True, slots=True)
class Switch:
    """One choice made otherwise; `folder` is the index with it."""

    choice: str
    alternative: str
    folder: ScoreFolder


def switches_of(folder: ScoreFolder, base: IndexResult) -> tuple[Switch, ...]:
    """Return the alternatives to the index's choices, one at a time.

    Aggregation: the other means and Copeland's rule. Normalisation: the other methods that need
    no target. Missing ratings, if there are any: the other rules that keep all cities.

    Parameters
    ----------
    folder, base
        A score folder, and what `compute_index` makes of it.
    """
    index = folder.index
    found = [
        ("aggregation", how, replace(index, combine=how, treatment=positive(index.treatment, how)))
        for how in COMBINATIONS
        if how != index.combine
    ]
    found += [
        ("normalisation", method, replace(index, treatment=positive(changed, index.combine)))
        for method in NORMALISATIONS
        for changed in [replace(index.treatment, method=method)]
        if method != index.treatment.method
    ]
    if base.filled.to_numpy().any() or base.normalised.isna().to_numpy().any():
        found += [
            ("missing", method, replace(index, missing=replace(index.missing, method=method)))
            for method in FILLINGS
            if method != index.missing.method
        ]
    return tuple(Switch(choice, name, replace(folder, index=new)) for choice, name, new in found)


def positive(treatment: Treatment, how: str) -> Treatment:
    """Return a treatment whose scores a geometric or harmonic mean can take.

    A scale that begins at 0 begins at a hundredth of its end instead (1 to 100 for 0 to 100), as
    the OECD/JRC handbook does; other scales and other means stay.

    Examples
    --------
    >>> positive(Treatment("minmax"), "geometric").scale_from
    1.0
    """
    scaled = treatment.method in {"minmax", "target", "goalposts"}
    if how not in {"geometric", "harmonic"} or not scaled or treatment.scale_from > 0:
        return treatment
    return replace(treatment, scale_from=treatment.scale_to / 100)


def switched(base: IndexResult, switches: tuple[Switch, ...]) -> pd.DataFrame:
    """Return ranks and tiers under every switch.

    The cities are those that the index ranks. Where the totals are on another scale, thresholds
    and breaks mean nothing, and each tier keeps its number of cities instead.

    Parameters
    ----------
    base
        The index as it is.
    switches
        The alternatives.

    Returns
    -------
    pandas.DataFrame
        One row per switch and city: `choice`, `alternative`, `city`, `rank`, `tier`, `note`. A
        switch that cannot be computed has one row without city, and `note` says why.
    """
    return _rows([_outcome(base, switch) for switch in switches])


def without_each_indicator(base: IndexResult) -> pd.DataFrame:
    """Return ranks and tiers with one indicator left out at a time.

    The other weights are rescaled among siblings; a group that becomes empty goes too.

    Parameters
    ----------
    base
        The index as it is; its normalised scores and weights are kept.

    Returns
    -------
    pandas.DataFrame
        As `switched`, with the choice `leave-one-out` and the indicator for alternative.
    """
    found: list[Outcome] = []
    for leaf in base.tree.leaves if len(base.tree.leaves) > 1 else ():
        try:
            total = _total_without(base, leaf)
            found.append(("leave-one-out", leaf, _placed(base, total, same_scale=True), ""))
        except TierscapeError as error:
            found.append(("leave-one-out", leaf, None, str(error)))
    return _rows(found)


def _outcome(base: IndexResult, switch: Switch) -> Outcome:
    same = switch.choice != "normalisation" and switch.alternative != "copeland"
    try:
        changed = compute_total(switch.folder, base).reindex(base.scores.index)
        return switch.choice, switch.alternative, _placed(base, changed, same_scale=same), ""
    except TierscapeError as error:
        return switch.choice, switch.alternative, None, str(error)


def compute_total(folder: ScoreFolder, base: IndexResult) -> pd.Series:
    """Return the totals under other rules; tiers are not asked for, so any totals will do."""
    rule = replace(folder.index.tiering, method="threshold", thresholds=(0.0,), labels=())
    changed = replace(folder, index=replace(folder.index, tiering=rule))
    return compute_index(changed, like=base).totals


def _total_without(base: IndexResult, leaf: str) -> pd.Series:
    gone = {leaf}
    for slug in reversed(base.tree.groups[1:]):
        if gone.issuperset(base.tree.children[slug]):
            gone.add(slug)
    tree = tree_of(node for slug, node in base.tree.nodes.items() if slug not in gone)
    index = base.index
    table = base.normalised[list(tree.leaves)]
    scores = combine(table, tree, base.weights.by_node, index.combine, power=index.power)
    return scores[TOTAL]


def _placed(base: IndexResult, total: pd.Series, *, same_scale: bool) -> pd.DataFrame:
    if total.isna().any():
        named = ", ".join(map(str, total.index[total.isna()]))
        raise TierscapeError(f"without a total: {named}.")
    if same_scale or base.index.tiering.method == "share":
        return tiers_of(total, base.index.tiering)[["city", "rank", "tier"]]
    rank = ranks_of(total).to_numpy(dtype=np.int64)
    return pd.DataFrame({"city": total.index, "rank": rank, "tier": _same_sizes(base, rank)})


def _same_sizes(base: IndexResult, rank: IntArray) -> IntArray:
    """Return tiers of the sizes that the index's own have; ties go up."""
    places = base.shares["n_cities"].cumsum().to_numpy(dtype=np.int64)[:-1]
    return np.searchsorted(places, rank, side="left") + 1


def _rows(outcomes: list[Outcome]) -> pd.DataFrame:
    frames = list(_frames(outcomes))
    empty = pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(frames, ignore_index=True) if frames else empty
    return table.astype({"rank": "Int64", "tier": "Int64"})[list(COLUMNS)]


def _frames(outcomes: list[Outcome]) -> Iterator[pd.DataFrame]:
    for choice, name, found, note in outcomes:
        rows = pd.DataFrame({"city": [""]}) if found is None else found
        rows = rows.reindex(columns=["city", "rank", "tier"])
        yield rows.assign(choice=choice, alternative=name, note=note)
