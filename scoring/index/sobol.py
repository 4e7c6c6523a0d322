"""Which choices drive a result: Sobol's variance-based indices."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ..tiers import FloatArray

#: Resamples behind the half-width of an index's confidence interval.
RESAMPLES = 200
COLUMNS = ("output", "choice", "first", "first_half_width", "total", "total_half_width", "note")


def choice_sample(n_choices: int, *, size: int, seed: int) -> FloatArray:
    """Return the points at which a model is run: a scrambled Sobol' sequence, crossed.

    Parameters
    ----------
    n_choices
        Number of choices that vary.
    size
        Points of the base sequence, a power of two.
    seed
        Fixes the scrambling.

    Returns
    -------
    numpy.ndarray
        size · (n_choices + 2) runs × choices, between 0 and 1.

    Raises
    ------
    TierscapeError
        If nothing varies, `size` is no power of two, or SALib is not installed.

    References
    ----------
    Saltelli, A. (2002). Making best use of model evaluations to compute sensitivity indices.
    Computer Physics Communications 145, 280-297.

    Examples
    --------
    >>> choice_sample(3, size=8, seed=1).shape
    (40, 3)
    """
    if n_choices < 1:
        raise TierscapeError("nothing varies: give at least one choice with alternatives.")
    if size < 2 or size & (size - 1):
        raise TierscapeError(f"size must be a power of two from 2 up, not {size}.")
    sampler = _salib("SALib.sample.sobol")
    points = sampler.sample(_problem(n_choices), size, calc_second_order=False, seed=seed)
    return np.asarray(points, dtype=np.float64)


def sobol_indices(
    model: Callable[[FloatArray], pd.DataFrame],
    choices: Sequence[str],
    *,
    size: int = 256,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Share the variance of a model's outputs out among the choices behind them.

    With V the variance of an output Y over all choices, the first-order index of choice i is
    V[E(Y | i)] / V, what would go away on average if i were settled; its total index is
    E[V(Y | all but i)] / V, what would be left if all others were settled. They differ by the
    interactions of i. First-order indices add up to at most 1, total ones to at least 1.

    Parameters
    ----------
    model
        Takes runs × choices, numbers from 0 to 1, and returns one row per run, one column per
        output.
    choices
        Their names.
    size
        Points of the base sequence, a power of two; the model runs size · (choices + 2) times.
    seed
        Fixes points and resamples.
    confidence
        Of the half-widths, by bootstrap of the runs.

    Returns
    -------
    pandas.DataFrame
        One row per output and choice: `output`, `choice`, `first`, `first_half_width`, `total`,
        `total_half_width`, `note`. An output that never varies has no indices, and `note` says so.
        Estimates of small indices may be slightly negative.

    Raises
    ------
    TierscapeError
        If nothing varies, `size` is no power of two, an output is missing, or SALib is not
        installed.

    References
    ----------
    Sobol', I. M. (1993). Sensitivity estimates for nonlinear mathematical models. Mathematical
    Modelling and Computational Experiment 1, 407-414.
    Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M., Tarantola, S. (2010). Variance
    based sensitivity analysis of model output. Computer Physics Communications 181, 259-270.
    Saisana, M., Saltelli, A., Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques
    as tools for the quality assessment of composite indicators. Journal of the Royal Statistical
    Society A 168, 307-323.

    Examples
    --------
    >>> def model(runs):
    ...     return pd.DataFrame({"y": 3 * runs[:, 0] + 4 * runs[:, 1]})
    >>> sobol_indices(model, ["a", "b"], size=1024)[["choice", "first", "total"]].round(2)
      choice  first  total
    0      a   0.36   0.36
    1      b   0.64   0.64
    """
    runs = choice_sample(len(choices), size=size, seed=seed)
    outputs = model(runs)
    if not np.isfinite(outputs.to_numpy(dtype=np.float64)).all():
        raise TierscapeError("an output of the model is missing in some run.")
    rows = [
        row
        for name in outputs
        for values in [outputs[name].to_numpy(dtype=np.float64)]
        for row in _rows(str(name), values, choices, seed=seed, confidence=confidence)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    name: str, output: FloatArray, choices: Sequence[str], *, seed: int, confidence: float
) -> list[dict[str, Any]]:
    if np.ptp(output) <= 1e-9 * np.abs(output).max():
        empty = dict.fromkeys(COLUMNS[2:6], np.nan)
        note = "never varies: no choice matters"
        return [{"output": name, "choice": each, **empty, "note": note} for each in choices]
    found = _salib("SALib.analyze.sobol").analyze(
        _problem(len(choices)),
        output,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=confidence,
        seed=seed + 1,  # SALib takes 0 for no seed.
    )
    keys = ("S1", "S1_conf", "ST", "ST_conf")
    numbers = zip(*(found[key] for key in keys), strict=True)
    return [
        {"output": name, "choice": each, **dict(zip(COLUMNS[2:6], row, strict=True)), "note": ""}
        for each, row in zip(choices, numbers, strict=True)
    ]


def _problem(n_choices: int) -> dict[str, Any]:
    names = [f"x{number}" for number in range(n_choices)]
    return {"num_vars": n_choices, "names": names, "bounds": [[0.0, 1.0]] * n_choices}


def _salib(module: str) -> Any:  # noqa: ANN401
    try:
        return import_module(module)
    except ImportError:
        message = "Sobol indices need SALib: pip install 'tierscape[score]'."
        raise TierscapeError(message) from None
