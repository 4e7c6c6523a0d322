"""The experts' answers of a score folder: budgets of points, or comparisons of indicators."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .errors import Problem, did_you_mean
from .score_comparisons import comparison_faults, ratio_of
from .score_records import ExpertAnswer, Node, ScoreIndex
from .score_tables import Table, number_of, number_remedy, read_table
from .score_tree import siblings, sums_up, under

ANSWER_COLUMNS = ("expert", "field", "indicator", "other", "value")
#: Methods that take their weights from experts.
BY_EXPERTS = ("budget", "ahp", "best-worst")
#: One expert's answers about one group of siblings, by indicator and other.
Answers = dict[tuple[str, str], ExpertAnswer]


def read_answers(
    path: Path, index: ScoreIndex, problems: list[Problem]
) -> tuple[ExpertAnswer, ...]:
    """Read `experts.csv`, which only weights by experts need.

    Parameters
    ----------
    path
        Columns `expert,field,indicator,other,value`: with `other` empty, `value` is the
        indicator's share of a budget of 1 or 100 among its siblings; otherwise it says how many
        times as important as the other the indicator is, as a number or a fraction (`1/3`).
    index
        The tree, and the method that says which answers there must be.
    problems
        Where faults are noted.
    """
    method = index.weighting.method
    if not path.is_file():
        if method in BY_EXPERTS:
            rule = f"weights.method is {method}, but there is no experts.csv"
            problems.append(Problem(str(path), None, None, path.name, rule, "Add the file."))
        return ()
    needed = [name for name in ANSWER_COLUMNS if name != "other" or method in BY_EXPERTS[1:]]
    table = read_table(path, problems, required=needed, known=ANSWER_COLUMNS)
    faults = len(problems)
    _check_rows(table, {node.slug: node for node in index.nodes}, method)
    if len(problems) > faults:
        return ()
    columns = [table.column(name) for name in ANSWER_COLUMNS[:4]]
    values = [ratio_of(text) or 0.0 for text in table.column("value")]
    answers = tuple(map(ExpertAnswer, *columns, values, table.lines))
    if method in BY_EXPERTS and table.columns:
        problems.extend(_group_faults(str(path), answers, index))
    return answers


def _check_rows(table: Table, nodes: Mapping[str, Node], method: str) -> None:
    """Note what is wrong with single rows, and rows that stand twice."""
    for name in ("expert", "indicator"):
        table.note(table.where(name, lambda text: not text), name, "must not be empty")
    for name in ("indicator", "other"):
        unknown = table.where(name, lambda slug: bool(slug) and slug not in nodes)
        rule = "there is no such indicator in index.toml"
        table.note(unknown, name, rule, lambda slug: did_you_mean(slug, nodes))
    first: dict[tuple[str, ...], int] = {}
    fields: dict[str, str] = {}
    for row, cells in enumerate(zip(*map(table.column, ANSWER_COLUMNS), strict=True)):
        expert, field, slug, other, text = cells
        before = first.setdefault((expert, slug, other), row)
        if before != row:
            rule = f"{expert} has answered this already on line {table.lines[before]}"
            table.note([row], "indicator", rule, "Keep one of the two.")
        if fields.setdefault(expert, field) != field:
            rule = f"{expert} has the field {fields[expert]!r} above"
            table.note([row], "field", rule, "Give one field to each expert.")
        _check_kind(table, row, nodes, method)
        _check_value(table, row, text, is_pair=bool(other))


def _check_kind(table: Table, row: int, nodes: Mapping[str, Node], method: str) -> None:
    """Note a comparison where points are asked for, the reverse, and one that makes no sense."""
    slug, other = table.column("indicator")[row], table.column("other")[row]
    if method == "budget" and other:
        rule = "weights.method is budget, but this row compares two indicators"
        table.note([row], "other", rule, "Leave it empty and give points, or change the method.")
    elif method in BY_EXPERTS[1:] and not other:
        rule = f"weights.method is {method}, but this row compares with no other indicator"
        table.note([row], "other", rule, "Name the other indicator, or change the method.")
    elif other and slug == other:
        table.note([row], "other", "is the indicator itself", "Name a sibling.")
    elif slug in nodes and other in nodes and nodes[slug].parent != nodes[other].parent:
        kin = [n.slug for n in nodes.values() if n.parent == nodes[slug].parent and n.slug != slug]
        rule = f"{other} and {slug} are no siblings in the tree"
        table.note([row], "other", rule, f"Siblings of {slug}: {', '.join(kin) or 'none'}.")


def _check_value(table: Table, row: int, text: str, *, is_pair: bool) -> None:
    """Note points or ratios that are no number, or too small."""
    value = ratio_of(text) if is_pair else number_of(text)
    if value is None:
        remedy = "Such as 3 or 1/3." if is_pair else number_remedy
        table.note([row], "value", "must be a number", remedy)
    elif is_pair and value <= 0:
        table.note([row], "value", "a ratio must be above 0", "1 says: as important.")
    elif value < 0:
        table.note([row], "value", "a weight must not be negative", "Give a number from 0 up.")


def _group_faults(
    file: str, answers: Sequence[ExpertAnswer], index: ScoreIndex
) -> Iterator[Problem]:
    """Yield what is missing or contradictory in the answers about each group of siblings."""
    parents = {node.slug: node.parent for node in index.nodes}
    first = {answer.expert: answer for answer in reversed(answers)}
    experts = dict.fromkeys(answer.expert for answer in answers)
    if not experts:
        rule = f"weights.method is {index.weighting.method}, but no expert has answered"
        yield Problem(file, None, "expert", "", rule, "Add a line for each answer.")
        return
    by_group: dict[tuple[str, str], Answers] = {}
    for answer in answers:
        group = by_group.setdefault((parents[answer.indicator], answer.expert), {})
        group[answer.indicator, answer.other] = answer
    for parent, members in siblings(index.nodes).items():
        slugs = [node.slug for node in members]
        if len(slugs) == 1:
            continue
        where = f"{under(parent)} ({', '.join(slugs)})"
        if not any((parent, expert) in by_group for expert in experts):
            rule = f"no expert has answered for the indicators {where}"
            yield Problem(file, None, "indicator", parent, rule, "Add the experts' answers.")
            continue
        for expert in experts:
            given = by_group.get((parent, expert))
            if given is None:
                rule = f"has no answer for the indicators {where}, which others answered"
                remedy = "Add the answers, or take the expert out."
                yield Problem(file, first[expert].line, "expert", expert, rule, remedy)
            else:
                yield from _faults(file, given, slugs, index.weighting.method)


def _faults(file: str, given: Answers, slugs: Sequence[str], method: str) -> Iterator[Problem]:
    """Yield what is wrong with one expert's answers about one group."""
    if method != "budget":
        yield from comparison_faults(file, given, slugs, method)
        return
    start = next(iter(given.values()))
    blank = [slug for slug in slugs if (slug, "") not in given]
    if blank:
        rule = f"gives no points to {', '.join(blank)}, but to siblings"
        remedy = "Give 0 if none are meant."
        yield Problem(file, start.line, "expert", start.expert, rule, remedy)
    elif not sums_up([answer.value for answer in given.values()]):
        total = sum(answer.value for answer in given.values())
        rule = f"the points of {start.expert} for {', '.join(slugs)} must sum to 1 or 100"
        yield Problem(file, start.line, "value", f"{total:g}", rule, "Change them so that they do.")
