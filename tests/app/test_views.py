"""What `clusters list`, `clusters show` and `compare` print, in each language."""

from tierscape.views import cluster_list, cluster_show, comparison


def test_compare_speaks_chinese_and_explains_its_words() -> None:
    where = {"edition": "g20-2023", "dimension": "total", "as_json": False}
    told = comparison(["alps", "rockies", "nile"], None, lang="zh", **where)
    zh = "".join(told.split())
    assert "阿尔卑斯山脉领先落基山脉26.5个百分位点（确定）" in zh
    assert "落基山脉只有2座城市" in zh
    assert "尼罗河没有上榜城市" in zh
    assert "p回答的是另一个问题" in zh
    assert "ahead" not in zh
    en = comparison(["alps", "rockies", "golden-quadrilateral"], None, **where)
    assert "permutation p <0.001." in en
    assert "permutation p = 0.058 (0.067 for all pairs shown, Holm)." in " ".join(en.split())
    assert "p asks another question" in " ".join(en.split())


def test_equal_means_are_not_a_lead() -> None:
    where = {"edition": "g20-2023", "dimension": "total", "as_json": False}
    told = comparison(["gyeongbu-corridor", "taiwan-strait"], None, **where)
    assert "gyeongbu-corridor and taiwan-strait have the same mean percentile" in told
    assert "is ahead of" not in told


def test_a_cluster_is_shown_in_chinese() -> None:
    told = cluster_show("alps", None, as_json=False, lang="zh")
    assert "距阿尔卑斯山脉不超过 50 千米" in told
    assert "不符合：距阿尔卑斯山脉不超过 100 千米" in told
    assert "misses" not in told
    assert "地形" in cluster_list(None, as_json=False, lang="zh")
