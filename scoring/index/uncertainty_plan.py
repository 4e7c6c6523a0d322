"""What is drawn: the plan of an uncertainty analysis, and the weights of its draws."""

from dataclasses import dataclass

import numpy as np

from ...data.errors import TierscapeError, UnknownNameError
from ...data.score_records import ScoreFolder
from ..tiers import FloatArray
from .experts import METHODS as EXPERT_METHODS
from .experts import expert_table
from .index import IndexResult
from .resample import among_siblings
from .uncertainty_weights import (
    concentrations,
    dirichlet_weights,
    joint_weights,
    resampled_experts,
    summarised_weights,
)

RESAMPLINGS = ("experts", "bootstrap", "dirichlet", "none")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn, and how often.

    Attributes
    ----------
    scenarios
        Number of draws.
    weights
        `bootstrap` of the experts, `dirichlet` around the index's weights, `none`, or `experts`:
        bootstrap if the weights come from experts, else none.
    concentration
        Of the Dirichlet laws; None fits it to the experts' spread.
    step_chance
        Probability that a rating on a ladder is one described step higher or lower.
    interval
        Share of the draws inside the rank intervals.
    safe
        Probability of its tier from which a city's tier is safe.
    seed
        Fixes all draws; None takes the index's.
    """

    scenarios: int = 1000
    weights: str = "experts"
    concentration: float | None = None
    step_chance: float = 0.2
    interval: float = 0.90
    safe: float = 0.95
    seed: int | None = None


def check_plan(plan: Plan) -> None:
    """Check that a plan makes sense.

    Raises
    ------
    UnknownNameError
        If there is no such way to resample.
    TierscapeError
        If there are no draws, or a share is not between 0 and 1.

    Examples
    --------
    >>> check_plan(Plan(interval=90))
    Traceback (most recent call last):
    tierscape.data.errors.TierscapeError: interval lies between 0 and 1, not 90.
    """
    if plan.weights not in RESAMPLINGS:
        raise UnknownNameError("resampling of weights", plan.weights, RESAMPLINGS)
    if plan.scenarios < 1:
        raise TierscapeError(f"there is at least one draw, not {plan.scenarios}.")
    for name in ("interval", "safe", "step_chance"):
        if not 0 <= getattr(plan, name) <= 1:
            raise TierscapeError(f"{name} lies between 0 and 1, not {getattr(plan, name)}.")


def weight_draws(folder: ScoreFolder, base: IndexResult, plan: Plan) -> FloatArray:
    """Return the weights of every draw.

    Parameters
    ----------
    folder, base
        A score folder, and what `compute_index` makes of it.
    plan
        What is drawn.

    Returns
    -------
    numpy.ndarray
        Scenarios × nodes, each group summing to 1; one row if the weights are not drawn.

    Raises
    ------
    TierscapeError
        If the weights come from fewer than two experts.
    """
    tree, weighting = base.tree, folder.index.weighting
    seed, scenarios = seed_of(folder, plan), plan.scenarios
    if not draws_weights(folder, plan):
        own = np.array([[base.weights.by_node[slug] for slug in tree.nodes]], dtype=np.float64)
        return among_siblings(own, tree)
    if plan.weights == "dirichlet" and plan.concentration is not None:
        spread = dict.fromkeys(tree.groups, plan.concentration)
        return dirichlet_weights(tree, base.weights.by_node, spread, scenarios=scenarios, seed=seed)
    if weighting.method not in EXPERT_METHODS:
        raise TierscapeError(
            f"the weights are {weighting.method!r}, not from experts, so there is nothing to "
            "resample. Take a Dirichlet law of a given concentration, or none."
        )
    experts = expert_table(folder.answers, tree, weighting.method)
    if plan.weights == "dirichlet":
        spread = concentrations(experts, tree)
        return dirichlet_weights(tree, base.weights.by_node, spread, scenarios=scenarios, seed=seed)
    counts = resampled_experts(experts, tree, scenarios=scenarios, seed=seed)
    if weighting.method == "ahp":
        return joint_weights(folder.answers, experts, tree, counts)
    return summarised_weights(experts, tree, counts, weighting)


def draws_weights(folder: ScoreFolder, plan: Plan) -> bool:
    """Tell whether the weights differ between the draws of a plan."""
    from_experts = folder.index.weighting.method in EXPERT_METHODS
    return plan.weights != "none" and (plan.weights != "experts" or from_experts)


def seed_of(folder: ScoreFolder, plan: Plan) -> int:
    """Return the seed of a plan: its own, or the index's."""
    return folder.index.seed if plan.seed is None else plan.seed
