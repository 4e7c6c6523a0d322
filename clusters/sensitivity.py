"""How the members of a cluster change when one of its tests is moved or left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..data.records import ClusterDefinition, Group, Leaf, Override, Rule
from ..data.rule_trees import fold, leaves
from .membership import rules_of
from .rules import holds
from .survey import Answers, Bools, Floats, Measures, Survey, Texts, survey

#: Multiples of a threshold that are always looked at.
FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
PARTS = ("core", "extended")


@dataclass(frozen=True, slots=True)
class Members:
    """The city ids of a cluster by role."""

    core: frozenset[str]
    extended: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """The members at one setting: a `value` of the threshold, or without what is `left_out`."""

    value: float | None
    left_out: tuple[str, str]
    members: Members


@dataclass(frozen=True, slots=True)
class Sweep:
    """One test of a cluster, moved step by step while all else stays.

    Attributes
    ----------
    part
        `core` or `extended`, the rule that the test stands in; `override` for an override.
    test
        The test as it is published, or the override.
    quantity
        What is moved: `within_km` (km), `least` or `most` (metres or persons, as the test), or
        `without` where the test, a name of its list, or the override is left out.
    published
        The value in the file; None for `without`.
    steps
        By value; every value of the published one's half to double at which a city changes.
    """

    part: str
    test: Leaf | Override
    quantity: str
    published: float | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    """What every step needs: the cluster, its cities, and what its tests say of them."""

    cluster: ClusterDefinition
    cities: pd.DataFrame
    city_id: Texts
    known: Survey

    def members(
        self,
        rules: dict[str, Rule | None] | None = None,
        part: str = "",
        known: Survey | None = None,
        without: Override | None = None,
    ) -> Members:
        """Return the members with other rules, other answers in one part, or an override less."""
        own = {"core": self.cluster.core, "extended": self.cluster.extended, **(rules or {})}
        found: dict[str, Bools] = {}
        for name in PARTS:
            rule = own[name]
            said = known if known is not None and name == part else self.known
            nobody = np.zeros(len(self.city_id), dtype=bool)
            found[name] = nobody if rule is None else holds(rule, said).copy()
        found["extended"] &= ~found["core"]
        for override in self.cluster.overrides:
            if override is not without:
                here = self.city_id == override.city_id
                for name in PARTS:
                    found[name][here] = name == override.role
        return Members(*(frozenset(self.city_id[found[name]]) for name in PARTS))


def sweep(
    cluster: ClusterDefinition, cities: pd.DataFrame, *, measures: Measures
) -> tuple[Members, tuple[Sweep, ...]]:
    """Move each threshold of a cluster and leave out each of its tests, one at a time.

    Parameters
    ----------
    cluster
        The cluster.
    cities
        One row for each city, as for `membership.assign`.
    measures
        The geography that the rules ask for.

    Returns
    -------
    Members
        The members as published.
    tuple of Sweep
        In the order of the file: thresholds from half to double, at the multiples of `FACTORS`
        and wherever the members change; then what the members are without the test, and without
        each name of a list whose leaving out changes them. A test that stands twice in one rule
        is moved in both places.
    """
    return sweeps([cluster], cities, measures=measures)[cluster.slug]


def sweeps(
    clusters: Iterable[ClusterDefinition], cities: pd.DataFrame, *, measures: Measures
) -> dict[str, tuple[Members, tuple[Sweep, ...]]]:
    """Do with several clusters what `sweep` does with one, each thing measured once for all.

    Parameters
    ----------
    clusters, cities, measures
        As for `sweep`.

    Returns
    -------
    dict
        Slug of the cluster to what `sweep` returns.
    """
    listed = list(clusters)
    rules = [rule for cluster in listed for rule in rules_of(cluster)]
    names = [one for rule in rules for leaf in leaves(rule) for one in _single_names(leaf)]
    known = survey([*rules, *names], cities, measures)
    ids = cities["city_id"].to_numpy(object)
    return {each.slug: _swept(_World(each, cities, ids, known)) for each in listed}


def _swept(world: _World) -> tuple[Members, tuple[Sweep, ...]]:
    cluster, found = world.cluster, list[Sweep]()
    for part, rule in zip(PARTS, rules_of(cluster), strict=False):
        for leaf in dict.fromkeys(leaves(rule)):
            found += _thresholds(world, part, leaf)
            found += _leaving_out(world, part, rule, leaf)
    for override in cluster.overrides:
        if override.city_id in world.city_id:
            step = Step(None, (override.city, override.city), world.members(without=override))
            found.append(Sweep("override", override, "without", None, (step,)))
    return world.members(), tuple(found)


def without(rule: Rule, leaf: Leaf) -> Rule | None:
    """Return a rule without one of its tests; None if nothing is left.

    Examples
    --------
    >>> near, here = Leaf("coast", within_km=50), Leaf("country", ("DE",))
    >>> without(Group("all", (near, here)), near).rules
    (Leaf(kind='country', names=('DE',), ...),)
    """
    return fold(rule, lambda each: None if each == leaf else each, _regrouped)


def _regrouped(group: Group, parts: list[Rule | None]) -> Rule | None:
    left = tuple(each for each in parts if each is not None)
    return Group(group.kind, left) if left else None


def _thresholds(world: _World, part: str, leaf: Leaf) -> Iterator[Sweep]:
    """Yield one sweep for each number of a test."""
    answers = world.known[leaf]
    if leaf.within_km is not None:
        measured = answers.km
    elif leaf.kind in {"elevation_m", "population"}:
        column = pd.to_numeric(world.cities[leaf.kind], errors="coerce")
        measured = column.to_numpy(float, na_value=np.nan)
    else:
        return
    for quantity in ("within_km", "least", "most"):
        published = getattr(leaf, quantity)
        if published is not None:
            steps = [
                Step(value, ("", ""), _moved(world, part, leaf, measured, to=(quantity, value)))
                for value in _values(published, measured)
            ]
            yield Sweep(part, leaf, quantity, published, tuple(_changing(steps, published)))


def _values(published: float, measured: Floats) -> list[float]:
    """Return the values to look at, in order."""
    grid = [published * factor for factor in FACTORS]
    between = measured[(measured >= min(grid)) & (measured <= max(grid))]
    return sorted({*grid, *between.tolist()})


def _moved(
    world: _World, part: str, leaf: Leaf, measured: Floats, *, to: tuple[str, float]
) -> Members:
    """Return the members with one number of a test set to another value."""
    quantity, value = to
    least = value if quantity == "least" else leaf.least
    most = value if quantity == "most" else leaf.most
    within_km = value if quantity == "within_km" else leaf.within_km
    above = [each for each in (most, within_km) if each is not None]
    passed = measured <= min([*above, np.inf])
    if least is not None:
        passed &= measured >= least
    answers = Answers(np.asarray(passed), world.known[leaf].km, world.known[leaf].name)
    return world.members(part=part, known={**world.known, leaf: answers})


def _changing(steps: Iterable[Step], published: float) -> Iterator[Step]:
    """Keep the steps at the multiples, and those at which the members change."""
    grid = {published * factor for factor in FACTORS}
    before: Members | None = None
    for step in steps:
        if step.value in grid or step.members != before:
            yield step
        before = step.members


def _leaving_out(world: _World, part: str, rule: Rule, leaf: Leaf) -> Iterator[Sweep]:
    """Yield what the members are without a test, and without names of its list that matter."""
    steps = []
    rest = without(rule, leaf)
    if rest is not None:
        steps.append(Step(None, ("", ""), world.members({part: rest})))
    published = world.members()
    for name, answers in _one_less(world.known, leaf):
        step = Step(None, name, world.members(part=part, known={**world.known, leaf: answers}))
        if step.members != published:
            steps.append(step)
    if steps:
        yield Sweep(part, leaf, "without", None, tuple(steps))


def _single_names(leaf: Leaf) -> list[Leaf]:
    """Return the tests of each name alone of a test that lists several."""
    if len(leaf.names) < 2:
        return []
    return [
        replace(leaf, names=(name,), labels=leaf.labels[number : number + 1])
        for number, name in enumerate(leaf.names)
    ]


def _one_less(known: Survey, leaf: Leaf) -> Iterator[tuple[tuple[str, str], Answers]]:
    """Yield each name of a list (code and title), and what the test says without it.

    A city passes a list if it passes one of its names alone.
    """
    passed = [known[single].passed for single in _single_names(leaf)]
    for number, code in enumerate(leaf.names if passed else ()):
        others = np.logical_or.reduce([*passed[:number], *passed[number + 1 :]])
        title = leaf.labels[number][0] if leaf.labels else code
        yield (code, title), Answers(others, known[leaf].km, known[leaf].name)
