"""What `hotspots` tells of a map: as a program may read it, and in words."""

from collections import Counter
from typing import Any

from tierscape.hotspots_words import LABELS_ZH, STATISTICS, WORDS
from tierscape.scoring.spatial.spots import LABELS, MAX_OVERALL, Question, Spots
from tierscape.terminal import p_text, text_table


def summary(found: Spots, question: Question, value: str, left_out: int) -> dict[str, Any]:
    """Return what is told of a map.

    Parameters
    ----------
    found
        The answer.
    question
        What was asked.
    value
        The column of values.
    left_out
        Rows without coordinates or a value.
    """
    moran, test, km = found.overall, question.test, question.within_km
    counts = Counter(found.label.tolist())
    labels = [*LABELS[question.statistic], "none", *(["island"] if counts["island"] else [])]
    numbers = {"i": moran.value, "expected": moran.expected, "z": moran.z, "p_value": moran.p_value}
    overall: dict[str, float] = {name: round(number, 6) for name, number in numbers.items()}
    return {
        "value": value,
        "points": moran.n,
        "left_out": left_out,
        "neighbours": {"nearest": question.neighbours} if km is None else {"within_km": km},
        "permutations": test.count,
        "seed": test.seed,
        "moran": overall | {"permutations": min(test.count, MAX_OVERALL)},
        "statistic": question.statistic,
        "adjust": question.adjust,
        "alpha": question.alpha,
        "labels": {label: counts[label] for label in labels},
    }


def words(told: dict[str, Any], lang: str) -> str:
    """Return a summary in words: the map, Moran's I, and how many points have each label."""
    say, moran, near = WORDS[lang], told["moran"], told["neighbours"]
    kind = "within" if "within_km" in near else "nearest"
    neighbours = say[kind].format(count=near.get("nearest"), km=near.get("within_km", 0.0))
    first = say["points"].format(**{**told, "neighbours": neighbours})
    left = say["left"].format(left=told["left_out"]) if told["left_out"] else ""
    verdict = say[_verdict(told)]
    second = say["moran"].format(**moran, p=p_text(moran["p_value"]), verdict=verdict)
    name = STATISTICS[lang][told["statistic"]]
    third = say["local"].format(statistic=name, alpha=told["alpha"], adjust=told["adjust"])
    rows = [[_label(label, lang), f"{count:,}"] for label, count in told["labels"].items()]
    return "\n".join([first + left, second, third, text_table(say["header"].split(","), rows), ""])


def _verdict(told: dict[str, Any]) -> str:
    moran = told["moran"]
    if moran["p_value"] > told["alpha"]:
        return "none"
    return "alike" if moran["i"] > moran["expected"] else "unlike"


def _label(label: str, lang: str) -> str:
    return f"{LABELS_ZH[label]}（{label}）" if lang == "zh" else label
