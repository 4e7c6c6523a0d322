"""Compare coast and inland in a ranking of one's own; its tiers are invented."""

from pathlib import Path

import tierscape

mine = Path(__file__).parent / "my-edition"
print("problems:", tierscape.check(mine) or "none")
places = tierscape.load(mine, editions=["zhejiang-2025"])
names = places.cities.set_index("city_id")["name_zh"]
for cluster in ("zhejiang-coast", "zhejiang-inland"):
    members = places.membership[places.membership["cluster"] == cluster]
    print(f"{cluster}: {'、'.join(names[members['city_id']])}")
row = tierscape.compare(places, "浙江沿海", "浙江内陆").iloc[0]
print(f"the coast is ahead by {row['difference']:.1f} points, p = {row['p_value']:.3f}")
