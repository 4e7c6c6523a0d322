"""Exchange with libpysal: with the library where it is there, and with its message where not."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_array

from tierscape.data.errors import TierscapeError
from tierscape.geo import neighbours_pysal
from tierscape.geo.neighbours import within
from tierscape.geo.neighbours_pysal import from_graph, from_w, to_graph, to_w
from tierscape.geo.neighbours_record import Neighbours
from tierscape.geo.neighbours_sites import sites


def bands() -> Neighbours:
    places = sites(
        [[0, 0], [1, 0], [2, 0], [60, 0]], list("dcba"), coincident="error", missing="error"
    )
    return within(places, 150, islands="keep").row_standardised()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("libpysal", "libpysal.graph", "libpysal.weights"):
        monkeypatch.setitem(sys.modules, name, None)
    for convert in (to_graph, to_w):
        with pytest.raises(TierscapeError, match="pip install libpysal"):
            convert(bands())


def test_what_libpysal_would_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls, by libpysal 4.14's signatures."""
    taken: dict[str, object] = {}

    def from_arrays(focal: np.ndarray, other: np.ndarray, weight: np.ndarray) -> None:
        taken["graph"] = list(zip(focal.tolist(), other.tolist(), weight.tolist(), strict=True))

    def made(neighbors: object, weights: object, **rest: object) -> None:
        taken["w"] = (neighbors, weights, rest["id_order"])

    fake = SimpleNamespace(Graph=SimpleNamespace(from_arrays=from_arrays), W=made)
    monkeypatch.setattr(neighbours_pysal, "_libpysal", lambda _: fake)
    to_graph(bands())
    to_w(bands())
    assert taken["graph"] == [
        ("d", "c", 1.0),
        ("c", "d", 0.5),
        ("c", "b", 0.5),
        ("b", "c", 1.0),
        ("a", "a", 0.0),
    ]
    assert taken["w"] == (
        {"d": ["c"], "c": ["d", "b"], "b": ["c"], "a": []},
        {"d": [1.0], "c": [0.5, 0.5], "b": [1.0], "a": []},
        list("dcba"),
    )


@pytest.mark.parametrize("convert", [from_graph, from_w])
def test_islands_and_own_weights_on_the_way_back(convert) -> None:  # noqa: ANN001
    matrix = csr_array(np.array([[2.0, 1, 0], [1, 0, 0], [0, 0, 0]]))
    given = SimpleNamespace(n=3, unique_ids=list("xyz"), id_order=list("xyz"), sparse=matrix)
    found = convert(given, islands="keep")
    assert found.islands.tolist() == ["z"]
    assert found.notes[1] == "1 weights of sites on themselves left out"
    assert matrix.toarray()[0, 0] == 2.0
    with pytest.raises(TierscapeError, match="1 of 3 sites have no neighbour: z"):
        convert(given, islands="error")


@pytest.mark.parametrize(("there", "back"), [(to_graph, from_graph), (to_w, from_w)])
def test_there_and_back(there, back) -> None:  # noqa: ANN001
    try:
        taken = there(bands())
    except TierscapeError as error:
        assert "libpysal is not installed" in str(error)  # noqa: PT017
        return
    found = back(taken, islands="keep")
    assert found.ids.tolist() == bands().ids.tolist()
    assert (found.matrix().toarray() == bands().matrix().toarray()).all()
