"""Words that a reader of an export meets: names of layers, landforms and roles."""

from collections.abc import Mapping

#: Titles of layers, English and Chinese.
LAYERS: Mapping[str, tuple[str, str]] = {
    "cities": ("Cities", "城市"),
    "clusters": ("Clusters", "城市群"),
    "outlines": ("Outlines of clusters", "城市群轮廓"),
    "editions": ("Editions", "排名版本"),
    "tiers": ("Published tiers", "公布的等级"),
    "membership": ("Members of clusters", "城市群成员"),
    "results": ("Results by cluster", "城市群结果"),
    "comparisons": ("Comparisons of clusters", "城市群比较"),
    "claims": ("Claims", "论断"),
    "audit": ("Findings of the audit", "核查发现"),
    "columns": ("Columns", "列说明"),
}
_WORDS: Mapping[str, tuple[str, str]] = {
    "coastal": ("Coastal", "沿海"),
    "mountain": ("Mountain", "山地"),
    "inland": ("Inland", "内陆"),
    "core": ("core", "核心"),
    "all": ("core and extended", "核心与扩展"),
    "unranked": ("not ranked", "未上榜"),
}
#: Units that are words; symbols are the same in both languages.
_UNITS: Mapping[str, str] = {
    "persons": "人",
    "probability": "概率",
    "percentile points": "百分点",
    "0 to 100 (best)": "0 至 100，100 最好",
    "1 is best": "1 最好",
}


def layer_title(name: str, lang: str) -> str:
    """Return the title of a layer.

    Examples
    --------
    >>> layer_title("cities", "zh")
    '城市'
    """
    return LAYERS.get(name, (name, name))[lang == "zh"]


def word(name: str, lang: str) -> str:
    """Return a word of the legend; a name that is no such word is its own.

    Examples
    --------
    >>> word("mountain", "en"), word("alps", "zh")
    ('Mountain', 'alps')
    """
    return _WORDS.get(name, (name, name))[lang == "zh"]


def unit_text(unit: str, lang: str) -> str:
    """Return a unit as the reader calls it.

    Examples
    --------
    >>> unit_text("persons", "zh"), unit_text("km", "zh")
    ('人', 'km')
    """
    return _UNITS.get(unit, unit) if lang == "zh" else unit
