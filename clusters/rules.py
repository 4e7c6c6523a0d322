"""Evaluating cluster rules: which cities satisfy a rule, and which of its tests decides.

A rule is a tree. Every leaf is tested on all cities at once; `any`, `all` and `not` combine the
answers, carrying along for each city the one leaf that decides.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.records import Group, Leaf, Rule
from ..data.rule_trees import fold
from .survey import Answers, Bools, Floats, Survey, Texts


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a rule says of every city, in the order of the table.

    Attributes
    ----------
    member
        Whether the city satisfies the rule.
    rule
        The test that decides, in words.
    measure_km
        What that test measures, in km; NaN where it measures nothing.
    closeness
        The measure as a share of its threshold, inverted below `not`: up to 1 the test is
        satisfied, 2 is twice too far. NaN where the test measures nothing.
    plain
        Whether the test that decides stands outside any `not`.
    """

    member: Bools
    rule: Texts
    measure_km: Floats
    closeness: Floats
    plain: Bools


def evaluate(rule: Rule, known: Survey) -> Evaluation:
    """Evaluate a rule on all cities of a survey.

    Parameters
    ----------
    rule
        One of the rules that the survey was made for, or a part of it.
    known
        What the leaves say of the cities.

    Returns
    -------
    Evaluation
        For members of `any`, the satisfied test with the smallest distance decides; for members
        of `all`, the measured test that is tightest (tests below `not` come last, since what a
        city is says more than what it is not). For other cities it is what comes closest in
        `any`, and what fails by most in `all`.
    """
    return fold(rule, lambda leaf: _test(leaf, known[leaf]), _combine)


def holds(rule: Rule, known: Survey) -> Bools:
    """Tell which cities satisfy a rule, without asking which test decides.

    Parameters
    ----------
    rule
        One of the rules that the survey was made for, or a part of it.
    known
        What the leaves say of the cities.
    """
    return fold(rule, lambda leaf: known[leaf].passed, _combine_truths)


def _combine(group: Group, parts: list[Evaluation]) -> Evaluation:
    """Combine what the parts of a rule say."""
    if group.kind == "not":
        return _negate(parts[0])
    return _any(parts) if group.kind == "any" else _all(parts)


def _combine_truths(group: Group, parts: list[Bools]) -> Bools:
    """Combine whether the parts of a rule are satisfied."""
    if group.kind == "not":
        return ~parts[0]
    combine = np.logical_or if group.kind == "any" else np.logical_and
    return np.asarray(combine.reduce(parts), dtype=bool)


def _test(leaf: Leaf, answers: Answers) -> Evaluation:
    """Evaluate one leaf."""
    codes, names = pd.factorize(answers.name)
    words = np.array([leaf_text(leaf, name) for name in names], dtype=object)
    closeness = answers.km / (leaf.within_km or np.nan)
    plain = np.ones(len(answers.km), dtype=bool)
    return Evaluation(answers.passed, words[codes], answers.km, closeness, plain)


def leaf_text(leaf: Leaf, name: str) -> str:
    """Return in words the test of a leaf by the one of its names that answered."""
    match leaf.kind:
        case "coast" | "lake" | "range" | "route":
            return f"within {leaf.within_km:g} km of {leaf.kind} {name}"
        case "elevation_m" | "population":
            bounds = [(leaf.least, "at least"), (leaf.most, "at most")]
            texts = [f"{words} {value:.0f}" for value, words in bounds if value is not None]
            return f"{leaf.kind} {' and '.join(texts)}"
    label = dict(zip(leaf.names, leaf.labels, strict=False)).get(name, (name, name))[0]
    return f"{leaf.kind} {name}" if label == name else f"{leaf.kind} {name} {label}"


def _negate(part: Evaluation) -> Evaluation:
    """Turn an evaluation round; the same test decides."""
    texts = [text[4:] if text.startswith("not ") else f"not {text}" for text in part.rule]
    with np.errstate(divide="ignore"):
        closeness = 1 / part.closeness
    rule = np.array(texts, dtype=object)
    return Evaluation(~part.member, rule, part.measure_km, closeness, ~part.plain)


def _any(parts: list[Evaluation]) -> Evaluation:
    """Combine parts of which one must hold."""
    satisfied = np.stack([part.member for part in parts])
    km = np.stack([part.measure_km for part in parts])
    closeness = np.stack([part.closeness for part in parts])
    member = np.asarray(satisfied.any(axis=0))
    # A measured test goes before one that measures nothing, so NaN becomes a large number.
    score = np.where(satisfied, np.nan_to_num(km, nan=1e9), np.inf)
    score = np.where(member, score, np.nan_to_num(closeness, nan=1e9))
    return _take(parts, score.argmin(axis=0), member)


def _all(parts: list[Evaluation]) -> Evaluation:
    """Combine parts that must all hold."""
    satisfied = np.stack([part.member for part in parts])
    closeness = np.stack([part.closeness for part in parts])
    plain = np.stack([part.plain for part in parts])
    member = np.asarray(satisfied.all(axis=0))
    # Members: plain and measured (at most 0), plain (1), negated and measured (2 to 3), negated.
    held = np.where(plain, np.nan_to_num(-closeness, nan=1), np.nan_to_num(3 - closeness, nan=4))
    # Others: a test that measures nothing cannot be nearly met, so it decides before distances.
    failed = np.where(satisfied, np.inf, np.nan_to_num(-closeness, nan=-np.inf, neginf=-1e9))
    return _take(parts, np.where(member, held, failed).argmin(axis=0), member)


def _take(parts: list[Evaluation], chosen: npt.NDArray[np.intp], member: Bools) -> Evaluation:
    """Return for every city the part that was chosen."""
    at = (chosen, np.arange(len(chosen)))
    return Evaluation(
        member,
        np.stack([part.rule for part in parts])[at],
        np.stack([part.measure_km for part in parts])[at],
        np.stack([part.closeness for part in parts])[at],
        np.stack([part.plain for part in parts])[at],
    )
