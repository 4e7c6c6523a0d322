"""Made-up points that lie as unevenly as cities do."""

import sqlite3

import numpy as np

from tierscape.geo.gazetteer import FOLDER

SEED = 2026


def uneven(count: int) -> np.ndarray:
    """Return places of the gazetteer, drawn with replacement and moved by about 30 km.

    Longitude and latitude in degrees, of shape (count, 2).
    """
    with sqlite3.connect(f"file:{FOLDER / 'gazetteer.sqlite'}?mode=ro", uri=True) as store:
        places = np.array(store.execute("SELECT lon, lat FROM place ORDER BY city_id").fetchall())
    rng = np.random.default_rng(SEED)
    lon, lat = places[rng.integers(0, len(places), count)].T
    moved = np.clip(lat + rng.normal(0, 0.3, count), -89, 89)
    lon = lon + rng.normal(0, 0.3, count) / np.cos(np.radians(moved))
    return np.column_stack([(lon + 180) % 360 - 180, moved])
