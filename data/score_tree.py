"""The tree of indicators of a score folder's index, and the weights that it gives."""

import re
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from .errors import did_you_mean
from .reading import Fields
from .score_records import Node

LEAF_KEYS = ("kind", "direction", "maximum", "unit", "low", "high", "target")
NODE_KEYS = ("slug", "parent", "title_zh", "title_en", "weight", *LEAF_KEYS)
KINDS = ("ladder", "value")
#: Weights of siblings sum to one of these, within what their last printed digit leaves open.
SUMS = (1.0, 100.0)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_nodes(fields: Fields) -> tuple[Node, ...]:
    """Read the `[[indicator]]` tables of `index.toml`, a parent always above its children.

    Parameters
    ----------
    fields
        The whole file; faults are noted there.

    Returns
    -------
    tuple of Node
        In the order of the file; the `kind` of a node with children is `group`.
    """
    tables = fields.tables("indicator")
    if fields.table.get("indicator") == []:
        fields.note("indicator", "", "there must be at least one indicator")
    groups = {inner.table.get("parent") for inner in tables}
    nodes: dict[str, Node] = {}
    for inner in tables:
        inner.only(NODE_KEYS)
        slug = _slug(inner, nodes)
        parent = inner.text("parent", required=False)
        if parent and parent not in nodes:
            remedy = did_you_mean(parent, nodes)
            inner.note("parent", parent, "no indicator above it has this slug", remedy)
        node = _node(inner, slug, parent, nodes, is_group=slug in groups)
        if slug:
            nodes.setdefault(slug, node)
    return tuple(nodes.values())


def _slug(fields: Fields, nodes: Iterable[str]) -> str:
    """Return the slug of a node, which no node above may have."""
    slug = fields.text("slug")
    if slug and not SLUG.fullmatch(slug):
        fields.note("slug", slug, "must be of small letters, digits and single dashes")
    if slug in nodes:
        fields.note("slug", slug, "an indicator above has this slug already", "Rename one.")
    return slug


def _node(
    fields: Fields, slug: str, parent: str, nodes: dict[str, Node], *, is_group: bool
) -> Node:
    """Read one node; a group has nothing that only a rated leaf can have."""
    title_zh = fields.text("title_zh", required=False)
    title_en = fields.text("title_en", required=False)
    if not (title_zh or title_en):
        fields.note("title_zh", slug, "title_zh or title_en is required", "Add one of them.")
    for key in LEAF_KEYS:
        if is_group and key in fields.table:
            rule = f"{slug} has children: only an indicator that is rated has this key"
            fields.note(key, fields.table[key], rule, "Take it out.")
    return Node(
        slug=slug,
        parent=parent,
        level=nodes[parent].level + 1 if parent in nodes else 1,
        kind="group" if is_group else choice(fields, "kind", KINDS),
        title_zh=title_zh or title_en or slug,
        title_en=title_en or title_zh or slug,
        direction=_direction(fields),
        weight=_weight(fields),
        maximum=_maximum(fields, is_group=is_group),
        unit=fields.text("unit", required=False),
        **_bounds(fields),
    )


def _direction(fields: Fields) -> int:
    """Return 1 where more is better (the default) or -1 where less is."""
    direction = fields.get("direction", int, default=1, required=False)
    if direction not in {1, -1}:
        fields.note("direction", direction, "must be 1 (more is better) or -1 (less is better)")
    return direction


def _weight(fields: Fields) -> float | None:
    """Return the weight, which may be absent but not negative."""
    weight = number(fields, "weight")
    if weight is not None and weight < 0:
        fields.note("weight", weight, "must not be negative", "Give a number from 0 up.")
    return weight


def _maximum(fields: Fields, *, is_group: bool) -> float | None:
    """Return the highest step of a ladder, which every ladder must state."""
    maximum = number(fields, "maximum")
    if is_group or fields.table.get("kind") not in KINDS:
        return maximum
    if fields.table["kind"] == "ladder" and "maximum" not in fields.table:
        fields.note("maximum", "", "a ladder states its maximum", "Add its highest step.")
    elif fields.table["kind"] == "value" and "maximum" in fields.table:
        fields.note("maximum", maximum, "only a ladder has a maximum", "Give low and high.")
    elif maximum is not None and maximum <= 0:
        fields.note("maximum", maximum, "must be above 0")
    return maximum


def _bounds(fields: Fields) -> dict[str, float | None]:
    """Return the goalposts and the target of a raw value."""
    bounds = {key: number(fields, key) for key in ("low", "high", "target")}
    low, high = bounds["low"], bounds["high"]
    if low is not None and high is not None and low >= high:
        fields.note("high", high, f"must be above low, which is {low:g}")
    return bounds


def choice(fields: Fields, key: str, choices: Sequence[str], default: str | None = None) -> str:
    """Return the one of `choices` that stands at `key`; it is required where there is no default.

    Examples
    --------
    >>> problems = []
    >>> choice(Fields("a.toml", {"ties": "promot"}, problems), "ties", ["promote", "cut-short"])
    'promot'
    >>> print(problems[0])
    a.toml, ties: 'promot': is not one of promote, cut-short. Did you mean 'promote'?
    """
    value = fields.get(key, str, default=default or "", required=False)
    if key not in fields.table and default is None:
        fields.note(key, "", "has no default", f"Give one of {', '.join(choices)}.")
    elif isinstance(fields.table.get(key), str) and value not in choices:
        rule = f"is not one of {', '.join(choices)}"
        fields.note(key, value, rule, did_you_mean(value, choices))
    return value


def number(fields: Fields, key: str) -> float | None:
    """Return a finite number, None where it is absent or wrong."""
    if key not in fields.table:
        return None
    value = fields.get(key, float, default=0.0)
    if not isfinite(value):
        fields.note(key, value, "must be a finite number")
        return None
    return value


def siblings(nodes: Iterable[Node]) -> dict[str, tuple[Node, ...]]:
    """Return the children of each group by its slug; those of the total by an empty one.

    Examples
    --------
    >>> siblings([Node("a", "", 1, "group", "", ""), Node("b", "a", 2, "ladder", "", "")]).keys()
    dict_keys(['', 'a'])
    """
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault(node.parent, []).append(node)
    return {parent: tuple(members) for parent, members in groups.items()}


def under(parent: str) -> str:
    """Return how a message names the siblings below a node."""
    return f"under {parent!r}" if parent else "of level 1"


def sums_up(weights: Sequence[float]) -> bool:
    """Tell whether weights sum to 1 or 100, within the rounding of their last digits.

    Each may be off by half a unit of the last digit that any of them has, and all together by
    half a percent at most.

    Examples
    --------
    >>> sums_up([33.3, 33.3, 33.3]), sums_up([0.5, 0.4]), sums_up([30, 71])
    (True, False, False)
    """
    digits = max((len(repr(float(w)).partition(".")[2].rstrip("0")) for w in weights), default=0)
    slack = len(weights) * 0.5 * 10.0**-digits
    total = sum(weights)
    return any(abs(total - goal) <= min(slack, 0.005 * goal) + 1e-9 for goal in SUMS)


def check_given(fields: Fields, nodes: Iterable[Node]) -> None:
    """Note every group of siblings whose given weights are incomplete or do not sum."""
    order = [inner.get("slug") for inner in fields.table.get("indicator", [])]
    for parent, members in siblings(nodes).items():
        for slug, value, rule, remedy in _given_faults(parent, members):
            fields.note(f"indicator[{order.index(slug) + 1}].weight", value, rule, remedy)


def _given_faults(parent: str, members: Sequence[Node]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the slug, value, rule and remedy of what is wrong with one group's weights."""
    blank = [node.slug for node in members if node.weight is None]
    weights = [node.weight for node in members if node.weight is not None]
    where = under(parent)
    if blank:
        rule = f"weights.method is given, but these indicators {where} have no weight: "
        remedy = f"Write `weight = …` in the table of each; all {len(members)} sum to 1 or 100."
        if len(members) == 1:
            remedy = "Write `weight = 1`: it is the only one there."
        yield blank[0], "", rule + ", ".join(blank), remedy
    elif not sums_up(weights):
        listed = ", ".join(f"{node.slug} {node.weight:g}" for node in members)
        rule = f"the weights {where} ({listed}) must sum to 1 or 100"
        yield members[0].slug, f"{sum(weights):g}", rule, "Change them so that they do."
