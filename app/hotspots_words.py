"""The words of `hotspots`, in each language."""

from collections.abc import Mapping

#: What is said in each language.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "points": "{points:,} points with {value}; neighbours: {neighbours}",
        "left": " ({left:,} rows left out)",
        "nearest": "the {count} nearest",
        "within": "within {km:g} km",
        "moran": "Moran's I = {i:.3f} (by chance {expected:.3f}), z = {z:.1f}, p = {p} "
        "({permutations:,} permutations, two-sided): {verdict}",
        "alike": "like values lie together",
        "unlike": "unlike values lie together",
        "none": "no pattern beyond chance",
        "local": "{statistic}, adjusted p ≤ {alpha:g} ({adjust})",
        "header": "label,points",
    },
    "zh": {
        "points": "{points:,} 个点有 {value} 值；邻居：{neighbours}",
        "left": "（略去 {left:,} 行）",
        "nearest": "最近的 {count} 个点",
        "within": "{km:g} 公里以内",
        "moran": "莫兰指数 I = {i:.3f}（随机期望 {expected:.3f}），z = {z:.1f}，p = {p}"
        "（{permutations:,} 次置换，双侧）：{verdict}",
        "alike": "相近的值聚在一起",
        "unlike": "相异的值彼此为邻",
        "none": "看不出超过随机的格局",
        "local": "{statistic}，校正后 p ≤ {alpha:g}（{adjust}）",
        "header": "标签,点数",
    },
}

#: What the labels are called in Chinese; in English they are their own names.
LABELS_ZH: Mapping[str, str] = {
    "hot": "热点",
    "cold": "冷点",
    "high-high": "高-高",
    "low-low": "低-低",
    "high-low": "高-低",
    "low-high": "低-高",
    "similar": "与邻居相似",
    "different": "与邻居相异",
    "none": "不显著",
    "island": "没有邻居",
}

#: What the statistics are called.
STATISTICS: Mapping[str, Mapping[str, str]] = {
    "en": {"gi-star": "Gi*", "local-moran": "local Moran I", "local-geary": "local Geary c"},
    "zh": {"gi-star": "Gi*", "local-moran": "局部莫兰指数", "local-geary": "局部吉尔里指数"},
}
