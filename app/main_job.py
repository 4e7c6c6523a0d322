"""The main job: everything that one call makes, written whole or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tierscape import __version__
from tierscape.analysis import Analysis, Places, Progress, analyse, load
from tierscape.atlas_layers import with_layers
from tierscape.input_files import fact_checksums
from tierscape.maps.atlas import atlas_html
from tierscape.maps.geojson import cities_geojson, clusters_geojson
from tierscape.maps.outlines import WholeOutline, cut_outlines, whole_outlines
from tierscape.outputs import as_json, check_folder, sha256, table_csv, write_folder
from tierscape.reports.inputs import atlas_data

Maker = Callable[[], str]


def build(
    output: Path,
    *,
    data: Path | None = None,
    editions: Iterable[str] = (),
    lang: str = "zh",
    progress: Progress = lambda _: None,
    note: Progress = lambda _: None,
) -> dict[str, str]:
    """Make the atlas and its tables.

    Parameters
    ----------
    output
        The folder to write. Other files in it stay.
    data
        A folder of your own facts, laid over the built-in ones.
    editions
        Slugs of the editions to build; all where empty.
    lang
        The language that the atlas opens in, `zh` or `en`.
    progress
        Called with the name of each stage before it begins.
    note
        Called with what the user should know of the result.

    Returns
    -------
    dict
        File name to SHA-256 of every file written but the manifest.

    Raises
    ------
    DataError
        With all problems of all inputs; nothing is written.
    TierscapeError
        If the folder cannot be written; that is found before anything is computed.
    """
    check_folder(output)
    progress("reading editions and placing cities")
    places = load(data, editions)
    _tell_empty(places, note)
    result = analyse(places, progress)
    progress("drawing and writing")
    written: dict[str, str] = {}
    write_folder(output, _recorded(output_files(result, lang), places, written))
    return written


def _tell_empty(places: Places, note: Progress) -> None:
    """Tell which clusters have no city in the editions read; their rows are missing."""
    filled = set(places.membership["cluster"])
    empty = [each.slug for each in places.definitions if each.slug not in filled]
    if empty:
        note(f"no city of these editions is in {', '.join(empty)}")


def output_files(result: Analysis, lang: str = "zh") -> list[tuple[str, Maker]]:
    """Return every file of a build but its manifest: the name, and what makes its text."""
    places = result.places
    tables = {
        "cities": places.cities,
        "membership": places.membership,
        "tiers": places.tiers,
        "clusters": result.clusters,
        "comparisons": result.comparisons,
        "claims": result.claims,
        "audit": result.audit,
    }
    outlines = tuple(whole_outlines(places.membership, places.cities))
    files: list[tuple[str, Maker]] = [("atlas.html", partial(_atlas, result, outlines, lang))]
    files += [(f"{name}.csv", partial(table_csv, table)) for name, table in tables.items()]
    files.append(("cities.geojson", partial(cities_geojson, places.cities, places.tiers)))
    files.append(("clusters.geojson", partial(_outlines, result, outlines)))
    return files


def _atlas(result: Analysis, outlines: Sequence[WholeOutline], lang: str) -> str:
    data = replace(atlas_data(result), outlines=outlines)
    return atlas_html(with_layers(data, result.places), lang=lang)


def _outlines(result: Analysis, outlines: Sequence[WholeOutline]) -> str:
    shapes = cut_outlines(outlines)
    return clusters_geojson(shapes, result.places.definitions, result.clusters)


def _recorded(
    files: Iterable[tuple[str, Maker]], places: Places, written: dict[str, str]
) -> Iterator[tuple[str, Maker]]:
    """Yield each file and note its checksum; the manifest comes last and tells them all."""
    for name, make in files:
        text = make()
        written[name] = sha256(text.encode())
        yield name, partial(str, text)
    yield "manifest.json", partial(_manifest, places, written)


def _manifest(places: Places, written: dict[str, str]) -> str:
    return as_json(
        {
            "tierscape": __version__,
            "editions": [edition.slug for edition in places.editions],
            "seed": None,
            "inputs": fact_checksums(places),
            "files": written,
        }
    )
