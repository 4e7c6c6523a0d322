"""Rank the cities of a province by indicators of one's own; the ratings are invented."""

from pathlib import Path

import tierscape

scores = tierscape.score(Path(__file__).parent / "my-index", draws=200)
cities = scores.findings.found.cities
totals = scores.ranking.result.totals
for row in cities.itertuples():
    print(f"{row.rank:2} {row.city} {totals[row.city]:.2f}  {row.label}")
