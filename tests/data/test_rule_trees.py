"""Walking rules: order, and no limit to the nesting."""

from tierscape.data.records import Group, Leaf, Rule
from tierscape.data.rule_trees import fold, leaves


def test_leaves_come_in_the_order_of_the_file() -> None:
    a, b, c, d = (Leaf("country", (name,)) for name in "abcd")
    rule = Group("any", (a, Group("all", (b, Group("not", (c,)))), d))
    assert list(leaves(rule)) == [a, b, c, d]
    text = fold(rule, lambda leaf: leaf.names[0], lambda group, parts: group.kind + str(parts))
    assert text == str("any" + str(["a", "all" + str(["b", "not['c']"]), "d"]))


def test_rules_nest_without_limit() -> None:
    rule: Rule = Leaf("country", ("DE",))
    for _ in range(20_001):
        rule = Group("not", (rule,))
    assert fold(rule, lambda _: True, lambda _, parts: not parts[0]) is False
    assert len(list(leaves(rule))) == 1
