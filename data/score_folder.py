"""A score folder: an index, its ladders, and the ratings, experts and cities that feed it."""

from collections.abc import Sequence
from pathlib import Path

from .errors import DataError, Problem, TierscapeError
from .reading import collector_paused
from .score_cities import read_cities
from .score_experts import BY_EXPERTS, read_answers
from .score_index import read_index
from .score_ladders import described, read_ladders
from .score_ratings import RATING_COLUMNS, filled, read_ratings, required_columns
from .score_records import LadderStep, RankedCity, Rating, ScoreFolder, ScoreIndex
from .score_tables import LISTED, Table, read_table
from .score_workbook import has_openpyxl, read_workbook


def load_score_folder(folder: Path) -> ScoreFolder:
    """Read and check a score folder.

    Parameters
    ----------
    folder
        Holds `index.toml`, `ladders.csv`, `ratings.csv` or `ratings.xlsx`, and where the index
        needs them `experts.csv` and `cities.csv` (docs/score-folders.md).

    Returns
    -------
    ScoreFolder
        With `warnings` about what does not count: evidence that failed its review or is after
        the cutoff, weights that the method does not use.

    Raises
    ------
    TierscapeError
        If `folder` is not a folder.
    DataError
        With every problem of all files: where, what, which rule, what to do.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise TierscapeError(f"{folder}: is not a folder. Give one that holds index.toml.")
    problems: list[Problem] = []
    warnings: list[str] = []
    index = read_index(folder / "index.toml", problems)
    steps = read_ladders(folder / "ladders.csv", index.nodes, problems)
    listed = read_cities(folder / "cities.csv", index, problems)
    names = None if listed is None else {city.name for city in listed}
    ratings: tuple[Rating, ...] = ()
    with collector_paused():
        if table := _rating_table(folder, index, problems):
            ratings = read_ratings(table, index, steps, cities=names, warnings=warnings)
    answers = read_answers(folder / "experts.csv", index, problems)
    cities = _rated_cities(ratings) if listed is None else listed
    if len(cities) == 1:
        rule = "is the only city: a ranking needs two or more"
        file = str(folder / ("ratings.csv" if listed is None else "cities.csv"))
        problems.append(Problem(file, cities[0].line, "city", cities[0].name, rule, "Add others."))
    if problems:
        raise DataError(problems)
    warnings.extend(_unused(index, steps, answers))
    warnings.extend(_unrated(cities, ratings))
    return ScoreFolder(index, steps, ratings, answers, cities, folder, tuple(warnings))


def _rating_table(folder: Path, index: ScoreIndex, problems: list[Problem]) -> Table | None:
    """Return the rows of `ratings.csv` or of the workbook, whichever is filled in."""
    required = required_columns(index.nodes)
    csv, xlsx = folder / "ratings.csv", folder / "ratings.xlsx"
    tables: list[Table] = []
    if csv.is_file() or not xlsx.is_file():
        tables.append(filled(read_table(csv, problems, required=required, known=RATING_COLUMNS)))
    if xlsx.is_file() and (has_openpyxl() or not any(table.lines for table in tables)):
        tables.append(filled(read_workbook(xlsx, problems, required=required)))
    full = [table for table in tables if table.lines]
    if len(full) == 2:
        rule = "ratings.csv has ratings too"
        remedy = "Give the ratings in one of the two files."
        problems.append(Problem(str(xlsx), None, None, xlsx.name, rule, remedy))
        return None
    return (full or tables)[0]


def _rated_cities(ratings: Sequence[Rating]) -> tuple[RankedCity, ...]:
    """Return the cities that are rated, in the order of their first ratings."""
    first: dict[str, int] = {}
    for rating in ratings:
        first.setdefault(rating.city, rating.line)
    return tuple(RankedCity(name, "", "", line) for name, line in first.items())


def _unused(index: ScoreIndex, steps: Sequence[LadderStep], answers: Sequence[object]) -> list[str]:
    """Return warnings about what the index states but does not use or describe."""
    method, found = index.weighting.method, []
    weighted = [node.slug for node in index.nodes if node.weight is not None]
    if weighted and method != "given":
        found.append(f"{index.file}: weights.method is {method}: given weights are not used.")
    if answers and method not in BY_EXPERTS:
        found.append(f"{index.file}: weights.method is {method}: experts.csv is not used.")
    texts = described(steps)
    blank = [n.slug for n in index.nodes if n.kind == "ladder" and n.slug not in texts]
    if blank:
        found.append(
            f"{index.file.with_name('ladders.csv')}: no step is described of "
            f"{', '.join(blank)}: points there are checked against the maximum only."
        )
    return found


def _unrated(cities: Sequence[RankedCity], ratings: Sequence[Rating]) -> list[str]:
    """Return the warning about cities that no rating counts for."""
    rated = {rating.city for rating in ratings if rating.accepted}
    names = [city.name for city in cities if city.name not in rated]
    listed = ", ".join(names[:LISTED]) + (", …" if len(names) > LISTED else "")
    return [f"{len(names)} cities have no rating that counts: {listed}."] if names else []
