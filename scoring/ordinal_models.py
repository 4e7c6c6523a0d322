"""Two proportional odds models of every dimension: by landform, and by distance and height."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from ..data.errors import DataError, Problem, TierscapeError, UnknownNameError
from .ordinal import OrdinalFit, ProportionalityTest, fit_proportional_odds, proportionality_test
from .reference_sets import check_places
from .tiers import FloatArray, IntArray, TierTable, check_tiers, tier_tables

#: The terms of the two models, columns of the cities table.
MODELS: Mapping[str, tuple[str, ...]] = {
    "landform": ("landform", "continent", "population"),
    "distance": ("coast_km", "elevation_m", "continent", "population"),
}

#: Terms that are categories, with the one that others are held against; None is the commonest.
CATEGORIES: Mapping[str, str | None] = {"landform": "inland", "continent": None}

#: Terms that are numbers, with what one unit of the model is.
STEPS: Mapping[str, str] = {"coast_km": "100 km", "elevation_m": "1000 m", "population": "doubled"}

#: Continents with fewer ranked cities make one category, `other`.
MIN_CITIES = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """One covariate of a model: a category against the base, or a step of a number."""

    term: str
    level: str
    base: str


def design(cities: pd.DataFrame, terms: Sequence[str]) -> tuple[pd.DataFrame, list[Effect]]:
    """Return the covariates of a model.

    Parameters
    ----------
    cities
        Rows of the cities table with the columns in `terms`, one for each ranked city.
    terms
        Keys of `CATEGORIES` and `STEPS`.

    Returns
    -------
    tuple of (pandas.DataFrame, list of Effect)
        One column of numbers per effect, and the effects. A category that all cities share has
        none.

    Raises
    ------
    TierscapeError
        If landform is to stand beside coast distance or elevation.
    UnknownNameError
        If a term is another.
    DataError
        If the population of a city is not positive.

    Examples
    --------
    >>> cities = pd.DataFrame({"landform": ["inland", "coastal"], "population": [1000, 4000]})
    >>> table, effects = design(cities, ["landform", "population"])
    >>> effects[0], table.to_numpy().tolist()
    (Effect(term='landform', level='coastal', base='inland'),
     [[0.0, 9.96...], [1.0, 11.96...]])
    """
    if "landform" in terms and {"coast_km", "elevation_m"} & set(terms):
        raise TierscapeError(
            "landform is cut from coast distance and elevation, so a model that holds them"
            " together tells the same thing twice. Use one model with landform and another with"
            " the distances."
        )
    columns: list[tuple[Effect, pd.Series]] = []
    for term in terms:
        if term in CATEGORIES:
            columns += _indicators(cities[term], term)
        elif term in STEPS:
            columns.append((Effect(term, STEPS[term], ""), _number(cities, term)))
        else:
            raise UnknownNameError("term", term, [*CATEGORIES, *STEPS])
    table = pd.DataFrame({number: values for number, (_, values) in enumerate(columns)})
    effects = [effect for effect, _ in columns]
    return table.set_axis([_label(effect) for effect in effects], axis=1), effects


def _indicators(values: pd.Series, term: str) -> list[tuple[Effect, pd.Series]]:
    counts = values.value_counts()
    if term == "continent":
        values = values.where(values.map(counts) >= MIN_CITIES, "other")
        counts = values.value_counts()
    commonest = str(min(counts.index, key=lambda name: (-counts[name], name)))
    wanted = CATEGORIES[term]
    base = wanted if wanted is not None and wanted in counts else commonest
    others = sorted(name for name in counts.index if name != base)
    return [(Effect(term, name, base), (values == name).astype("float64")) for name in others]


def _number(cities: pd.DataFrame, term: str) -> pd.Series:
    values = cities[term].astype("float64")
    if term != "population":
        return values / {"coast_km": 100.0, "elevation_m": 1000.0}[term]
    if not (values > 0).all():
        wrong = cities.loc[~(values > 0)]
        names = wrong.get("city_id", wrong.index)
        raise DataError(
            Problem("cities.csv", None, term, str(value), f"is not positive, for city {city}")
            for city, value in zip(names, wrong[term], strict=True)
        )
    return pd.Series(np.log2(values), index=cities.index)


def _label(effect: Effect) -> str:
    return f"{effect.term}: {effect.level}"


def fit_models(
    tiers: pd.DataFrame,
    cities: pd.DataFrame,
    models: Mapping[str, Sequence[str]] = MODELS,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Fit the models in every dimension of every edition.

    Sampling model: see `ordinal`. Cities are taken as independent given the covariates; they are
    neither a sample nor independent of their neighbours.

    Parameters
    ----------
    tiers, cities
        Tables as in `tiers.csv` and `cities.csv`.
    models
        Terms of each model by its name.
    level
        Confidence level of the intervals (Wald).

    Returns
    -------
    pandas.DataFrame
        One row per edition, dimension, model and effect: `n_cities`, `term`, `level`, `base`
        (`coastal` against `inland`, or a step such as `100 km`), `estimate` and `std_error` (log
        odds of a better tier), `odds_ratio`, `odds_ratio_lower`, `odds_ratio_upper`, `p_value`,
        `proportionality_p` and `proportionality_method` (one test for all levels of a term), and
        `note`. A model that cannot be fitted has one row, with the reason in `note`.

    Raises
    ------
    DataError
        If the tiers table breaks its rules, a ranked city is not in `cities`, or the population
        of one is not positive.
    TierscapeError
        If a model has landform beside coast distance or elevation.
    """
    check_tiers(tiers)
    check_places(tiers, cities)
    places = cities.set_index("city_id", drop=False)
    rows = [
        {"edition": edition, "dimension": dimension, "model": name, **row}
        for edition, dimension, table in tier_tables(tiers)
        for name, terms in models.items()
        for row in _model_rows(table, places.loc[table.city_ids], terms, level)
    ]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


_TYPES = {
    "edition": "str",
    "dimension": "str",
    "model": "str",
    "n_cities": "int64",
    "term": "str",
    "level": "str",
    "base": "str",
    "estimate": "float64",
    "std_error": "float64",
    "odds_ratio": "float64",
    "odds_ratio_lower": "float64",
    "odds_ratio_upper": "float64",
    "p_value": "float64",
    "proportionality_p": "float64",
    "proportionality_method": "str",
    "note": "str",
}


def _model_rows(
    table: TierTable, cities: pd.DataFrame, terms: Sequence[str], level: float
) -> Iterator[dict[str, Any]]:
    covariates, effects = design(cities, terms)
    head = {"n_cities": table.n_cities, "term": "", "level": "", "base": ""}
    head |= {"proportionality_method": "", "note": ""}
    try:
        fit = fit_proportional_odds(table.tier, covariates)
    except TierscapeError as error:
        yield head | {"note": str(error)}
        return
    tests = {
        term: _tested(table.tier, covariates, [_label(e) for e in effects if e.term == term])
        for term in dict.fromkeys(effect.term for effect in effects)
    }
    for place, effect in enumerate(effects):
        yield head | _effect_row(effect, fit, place, level) | _test_columns(tests[effect.term])
    for term in terms:
        if term not in tests:
            yield head | {"term": term, "note": f"the same for all cities: {cities[term].iloc[0]}"}


def _tested(
    tier: IntArray, covariates: pd.DataFrame, names: Sequence[str]
) -> ProportionalityTest | None:
    return proportionality_test(tier, covariates, names) if tier.max() > 2 else None


def _test_columns(test: ProportionalityTest | None) -> dict[str, Any]:
    if test is None:
        return {"note": "two tiers have one cut: nothing to be proportional"}
    return {"proportionality_p": test.p_value, "proportionality_method": test.method}


def _effect_row(effect: Effect, fit: OrdinalFit, place: int, level: float) -> dict[str, Any]:
    estimate, error = float(fit.estimate[place]), float(fit.std_error[place])
    reach = float(ndtri((1 + level) / 2)) * error
    ends: FloatArray = np.exp([estimate, estimate - reach, estimate + reach])
    names = ("odds_ratio", "odds_ratio_lower", "odds_ratio_upper")
    return {
        "term": effect.term,
        "level": effect.level,
        "base": effect.base,
        "estimate": estimate,
        "std_error": error,
        **dict(zip(names, map(float, ends), strict=True)),
        "p_value": float(2 * ndtr(-abs(estimate / error))),
    }
