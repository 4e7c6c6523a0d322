"""Time to open the gazetteer, and names per second in a batch of distinct names.

The batch is the main English and Chinese names of the gazetteer in random order; folding and
the aliases apply as they do on the command line.
"""

import random
import statistics
import time

from tierscape.data.catalog import Catalog
from tierscape.geo.gazetteer import gazetteer, open_gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases

NAMES = 20_000
RUNS = 5


def time_to_open() -> float:
    """Return the seconds from nothing to the first place."""
    start = time.perf_counter()
    opened = open_gazetteer()
    opened.place("1835235")
    seconds = time.perf_counter() - start
    opened.store.close()
    return seconds


def rate(geocoder: Geocoder, names: list[str]) -> float:
    """Return names per second of one batch."""
    start = time.perf_counter()
    geocoder.find_all(names)
    return len(names) / (time.perf_counter() - start)


def main() -> None:
    """Print medians with their range."""
    opened = [time_to_open() * 1000 for _ in range(RUNS)]
    with gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(Catalog(), places))
        names = sorted(set(places.names_of()))
        random.Random(1).shuffle(names)  # noqa: S311 - an order, not a secret
        rates = [rate(geocoder, names[:NAMES]) for _ in range(RUNS)]
    print(f"open and first place  {statistics.median(opened):8.2f} ms (first {opened[0]:.2f})")
    print(
        f"distinct names in batch {statistics.median(rates):8,.0f} per second"
        f" ({min(rates):,.0f}–{max(rates):,.0f}, {NAMES:,} names, {RUNS} runs)",
    )


if __name__ == "__main__":
    main()
