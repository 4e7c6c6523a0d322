"""Hot and cold spots of one dimension of one edition, from its tiers."""

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ...geo.neighbours import nearest
from ...geo.neighbours_sites import Missing, sites
from ..tiers import ridits, tier_table
from .local import local_g, local_moran
from .records import Adjustment

_NAMES = {"high-high": "hot", "low-low": "cold"}


def hot_spots(
    cities: pd.DataFrame,
    tier_rows: pd.DataFrame,
    *,
    k: int = 8,
    adjust: Adjustment = "by",
    alpha: float = 0.05,
    missing: Missing = "error",
) -> pd.DataFrame:
    """Return where high tiers, or low ones, gather beyond chance; exact, no Monte Carlo.

    Parameters
    ----------
    cities
        Table with `city_id`, `lon`, `lat` (degrees); other cities than the ranked ones do not
        count.
    tier_rows
        The rows of one edition and dimension of the tiers table: `city_id` and `tier`.
    k
        Neighbours of each city: the nearest by great circle, with equal weights.
    adjust
        For the number of cities: `by`, `bh` or `holm`.
    alpha
        A city is labelled where its adjusted p-value is at most this.
    missing
        Ranked cities without coordinates: `error`, or `drop` them.

    Returns
    -------
    pandas.DataFrame
        One row per ranked city, best tiers first: `city_id`; `gi_star` (z of Gi*), `moran_local`
        (I with weights of 1/k), both of the tiers' ridits; `label` (`hot`: high among high, `cold`,
        `high-low`, `low-high`, `none`); `p_value` (two-sided, with the city's own tier held: the
        same for both statistics), `p_adjusted`. Cities at the same point are an error.

    Raises
    ------
    TierscapeError
        If a ranked city is not in the table or stands in it twice, if there are k cities or
        fewer, or if all are in one tier.

    Examples
    --------
    >>> ids = list("abcdefgh")
    >>> cities = pd.DataFrame({"city_id": ids, "lon": range(8), "lat": 0.0})
    >>> rows = pd.DataFrame({"city_id": ids, "tier": [1, 1, 1, 1, 2, 2, 2, 2]})
    >>> hot_spots(cities, rows, k=3, alpha=0.3)["label"].tolist()
    ['hot', 'hot', 'hot', 'none', 'none', 'none', 'cold', 'cold']
    """
    table = tier_table(tier_rows)
    where = cities.set_index("city_id")[["lon", "lat"]]
    if not where.index.is_unique:
        twice = ", ".join(map(str, where.index[where.index.duplicated()].unique()[:5]))
        raise TierscapeError(f"cities stand twice in the cities table: {twice}.")
    points = where.reindex(table.city_ids).to_numpy(dtype=np.float64)
    ids = table.city_ids.tolist()
    places = sites(points, ids, coincident="error", missing=missing)
    near = nearest(places, k).row_standardised()
    score = pd.Series(ridits(table.tier)[table.tier - 1], index=ids)
    values = score[places.ids.tolist()].to_numpy()
    star = local_g(values, near, own_weight=1 / k, test="exact", missing="error", adjust=adjust)
    found = local_moran(values, near, test="exact", missing="error", adjust=adjust)
    clear = star.p_adjusted <= alpha
    labels = [
        _NAMES.get(label, label) if sure else "none"
        for label, sure in zip(found.label, clear, strict=True)
    ]
    return pd.DataFrame(
        {
            "city_id": places.ids,
            "gi_star": star.z,
            "moran_local": found.value,
            "label": labels,
            "p_value": star.p_value,
            "p_adjusted": star.p_adjusted,
        }
    )
