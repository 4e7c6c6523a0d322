"""Tell which tiers would stand had experts and ratings been a little different."""

from pathlib import Path

import tierscape

scores = tierscape.score(Path(__file__).parent / "my-index", draws=200)
cities = scores.findings.found.cities
safe = cities[cities["safe"]]
print(f"safe in their tier: {len(safe)} of {len(cities)} cities: {'、'.join(safe['city'])}")
for row in cities[~cities["safe"]].itertuples():
    print(f"{row.city}: ranks {row.rank_lower:.0f} to {row.rank_upper:.0f}, {row.note}")
