"""Indicators become comparable: one scale, more is better."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ...data.errors import DataError, Problem, UnknownNameError
from ...data.score_records import Node, Treatment
from ..tiers import FloatArray, percentile
from .outliers import treat_table

METHODS = ("none", "minmax", "zscore", "rank", "percentile", "target", "goalposts")


def normalise(
    table: pd.DataFrame, nodes: Iterable[Node], treatment: Treatment
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return comparable scores, and notes on outliers and constant indicators.

    Outliers of raw values are treated first; then an indicator of direction −1 changes its sign;
    then, over all cities whose value x is known:

    - `none`: x as it is;
    - `minmax`: (x − min) / (max − min), on the scale;
    - `zscore`: (x − mean) / s, s with n − 1;
    - `rank`: the rank from the last, N for the best, midranks for ties;
    - `percentile`: 100 · (1 − (r − ½)/N), r the midrank from the best;
    - `target`: (x − min) / (target − min), on the scale, at most its end;
    - `goalposts`: (x − low) / (high − low), on the scale, within its ends.

    The scale runs from `scale_from` to `scale_to`. A ladder without goalposts has 0 and its
    maximum, without a target its maximum. An indicator that is the same for all cities cannot be
    ranked by: under `minmax` it is the middle of the scale, under `zscore` 0; a note says so.

    Parameters
    ----------
    table
        Cities × leaves: points and raw values, NaN where missing; NaN stays NaN.
    nodes
        The nodes of the index; those of the table's columns are used.
    treatment
        The method, the scale, and what to do with outliers.

    Returns
    -------
    table, notes
        Cities × leaves, more is better; and one sentence for each thing that was done.

    Raises
    ------
    DataError
        If an indicator has no value; if goalposts or a target are missing, equal, or on the
        wrong side (the target must be better than the worst city). All at once.
    UnknownNameError
        If there is no such method or treatment of outliers.

    References
    ----------
    Nardo, M. et al. (2008). Handbook on Constructing Composite Indicators, section 5. OECD/JRC.

    Examples
    --------
    >>> nodes = [Node("co2", "", 1, "value", "", "", direction=-1)]
    >>> table = pd.DataFrame({"co2": [2.0, 4.0, 10.0]}, index=["A", "B", "C"])
    >>> normalise(table, nodes, Treatment("minmax"))[0]["co2"].tolist()
    [100.0, 75.0, 0.0]
    """
    if treatment.method not in METHODS:
        raise UnknownNameError("normalisation", treatment.method, METHODS)
    if treatment.outliers not in {"none", "winsorise", "log"}:
        raise UnknownNameError("outliers", treatment.outliers, ("none", "winsorise", "log"))
    by_slug = {node.slug: node for node in nodes}
    check_rated(table)
    treated, notes = treat_table(table, by_slug, treatment)
    problems: list[Problem] = []
    labels = table.index, treated.columns
    if treatment.method == "none":
        signs = np.array([by_slug[str(name)].direction for name in treated.columns])
        values = np.multiply(treated.to_numpy(dtype=np.float64), signs, order="C")
        return pd.DataFrame(values, *labels), notes
    # Indicator by indicator in memory, which is several times faster than city by city.
    columns = np.ascontiguousarray(treated.to_numpy(dtype=np.float64).T)
    scores = np.empty(columns.shape)
    for number, name in enumerate(treated.columns):
        scores[number] = _scores(columns[number], by_slug[str(name)], treatment, problems)
    if problems:
        raise DataError(problems)
    comparable = pd.DataFrame(np.ascontiguousarray(scores.T), *labels)
    return comparable, (*notes, *_constant(table, treatment))


def check_rated(table: pd.DataFrame) -> None:
    """Check that every indicator has a value.

    Raises
    ------
    DataError
        With every indicator that has none.
    """
    problems = [
        Problem(
            "ratings.csv",
            None,
            "indicator",
            str(name),
            "no city has a valid rating of it",
            "Rate it, or take it out of the index.",
        )
        for name in table.columns[table.isna().all()]
    ]
    if problems:
        raise DataError(problems)


def _constant(table: pd.DataFrame, treatment: Treatment) -> tuple[str, ...]:
    if treatment.method in {"none", "target", "goalposts"}:
        return ()
    same = table.min() == table.max()
    return tuple(
        f"{name}: the same for all cities, so it parts none" for name in table.columns[same]
    )


def _scores(
    values: FloatArray, node: Node, treatment: Treatment, problems: list[Problem]
) -> FloatArray:
    x = values * node.direction
    known = x[~np.isnan(x)]
    match treatment.method:
        case "zscore":
            return _zscore(x, known)
        case "rank" | "percentile":
            from_best = _midrank_from_best(x)
            if treatment.method == "percentile":
                return percentile(from_best, len(known))
            return np.asarray(len(known) + 1 - from_best)
    ends = _ends(known, node, treatment.method, problems)
    return _on_scale(x, ends, treatment)


def _zscore(x: FloatArray, known: FloatArray) -> FloatArray:
    if known.min() == known.max():
        return x * 0.0
    return np.asarray((x - known.mean()) / known.std(ddof=1))


def _midrank_from_best(x: FloatArray) -> FloatArray:
    """Return the rank of each value, 1 for the highest; tied values share their mean rank."""
    ranks = pd.Series(x).rank(ascending=False, method="average")
    return np.asarray(ranks, dtype=np.float64)


def _on_scale(x: FloatArray, ends: tuple[float, float], treatment: Treatment) -> FloatArray:
    low, high = ends
    share = x * 0.0 + 0.5 if low == high else (x - low) / (high - low)
    if treatment.method == "goalposts":
        share = np.clip(share, 0.0, 1.0)
    if treatment.method == "target":
        share = np.minimum(share, 1.0)
    return treatment.scale_from + share * (treatment.scale_to - treatment.scale_from)


def _ends(
    known: FloatArray, node: Node, method: str, problems: list[Problem]
) -> tuple[float, float]:
    """Return the values, after direction, that take the ends of the scale."""
    if method == "minmax":
        return float(known.min()), float(known.max())
    ladder = node.kind == "ladder"
    if method == "target":
        target = node.maximum if node.target is None and ladder else node.target
        worst = float(known.min())
        if target is None:
            problems.append(_needs(node, "target", "", "Give it."))
        elif target * node.direction <= worst:
            rule = f"the target must be better than the worst city ({worst * node.direction:g})"
            problems.append(Problem("index.toml", None, f"{node.slug} target", str(target), rule))
        else:
            return worst, target * node.direction
        return 0.0, 1.0
    low = 0.0 if node.low is None and ladder else node.low
    high = node.maximum if node.high is None and ladder else node.high
    if low is None or high is None:
        problems.append(_needs(node, "low and high", "", "Give both."))
    elif low >= high:
        problems.append(
            Problem("index.toml", None, f"{node.slug} low", str(low), f"is not below high ({high})")
        )
    else:
        return (low, high) if node.direction == 1 else (-high, -low)
    return 0.0, 1.0


def _needs(node: Node, what: str, value: str, remedy: str) -> Problem:
    return Problem("index.toml", None, node.slug, value, f"this normalisation needs {what}", remedy)
