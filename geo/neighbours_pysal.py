"""Neighbours to and from libpysal, which is needed here only."""

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from ..data.errors import TierscapeError
from .neighbours_record import Islands, Neighbours, from_matrix, settle_islands
from .neighbours_sites import check_policy


def to_graph(neighbours: Neighbours) -> Any:  # noqa: ANN401
    """Return neighbours as a `libpysal.graph.Graph`, islands included.

    Raises
    ------
    TierscapeError
        If libpysal is not installed.
    """
    graph = _libpysal("libpysal.graph").Graph
    rows = np.repeat(np.arange(len(neighbours)), neighbours.counts)
    alone = np.flatnonzero(neighbours.counts == 0)
    # libpysal writes an island as a site that neighbours itself with weight 0.
    rows, columns = np.append(rows, alone), np.append(neighbours.indices, alone)
    weights = np.append(neighbours.weights, np.zeros(len(alone)))
    order = np.lexsort((columns, rows))
    ids = np.array(neighbours.ids.tolist())
    return graph.from_arrays(ids[rows[order]], ids[columns[order]], weights[order])


def from_graph(graph: Any, *, islands: Islands) -> Neighbours:  # noqa: ANN401
    """Return a `libpysal.graph.Graph` as neighbours, its sites in their order.

    Parameters
    ----------
    graph
        The graph; weights of sites on themselves are left out and noted.
    islands
        Sites without a neighbour: `error`, or `keep` them so.

    Raises
    ------
    TierscapeError
        If a weight is negative or no number, or there are islands and they are an error.
    """
    ids = np.empty(int(graph.n), object)
    ids[:] = list(graph.unique_ids)
    return _taken(graph.sparse, ids, "from a libpysal Graph", islands)


def to_w(neighbours: Neighbours) -> Any:  # noqa: ANN401
    """Return neighbours as a `libpysal.weights.W`, islands included.

    Raises
    ------
    TierscapeError
        If libpysal is not installed.
    """
    made = _libpysal("libpysal.weights").W
    ids = neighbours.ids.tolist()
    cut = neighbours.indptr[1:-1]
    columns = np.split(neighbours.ids[neighbours.indices], cut)
    weights = np.split(neighbours.weights, cut)
    return made(
        {name: row.tolist() for name, row in zip(ids, columns, strict=True)},
        {name: row.tolist() for name, row in zip(ids, weights, strict=True)},
        id_order=ids,
        silence_warnings=True,
    )


def from_w(weights: Any, *, islands: Islands) -> Neighbours:  # noqa: ANN401
    """Return a `libpysal.weights.W` as neighbours, as `from_graph` does.

    Parameters
    ----------
    weights
        The W, with the weights that its present transformation gives.
    islands
        Sites without a neighbour: `error`, or `keep` them so.
    """
    ids = np.empty(int(weights.n), object)
    ids[:] = list(weights.id_order)
    return _taken(weights.sparse, ids, "from a libpysal W", islands)


def _taken(
    matrix: csr_array, ids: npt.NDArray[np.object_], text: str, islands: Islands
) -> Neighbours:
    check_policy("islands", islands, ("error", "keep"))
    return settle_islands(from_matrix(csr_array(matrix), ids, (text,)), islands)


def _libpysal(name: str) -> Any:  # noqa: ANN401
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise TierscapeError(
            "libpysal is not installed, and only this exchange needs it: pip install libpysal"
        ) from None
