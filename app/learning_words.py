"""The words of `learning`, in each language."""

from collections.abc import Mapping
from typing import Any

#: What is said in each language.
WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "heading": "Clusters learned by {method} among {count} cities ({editions})",
        "methods": {},
        "comma": ", ",
        "settings": ("clusters", "stable", "cities in them", "left out", "stability"),
        "stability": "Stability: each cluster is sought again {count} times among {share} of the"
        " cities (seed {seed}); the mean Jaccard with what is found there. 1 is found every time,"
        " {stable:g} and more counts as stable, {dissolved:g} and less as dissolved.",
        "shown": "Shown: {setting}{why}",
        "steadiest": ", which has the most stable clusters",
        "none": "No clusters: no city has enough others near enough.",
        "left": "left out: {count}",
        "city": "1 city",
        "cities": "{count} cities",
        "stable": "stable",
        "dissolves": "dissolves",
        "doubtful": "doubtful",
        "alone": "no named cluster shares a city with it",
        "match": "most like {match}: {shared} shared of its {size}, Jaccard {jaccard:.2f}",
        "cluster": "{cluster}: {size}, stability {stability} ({word}); {match}",
        "matches": ("named cluster", "cities", "most like", "Jaccard", "would join", "would leave"),
        "omega": "Omega index of the named clusters and the learned ones: {value}. 1 is the same, 0"
        " is as by chance; named clusters overlap, so that indices for partitions do not apply."
        " They count here with core and extended members.",
        "join": "{cluster} would join: ",
        "leave": "{cluster} would leave: ",
        "more": " and {count} more (--json lists all)",
        "partitions": ("partition", "and", "adjusted Rand", "adjusted mutual information"),
        "silhouettes": ("partition", "silhouette"),
        "labels": {},
        "noise": "A city that is left out counts as a cluster of its own here.",
    },
    "zh": {
        "heading": "以 {method} 在 {count} 座城市中学得的聚类（{editions}）",
        "methods": {
            "dbscan": "半径内有足够多其他城市的城市，逐个相连；其余不属于任何聚类。",
            "hdbscan": "在多种半径下都保持在一起的城市，或疏或密；其余不属于任何聚类。",
            "optics": "比周围更密集的城市；其余不属于任何聚类。",
            "agglomerative": "逐次合并最近的两组，直到剩下所要的组数；每座城市都有归属。",
            "k-medoids": "每座城市归入最近的中心城市；每座城市都有归属。",
        },
        "comma": "、",
        "settings": ("聚类数", "稳定", "所含城市", "未归入", "稳定度"),
        "stability": "稳定度：在 {share} 的城市中重新寻找每个聚类 {count} 次（种子 {seed}），"
        "取与所得聚类的杰卡德系数均值。1 为每次都找到，不低于 {stable:g} 为稳定，"
        "不高于 {dissolved:g} 为瓦解。",
        "shown": "所示：{setting}{why}",
        "steadiest": "，其稳定的聚类最多",
        "none": "没有聚类：没有城市附近有足够多的其他城市。",
        "left": "未归入：{count}",
        "city": "1 座城市",
        "cities": "{count} 座城市",
        "stable": "稳定",
        "dissolves": "瓦解",
        "doubtful": "存疑",
        "alone": "与任何命名城市群都没有共同城市",
        "match": "最接近{match}：共有其 {size} 座中的 {shared} 座，杰卡德系数 {jaccard:.2f}",
        "cluster": "{cluster}：{size}，稳定度 {stability}（{word}）；{match}",
        "matches": ("命名城市群", "城市", "最接近", "杰卡德系数", "将加入", "将离开"),
        "omega": "命名城市群与所学聚类的 Omega 指数：{value}。1 为相同，0 与随机无异；"
        "命名城市群相互重叠，划分的指数因而不适用。此处计入核心与扩展成员。",
        "join": "{cluster}将加入：",
        "leave": "{cluster}将离开：",
        "more": "等，另有 {count} 座（--json 列出全部）",
        "partitions": ("划分", "对比", "调整兰德指数", "调整互信息"),
        "silhouettes": ("划分", "轮廓系数"),
        "labels": {"learned": "所学聚类", "landform": "地形", "country": "国家"},
        "noise": "未归入的城市在此各自算作一个聚类。",
    },
}
