"""Hot spots of a value at any points: each point's own numbers, in the order they were given."""

from dataclasses import replace

import numpy as np
import pytest

from tierscape.data.errors import TierscapeError
from tierscape.geo.neighbours import nearest, within
from tierscape.geo.neighbours_sites import sites
from tierscape.scoring.spatial.local import local_g, local_geary, local_moran
from tierscape.scoring.spatial.overall import moran
from tierscape.scoring.spatial.records import Permutations
from tierscape.scoring.spatial.spots import LABELS, Question, spots

TEST = Permutations(199, seed=1)


def made(n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    points = np.column_stack([rng.uniform(170, 200, n), rng.uniform(-15, 15, n)])
    points[:, 0] = (points[:, 0] + 180) % 360 - 180
    return points, rng.gamma(2.0, size=n) + 4 * (degrees_off(points) < 5)


def degrees_off(points: np.ndarray) -> np.ndarray:
    """Return about how far points are from where the antimeridian meets the equator."""
    return np.hypot(points[:, 0] % 360 - 180, points[:, 1])


@pytest.mark.parametrize("statistic", list(LABELS))
@pytest.mark.parametrize("km", [None, 250.0])
def test_numbers_are_those_of_the_statistics(statistic: str, km: float | None) -> None:
    points, values = made()
    found = spots(points, values, Question(TEST, statistic, within_km=km))
    places = sites(points, coincident="error", missing="error")
    near = nearest(places, 8) if km is None else within(places, km, islands="keep")
    asked = {"test": TEST, "missing": "error"}
    local, size = {
        "gi-star": lambda: (local_g(values, near, own_weight=1.0, **asked), near.counts + 1.0),
        "local-moran": lambda: (local_moran(values, near.row_standardised(), **asked), 1.0),
        "local-geary": lambda: (local_geary(values, near.row_standardised(), **asked), 1.0),
    }[statistic]()
    assert found.local.ids.tolist() == list(range(150))
    assert found.local.z == pytest.approx(local.z, nan_ok=True, abs=1e-9)
    assert found.local.value == pytest.approx(local.value / size, nan_ok=True, abs=1e-9)
    spread = 4.5 * np.sqrt(2) * 0.5 / np.sqrt(199)
    assert found.local.p_value == pytest.approx(local.p_value, nan_ok=True, abs=spread)
    overall = moran(values, near.row_standardised(), **asked)
    assert (found.overall.value, found.overall.z) == pytest.approx((overall.value, overall.z))
    clear = found.local.p_adjusted <= 0.05
    assert (found.label[clear] == local.label[clear]).all()
    assert set(found.label[~clear]) <= {"none", "island"}
    assert ((found.label == "island") == (near.counts == 0)).all()
    assert (near.counts == 0).any() == (km is not None)


def test_the_planted_spot_is_found_across_the_antimeridian() -> None:
    points, values = made()
    found = spots(points, values, Question(TEST))
    hot = found.label == "hot"
    assert min((points[hot, 0] > 0).sum(), (points[hot, 0] < 0).sum()) >= 2
    assert (degrees_off(points[hot]) < 7).all()


def test_alpha_decides_the_label_and_nothing_else() -> None:
    points, values = made()
    strict, loose = (spots(points, values, Question(TEST, alpha=a)) for a in (0.01, 0.4))
    assert strict.local.to_frame().equals(replace(loose.local, label=strict.local.label).to_frame())
    assert (loose.label != "none").sum() > (strict.label != "none").sum()


def test_maps_that_mean_nothing() -> None:
    points, values = made()
    with pytest.raises(TierscapeError, match="10,000 points are at 1 places, up to 10,000 at one"):
        spots(np.ones((10_000, 2)), np.arange(10_000), Question(TEST))
    with pytest.raises(TierscapeError, match="shape"):
        spots(np.empty((0, 2)), [], Question(TEST))
    with pytest.raises(TierscapeError, match="all 150 scores are 1"):
        spots(points, np.ones(150), Question(TEST))
    with pytest.raises(TierscapeError, match="no site has a neighbour"):
        spots(points, values, Question(TEST, within_km=0.001))
