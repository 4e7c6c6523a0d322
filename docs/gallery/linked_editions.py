"""Compare clusters that no single ranking holds: the Alps with Xi'an–Kashgar."""

import tierscape

places = tierscape.load(editions=["asia-2023", "g20-2023"])
found = tierscape.compare_linked(places, "alps", "xian-kashgar", dimension="total")
for row in found.itertuples():
    print(f"{row.variant}, {row.n_cities} cities")
    print(
        f"  {row.difference:+.1f} points, between {row.difference_lower:+.1f} and "
        f"{row.difference_upper:+.1f}; certain: {'yes' if row.certain else 'no'}"
    )
