"""Find where the best cities gather beyond chance, in every ranking."""

import tierscape

places = tierscape.load()
for edition in places.editions:
    found = tierscape.hot_spots(places, edition=edition.slug, dimension="total")
    print(f"{edition.slug}: {(found['label'] != 'none').sum()} of {len(found)} cities")
    for label, rows in found[found["label"] != "none"].groupby("label"):
        print(f"  {label}: {', '.join(sorted(rows['name_en']))}")
