"""The words of figures, Chinese and English."""

from ...data.errors import UnknownNameError

_WORDS = {
    "zh": {
        "tier": "第 {number} 档 · {label}",
        "unranked": "本排名未列入",
        "tiers": "档次",
        "landforms": "城市群地形",
        "coastal": "沿海",
        "mountain": "山地",
        "inland": "内陆",
        "core": "核心成员",
        "all": "含扩展成员",
        "league": "城市群：期望百分位与上下界",
        "scale": "0 至 100，100 最好",
        "composition": "档次构成（核心成员）",
        "strip": "成员的期望百分位（核心成员）",
        "cities": "{count} 城",
        "nobody": "核心成员均未列入",
        "more": "另有 {count} 个",
        "north": "北",
        "km": "公里",
        "sources": "地名与坐标：GeoNames（CC BY 4.0）。陆地与湖泊：Natural Earth。",
        "world": "等面积投影（Equal Earth）",
        "equal-area": "等面积投影（兰勃特方位）",
        "conformal": "等角投影（球极平面）",
        "mixed": "各图投影按范围选定",
        "dropped": "{count} 个城市名因无空位未标注。",
        "editions": "同样的城市群，多份排名",
        "join": "、",
    },
    "en": {
        "tier": "Tier {number} · {label}",
        "unranked": "Not ranked in this edition",
        "tiers": "Tiers",
        "landforms": "Landform of a cluster",
        "coastal": "Coastal",
        "mountain": "Mountain",
        "inland": "Inland",
        "core": "Core members",
        "all": "With extended",
        "league": "Clusters: expected percentile, bounds",
        "scale": "0 to 100; 100 is best",
        "composition": "Tiers of core members",
        "strip": "Expected percentiles of core members",
        "cities": "{count} cities",
        "nobody": "no core city ranked",
        "more": "{count} more",
        "north": "N",
        "km": "km",
        "sources": "Names and coordinates: GeoNames (CC BY 4.0). Land and lakes: Natural Earth.",
        "world": "Equal-area projection (Equal Earth)",
        "equal-area": "Equal-area projection (Lambert azimuthal)",
        "conformal": "Conformal projection (stereographic)",
        "mixed": "Each panel has its own projection and scale",
        "dropped": "{count} cities are not named for want of room.",
        "editions": "The same clusters in several editions",
        "join": ", ",
    },
}
LANGUAGES = tuple(_WORDS)


def word(lang: str, key: str, **values: object) -> str:
    """Return a word or phrase.

    Raises
    ------
    UnknownNameError
        If there is no such language.

    Examples
    --------
    >>> word("en", "cities", count=3), word("zh", "cities", count=3)
    ('3 cities', '3 城')
    """
    if lang not in _WORDS:
        raise UnknownNameError("language", lang, LANGUAGES)
    if lang == "en" and values.get("count") == 1:
        return (
            _WORDS[lang][key]
            .format(**values)
            .replace("cities are", "city is")
            .replace("cities", "city")
        )
    return _WORDS[lang][key].format(**values)


def title_of(record: object, lang: str) -> str:
    """Return the title of an edition, dimension or cluster; the other language's if it has none."""
    titles = [getattr(record, f"title_{each}") for each in (lang, *LANGUAGES)]
    return next((title for title in titles if title), "")
