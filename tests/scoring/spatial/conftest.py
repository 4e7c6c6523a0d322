"""What the tests of spatial statistics share."""

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_array
from scipy.stats import binom

from tierscape.geo.neighbours_record import Neighbours, from_matrix

GOLDEN = Path(__file__).parent / "golden"
Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="session")
def columbus() -> tuple[Floats, Neighbours]:
    """Crime in 49 neighbourhoods of Columbus, and which of them touch."""
    with (GOLDEN / "oldcol.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    weights = np.zeros((len(rows), len(rows)))
    for number, row in enumerate(rows):
        weights[number, [int(one) for one in row["neighbours"].split()]] = 1.0
    ids = np.array([str(number) for number in range(len(rows))], object)
    crime = np.array([float(row["crime"]) for row in rows])
    return crime, from_matrix(csr_array(weights), ids, ("contiguity",))


@pytest.fixture(scope="session")
def band() -> tuple[float, float]:
    """The share of rejections at 5 % in 2,000 repetitions, in 99.9 % of all cases."""
    low, high = binom.ppf([0.0005, 0.9995], 2000, 0.05)
    return low / 2000, high / 2000
