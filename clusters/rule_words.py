"""The texts of the column `rule` of the members, in both languages."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..data.records import ClusterDefinition, Leaf
from ..data.rule_trees import leaves
from .explain import Titles, describe
from .membership import rules_of
from .rules import leaf_text

_LISTED = frozenset({"country", "admin", "cities", "region"})
_FILTERS = frozenset({"elevation_m", "population", "polygon"})


def rule_words(clusters: Iterable[ClusterDefinition], titles: Titles) -> dict[str, tuple[str, str]]:
    """Return what each text that may stand in the column `rule` says, in English and Chinese.

    Parameters
    ----------
    clusters
        The clusters whose members are told.
    titles
        Names of slugs and country codes: English, Chinese.

    Returns
    -------
    dict
        The text of `membership.rule` to its words. Overrides are not among them: their reasons
        are written in one language.

    Examples
    --------
    >>> from pathlib import Path
    >>> rule = Leaf("coast", ("baltic",), within_km=50)
    >>> cluster = ClusterDefinition("b", "", "", "coastal", "", "", "", "", rule, "", None, "",
    ...                             Path())
    >>> words = rule_words([cluster], {"baltic": ("Baltic Sea", "波罗的海")})
    >>> words["within 50 km of coast baltic"]
    ('within 50 km of the coast of Baltic Sea', '距波罗的海海岸不超过 50 千米')
    """
    found: dict[str, tuple[str, str]] = {}
    tests = [leaf for each in clusters for rule in rules_of(each) for leaf in leaves(rule)]
    for leaf in dict.fromkeys(tests):
        for name, one in _single(leaf, titles):
            text = leaf_text(leaf, name)
            en, zh = describe(one, "en", titles), describe(one, "zh", titles)
            found[text] = en, zh
            found[f"not {text}"] = f"not {en}", f"并非{zh}"
    return found


def _single(leaf: Leaf, titles: Titles) -> Iterator[tuple[str, Leaf]]:
    """Yield each name that may answer for a test, and the test with that name alone."""
    if leaf.kind == "route":
        yield (f"{leaf.labels[0][0]} to {leaf.labels[-1][0]}" if leaf.labels else "route"), leaf
    elif leaf.kind in _LISTED:
        for number, name in enumerate(leaf.names):
            yield name, replace(leaf, names=(name,), labels=leaf.labels[number : number + 1])
    elif leaf.within_km is not None:
        # A part of a sea answers for the whole: any sea, lake or range may be the nearest.
        for name in {*titles, *leaf.names}:
            yield name, replace(leaf, names=(name,), labels=())
    elif leaf.kind in _FILTERS:
        yield (leaf.names[0] if leaf.names else leaf.kind), leaf
