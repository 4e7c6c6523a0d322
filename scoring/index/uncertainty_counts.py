"""How often every city holds every rank in the draws of an index."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ...data.score_ladders import described
from ...data.score_records import ScoreFolder, Tiering
from ..tasks import Arrays, Mapped, one_by_one
from ..tiers import FloatArray
from .rank_counts import RankCounts, empty_tally
from .rank_kernel import PRODUCT, sort_totals
from .resample import leaf_shares
from .tree import TOTAL, Tree
from .uncertainty_draws import Draws, Lot, Scores, lots, map_draws
from .uncertainty_plan import Plan, draws_weights, weight_draws


def drawn_counts(drawn: Draws, rule: Tiering, mapped: Mapped = one_by_one) -> dict[str, RankCounts]:
    """Return the counts of ranks: first with everything drawn together, then each alone.

    Parameters
    ----------
    drawn
        What the draws are made of.
    rule
        The index's rule for tiers; its thresholds are counted.
    mapped
        What does the tasks; their work is called `draws` and `weights`.

    Returns
    -------
    dict
        `weights and ratings`, `weights` and `ratings`; only one of them if only that is drawn.
    """
    folder, base, plan = drawn.folder, drawn.base, drawn.plan
    if not draws_ratings(folder, plan):
        return {"weights": _by_weights(drawn, rule, mapped)}
    own = weight_draws(folder, base, replace(plan, weights="none"))
    if not draws_weights(folder, plan):
        (alone,) = _by_draws(drawn, [own], rule, partial(map_draws, "draws", mapped=mapped))
        return {"ratings": alone}
    weights = weight_draws(folder, base, plan)
    both, alone = _by_draws(drawn, [weights, own], rule, partial(map_draws, "draws", mapped=mapped))
    by_weights = _by_weights(drawn, rule, mapped)
    return {"weights and ratings": both, "weights": by_weights, "ratings": alone}


def _by_draws(
    drawn: Draws,
    weightings: Sequence[FloatArray],
    rule: Tiering,
    draw: Callable[..., Iterator[Arrays]],
) -> list[RankCounts]:
    """Return the counts of ranks under each of several sets of weights."""
    shape = drawn.plan.scenarios, len(drawn.known), len(rule.thresholds)
    tallies = [empty_tally(*shape) for _ in weightings]
    summary = partial(_sorted, thresholds=rule.thresholds)
    for found in draw(drawn, weightings, [TOTAL], summary=summary):
        for number, tally in enumerate(tallies):
            tally.add({part: found[f"{part}_{number}"] for part in ("order", "tied", "above")})
    return [tally.counts() for tally in tallies]


def _sorted(scores: Sequence[Scores], thresholds: Sequence[float]) -> Arrays:
    return {
        f"{part}_{number}": table
        for number, each in enumerate(scores)
        for part, table in sort_totals(each[TOTAL], thresholds).items()
    }


def _by_weights(drawn: Draws, rule: Tiering, mapped: Mapped) -> RankCounts:
    folder, base, plan = drawn.folder, drawn.base, drawn.plan
    weights = weight_draws(folder, base, plan)
    scores = base.normalised.to_numpy(np.float64)
    if np.isnan(scores).any() or base.index.combine != "arithmetic":
        settled = replace(drawn, plan=replace(plan, step_chance=0.0))
        (counts,) = _by_draws(
            settled, [weights], rule, partial(map_draws, "weights", mapped=mapped)
        )
        return counts
    # Weighted sums of one table of scores: one product of matrices.
    across, thresholds = np.ascontiguousarray(scores.T), rule.thresholds
    work = partial(_weigh, across=across, weights=weights, tree=base.tree, thresholds=thresholds)
    tally = empty_tally(len(weights), len(scores), len(thresholds))
    for found in mapped("weights", work, lots(len(weights), len(scores), PRODUCT)):
        tally.add(found)
    return tally.counts()


def _weigh(
    lot: Lot, *, across: FloatArray, weights: FloatArray, tree: Tree, thresholds: Sequence[float]
) -> Arrays:
    shares = leaf_shares(tree, weights[slice(*lot)])[TOTAL]
    return sort_totals(shares @ across, thresholds)


def draws_ratings(folder: ScoreFolder, plan: Plan) -> bool:
    """Tell whether the ratings differ between the draws of a plan."""
    return plan.step_chance > 0 and bool(described(folder.steps))
