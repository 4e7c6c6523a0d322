"""The rules of an index: weights, normalisation, missing ratings, aggregation, tiers, scope."""

from collections.abc import Sequence
from math import isfinite

from .reading import Fields
from .score_records import Missing, Node, Scope, Tiering, Treatment, Weighting
from .score_tree import choice, number

WEIGHTINGS = ("equal", "given", "budget", "ahp", "best-worst", "entropy", "pca")
SUMMARIES = ("mean", "median", "trimmed")
NORMALISATIONS = ("none", "minmax", "zscore", "rank", "percentile", "target", "goalposts")
OUTLIERS = ("none", "winsorise", "log")
MISSING = ("drop-city", "drop-indicator", "group-mean", "nearest", "lowest-step")
COMBINATIONS = ("arithmetic", "geometric", "harmonic", "generalised", "copeland")
TIERINGS = ("share", "threshold", "natural-breaks")
TIES = ("promote", "cut-short")
#: Which keys a rule for tiers takes beside its method and labels.
TIER_KEYS = {
    "share": ("shares", "ties"),
    "threshold": ("thresholds",),
    "natural-breaks": ("count",),
}

ZERO = "For 0 write the method geometric."


def read_weighting(fields: Fields) -> Weighting:
    """Read where the weights come from; there is no default."""
    inner = fields.table_at("weights", required=False)
    method = choice(inner, "method", WEIGHTINGS)
    summary = choice(inner, "summary", SUMMARIES, "mean")
    inner.only(("method", "summary", "trim") if method == "budget" else ("method",))
    trim = number(inner, "trim")
    if trim is not None and not 0 <= trim < 0.5:
        inner.note(
            "trim", trim, "must be from 0 up and below 0.5", "0.1 trims a tenth at each end."
        )
    return Weighting(method, summary, Weighting("").trim if trim is None else trim)


def read_treatment(fields: Fields, nodes: Sequence[Node]) -> Treatment:
    """Read how raw values become comparable; ladders alone need nothing."""
    raw = [node for node in nodes if node.kind == "value"]
    inner = fields.table_at("normalise", required=False)
    method = choice(inner, "method", NORMALISATIONS, None if raw else "none")
    inner.only(("method", "scale_from", "scale_to", "outliers", "most"))
    plain = Treatment()
    scale = [number(inner, key) for key in ("scale_from", "scale_to")]
    start = plain.scale_from if scale[0] is None else scale[0]
    stop = plain.scale_to if scale[1] is None else scale[1]
    if start >= stop:
        inner.note("scale_to", stop, f"must be above scale_from, which is {start:g}")
    for node in raw:
        for key in {"target": ("target",), "goalposts": ("low", "high")}.get(method, ()):
            if getattr(node, key) is None:
                rule = f"normalise.method is {method}, but {node.slug} has no {key}"
                inner.note("method", method, rule, f"Add `{key} = …` to its table.")
    outliers = choice(inner, "outliers", OUTLIERS, "none")
    return Treatment(method, start, stop, outliers, _whole(inner, "most", plain.most, 0))


def read_missing(fields: Fields) -> Missing:
    """Read what is done about missing ratings; there is no default."""
    inner = fields.table_at("missing", required=False)
    method = choice(inner, "method", MISSING)
    own = {"group-mean": ("group",), "nearest": ("neighbours",)}.get(method, ())
    inner.only(("method", *own))
    group = inner.text("group", required=method == "group-mean")
    return Missing(method, group, _whole(inner, "neighbours", Missing("").neighbours, 1))


def read_combination(fields: Fields) -> tuple[str, float]:
    """Read how weighted scores become one, and the power of a generalised mean."""
    inner = fields.table_at("aggregate", required=False)
    method = choice(inner, "method", COMBINATIONS)
    inner.only(("method", "power") if method == "generalised" else ("method",))
    power = number(inner, "power")
    if method == "generalised" and not power:
        inner.note("power", inner.table.get("power", ""), "must be a number other than 0", ZERO)
    return method, 1.0 if power is None else power


def read_tiering(fields: Fields) -> Tiering:
    """Read the rule for tiers; there is no default."""
    inner = fields.table_at("tiers", required=False)
    method = choice(inner, "method", TIERINGS)
    inner.only(("method", "labels", *TIER_KEYS.get(method, ())))
    shares, thresholds = _numbers(inner, "shares"), _numbers(inner, "thresholds")
    count = _whole(inner, "count", 0, 2)
    if method == "share" and (shares != tuple(sorted({*shares})) or shares[-1:] != (100.0,)):
        rule = "must rise from above 0 to 100: the cumulative percent of each tier from the top"
        inner.note("shares", list(shares), rule, "Such as [10, 30, 60, 100].")
    elif method == "share" and shares[0] <= 0:
        inner.note("shares", list(shares), "must be above 0")
    if method == "threshold" and (
        not thresholds or thresholds != tuple(sorted({*thresholds}, reverse=True))
    ):
        rule = "must fall: the lowest total of each tier but the last, best first"
        inner.note("thresholds", list(thresholds), rule, "Such as [0.8, 0.6, 0.4].")
    if method == "natural-breaks" and "count" not in inner.table:
        inner.note("count", "", "the number of tiers is required", "Add it.")
    tiers = {"share": len(shares), "threshold": len(thresholds) + 1}.get(method, count)
    labels = inner.texts("labels", required=False)
    if labels and len(labels) != tiers:
        inner.note("labels", list(labels), f"there are {tiers} tiers, but {len(labels)} labels")
    ties = choice(inner, "ties", TIES, None if method == "share" else "promote")
    return Tiering(method, shares, ties, thresholds, count, labels)


def read_scope(fields: Fields) -> Scope:
    """Read one condition that a city must meet to be ranked."""
    fields.only(("column", "values", "least", "most", "reason"))
    values = fields.texts("values", required=False)
    least, most = number(fields, "least"), number(fields, "most")
    bounded = "least" in fields.table or "most" in fields.table
    if bool(values) == bounded:
        fields.note("values", list(values), "give either values, or least or most, or both bounds")
    if least is not None and most is not None and least > most:
        fields.note("most", most, f"must not be below least, which is {least:g}")
    reason = fields.text("reason", required=False)
    return Scope(fields.text("column"), values, least, most, reason)


def _whole(fields: Fields, key: str, default: int, least: int) -> int:
    """Return a whole number from `least` up, or the default where it is absent."""
    value = fields.get(key, int, default=default, required=False)
    if key in fields.table and value < least:
        fields.note(key, value, f"must be a whole number from {least} up")
    return value


def _numbers(fields: Fields, key: str) -> tuple[float, ...]:
    """Return a list of finite numbers; empty where it is absent."""
    values = fields.get(key, list, default=[], required=False)
    good = [
        float(value)
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    ]
    if len(good) < len(values):
        fields.note(key, values, "must be a list of finite numbers")
    return tuple(good)
