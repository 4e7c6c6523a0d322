"""What draws are made of: generators, weights of many scenarios, ratings one step off."""

from collections.abc import Sequence

import numpy as np

from ...data.errors import TierscapeError
from ..tiers import FloatArray
from .tree import Tree

#: The order of tasks fixes the generator of each: what one draws never moves another.
TASKS = ("bootstrap", "dirichlet", "ratings", "sobol")
#: Ratings moved at a time: few enough to stay in the cache of a processor.
CELLS = 30_000


def generator(seed: int, task: str, draw: int = 0) -> np.random.Generator:
    """Return the generator of one draw of one task.

    Every task and draw has a child of the seed of its own, so a draw is the same whatever else is
    drawn, and however many there are.

    Examples
    --------
    >>> generator(1, "ratings", 7).random() == generator(1, "ratings", 7).random()
    True
    """
    child = np.random.SeedSequence(seed, spawn_key=(TASKS.index(task), draw))
    return np.random.default_rng(child)


def sibling_columns(tree: Tree) -> dict[str, list[int]]:
    """Return the columns of the children of every group."""
    column = {slug: number for number, slug in enumerate(tree.nodes)}
    return {group: [column[child] for child in tree.children[group]] for group in tree.groups}


def among_siblings(weights: FloatArray, tree: Tree) -> FloatArray:
    """Return weights (scenarios × nodes) rescaled to sum to 1 within every group."""
    found = weights.astype(np.float64, copy=True)
    for at in sibling_columns(tree).values():
        found[:, at] /= found[:, at].sum(axis=1, keepdims=True)
    return found


def leaf_shares(tree: Tree, weights: FloatArray) -> dict[str, FloatArray]:
    """Return the effective weights of the leaves in every group, for many scenarios at once.

    Parameters
    ----------
    tree
        The tree.
    weights
        Scenarios × nodes; each group sums to 1.

    Returns
    -------
    dict
        For `total` and every group, scenarios × leaves, as `Tree.leaf_matrix` for one.
    """
    column = {slug: number for number, slug in enumerate(tree.nodes)}
    at = {leaf: number for number, leaf in enumerate(tree.leaves)}
    found: dict[str, FloatArray] = {}
    for group in reversed(tree.groups):
        rows = np.zeros((len(weights), len(tree.leaves)))
        for child in tree.children[group]:
            weight = weights[:, column[child]]
            if child in at:
                rows[:, at[child]] = weight
            else:
                rows += weight[:, np.newaxis] * found[child]
        found[group] = rows
    return {group: found[group] for group in tree.groups}


def one_step(values: FloatArray, ladders: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return every rating one described step lower, and one step higher.

    A rating at the end of its ladder stays there; so do raw values, missing ratings and those on
    no described step.

    Parameters
    ----------
    values
        Cities × leaves; NaN is missing.
    ladders
        For each leaf the points of its steps, rising; empty for raw values.

    Returns
    -------
    lower, higher
        Cities × leaves each.

    Examples
    --------
    >>> one_step(np.array([[1.0], [4.0]]), [np.array([1.0, 2.0, 4.0])])
    (array([[1.], [2.]]), array([[2.], [4.]]))
    """
    lower, higher = values.copy(), values.copy()
    for column, ladder in enumerate(ladders):
        if not len(ladder):
            continue
        last = len(ladder) - 1
        at = np.searchsorted(ladder, values[:, column]).clip(0, last)
        on = ladder[at] == values[:, column]
        lower[on, column] = ladder[(at[on] - 1).clip(0)]
        higher[on, column] = ladder[(at[on] + 1).clip(None, last)]
    return lower, higher


def stepped(
    values: FloatArray,
    steps: tuple[FloatArray, FloatArray],
    chance: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Return ratings of which some moved by one step, up or down alike.

    Parameters
    ----------
    values
        Cities × leaves.
    steps
        What `one_step` returns.
    chance
        Probability that a rating moves, 0 to 1.
    rng
        Generator of this draw.

    Returns
    -------
    numpy.ndarray
        Cities × leaves.

    Raises
    ------
    TierscapeError
        If the probability is not between 0 and 1.

    Examples
    --------
    >>> values = np.array([[1.0], [2.0], [4.0]])
    >>> steps = one_step(values, [np.array([1.0, 2.0, 4.0])])
    >>> stepped(values, steps, 1.0, np.random.default_rng(0)).ravel()
    array([2., 1., 2.])
    """
    if not 0 <= chance <= 1:
        raise TierscapeError(f"the probability of a step lies between 0 and 1, not {chance}.")
    found, rows = np.empty(values.shape), max(1, CELLS // max(values.shape[1], 1))
    for part in (slice(start, start + rows) for start in range(0, len(values), rows)):
        lower, higher = (table[part] for table in steps)
        luck = rng.random(lower.shape)
        up = np.where(luck < chance, higher, values[part])
        found[part] = np.where(luck < chance / 2, lower, up)
    return found
