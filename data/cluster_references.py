"""References between clusters: each stands for the rule of the cluster that it names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from .errors import DataError, Problem
from .records import ClusterDefinition, Group, Leaf, Rule
from .rule_trees import fold, leaves

#: The slug of a cluster, and `core` or `all` of its members.
Reference = tuple[str, str]


def references(cluster: ClusterDefinition, role: str = "all") -> Iterator[Reference]:
    """Yield the references in the rules of a cluster, or in its core rule only.

    Parameters
    ----------
    cluster
        A cluster as its file has it.
    role
        `core` for the core rule, `all` for the extended rule as well.
    """
    rules = [cluster.core]
    if role == "all" and cluster.extended is not None:
        rules.append(cluster.extended)
    for rule in rules:
        yield from (_named(leaf) for leaf in leaves(rule) if leaf.kind == "cluster")


def resolve_references(
    read: Mapping[str, ClusterDefinition], wanted: Iterable[str]
) -> tuple[ClusterDefinition, ...]:
    """Return clusters whose references are replaced by the rules that they name.

    Parameters
    ----------
    read
        Slug to cluster: those wanted and all that they refer to.
    wanted
        The slugs of the clusters to return, in their order.

    Raises
    ------
    DataError
        With every circle of references; the message names all its clusters.
    """
    circles = _circles(read)
    if circles:
        raise DataError([_problem(circle, read) for circle in circles])
    expanded = _Expanded(read)
    return tuple(expanded.cluster(slug) for slug in wanted)


@dataclass(frozen=True, slots=True)
class _Expanded:
    """Rules with their references replaced, each made once; there must be no circles."""

    read: Mapping[str, ClusterDefinition]
    known: dict[Reference, Rule] = field(default_factory=dict)

    def cluster(self, slug: str) -> ClusterDefinition:
        """Return a cluster without references."""
        found = self.read[slug]
        extended = None if found.extended is None else self.rule(found.extended)
        return replace(found, core=self.rule(found.core), extended=extended)

    def rule(self, rule: Rule) -> Rule:
        """Return a rule without references."""
        return fold(rule, self._leaf, lambda group, parts: Group(group.kind, tuple(parts)))

    def _leaf(self, leaf: Leaf) -> Rule:
        return self._members(_named(leaf)) if leaf.kind == "cluster" else leaf

    def _members(self, reference: Reference) -> Rule:
        if reference not in self.known:
            cluster, role = self.read[reference[0]], reference[1]
            rule = self.rule(cluster.core)
            if role == "all" and cluster.extended is not None:
                rule = Group("any", (rule, self.rule(cluster.extended)))
            self.known[reference] = _with_overrides(rule, cluster, role)
        return self.known[reference]


def _named(leaf: Leaf) -> Reference:
    slug, role = leaf.names
    return slug, role


def _with_overrides(rule: Rule, cluster: ClusterDefinition, role: str) -> Rule:
    """Return the rule of a cluster's members with its overrides applied."""
    counted = {"core"} if role == "core" else {"core", "extended"}
    inside = [each for each in cluster.overrides if each.role in counted]
    outside = [each for each in cluster.overrides if each.role not in counted]
    cities = [
        Leaf(
            "cities",
            tuple(each.city_id for each in group),
            labels=tuple((each.city, each.city) for each in group),
        )
        for group in (outside, inside)
    ]
    if outside:
        rule = Group("all", (rule, Group("not", (cities[0],))))
    return Group("any", (rule, cities[1])) if inside else rule


def _circles(read: Mapping[str, ClusterDefinition]) -> list[tuple[Reference, ...]]:
    """Return every circle that a walk along the references comes upon."""
    done: set[Reference] = set()
    circles: list[tuple[Reference, ...]] = []
    for start in [(slug, role) for slug in read for role in ("core", "all")]:
        path: list[Reference] = []
        ahead = [iter([start])]
        while ahead:
            node = next(ahead[-1], None)
            if node is None:
                ahead.pop()
                done.update(path[-1:])
                del path[-1:]
            elif node in path:
                circles.append(tuple(path[path.index(node) :]))
            elif node not in done:
                path.append(node)
                ahead.append(references(read[node[0]], node[1]))
    return circles


def _problem(circle: tuple[Reference, ...], read: Mapping[str, ClusterDefinition]) -> Problem:
    """Return what is told of a circle: its clusters in order, the first of them twice."""
    slugs = [slug for slug, _ in (*circle, circle[0])]
    part = "core.rule" if circle[0][1] == "core" else "extended.rule"
    rule = "clusters refer to each other in a circle"
    remedy = "Replace one of the references by a rule of its own."
    return Problem(str(read[slugs[0]].file), None, part, " → ".join(slugs), rule, remedy)
