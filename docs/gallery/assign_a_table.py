"""Find the landform and the clusters of a table of sites."""

import pandas as pd

import tierscape

sites = pd.DataFrame(
    {
        "site": ["仓库 A", "Werk Zürich", "Plant Cleveland", "玉树项目"],
        "经度": [121.6, 8.54, -81.69, 97.0],
        "纬度": [29.9, 47.37, 41.5, 33.0],
    }
)
placed = tierscape.assign(sites)
for row in placed.itertuples():
    shore = f", {row.shore} shore" if row.shore else ""
    print(f"{row.site}: {row.landform}{shore}, {row.elevation_m} m, near {row.nearest_place}")
    print(f"  clusters: {row.clusters or 'none'}")
