"""The words of `statistics`, in each language."""

from collections.abc import Mapping

#: What is said in each language.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "coastal": "the coastal cities of {continents}",
        "rest": "all other cities of {continents}",
        "set": "{n_cluster} cities against {reference} ({n_reference})",
        "difference": "{difference:+.1f} percentile points; every ranking that the tiers allow puts"
        " it between {difference_lower:+.1f} and {difference_upper:+.1f}",
        "plain": "any labels",
        "contiguous": "neighbours",
        "spectral": "same pattern",
        "adjusted": "; {value} after allowing for the other clusters (Holm)",
        "parted": "The links between neighbours do not connect this cluster.",
        "scores": "Scores: midranks of the tiers among the cities of both sets. Extended members of"
        " the cluster are in neither.",
        "colon": ": ",
        "model": "{title} ({count} cities)",
        "none": "No core city of this cluster is ranked there.",
        "sampling": "Each city is taken to draw its tier by itself, given what the model knows of"
        " it. Ranked cities are no sample and neighbours resemble each other: read the intervals as"
        " how sharply these tiers fix the model. An odds ratio above 1 favours a better tier. The"
        " last column tests whether one ratio serves all cuts between tiers; where it is small,"
        " the ratio is an average over cuts.",
        "landform": "by landform",
        "distance": "by coast distance and elevation",
        "header": "against,odds ratio,from,to,p,proportional p",
    },
    "zh": {
        "coastal": "{continents}的沿海城市",
        "rest": "{continents}的其他城市",
        "set": "{n_cluster} 座城市，对比{reference}（{n_reference} 座）",
        "difference": "相差 {difference:+.1f} 个百分位；"
        "在与档次相符的任何排名中，介于 {difference_lower:+.1f} 与 {difference_upper:+.1f} 之间",
        "plain": "任意分派",
        "contiguous": "连片城市",
        "spectral": "同样格局",
        "adjusted": "；考虑其他城市群后为 {value}（霍尔姆法）",
        "parted": "按邻近关系，该城市群不连成一片。",
        "scores": "得分：两组城市内档次的中位名次。该城市群的扩展城市不属于任何一组。",
        "colon": "：",
        "model": "{title}（{count} 座城市）",
        "few": "城市太少，不作检验。",
        "none": "该城市群的核心城市均未上榜。",
        "sampling": "模型假定各城市在给定条件下独立地取得档次。上榜城市并非样本，"
        "相邻城市彼此相似：区间只说明这些档次能把模型确定到什么程度。"
        "比值比大于 1 有利于更好的档次。"
        "末列检验同一比值比是否适用于各档次界限；数值很小时，该比值比只是各界限的平均。",
        "landform": "按地形",
        "distance": "按离海距离与海拔",
        "header": "对比,比值比,下限,上限,p,比例性 p",
    },
}

#: What the tables' words are called in Chinese, and in English where it differs.
NAMES_ZH: Mapping[str, str] = {
    "Africa": "非洲",
    "Asia": "亚洲",
    "Europe": "欧洲",
    "North America": "北美洲",
    "South America": "南美洲",
    "Oceania": "大洋洲",
    "other": "其他洲",
    "coastal": "沿海",
    "mountain": "山地",
    "inland": "内陆",
    "landform": "地形",
    "continent": "大洲",
    "coast_km": "离海",
    "elevation_m": "海拔",
    "population": "人口",
    "doubled": "翻倍",
    "100 km": "远 100 公里",
    "1000 m": "高 1000 米",
}

NAMES_EN: Mapping[str, str] = {
    "coast_km": "distance to the coast",
    "elevation_m": "elevation",
    "100 km": "100 km more",
    "1000 m": "1000 m more",
    "other": "other continents",
}
