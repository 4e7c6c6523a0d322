"""Weights drawn from the experts: another panel, or another expert like these."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ...data.score_records import ExpertAnswer, Weighting
from ..tiers import BoolArray, FloatArray
from .ahp import priorities
from .consistency import matrices_of
from .experts import average
from .resample import among_siblings, generator, sibling_columns
from .tree import Tree

#: A Dirichlet law of less weight than this puts everything on one indicator.
LEAST_CONCENTRATION = 0.1


def check_experts(experts: pd.DataFrame, tree: Tree) -> None:
    """Check that experts can be resampled.

    Raises
    ------
    TierscapeError
        If there are fewer than two experts, or a group of several nodes that fewer than two
        answered: nothing shows how they differ.
    """
    if len(experts) < 2:
        known = ", ".join(str(name) for name, _ in experts.index) or "none"
        raise TierscapeError(
            f"weights cannot be resampled from fewer than two experts (there are: {known}). "
            "Add answers to experts.csv, or switch the resampling of weights off."
        )
    there = _answered(experts, tree).sum(axis=0)
    few = [group for group, n in zip(tree.groups, there, strict=True) if n < 2]
    if few:
        raise TierscapeError(
            f"fewer than two experts weigh the indicators of {', '.join(few)}, so their spread is "
            "unknown. Add answers to experts.csv, or switch the resampling of weights off."
        )


def _answered(experts: pd.DataFrame, tree: Tree) -> BoolArray:
    """Return experts × groups: who weighs the children of which."""
    known = np.isfinite(experts.to_numpy(dtype=np.float64))
    return np.column_stack([known[:, at].all(axis=1) for at in sibling_columns(tree).values()])


def resampled_experts(
    experts: pd.DataFrame, tree: Tree, *, scenarios: int, seed: int
) -> FloatArray:
    """Return bootstrap samples of the experts, as how often each is in each sample.

    As many experts as there are, drawn with replacement, all their answers together; a sample in
    which nobody answered some group is drawn again.

    Parameters
    ----------
    experts
        Experts × nodes, as `experts.expert_table` returns; NaN where an expert did not answer.
    tree
        The tree.
    scenarios
        Number of samples.
    seed
        Fixes them.

    Returns
    -------
    numpy.ndarray
        Scenarios × experts, whole numbers; each row sums to the number of experts.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7,
    1-26.
    """
    check_experts(experts, tree)
    n, there = len(experts), _answered(experts, tree)
    rng = generator(seed, "bootstrap")
    counts = rng.multinomial(n, np.full(n, 1 / n), size=scenarios)
    while len(bad := np.flatnonzero(((counts @ there) == 0).any(axis=1))):
        counts[bad] = rng.multinomial(n, np.full(n, 1 / n), size=len(bad))
    return counts.astype(np.float64)


def summarised_weights(
    experts: pd.DataFrame, tree: Tree, counts: FloatArray, weighting: Weighting
) -> FloatArray:
    """Return the joint weights of samples of experts, by the index's own summary.

    Parameters
    ----------
    experts
        Experts × nodes, as `experts.expert_table` returns.
    tree
        The tree.
    counts
        Scenarios × experts, from `resampled_experts`.
    weighting
        Budget (mean, median or trimmed mean) or best-worst (mean); not AHP (`joint_weights`).

    Returns
    -------
    numpy.ndarray
        Scenarios × nodes; each group sums to 1.
    """
    shares = experts.to_numpy(dtype=np.float64)
    summary = weighting.summary if weighting.method == "budget" else "mean"
    if summary == "mean":
        there = np.isfinite(shares)
        found = (counts @ np.where(there, shares, 0.0)) / (counts @ there)
    else:
        samples = (np.repeat(shares, row.astype(np.int64), axis=0) for row in counts)
        found = np.array([average(sample, summary, weighting.trim) for sample in samples])
    return among_siblings(found, tree)


def joint_weights(
    answers: Sequence[ExpertAnswer], experts: pd.DataFrame, tree: Tree, counts: FloatArray
) -> FloatArray:
    """Return the weights of samples of experts who compare pairs (AHP).

    Each sample's matrices are joined by their geometric mean, as those of the whole panel are.

    Parameters
    ----------
    answers
        The comparisons.
    experts, tree, counts
        As in `summarised_weights`.

    Returns
    -------
    numpy.ndarray
        Scenarios × nodes; each group sums to 1.
    """
    row_of = {str(name): row for row, (name, _) in enumerate(experts.index)}
    found = np.ones((len(counts), len(tree.nodes)))
    for group, at in sibling_columns(tree).items():
        if len(at) == 1:
            continue
        matrices = matrices_of(answers, tree.children[group])
        often = counts[:, [row_of[name] for name in matrices]]
        logs = np.tensordot(often, np.log(list(matrices.values())), axes=1)
        joint = np.exp(logs / often.sum(axis=1)[:, np.newaxis, np.newaxis])
        found[:, at] = [priorities(matrix).weights for matrix in joint]
    return found


def concentration(shares: FloatArray) -> float:
    """Return the concentration of the Dirichlet law that is spread as the experts are.

    In a Dirichlet law of means m and concentration c, Var wⱼ = mⱼ(1 − mⱼ)/(c + 1). Summing over
    the siblings and putting the experts' sample variances s² in place of the variances,
    c = Σ mⱼ(1 − mⱼ) / Σ sⱼ² − 1.

    Parameters
    ----------
    shares
        Experts × siblings; rows sum to 1.

    Returns
    -------
    float
        c, at least 0.1; infinite where the experts agree.

    References
    ----------
    Mosimann, J. E. (1962). On the compound multinomial distribution, the multivariate
    β-distribution, and correlations among proportions. Biometrika 49, 65-82 (the moments).

    Examples
    --------
    >>> round(concentration(np.array([[0.2, 0.8], [0.4, 0.6], [0.3, 0.7]])), 6)
    20.0
    """
    mean = shares.mean(axis=0)
    spread = float(shares.var(axis=0, ddof=1).sum())
    if spread <= 1e-24:
        return np.inf
    return max(float((mean * (1 - mean)).sum()) / spread - 1, LEAST_CONCENTRATION)


def concentrations(experts: pd.DataFrame, tree: Tree) -> dict[str, float]:
    """Return the concentration of every group, fitted to the experts who weigh it.

    Raises
    ------
    TierscapeError
        As `check_experts` does.
    """
    check_experts(experts, tree)
    shares, there = experts.to_numpy(dtype=np.float64), _answered(experts, tree)
    return {
        group: concentration(shares[np.ix_(known, at)])
        for (group, at), known in zip(sibling_columns(tree).items(), there.T, strict=True)
    }


def dirichlet_weights(
    tree: Tree,
    centre: Mapping[str, float],
    spread: Mapping[str, float],
    *,
    scenarios: int,
    seed: int,
) -> FloatArray:
    """Return weights drawn around the index's own.

    Each group has its own Dirichlet law with the index's weights for means. With the experts'
    concentrations it answers what one further expert like these would do to the ranking; the
    bootstrap answers what another panel of the same size would do, and is narrower.

    Parameters
    ----------
    tree
        The tree.
    centre
        Weight of every node among its siblings.
    spread
        Concentration of every group, as `concentrations` returns; infinite is certainty.
    scenarios, seed
        Number of draws, and what fixes them.

    Returns
    -------
    numpy.ndarray
        Scenarios × nodes; each group sums to 1. A node of weight 0 keeps it.

    Raises
    ------
    TierscapeError
        If a concentration is not above 0.
    """
    wrong = [group for group, amount in spread.items() if not amount > 0]
    if wrong:
        raise TierscapeError(f"a concentration is above 0; it is not for {', '.join(wrong)}.")
    rng = generator(seed, "dirichlet")
    own = np.array([[float(centre[slug]) for slug in tree.nodes]])
    found = np.repeat(among_siblings(own, tree), scenarios, axis=0)
    for group, at in sibling_columns(tree).items():
        live = [column for column in at if found[0, column] > 0]
        if len(live) > 1 and np.isfinite(spread[group]):
            found[:, live] = rng.dirichlet(spread[group] * found[0, live], size=scenarios)
    return found
