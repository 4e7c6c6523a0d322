"""The words of `clusters sensitivity`, in each language."""

from collections.abc import Mapping
from typing import Any

#: What is said in each language.
WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "head": "{cluster}: members and results as each test is moved or left out",
        "labels": {"core": "  core      ", "extended": "  extended  "},
        "none": "none",
        "comma": ", ",
        "meaning": "Gained and lost: against the published rule, with the new role. Rank: among the"
        " clusters that have {least} or more members of the role in the table; the others stay as"
        " published.",
        "ranges": ("table", "role", "lowest percentile", "highest", "best rank", "worst"),
        "over": "Over all steps",
        "parts": {},
        "roles": {},
        "units": {},
        "title": "{part}: {test}",
        "without": "without",
        "counts": ("core", "all", "gained", "lost"),
        "results": ("table", "role"),
        "figures": ("cities", "percentile", "lowest", "highest", "rank"),
        "this": "this test",
        "nothing": "nothing",
        "more": " and {count} more",
        "change": "{city} ({role})",
        "rank": "{rank} of {ranked}",
        "override": "{city} is {role} by its own line",
    },
    "zh": {
        "head": "{cluster}：逐项移动阈值或去掉条件时的成员与结果",
        "labels": {"core": "  核心  ", "extended": "  扩展  "},
        "none": "无",
        "comma": "、",
        "meaning": "增加、减少：与已发布的规则相比，括号内为新的身份。"
        "名次：在该表中至少有 {least} 座"
        "该类成员的城市群之间；其他城市群保持不变。",
        "ranges": ("表", "成员", "最低百分位", "最高", "最好名次", "最差"),
        "over": "全部情形",
        "parts": {"core": "核心", "extended": "扩展", "override": "单列"},
        "roles": {"core": "核心", "extended": "扩展", "all": "全部", "out": "除外"},
        "units": {"km": "千米", "m": "米", "persons": "人"},
        "title": "{part}：{test}",
        "without": "去掉",
        "counts": ("核心", "全部", "增加", "减少"),
        "results": ("表", "成员"),
        "figures": ("城市", "百分位", "最低", "最高", "名次"),
        "this": "本条件",
        "nothing": "无",
        "more": "等，另有 {count} 座",
        "change": "{city}（{role}）",
        "rank": "{rank}/{ranked}",
        "override": "{city}单列为{role}成员",
    },
}
