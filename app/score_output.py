"""The files of the score command: tables, page, edition and manifest, all written or none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tierscape import __version__
from tierscape.data.catalog import BUILT_IN
from tierscape.outputs import as_json, sha256, table_csv
from tierscape.score_edition import edition_files
from tierscape.score_files import write_tree
from tierscape.score_page import as_html, as_markdown
from tierscape.score_summary import page
from tierscape.score_tables import (
    choices_table,
    correlation_table,
    left_out_table,
    profile_table,
    ranks_table,
    scores_table,
    weights_table,
)
from tierscape.scores import Scores

#: The files of a score folder that are read.
INPUTS = ("index.toml", "ladders.csv", "ratings.csv", "ratings.xlsx", "experts.csv", "cities.csv")


def write_scores(scores: Scores, output: Path, lang: str) -> dict[str, str]:
    """Write all files of a score folder's results, or none; return their checksums.

    Parameters
    ----------
    scores
        What `score` returns.
    output
        The folder to write; other files in it stay.
    lang
        Language of the page, `zh` or `en`.

    Raises
    ------
    TierscapeError
        If the folder cannot be written.
    """
    files = output_files(scores, lang)
    written = {name: sha256(text.encode()) for name, text in files.items()}
    write_tree(output, {**files, "manifest.json": _manifest(scores, written)})
    return written


def output_files(scores: Scores, lang: str) -> dict[str, str]:
    """Return every file but the manifest: its path below the output folder, and its text."""
    found, result = scores.findings.found, scores.ranking.result
    folder, ids = scores.ranking.folder, scores.ranking.city_ids
    sections = page(scores.findings, lang)
    tables = {
        "scores": scores_table(result, ids),
        "ranks": ranks_table(found, ids),
        "tiers": result.shares,
        "weights": weights_table(result),
        "consistency": result.weights.consistency,
        "filled": scores.findings.filled,
        "collection": result.counts.rename_axis("indicator").reset_index(),
        "drivers": scores.findings.drivers,
        "choices": choices_table(found),
        "leave_one_out": left_out_table(found),
        "cluster_scores": scores.findings.clusters,
        "cluster_differences": scores.differences,
        "profiles": profile_table(folder, result, scores.places.cities, ids),
        "correlations": correlation_table(folder, result),
    }
    files = {f"{name}.csv": table_csv(table) for name, table in tables.items()}
    files |= {"summary.md": as_markdown(sections), "summary.html": as_html(sections, lang)}
    edition = scores.ranking.edition
    inside = f"editions/{edition.slug}"
    return files | {f"{inside}/{name}": text for name, text in edition_files(edition).items()}


def _manifest(scores: Scores, written: Mapping[str, str]) -> str:
    plan, index = scores.findings.found.plan, scores.ranking.folder.index
    content: dict[str, Any] = {
        "tierscape": __version__,
        "index": index.slug,
        "draws": plan.scenarios,
        "seed": index.seed if plan.seed is None else plan.seed,
        "inputs": _inputs(scores),
        "files": dict(written),
    }
    return as_json(content)


def _inputs(scores: Scores) -> dict[str, str]:
    """Return the checksum of every file that was read."""
    folder = scores.ranking.folder.folder
    files = {f"score/{name}": folder / name for name in INPUTS}
    for kind in ("named_clusters", "aliases"):
        for path in scores.catalog.items(kind).values():
            where = "" if scores.catalog.is_own(path) else "--data/"
            files[f"{where}{kind}/{path.name}"] = path
    for kind in ("gazetteer", "physical"):
        files |= {f"{kind}/{path.name}": path for path in (BUILT_IN / kind).iterdir()}
    return {name: sha256(path.read_bytes()) for name, path in files.items() if path.is_file()}
