"""The commands `assign` and `geocode` on tables in parts."""

from collections.abc import Callable
from pathlib import Path

from tierscape import assign_job, geocoding
from tierscape.assigning import by_place, of_the_city, read_facts
from tierscape.data.catalog import open_catalog
from tierscape.data.errors import DataError, TierscapeError
from tierscape.data.reading import Fields, read_toml
from tierscape.engine import Run, check_run, run_parts
from tierscape.engine_asked import Engine
from tierscape.engine_assign import Assign, assign_work
from tierscape.engine_geocode import geocode_work
from tierscape.engine_parts import find_parts
from tierscape.engine_points import where_in

Say = Callable[[str], None]


def assign_parts(request: assign_job.Request, engine: Engine, say: Say) -> bool:
    """Assign every row of a table in parts, and tell whether all had good coordinates.

    Raises
    ------
    DataError
        With every part or row that is bad.
    TierscapeError
        If there is no output, `--json` is asked for, or the engine cannot be used.
    """
    if request.as_json:
        raise TierscapeError("parts: they are written as parts; leave out --json.")
    run = _run(request.output, engine)
    parts = find_parts(request.file)
    where = where_in(parts, str(request.file), request.lon, request.lat)
    data = request.data.resolve() if request.data else None
    work = assign_work(parts.columns, where, keep_bad=request.keep_bad, data=data)
    _explain(work, say)
    return run_parts(parts, work, run, say)


def geocode_parts(request: geocoding.Request, engine: Engine, say: Say) -> bool:
    """Geocode every row of a table in parts; tell whether all were matched for sure.

    Raises
    ------
    DataError
        With every part or row that is bad.
    TierscapeError
        If there is no output, `--json` is asked for, or the engine cannot be used.
    """
    if request.as_json or request.names or len(request.inputs) != 1:
        raise TierscapeError("parts: give one folder or pattern, without --names and --json.")
    run = _run(request.output, engine)
    parts = find_parts(request.inputs[0])
    data = request.data.resolve() if request.data else None
    work = geocode_work(
        parts.columns,
        name=request.name_column,
        country=request.country_column,
        scope=_scope(request),
        data=data,
    )
    say("each name is answered on its own: those of a part do not help each other")
    return run_parts(parts, work, run, say)


def _run(output: Path | None, engine: Engine) -> Run:
    if output is None:
        raise TierscapeError("parts: give a folder for the result with -o.")
    run = Run(output, engine.name, engine.scheduler, engine.resume)
    check_run(run)
    return run


def _explain(work: Assign, say: Say) -> None:
    """Tell which clusters are answered by the nearest place, and which only by a city's id."""
    if "city_id" in work.reads:
        return
    facts = read_facts(work.data)
    say(
        "country and province are those of nearest_place; they decide " + ", ".join(by_place(facts))
    )
    say("left out, since their rules list cities: " + ", ".join(of_the_city(facts)))


def _scope(request: geocoding.Request) -> tuple[str, ...]:
    """Return the countries of the edition; none where no edition is given."""
    if request.edition is None:
        return ()
    path = open_catalog(request.data).item("editions", request.edition)
    fields = Fields(str(path), read_toml(path))
    codes = fields.texts("countries", required=False)
    if fields.problems:
        raise DataError(fields.problems)
    return codes
