"""The ladders of a score folder: which steps are described, and which points may be given."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from .errors import Problem, did_you_mean
from .score_records import LadderStep, Node
from .score_tables import number_of, number_remedy, read_table

STEP_COLUMNS = ("indicator", "points", "text_zh", "text_en")


def read_ladders(
    path: Path, nodes: Sequence[Node], problems: list[Problem]
) -> tuple[LadderStep, ...]:
    """Read `ladders.csv`; only an index of raw values alone can do without it.

    Parameters
    ----------
    path
        Columns `indicator,points,text_zh,text_en`; a step without texts is blank.
    nodes
        The tree of indicators.
    problems
        Where faults are noted: an indicator that is unknown or has no ladder, points that are no
        number, below 0 or above the maximum, a step twice.
    """
    ladders = {node.slug: node for node in nodes if node.kind == "ladder"}
    if not ladders and not path.is_file():
        return ()
    table = read_table(path, problems, required=STEP_COLUMNS[:2], known=STEP_COLUMNS)
    unknown = table.where("indicator", lambda slug: slug not in ladders)
    rule = "is not an indicator with a ladder"
    table.note(unknown, "indicator", rule, lambda slug: did_you_mean(slug, ladders))
    wrong = table.where("points", lambda text: (number_of(text) or 0.0) < 0)
    wrong += table.where("points", lambda text: number_of(text) is None)
    table.note(wrong, "points", "must be a number from 0 up", number_remedy)
    steps: list[LadderStep] = []
    first: dict[tuple[str, float], int] = {}
    rows = zip(*(table.column(name) for name in STEP_COLUMNS), strict=True)
    for row, (slug, text, zh, en) in enumerate(rows):
        points = number_of(text) or 0.0
        maximum = ladders[slug].maximum if slug in ladders else None
        if maximum is not None and points > maximum:
            table.note([row], "points", f"the ladder of {slug} has the maximum {maximum:g}")
        before = first.setdefault((slug, points), row)
        if before != row and row not in wrong:
            rule = f"the ladder of {slug} has this step already on line {table.lines[before]}"
            table.note([row], "points", rule, "Keep one of the two.")
        steps.append(LadderStep(slug, points, zh or en, en or zh))
    return tuple(steps)


def described(steps: Iterable[LadderStep]) -> dict[str, tuple[float, ...]]:
    """Return the points of the described steps of each ladder, lowest first.

    Examples
    --------
    >>> described([LadderStep("net", 2, "", "5G"), LadderStep("net", 1, "", "4G")])
    {'net': (1, 2)}
    """
    points: dict[str, list[float]] = {}
    for step in steps:
        if step.text_zh or step.text_en:
            points.setdefault(step.indicator, []).append(step.points)
    return {slug: tuple(sorted(values)) for slug, values in points.items()}


def step_fault(leaf: Node, steps: Sequence[float], points: float) -> tuple[str, str] | None:
    """Return why points cannot be given on a ladder, and what to do; None where they can.

    Parameters
    ----------
    leaf
        The indicator, with its maximum.
    steps
        The described steps; where there are none, anything from 0 to the maximum will do.
    points
        What a city was given.

    Examples
    --------
    >>> step_fault(Node("net", "", 1, "ladder", "", "", maximum=5), (1, 2, 3), 5)
    ('the ladder of net describes no step of 5 points', 'Described: 1, 2, 3.')
    """
    if leaf.maximum is not None and points > leaf.maximum:
        return f"the ladder of {leaf.slug} has the maximum {leaf.maximum:g}", _listed(steps)
    if points < 0:
        return "points must not be negative", _listed(steps)
    if not steps or points in steps:
        return None
    remedy = _listed(steps)
    if points == 0:
        remedy += (
            f" If a city below the first gets 0, add the step 0 of {leaf.slug} to ladders.csv."
        )
    return f"the ladder of {leaf.slug} describes no step of {points:g} points", remedy


def _listed(steps: Sequence[float]) -> str:
    """Return the sentence that lists the described steps."""
    return f"Described: {', '.join(f'{points:g}' for points in steps)}." if steps else ""
