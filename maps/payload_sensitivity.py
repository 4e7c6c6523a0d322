"""What the atlas page needs to move a cluster's thresholds: the members at every step."""

from collections.abc import Mapping
from typing import Any

from ..clusters.explain import Titles, describe
from ..clusters.sensitivity import Members, Step, Sweep
from ..data.records import Override

_UNITS = {"within_km": "km", "elevation_m": "m", "population": "persons"}
_OUT, _EXTENDED, _CORE = 0, 1, 2


def sweeps_payload(
    published: Members, sweeps: tuple[Sweep, ...], index: Mapping[str, int], titles: Titles
) -> list[dict[str, Any]]:
    """Return the sweeps of one cluster; a step tells only the cities whose role changes.

    Parameters
    ----------
    published
        The members as published.
    sweeps
        What `clusters.sensitivity.sweep` found.
    index
        City id to its position in the page's columns.
    titles
        Names of slugs and country codes: English, Chinese.

    Returns
    -------
    list of dict
        `part`, `en` and `zh` (the test in words), `quantity`, `unit`, `published`, and `steps`:
        value, what is left out (English, Chinese), and city, role, city, role, … where role is 2
        for core, 1 for extended, 0 for outside.
    """
    before = _roles(published)
    return [
        {
            "part": sweep.part,
            **_words(sweep, titles),
            "quantity": sweep.quantity,
            "unit": _unit(sweep),
            "published": sweep.published,
            "steps": [
                [
                    None if step.value is None else round(step.value, 1),
                    *_left_out(sweep, step, titles),
                    _changes(before, _roles(step.members), index),
                ]
                for step in sweep.steps
            ],
        }
        for sweep in sweeps
    ]


def _roles(members: Members) -> dict[str, int]:
    return dict.fromkeys(members.extended, _EXTENDED) | dict.fromkeys(members.core, _CORE)


def _changes(before: dict[str, int], after: dict[str, int], index: Mapping[str, int]) -> list[int]:
    """Return the cities whose role differs, each followed by its new role."""
    cities = sorted(index[city] for city in before.keys() | after.keys() if city in index)
    old = {index[city]: role for city, role in before.items() if city in index}
    new = {index[city]: role for city, role in after.items() if city in index}
    changed = [city for city in cities if old.get(city, _OUT) != new.get(city, _OUT)]
    return [value for city in changed for value in (city, new.get(city, _OUT))]


def _words(sweep: Sweep, titles: Titles) -> dict[str, str]:
    test = sweep.test
    if isinstance(test, Override):
        return {"en": test.city, "zh": ""}
    return {"en": describe(test, "en", titles), "zh": describe(test, "zh", titles)}


def _unit(sweep: Sweep) -> str:
    kind = "" if isinstance(sweep.test, Override) else sweep.test.kind
    return _UNITS.get(sweep.quantity, _UNITS.get(kind, ""))


def _left_out(sweep: Sweep, step: Step, titles: Titles) -> tuple[str, str]:
    """Return the name that a step leaves out, in English and Chinese; empty for the whole test."""
    code, title = step.left_out
    if not code or isinstance(sweep.test, Override):
        return "", ""
    labels = dict(zip(sweep.test.names, sweep.test.labels, strict=False))
    known = labels.get(code) or titles.get(code, (title, title))
    return known[0], known[1]
