"""How far ranks and tiers depend on weights, ratings and rules; which tiers are safe."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...data.score_records import ScoreFolder, Tiering
from ..tasks import Mapped, one_by_one
from ..tiers import FloatArray
from .index import IndexResult, compute_index
from .rank_counts import RankCounts
from .uncertainty_counts import drawn_counts, draws_ratings
from .uncertainty_draws import draws_of
from .uncertainty_plan import Plan, check_plan, draws_weights
from .uncertainty_switches import switched, switches_of, without_each_indicator
from .uncertainty_tiers import settled_rule, tier_probabilities

DRIVER_COLUMNS = (
    *("choice", "alternative", "mean_rank_shift", "largest_rank_shift", "city"),
    *("tier_changes", "note"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """An index, and what of it would stand if its choices had been others.

    Attributes
    ----------
    base
        The index as it is.
    plan
        What was drawn.
    cities
        One row per city, in the order of ranks: `city`, `rank`, `rank_mean`, `rank_lower`,
        `rank_median`, `rank_upper`, `tier`, `label`, `p_tier_1` … `p_tier_k`, `p_tier` (of its
        own), `safe`, `note` (why not).
    switches
        Ranks and tiers under every other rule and without every indicator, as `switched` returns.
    drivers
        One row per choice: `choice`, `alternative`, `mean_rank_shift` (mean over the cities of
        |rank − rank in the index|; over the draws too where the choice is drawn),
        `largest_rank_shift` and the `city` it falls on, `tier_changes` (cities in another tier,
        in draws their mean number), `note`.
    notes
        What a reader should know.
    """

    base: IndexResult
    plan: Plan
    cities: pd.DataFrame
    switches: pd.DataFrame
    drivers: pd.DataFrame
    notes: tuple[str, ...]


def uncertainty(
    folder: ScoreFolder,
    plan: Plan | None = None,
    *,
    base: IndexResult | None = None,
    mapped: Mapped = one_by_one,
) -> Uncertainty:
    """Tell how sure the ranks and tiers of an index are.

    Weights and ratings are drawn together; every draw gives every city a rank and a tier by the
    index's rule. The rank interval holds the given share of the draws; the probability of a tier
    is the share of the draws in it. Apart from the draws, every structural choice is switched and
    every indicator left out, one at a time. A tier is safe if its probability reaches `plan.safe`
    and every switch of aggregation, normalisation and missing ratings leaves the city in it.

    Parameters
    ----------
    folder
        A checked score folder.
    plan
        What is drawn; by default 1,000 bootstrap samples of the experts, if there are any, and a
        chance of 0.2 that a rating is one step off.
    base
        What `compute_index` makes of the folder, if it is known.
    mapped
        What does the tasks; their work is called `draws`, `weights`, `switches` and `left-out`.

    Returns
    -------
    Uncertainty
        Tables of cities, switches and drivers.

    Raises
    ------
    TierscapeError
        If the index cannot be computed, or weights are to be resampled from fewer than two
        experts. A switch that cannot be computed is a row with a note.

    References
    ----------
    Saisana, M., Saltelli, A., Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques
    as tools for the quality assessment of composite indicators. Journal of the Royal Statistical
    Society A 168, 307-323 (the mean shift in rank).
    Nardo, M. et al. (2008). Handbook on Constructing Composite Indicators, section 7. OECD/JRC.
    """
    plan = plan or Plan()
    check_plan(plan)
    base = base or compute_index(folder)
    rule = settled_rule(base.index.tiering, base.totals)
    drawn = drawn_counts(draws_of(folder, base, plan), rule, mapped)
    counts = next(iter(drawn.values()))
    structure = switched(base, switches_of(folder, base), mapped)
    switches = pd.concat([structure, without_each_indicator(base, mapped)], ignore_index=True)
    cities = _cities(base, plan, counts, tier_probabilities(counts, rule))
    judged = _judged(cities, structure, plan)
    rows = [_drawn_row(base, name, each, rule) for name, each in drawn.items()]
    rows += _switch_rows(base, switches)
    drivers = pd.DataFrame(rows, columns=list(DRIVER_COLUMNS))
    return Uncertainty(base, plan, judged, switches, drivers, _notes(folder, base, plan))


def _cities(
    base: IndexResult, plan: Plan, counts: RankCounts, probability: FloatArray
) -> pd.DataFrame:
    table = base.tiers[["city", "rank"]].assign(
        rank_mean=counts.mean(),
        rank_lower=counts.quantile((1 - plan.interval) / 2),
        rank_median=counts.quantile(0.5),
        rank_upper=counts.quantile((1 + plan.interval) / 2),
        tier=base.tiers["tier"],
        label=base.tiers["label"],
    )
    for number, column in enumerate(probability.T, start=1):
        table[f"p_tier_{number}"] = column
    own = probability[np.arange(len(table)), base.tiers["tier"].to_numpy() - 1]
    return table.assign(p_tier=own)


def _judged(cities: pd.DataFrame, structure: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    own = cities.set_index("city")["tier"]
    known = structure[structure["note"] == ""]
    other = known[known["tier"].to_numpy() != own.reindex(known["city"]).to_numpy()]
    words = "tier " + other["tier"].astype("str") + " by " + other["alternative"]
    moved = words.groupby(other["city"]).agg("; ".join).reindex(own.index).fillna("")
    likely = cities["p_tier"].to_numpy() >= plan.safe - 1e-12
    doubt = np.where(likely, "", [f"its tier has probability {p:.2f}" for p in cities["p_tier"]])
    pairs = zip(doubt, moved, strict=True)
    notes = ["; ".join(filter(None, pair)) for pair in pairs]
    table = cities.assign(safe=[note == "" for note in notes], note=notes)
    return table.sort_values("rank", kind="stable").reset_index(drop=True)


def _drawn_row(base: IndexResult, name: str, counts: RankCounts, rule: Tiering) -> dict[str, Any]:
    rank = base.tiers["rank"].to_numpy()
    shift = counts.shift(rank)
    own = tier_probabilities(counts, rule)[np.arange(len(rank)), base.tiers["tier"] - 1]
    row = {"choice": name, "alternative": "drawn", "tier_changes": float((1 - own).sum())}
    return row | _shift(pd.Series(shift, base.tiers["city"])) | {"note": ""}


def _switch_rows(base: IndexResult, switches: pd.DataFrame) -> list[dict[str, Any]]:
    cities = base.tiers["city"]
    own = {name: base.tiers[name].to_numpy() for name in ("rank", "tier")}
    rows = []
    for (choice, name), found in switches.groupby(["choice", "alternative"], sort=False):
        row: dict[str, Any] = {"choice": choice, "alternative": name, "note": found["note"].iloc[0]}
        if not row["note"]:
            away = np.abs(found["rank"].to_numpy(dtype=np.float64) - own["rank"])
            changes = int((found["tier"].to_numpy(dtype=np.int64) != own["tier"]).sum())
            row |= _shift(pd.Series(away, cities)) | {"tier_changes": float(changes)}
        rows.append(row)
    return rows


def _shift(shift: pd.Series) -> dict[str, Any]:
    worst = float(shift.max())
    city = str(shift.idxmax()) if worst > 0 else ""
    return {
        "mean_rank_shift": float(shift.mean()),
        "largest_rank_shift": worst,
        "city": city,
    }


def _notes(folder: ScoreFolder, base: IndexResult, plan: Plan) -> tuple[str, ...]:
    notes = {
        "the weights are not drawn": not draws_weights(folder, plan),
        "the ratings are not drawn": not draws_ratings(folder, plan),
        "the breaks of the index's totals are kept as thresholds in all draws": (
            base.index.tiering.method == "natural-breaks"
        ),
    }
    return tuple(note for note, holds in notes.items() if holds)
