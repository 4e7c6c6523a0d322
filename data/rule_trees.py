"""Walking the trees of cluster rules without recursion, so that they nest without limit."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from .records import Group, Leaf, Rule

T = TypeVar("T")


def fold(rule: Rule, leaf: Callable[[Leaf], T], group: Callable[[Group, list[T]], T]) -> T:
    """Return what a rule comes to, from its leaves upwards.

    Parameters
    ----------
    rule
        A rule of a cluster.
    leaf
        What one test comes to.
    group
        What a combination comes to, given what its parts have come to.

    Examples
    --------
    >>> rule = Group("all", (Leaf("country", ("DE",)), Group("not", (Leaf("region", ("x",)),))))
    >>> fold(rule, lambda leaf: leaf.kind, lambda group, parts: f"{group.kind}({', '.join(parts)})")
    'all(country, not(region))'
    """
    done: list[T] = []
    todo: list[tuple[Rule, bool]] = [(rule, False)]
    while todo:
        node, parts_done = todo.pop()
        if isinstance(node, Leaf):
            done.append(leaf(node))
        elif parts_done:
            first = len(done) - len(node.rules)
            done[first:] = [group(node, done[first:])]
        else:
            todo.append((node, True))
            todo += [(inner, False) for inner in reversed(node.rules)]
    return done[0]


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Yield every leaf of a rule, in the order of the file.

    Examples
    --------
    >>> [leaf.kind for leaf in leaves(Group("any", (Leaf("coast"), Leaf("lake"))))]
    ['coast', 'lake']
    """
    todo: list[Rule] = [rule]
    while todo:
        node = todo.pop()
        if isinstance(node, Leaf):
            yield node
        else:
            todo += reversed(node.rules)
