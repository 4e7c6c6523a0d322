"""The words of `views`: clusters and comparisons, in each language."""

from collections.abc import Mapping
from typing import Any

#: What is said in each language.
WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "listed": ("cluster", "title", "", "landform"),
        "list_note": "Members per edition: core, and + extended. `tierscape clusters show CLUSTER`"
        " lists them.",
        "parts": ("source", "geography", "core", "extended", "members"),
        "landforms": {},
        "none": "none",
        "comma": ", ",
        "mountain_first": "; with mountain before coast ",
        "same": "the same",
        "cities": ("city", "", "role", "km", "decided by"),
        "roles": {},
        "misses": "misses: {rule}",
        "head": "{edition}: {dimension} ({slug})",
        "core": "With core members",
        "all": "With core and extended members",
        "clusters": ("cluster", "cities"),
        "tier": "tier {number}",
        "percentiles": ("percentile", "lowest", "highest", "sd"),
        "ahead": "{ahead} is ahead of {behind} by {size} percentile points ({sure}); every ranking"
        " that the tiers allow puts it between {low} and {high}.",
        "level": "{ahead} and {behind} have the same mean percentile (probability that {ahead} is"
        " ahead {chance}); every ranking that the tiers allow puts the difference between {low} and"
        " {high}.",
        "certain": "certain",
        "chance": "probability {chance}",
        "above": "above 0.999",
        "tested": " permutation p {p}.",
        "adjusted": " permutation p {p} ({adjusted} for all pairs shown, Holm).",
        "bracket": " ({notes})",
        "absent": "{a} and {b} cannot be compared here: {notes}.",
        "nowhere": "No city of these clusters is ranked in {editions}.",
        "meaning": "Certain: ahead in every ranking that the tiers allow. Else the probability"
        " takes all orders inside a tier as equally likely. p asks another question: could tiers"
        " dealt at random to these cities set the two as far apart? Among few cities they could,"
        " even where the lead is certain.",
    },
    "zh": {
        "listed": ("城市群", "名称", "", "地形"),
        "list_note": "各版本中的成员：核心，+ 扩展。`tierscape clusters show 城市群` 列出成员。",
        "parts": ("来源", "地理依据", "核心", "扩展", "成员"),
        "landforms": {"coastal": "沿海", "mountain": "山地", "inland": "内陆"},
        "none": "无",
        "comma": "，",
        "mountain_first": "；若山地优先于沿海：",
        "same": "相同",
        "cities": ("城市", "", "成员", "公里", "依据"),
        "roles": {"core": "核心", "extended": "扩展", "near": "接近", "excluded": "排除"},
        "misses": "不符合：{rule}",
        "head": "{edition}：{dimension}（{slug}）",
        "core": "核心成员",
        "all": "核心与扩展成员",
        "clusters": ("城市群", "城市"),
        "tier": "第 {number} 档",
        "percentiles": ("百分位", "最低", "最高", "标准差"),
        "ahead": "{ahead}领先{behind} {size} 个百分位点（{sure}）；"
        "在与档次相符的任何排名中，介于 {low} 与 {high} 之间。",
        "level": "{ahead}与{behind}的平均百分位相同（{ahead}领先的概率 {chance}）；"
        "在与档次相符的任何排名中，两者之差介于 {low} 与 {high} 之间。",
        "certain": "确定",
        "chance": "概率 {chance}",
        "above": "> 0.999",
        "tested": "置换检验 p {p}。",
        "adjusted": "置换检验 p {p}（考虑所列各对后为 {adjusted}，霍尔姆法）。",
        "few": "{}只有 {count} 座城市，不足 {least} 座不作检验",
        "bracket": "（{notes}）",
        "notes": "；",
        "absent": "{a}与{b}在此无法比较：{notes}。",
        "no_city": "{}没有上榜城市",
        "nowhere": "{editions} 中没有这些城市群的城市。",
        "meaning": "“确定”：在与档次相符的任何排名中都领先。"
        "否则给出概率，假定同一档次内各种次序机会均等。"
        "p 回答的是另一个问题：若把档次随机分给这些城市，两组的差距会有这么大吗？"
        "城市很少时，即使领先是确定的，p 也可能很大。",
    },
}
