"""Sobol indices against functions whose indices are known."""

import sys

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from tierscape.data.errors import TierscapeError
from tierscape.scoring.index.sobol import choice_sample, sobol_indices

Floats = npt.NDArray[np.float64]


def ishigami(runs: Floats) -> pd.DataFrame:
    x = np.pi * (2 * runs - 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return pd.DataFrame({"y": y})


def test_ishigami_function() -> None:
    # Ishigami and Homma (1990), a = 7, b = 0.1: the parts of the variance in closed form.
    a, b = 7.0, 0.1
    one = (1 + b * np.pi**4 / 5) ** 2 / 2
    two = a**2 / 8
    both = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = one + two + both
    found = sobol_indices(ishigami, ["x1", "x2", "x3"], size=4096, seed=3)
    assert found["first"].tolist() == pytest.approx([one / total, two / total, 0.0], abs=0.02)
    assert found["total"].tolist() == pytest.approx(
        [(one + both) / total, two / total, both / total], abs=0.02
    )
    exact = np.array([one, two, 0.0]) / total
    assert (np.abs(found["first"] - exact) <= 2 * found["first_half_width"]).all()


def test_shares_of_a_sum_of_discrete_choices() -> None:
    def model(runs: Floats) -> pd.DataFrame:
        steps = np.floor(runs * [2, 3]).astype(int)
        return pd.DataFrame({"sum": 4.0 * steps[:, 0] + steps[:, 1], "still": 5.0})

    found = sobol_indices(model, ["coin", "die"], size=1024, seed=0)
    moving = found[found["output"] == "sum"]
    # Variances 16/4 and 2/3.
    assert moving["first"].tolist() == pytest.approx([6 / 7, 1 / 7], abs=0.03)
    assert moving["total"].tolist() == pytest.approx([6 / 7, 1 / 7], abs=0.03)
    still = found[found["output"] == "still"]
    assert still["first"].isna().all()
    assert set(still["note"]) == {"never varies: no choice matters"}


@pytest.mark.parametrize("seed", [0, 5])
def test_same_seed_same_numbers(seed: int) -> None:
    names = ["x1", "x2", "x3"]
    first, second = (sobol_indices(ishigami, names, size=64, seed=seed) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_bad_input_is_named() -> None:
    with pytest.raises(TierscapeError, match="power of two"):
        choice_sample(2, size=100, seed=0)
    with pytest.raises(TierscapeError, match="nothing varies"):
        choice_sample(0, size=64, seed=0)
    with pytest.raises(TierscapeError, match="missing in some run"):
        sobol_indices(lambda runs: pd.DataFrame({"y": runs[:, 0] * np.nan}), ["a"], size=2)


def test_without_salib_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(TierscapeError, match="pip install"):
        choice_sample(2, size=4, seed=0)
