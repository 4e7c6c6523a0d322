"""The same index with one choice made otherwise: what becomes of ranks and tiers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ...data.score_records import ScoreFolder, Treatment
from ..tasks import Arrays, Mapped, one_by_one
from ..tiers import BoolArray, IntArray
from .combine import combine
from .index import IndexResult, compute_index
from .settle import ranks_of
from .tiering import placed
from .tree import TOTAL, tree_of
from .uncertainty_draws import Lot, lots, without_ratings

#: What is tried in place of the index's own choice.
COMBINATIONS = ("arithmetic", "geometric", "harmonic", "copeland")
NORMALISATIONS = ("minmax", "zscore", "rank", "percentile")
FILLINGS = ("drop-indicator", "nearest", "lowest-step")
COLUMNS = ("choice", "alternative", "city", "rank", "tier", "note")


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


def switched(
    base: IndexResult, switches: tuple[Switch, ...], mapped: Mapped = one_by_one
) -> pd.DataFrame:
    """Return ranks and tiers under every switch.

    The cities are those that the index ranks. Where the totals are on another scale, thresholds
    and breaks mean nothing, and each tier keeps its number of cities instead.

    Parameters
    ----------
    base
        The index as it is.
    switches
        The alternatives.
    mapped
        What does the tasks, one for each switch; their work is called `switches`.

    Returns
    -------
    pandas.DataFrame
        One row per switch and city: `choice`, `alternative`, `city`, `rank`, `tier`, `note`. A
        switch that cannot be computed has one row without city, and `note` says why.
    """
    light = [replace(switch, folder=without_ratings(switch.folder)) for switch in switches]
    work = partial(_switch, base=base, switches=tuple(light))
    found = mapped("switches", work, range(len(switches)))
    names = [(switch.choice, switch.alternative) for switch in switches]
    return _table(base, names, found)


def without_each_indicator(base: IndexResult, mapped: Mapped = one_by_one) -> pd.DataFrame:
    """Return ranks and tiers with one indicator left out at a time.

    The other weights are rescaled among siblings; a group that becomes empty goes too.

    Parameters
    ----------
    base
        The index as it is; its normalised scores and weights are kept.
    mapped
        What does the tasks, each of some indicators; their work is called `left-out`.

    Returns
    -------
    pandas.DataFrame
        As `switched`, with the choice `leave-one-out` and the indicator for alternative.
    """
    leaves = base.tree.leaves if len(base.tree.leaves) > 1 else ()
    tasks = lots(len(leaves), base.normalised.size)
    parts = list(mapped("left-out", partial(_leave_out, base=base), tasks))
    rows = (
        {name: values[at] for name, values in part.items()}
        for part in parts
        for at in range(len(part["note"]))
    )
    return _table(base, [("leave-one-out", leaf) for leaf in leaves], rows)


def _switch(number: int, *, base: IndexResult, switches: tuple[Switch, ...]) -> Arrays:
    switch = switches[number]
    same = switch.choice != "normalisation" and switch.alternative != "copeland"
    try:
        total = compute_total(switch.folder, base).reindex(base.scores.index)
        return _placed(base, total, same_scale=same)
    except TierscapeError as error:
        return _not_placed(base, str(error))


def compute_total(folder: ScoreFolder, base: IndexResult) -> pd.Series:
    """Return the totals under other rules; tiers are not asked for, so any totals will do."""
    rule = replace(folder.index.tiering, method="threshold", thresholds=(0.0,), labels=())
    changed = replace(folder, index=replace(folder.index, tiering=rule))
    return compute_index(changed, like=base).totals


def _leave_out(lot: Lot, *, base: IndexResult) -> Arrays:
    """Return ranks, tiers and notes of some indicators left out, a row for each."""
    found = [_without(base, leaf) for leaf in base.tree.leaves[slice(*lot)]]
    return {name: np.stack([each[name] for each in found]) for name in ("rank", "tier", "note")}


def _without(base: IndexResult, leaf: str) -> Arrays:
    try:
        return _placed(base, _total_without(base, leaf), same_scale=True)
    except TierscapeError as error:
        return _not_placed(base, str(error))


def _total_without(base: IndexResult, leaf: str) -> pd.Series:
    gone = {leaf}
    for slug in reversed(base.tree.groups[1:]):
        if gone.issuperset(base.tree.children[slug]):
            gone.add(slug)
    tree = tree_of(node for slug, node in base.tree.nodes.items() if slug not in gone)
    index, above = base.index, {TOTAL, *base.tree.path(leaf)}
    same = {group: base.scores[group].to_numpy() for group in tree.groups if group not in above}
    scores = combine(
        base.normalised, tree, base.weights.by_node, index.combine, power=index.power, known=same
    )
    return scores[TOTAL]


def _placed(base: IndexResult, total: pd.Series, *, same_scale: bool) -> Arrays:
    """Return rank and tier of every city, and an empty note."""
    if total.isna().any():
        named = ", ".join(map(str, total.index[total.isna()]))
        raise TierscapeError(f"without a total: {named}.")
    if same_scale or base.index.tiering.method == "share":
        rank, tier = placed(total, base.index.tiering)
    else:
        rank = ranks_of(total).to_numpy(dtype=np.int64)
        tier = _same_sizes(base, rank)
    return {"rank": rank, "tier": tier, "note": np.array("")}


def _not_placed(base: IndexResult, note: str) -> Arrays:
    """Return why there is no rank; ranks and tiers of 0 are none."""
    nothing = np.zeros(len(base.scores), dtype=np.int64)
    return {"rank": nothing, "tier": nothing, "note": np.array(note)}


def _same_sizes(base: IndexResult, rank: IntArray) -> IntArray:
    """Return tiers of the sizes that the index's own have; ties go up."""
    places = base.shares["n_cities"].cumsum().to_numpy(dtype=np.int64)[:-1]
    return np.searchsorted(places, rank, side="left") + 1


def _table(
    base: IndexResult, names: list[tuple[str, str]], found: Iterable[Arrays]
) -> pd.DataFrame:
    parts = list(found)
    cities = base.scores.index.astype("str").tolist()
    notes = [str(part["note"]) for part in parts]
    sizes = [1 if note else len(cities) for note in notes]
    gone = np.repeat(np.array(notes, dtype=np.str_) != "", sizes)
    columns = {
        "choice": np.repeat(np.array([choice for choice, _ in names], dtype=object), sizes),
        "alternative": np.repeat(np.array([name for _, name in names], dtype=object), sizes),
        "city": [city for note in notes for city in ([""] if note else cities)],
        "rank": _whole_numbers([part["rank"] for part in parts], sizes, gone),
        "tier": _whole_numbers([part["tier"] for part in parts], sizes, gone),
        "note": np.repeat(np.array(notes, dtype=object), sizes),
    }
    return pd.DataFrame(columns).astype(
        dict.fromkeys(("choice", "alternative", "city", "note"), "str")
    )


def _whole_numbers(
    parts: list[IntArray], sizes: list[int], gone: BoolArray
) -> pd.arrays.IntegerArray:
    """Return the first numbers of every part, one where there is none."""
    heads = [part[:size] for part, size in zip(parts, sizes, strict=True)]
    return pd.arrays.IntegerArray(np.concatenate([np.empty(0, np.int64), *heads]), gone.copy())
