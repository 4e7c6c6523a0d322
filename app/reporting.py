"""The command `report`: a folder of reports, of which a second run makes only what changed."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tierscape import __version__
from tierscape.analysis import Places, analyse, load
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.data.records import Edition
from tierscape.engine_asked import Engine, check_engine
from tierscape.engine_reports import report_engine
from tierscape.input_files import fact_checksums, program_checksum
from tierscape.maps.figures.words import LANGUAGES
from tierscape.reports.batch import Ledger, Progress, StoppedError, Task, due, run_batch, worker
from tierscape.reports.batch_files import locked
from tierscape.reports.batch_manifest import Manifest, checksum, read_manifest
from tierscape.reports.inputs import Options, chosen, printed_date
from tierscape.reports.writers import check_formats

LIBRARIES = ("jinja2", "python-pptx", "typst", "XlsxWriter")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """Which reports to make and where.

    Attributes
    ----------
    output
        The folder; other files in it stay.
    data
        A folder of your own facts, or a score folder.
    clusters, editions, dimensions
        Slugs; all where empty. With clusters there are no comparisons, and with any of the three
        no overview.
    langs, formats
        Languages and formats of each report.
    jobs
        How many processes; 0 for as many as there are processors.
    date
        ISO date to print; where empty that of `SOURCE_DATE_EPOCH`, else none is printed.
    """

    output: Path
    data: Path | None = None
    clusters: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    langs: tuple[str, ...] = LANGUAGES
    formats: tuple[str, ...] = ("pdf",)
    jobs: int = 0
    date: str = ""


def run(
    request: Request,
    progress: Progress = lambda *_: None,
    say: Say = lambda _: None,
    engine: Engine = Engine(),  # noqa: B008 - it is frozen
) -> int:
    """Make the reports that are missing or whose inputs have changed.

    Each is written beside its target and renamed, so that an interruption leaves whole files.
    With more than one job, a script must call this below `if __name__ == "__main__":`.

    Parameters
    ----------
    request
        What is asked for.
    progress
        Called before the first report and after each: reports done, all of them, a line on it.
    say
        Called with what the reader should know.
    engine
        What makes them: processes of this machine, or the workers of dask.

    Returns
    -------
    int
        0 if all reports are whole, 1 if some failed or could not be written; they are named.

    Raises
    ------
    UnknownNameError
        If a cluster, edition, dimension, language or format is unknown.
    TierscapeError
        If a library is missing, the folder cannot be written or is in use, the engine cannot be
        used, or nothing is asked for. Found before anything is written.
    DataError
        With all problems of all inputs.
    """
    _check(request)
    check_engine(engine)
    say("reading editions and placing cities")
    places = load(request.data)
    tasks = plan(places, request)
    options = Options(date=request.date, version=__version__)
    facts, program = fact_checksums(places), program_checksum(LIBRARIES)
    parts = [*(f"{name} {digest}" for name, digest in facts.items()), program]
    inputs = checksum([*parts, printed_date(options), __version__])
    with locked(request.output):
        before = read_manifest(request.output)
        manifest = Manifest(__version__, facts, before.reports)
        ledger = Ledger(request.output, manifest, inputs)
        todo = due(tasks, ledger)
        say(f"{len(tasks)} reports: {len(tasks) - len(todo)} up to date, {len(todo)} to make")
        if not todo:
            return 0
        with report_engine(engine, request.jobs or _processors(), LIBRARIES) as do:
            work = worker(analyse(places, say), options, program)
            try:
                made = run_batch(ledger, todo, work, do=do, progress=progress)
            except StoppedError as error:
                say(f"error: {error}")
                return 1
    return _tell(made, todo, request.output, say)


def plan(places: Places, request: Request) -> list[Task]:
    """Return every report that is asked for: overview, comparisons, then clusters.

    Raises
    ------
    UnknownNameError
        If a cluster, edition or dimension is unknown.
    TierscapeError
        If no city of the clusters is in the editions.
    """
    for slug in request.clusters:
        chosen("cluster", slug, places.definitions)
    wanted = [chosen("edition", slug, places.editions) for slug in dict.fromkeys(request.editions)]
    tables = [
        (edition, _dimensions(edition, request)) for edition in wanted or list(places.editions)
    ]
    known = {each.slug for edition, _ in tables for each in edition.dimensions}
    for slug in request.dimensions:
        if slug not in known:
            raise UnknownNameError("dimension", slug, known)
    reports = [
        task
        for lang in dict.fromkeys(request.langs)
        for task in _tasks(places, [each for each in tables if each[1] is not None], lang, request)
    ]
    if not reports:
        raise TierscapeError("no city of these clusters is in these editions: nothing to report.")
    order = {"overview": 0, "edition": 1, "cluster": 2}
    formats = tuple(dict.fromkeys(request.formats))
    ordered = sorted(reports, key=lambda task: order[task.kind])
    return [replace(task, formats=formats) for task in ordered]


def _tasks(
    places: Places,
    tables: list[tuple[Edition, tuple[str, ...] | None]],
    lang: str,
    request: Request,
) -> Iterator[Task]:
    """Yield the reports in one language."""
    if not (request.clusters or request.editions or request.dimensions):
        yield _task("", "", (), lang)
    for edition, dimensions in tables:
        if not request.clusters:
            yield _task(edition.slug, "", dimensions or (), lang)
        for cluster in _clusters(places, edition):
            if not request.clusters or cluster in request.clusters:
                yield _task(edition.slug, cluster, dimensions or (), lang)


def _task(edition: str, cluster: str, dimensions: tuple[str, ...], lang: str) -> Task:
    """Return one report, without its formats; its name tells edition, cluster, tables, language."""
    parts = [edition or "overview", *filter(None, [cluster]), *dimensions, lang]
    return Task("/".join(parts), "-".join(parts), edition, cluster, lang, dimensions, ())


def _dimensions(edition: Edition, request: Request) -> tuple[str, ...] | None:
    """Return the tables of an edition that are asked for; empty for all, None where it has none."""
    if not request.dimensions:
        return ()
    found = [each.slug for each in edition.dimensions if each.slug in request.dimensions]
    return tuple(found) or None


def _clusters(places: Places, edition: Edition) -> list[str]:
    """Return the clusters that have a city in an edition."""
    cities = set(places.tiers.loc[places.tiers["edition"] == edition.slug, "city_id"])
    found = set(places.membership.loc[places.membership["city_id"].isin(cities), "cluster"])
    return [each.slug for each in places.definitions if each.slug in found]


def _check(request: Request) -> None:
    """Refuse what can be known to be wrong before anything is read."""
    check_formats(request.formats)
    for lang in request.langs:
        if lang not in LANGUAGES:
            raise UnknownNameError("language", lang, LANGUAGES)
    if not request.formats or not request.langs:
        raise TierscapeError("give at least one format and one language.")
    if request.jobs < 0:
        raise TierscapeError(f"--jobs {request.jobs}: give 1 or more.")
    if request.output.exists() and not request.output.is_dir():
        raise TierscapeError(f"{request.output}: is a file. Give a folder with -o.")
    try:
        date.fromisoformat(request.date or "2000-01-01")
    except ValueError:
        raise TierscapeError(
            f"--date {request.date!r}: is no date. Give it as 2026-01-31."
        ) from None


def _tell(manifest: Manifest, todo: list[Task], output: Path, say: Say) -> int:
    """Name the reports that failed; return the exit code."""
    entries = [(task, manifest.reports[task.key]) for task in todo]
    failed = [(task, entry) for task, entry in entries if entry.errors]
    for task, entry in failed:
        for form, text in entry.errors.items():
            say(f"failed: {task.stem}.{form}: {text}")
    say(f"{output}: {len(todo) - len(failed)} of {len(todo)} reports made")
    return 1 if failed else 0


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
