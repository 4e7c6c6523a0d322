"""What the score command does with its options: list and write templates, compute, and tell."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tierscape.data.errors import TierscapeError
from tierscape.data.score_template import template_slugs, write_template
from tierscape.score_folders import named

#: Notes that the terminal shows.
NOTES = 20


@dataclass(frozen=True, slots=True)
class Request:
    """The options of the command; `folder` is a score folder, or where a template goes."""

    folder: Path | None = None
    output: Path | None = None
    draws: int | None = None
    seed: int | None = None
    template: str | None = None
    templates: bool = False
    lang: str = "en"
    data: Path | None = None
    as_json: bool = False
    engine: str = "local"
    scheduler: str | None = None
    resume: bool = False


def run(request: Request, say: Callable[[str], None]) -> tuple[str, bool]:
    """Do what is asked for.

    Parameters
    ----------
    request
        The options.
    say
        Takes what is no data.

    Returns
    -------
    text, whole
        What to print, and whether nothing was left out.

    Raises
    ------
    TierscapeError
        If no folder is given, or as `score`, `write_scores` and `write_template` do.

    Examples
    --------
    >>> print(run(Request(templates=True), print)[0])
    arab-2024
    asia-2023
    cstc-2021
    g20-2023
    """
    if request.templates:
        return "\n".join(template_slugs()), True
    if request.folder is None:
        raise TierscapeError("which folder? Give a score folder, or begin with --template.")
    if request.template is not None:
        written = write_template(request.template, request.folder, lang=request.lang)
        say(f"{request.folder}: fill in what `tierscape check {request.folder}` asks for")
        return "\n".join(map(str, written)), True
    return _scored(request, request.folder, say)


def _scored(request: Request, folder: Path, say: Callable[[str], None]) -> tuple[str, bool]:
    from tierscape.engine_asked import Engine  # noqa: PLC0415
    from tierscape.engine_tasks import task_engine  # noqa: PLC0415
    from tierscape.outputs import check_folder  # noqa: PLC0415
    from tierscape.score_output import write_scores  # noqa: PLC0415
    from tierscape.score_page import as_text  # noqa: PLC0415 - templates need none of these
    from tierscape.score_summary import short_page  # noqa: PLC0415
    from tierscape.scores import score  # noqa: PLC0415

    output = request.output or Path("out") / named(folder).name
    check_folder(output)
    asked = Engine(request.engine, request.scheduler, request.resume)
    with task_engine(asked, output, partial(_request_text, request, folder), say) as mapped:
        scores = score(
            folder,
            draws=request.draws,
            seed=request.seed,
            data=request.data,
            progress=say,
            mapped=mapped,
        )
        written = write_scores(scores, output, request.lang)
    notes = scores.findings.notes
    for note in notes[:NOTES]:
        say(f"note: {note}")
    if len(notes) > NOTES:
        say(f"note: {len(notes) - NOTES} more are in {output / 'summary.md'}")
    say(f"{output}: {len(written) + 1} files. Open {output / 'summary.html'} in a browser.")
    if request.as_json:
        return _json(scores, list(written)), scores.whole
    return as_text(short_page(scores.findings, request.lang)), scores.whole


def _request_text(request: Request, folder: Path) -> str:
    """Return all that decides the tasks: options, and the content of the user's files."""
    from tierscape.outputs import sha256  # noqa: PLC0415
    from tierscape.score_output import INPUTS  # noqa: PLC0415 - templates need neither

    files = [folder / name for name in INPUTS]
    files += sorted(request.data.rglob("*")) if request.data else []
    lines = [f"{path}: {sha256(path.read_bytes())}" for path in files if path.is_file()]
    return "\n".join([f"draws: {request.draws}, seed: {request.seed}", *lines])


def _json(scores: Any, files: list[str]) -> str:  # noqa: ANN401 - of a module loaded late
    found, result = scores.findings.found, scores.ranking.result
    told = {
        "index": result.index.slug,
        "cities": _records(found.cities.assign(total=result.totals[found.cities["city"]].values)),
        "tiers": _records(result.shares),
        "choices": _records(found.drivers),
        "drivers": _records(scores.findings.drivers),
        "clusters": _records(scores.findings.clusters),
        "notes": list(scores.findings.notes),
        "files": [*files, "manifest.json"],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _records(table: Any) -> Any:  # noqa: ANN401 - a table
    """Return rows as plain values; a missing one is null."""
    return json.loads(table.to_json(orient="records", force_ascii=False))
