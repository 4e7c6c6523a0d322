"""Find the city that would move the Great Lakes up most if it rose by one tier."""

import tierscape

places = tierscape.load(editions=["g20-2023"])
tiers = places.tiers[places.tiers["dimension"] == "total"].merge(places.cities, on="city_id")
# A city counts with the middle of its tier band (its ridit); the band above is what it would gain.
middle = 100 * (1 - ((tiers["rank_best"] + tiers["rank_worst"]) / 2 - 0.5) / tiers["n_cities"])
tiers = tiers.assign(percentile=middle)
of_tier = tiers.groupby("tier")["percentile"].first()

core = places.membership.query("cluster == 'great-lakes' and role == 'core'")["city_id"]
lakes = tiers[tiers["city_id"].isin(core)]
gain = lakes["tier"].sub(1).map(of_tier).sub(lakes["percentile"]).div(len(lakes))
lakes = lakes.assign(gain=gain).sort_values(["gain", "name_en"], ascending=[False, True])

print(f"Great Lakes: {lakes['percentile'].mean():.1f}, mean of {len(lakes)} cities")
for row in lakes.dropna(subset=["gain"]).itertuples():
    print(f"  {row.name_en}, from tier {row.tier} to {row.tier - 1}: {row.gain:+.1f}")
