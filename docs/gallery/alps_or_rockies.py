"""Tell whether the Alps are ahead of the Rockies, and how sure that is."""

import tierscape

places = tierscape.load(editions=["g20-2023"])
for role in ("core", "all"):
    found = tierscape.compare(places, "alps", "rockies", dimension="total", role=role)
    row = found.iloc[0]
    print(f"{role}: {row['n_a']} cities against {row['n_b']}")
    print(f"  ahead by {row['difference']:.1f} percentile points")
    print(f"  every ranking allows {row['difference_lower']:.1f} to {row['difference_upper']:.1f}")
    print(f"  certain: {'yes' if row['certain'] else 'no'}")
