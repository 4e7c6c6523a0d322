"""What a verdict on a claim rests on, in Chinese: the sentences of `scoring.claims`, by form."""

import re
from collections.abc import Callable, Mapping
from functools import partial

_EQUALLY = "假定同档内各种次序等可能"
#: Ends of the evidence on two groups; `{0}`, `{1}` are the numbers in it.
_GRADES = (
    (r"For any score scale\.", "对任何评分尺度都成立。"),
    (r"In mean rank, certain\.", "就平均名次而言，确定。"),
    (r"In mean rank, expected \(.*\)\.", f"就平均名次而言，为期望判断（{_EQUALLY}）。"),
    (
        r"In mean rank, neither is ahead with a probability of ([\d.]+) \(.*\)\.",
        f"就平均名次而言，两者领先的概率均不足 {{0}}（{_EQUALLY}）。",
    ),
    (
        r"In mean rank, certain: a difference of at most ([\d.]+) points\.",
        "就平均名次而言，确定相差不超过 {0} 点。",
    ),
    (
        r"In mean rank, certain: no difference of at most ([\d.]+) points\.",
        "就平均名次而言，确定相差超过 {0} 点。",
    ),
    (
        r"In mean rank.*: P\(difference of at most ([\d.]+) points\) ([=<>] [\d.]+) \(.*",
        f"就平均名次而言，相差不超过 {{0}} 点的概率 {{1}}（{_EQUALLY}）。",
    ),
)
_PAIR = re.compile(
    r"(?P<a>.+?): (?P<na>\d+) cit\w+, mean percentile (?P<ma>[\d.]+); "
    r"(?P<b>.+?): (?P<nb>\d+) cit\w+, mean percentile (?P<mb>[\d.]+)\. "
    r"Difference (?P<d>[+-][\d.]+), from (?P<low>[+-][\d.]+) to (?P<high>[+-][\d.]+) "
    r"in all rankings that the tiers allow; P\(first ahead\) (?P<p>[=<>] [\d.]+)\. (?P<grade>.+)"
)
_FIGURES = {
    "experts": "专家",
    "indicators": "指标",
    "indicators level 1": "一级指标",
    "indicators level 2": "二级指标",
    "indicators level 3": "三级指标",
    "languages": "语言",
}
_GROUPS = {"all other cities": "其他所有城市", "all cities": "所有城市"}
_SENSITIVITY = {
    "does not depend on cluster membership": "与城市群成员无关",
    "same: no extended members here": "不变：此处没有扩展成员",
    "same with extended members": "计入扩展成员后不变",
    "becomes supported with extended members": "计入扩展成员后变为支持",
    "becomes contradicted with extended members": "计入扩展成员后变为不符",
    "becomes undetermined with extended members": "计入扩展成员后变为未定",
}
_Said = re.Match[str]


def evidence_zh(text: str, titles: Mapping[str, str], claim: str) -> str:
    """Return the evidence of a claim in Chinese.

    Parameters
    ----------
    text
        The column `evidence` of `claims.csv`.
    titles
        Slug to Chinese title of clusters and editions.
    claim
        The claim's slug: a text of no known form is referred to by it.

    Examples
    --------
    >>> evidence_zh("asia-2023: 144 counted, 144 stated.", {"asia-2023": "亚洲排名"}, "c")
    '亚洲排名：计得 144，来源称 144。'
    >>> evidence_zh("It is a forecast.", {}, "gulf-catching-up")
    '没有公开的表可供检验，理由见 claims.csv 中的论断 gulf-catching-up。'
    """
    for pattern, words in _FORMS:
        if found := pattern.fullmatch(text):
            return words(found, titles)
    linked = text.startswith("If a city has one score in both editions")
    why = "由两份排名联合推断，数字" if linked else "没有公开的表可供检验，理由"
    return f"{why}见 claims.csv 中的论断 {claim}。"


def sensitivity_zh(text: str) -> str:
    """Return in Chinese what a verdict becomes with extended members.

    Examples
    --------
    >>> sensitivity_zh("same with extended members")
    '计入扩展成员后不变'
    """
    return _SENSITIVITY.get(text, "")


def evidence_en(text: str, titles: Mapping[str, str]) -> str:
    """Return the evidence with the titles of clusters and editions for their slugs.

    Examples
    --------
    >>> evidence_en("north-sea: 8 cities; yangtze-delta.", {"north-sea": "North Sea"})
    'North Sea: 8 cities; yangtze-delta.'
    """
    # The shipped fonts have no sign for "greater or equal".
    words = text.replace(" ≥ ", " at least ")
    return re.sub(r"[\w-]+", lambda word: titles.get(word[0], word[0]), words)


def _pair(found: _Said, titles: Mapping[str, str]) -> str:
    a, b = (_group(found[key], titles, other) for key, other in (("a", "该组"), ("b", "对照组")))
    return (
        f"{a} {found['na']} 城，平均百分位 {found['ma']}；{b} {found['nb']} 城，"
        f"平均百分位 {found['mb']}。差值 {_minus(found['d'])}，"
        f"与档次相符的所有排名中介于 {_minus(found['low'])} 与 {_minus(found['high'])} 之间；"
        f"{a}领先的概率 {found['p']}。{_grade(found['grade'])}"
    )


def _grade(text: str) -> str:
    found = ((re.fullmatch(pattern, text), words) for pattern, words in _GRADES)
    return next((words.format(*match.groups()) for match, words in found if match), "")


def _group(name: str, titles: Mapping[str, str], otherwise: str) -> str:
    """Return a group's Chinese name; a name that only the English text has is `otherwise`."""
    parts = [titles.get(part, _GROUPS.get(part, "")) for part in name.split(" + ")]
    if all(parts):
        return "、".join(parts)
    return otherwise if re.search("[A-Za-z]", name) else name


def _minus(number: str) -> str:
    return number.replace("-", "\N{MINUS SIGN}")


def _list(text: str) -> str:
    """Return cities with their tiers; names are as published."""
    return "、".join(re.sub(r" (\d+)$", r"（\1）", each) for each in text.split(", "))


def _in_tier(found: _Said, _: Mapping[str, str]) -> str:
    numbers = found["tiers"].replace(" or ", "、")
    listed = f"各城所在档：{_list(found['list'])}。" if found["list"] else ""
    return (
        f"{found['all']} 城中 {found['n']} 城在第 {numbers} 档，该档共 {found['size']} 城。{listed}"
    )


def _counted(found: _Said, titles: Mapping[str, str]) -> str:
    where = "、".join(titles.get(slug, slug) for slug in found["where"].split(", "))
    how = {"either": "（任一）", "both": "（两者）"}.get(found["how"] or "", "")
    return f"{where}{how}：计得 {found['n']}，来源称 {found['stated']}。"


def _mean(found: _Said, titles: Mapping[str, str]) -> str:
    group = _group(found["group"], titles, "该组")
    return (
        f"{group} {found['n']} 城：按其档次，平均分可在 {found['low']} 与 {found['high']} 之间；"
        f"来源称 {found['stated']}。"
    )


def _too_few(found: _Said, titles: Mapping[str, str]) -> str:
    group = _group(found["group"], titles, "该组")
    where = titles.get(found["where"], found["where"])
    return f"{group}：{where}中仅 {found['n']} 城，求平均至少需 {found['least']} 城。"


def _worded(words: str, found: _Said, _: Mapping[str, str]) -> str:
    return words.format(**{key: value or "" for key, value in found.groupdict().items()})


def _figure(found: _Said, _: Mapping[str, str]) -> str:
    name = _FIGURES.get(found["name"], "该项")
    return f"方法文件中{name}为 {found['n']}；来源称 {found['stated']}。"


def _near(found: _Said, _: Mapping[str, str]) -> str:
    return f"所在档：{_list(found['a'])}；比照城市：{_list(found['b'])}。"


def _missing(found: _Said, _: Mapping[str, str]) -> str:
    lacking = f"缺：{found['lacking'].replace(', ', '、')}。" if found["lacking"] else ""
    return f"{found['all']} 城中 {found['n']} 城列入该排名。{lacking}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[_Said, Mapping[str, str]], str]], ...] = (
    (_PAIR, _pair),
    (
        re.compile(
            r"(?P<n>\d+) of (?P<all>\d+) are in tier (?P<tiers>[\d or]+), which holds "
            r"(?P<size>\d+) cities\.(?: Tiers: (?P<list>.+?)\.)?(?: Elsewhere: .+)?"
        ),
        _in_tier,
    ),
    (
        re.compile(
            r"(?P<n>\d+) of (?P<all>\d+) are in the edition\.(?: Missing: (?P<lacking>.+)\.)?"
        ),
        _missing,
    ),
    (re.compile(r"Tiers: (?P<a>.+); likened to (?P<b>.+)\."), _near),
    (
        re.compile(
            r"(?P<where>[\w, -]+?)(?: in (?P<how>either|both))?: (?P<n>\d+) counted, "
            r"(?P<stated>\d+) stated\."
        ),
        _counted,
    ),
    (
        re.compile(r"The rubric \S+ has (?P<n>\d+) \((?P<name>.+)\); stated: (?P<stated>\d+)\."),
        _figure,
    ),
    (
        re.compile(
            r"(?P<group>.+), (?P<n>\d+) cities: their tiers allow a mean from (?P<low>[\d.]+) to "
            r"(?P<high>[\d.]+); stated: (?P<stated>[\d.]+)\."
        ),
        _mean,
    ),
    (
        re.compile(
            r"(?P<group>.+): (?P<n>\d+) in the edition (?P<where>\S+); an average needs "
            r"(?P<least>\d+)\."
        ),
        _too_few,
    ),
    (
        re.compile(
            r"(?P<n>\d+) of (?P<all>\d+), (?P<p>[\d.]+) %; stated: more than (?P<q>[\d.]+) %\."
        ),
        partial(_worded, "{all} 城中 {n} 城，占 {p}%；来源称超过 {q}%。"),
    ),
    (
        re.compile(r"(?P<n>\d+) of (?P<all>\d+), (?P<p>[\d.]+) %; stated: (?P<q>[\d.]+) %\."),
        partial(_worded, "{all} 城中 {n} 城，占 {p}%；来源称 {q}%。"),
    ),
    (
        re.compile(r"(?P<n>\d+) of (?P<all>\d+) countries have their capital in it\..*"),
        partial(_worded, "{all} 国中 {n} 国的首都列入。"),
    ),
)
