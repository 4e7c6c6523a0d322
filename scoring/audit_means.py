"""Findings about printed means: whether they can come from their parts, and what it would take."""

from collections.abc import Iterator, Mapping

from ..data.published_means import Printed, PublishedMean, load_means
from ..data.records import Edition, Rubric
from .audit_intervals import (
    believed,
    changed,
    clashes,
    from_parts,
    implied,
    meet,
    nearest_print,
    shares,
    span,
)
from .audit_programs import Interval, nearest_weights, weight_ranges, weighted_range
from .audit_records import Finding

#: The dimension whose means are printed.
TOTAL = "total"


def means_that_do_not_meet(edition: Edition, rubrics: Mapping[str, Rubric]) -> Iterator[Finding]:
    """Find printed means that those of their parts cannot have, and what would explain them.

    Parameters
    ----------
    edition
        With its printed means.
    rubrics
        The methodologies by slug, for their weights.

    Yields
    ------
    Finding
        `published_mean`: with the printed weights, or with any where none are printed, the parts
        cannot have this mean, whatever was rounded away. `mean_weights`: the weights that it
        needs; also where none are printed and equal ones will not do. `mean_repair`: each single
        printed mean that, if wrong, explains a contradiction, with the nearest that will do.
    """
    means = load_means(edition, rubrics.get(edition.rubric))
    if means is None:
        return
    wrong = [whole for _, whole in clashes(means)]
    found = [("published_mean", _clash(whole)) for whole in wrong]
    found += [
        ("mean_weights", _weights(whole))
        for whole in _wholes(means)
        if whole in wrong or not (shares(whole) or _equal_weights_do(whole))
    ]
    found += [("mean_repair", detail) for detail in _repairs(means, len(wrong))]
    for kind, detail in found:
        yield Finding(edition.slug, TOTAL, kind, "", detail)


def repair_detail(name: str, printed: Printed, right: Printed, range_: Interval) -> str:
    """Return what a printed mean would have to be."""
    return (
        f"One wrong figure would explain the contradiction: the mean of {name} is printed as "
        f"{printed.text}; {right.text} is the nearest that would do. The other figures leave it "
        f"{range_[0]:.4f} to {range_[1]:.4f}."
    )


def _wholes(mean: PublishedMean) -> Iterator[PublishedMean]:
    """Yield every mean that has parts."""
    if mean.parts:
        yield mean
    for part in mean.parts:
        yield from _wholes(part)


def _clash(whole: PublishedMean) -> str:
    """Return why a mean cannot come from its parts."""
    low, high = from_parts(whole)
    printed = (
        f"the mean of {whole.name} is printed as {whole.printed.text} "
        f"({whole.printed.low:.4f} to {whole.printed.high:.4f})"
    )
    weights = shares(whole)
    if weights is None:
        return f"{printed}, outside of the means of its parts, {low:.4f} to {high:.4f}."
    value = sum(w * part.printed.value for w, part in zip(weights, whole.parts, strict=True))
    return (
        f"The printed means of the parts, weighted {_printed_weights(whole)} %, give {value:.4f} "
        f"({low:.4f} to {high:.4f} with rounding); {printed}. It cannot be their weighted mean."
        f"{_rounded_weights(whole, weights)}"
    )


def _rounded_weights(whole: PublishedMean, weights: list[float]) -> str:
    """Return whether weights rounded to whole per cent would explain a contradiction."""
    if any(float(part.weight or 0) % 1 for part in whole.parts):
        return ""
    slack = 0.5 / sum(float(part.weight or 0) for part in whole.parts)
    low, high = weighted_range([believed(part) for part in whole.parts], weights, slack)
    verb = "would" if meet(span(whole.printed), (low, high)) else "would not"
    return f" Weights rounded to whole per cent ({low:.4f} to {high:.4f}) {verb} explain it."


def _equal_weights_do(whole: PublishedMean) -> bool:
    """Tell whether a mean can be the plain mean of its parts."""
    return meet(span(whole.printed), _equal_range(whole)) is not None


def _equal_range(whole: PublishedMean) -> Interval:
    n = len(whole.parts)
    return weighted_range([believed(part) for part in whole.parts], [1 / n] * n)


def _weights(whole: PublishedMean) -> str:
    """Return which weights a mean needs: each by itself, and the nearest to the given ones."""
    parts = [believed(part) for part in whole.parts]
    ranges = weight_ranges(span(whole.printed), parts)
    start = f"For a mean of {whole.name} of {whole.printed.text}"
    if not ranges:
        return f"{start} there are no weights."
    needed = ", ".join(
        f"{part.name} {100 * low:.1f} to {100 * high:.1f}"
        for part, (low, high) in zip(whole.parts, ranges, strict=True)
    )
    given = shares(whole) or [1 / len(parts)] * len(parts)
    nearest = nearest_weights(span(whole.printed), parts, given)
    moved = 100 * sum(abs(a - b) for a, b in zip(nearest, given, strict=True)) / 2
    listed = ", ".join(f"{100 * weight:.1f}" for weight in nearest)
    return (
        f"{start} the weights may be, in per cent, each with the others free: {needed}. "
        f"Nearest to {'the printed' if shares(whole) else 'equal'} weights: {listed}, "
        f"{moved:.2f} points moved. {_equal_told(whole)}"
    )


def _equal_told(whole: PublishedMean) -> str:
    """Return what equal weights would give."""
    low, high = _equal_range(whole)
    verb = "would" if _equal_weights_do(whole) else "would not"
    return f"Equal weights ({low:.4f} to {high:.4f}) {verb} do."


def _repairs(means: PublishedMean, n_wrong: int) -> Iterator[str]:
    """Yield each printed mean that explains a contradiction by itself."""
    for path, mean, range_ in implied(means) if n_wrong else ():
        right = nearest_print(mean.printed, range_)
        fewer = len(list(clashes(changed(means, path, right)))) < n_wrong
        if right != mean.printed and fewer:
            yield repair_detail(mean.name, mean.printed, right, range_)


def _printed_weights(whole: PublishedMean) -> str:
    """Return the weights of the parts as printed."""
    return ", ".join(f"{part.weight:g}" for part in whole.parts)
