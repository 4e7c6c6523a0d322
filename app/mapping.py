"""The command `map`: the atlas as one page, or a map or small multiples as an image."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tierscape.analysis import Places, analyse, load
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.data.physical_loader import load_coast, load_lakes, load_land
from tierscape.data.records import Edition
from tierscape.maps.figures.map import map_title, scene_map
from tierscape.maps.figures.panels import KINDS, panels_drawing
from tierscape.maps.figures.render import Size, parse_size, render, require_typst
from tierscape.maps.figures.scene import make_scene
from tierscape.maps.figures.words import LANGUAGES, title_of, word
from tierscape.maps.payload import AtlasData
from tierscape.outputs import beside_target
from tierscape.scoring.aggregate import summarise

PAGE = "html"
IMAGES = ("png", "svg", "pdf")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What to draw and where to; an edition or dimension that is empty is chosen (`_table`)."""

    output: Path
    data: Path | None = None
    edition: str = ""
    dimension: str = ""
    clusters: tuple[str, ...] = ()
    lang: str = "zh"
    size: str = "slide"
    projection: str = "auto"
    panels: str | None = None


def run(request: Request, say: Say = lambda _: None) -> None:
    """Draw what is asked for and write it, whole or not at all.

    Parameters
    ----------
    request
        The output's ending decides: `.html` is the atlas, `.png`, `.svg` and `.pdf` are figures.
    say
        Called with what the reader should know: the table chosen, and the names left out.

    Raises
    ------
    TierscapeError
        If the output cannot be written, found before anything is read, or nothing is to be drawn.
    UnknownNameError
        If an ending, size, edition, dimension, cluster, language or kind of panels is unknown.
    DataError
        With all problems of all inputs.
    """
    form = _form(request)
    size = parse_size(request.size)
    if form in IMAGES:
        require_typst()
    with beside_target(request.output) as beside:
        page = form == PAGE
        beside.write_bytes(_page(request) if page else _image(request, form, size, say))


def _form(request: Request) -> str:
    """Return the kind of file; check all that can be known before anything is read."""
    form = request.output.suffix.lower().removeprefix(".")
    if form not in {PAGE, *IMAGES}:
        raise UnknownNameError("ending of -o", form, (PAGE, *IMAGES))
    if request.lang not in LANGUAGES:
        raise UnknownNameError("language", request.lang, LANGUAGES)
    if request.panels and request.panels not in KINDS:
        raise UnknownNameError("panels", request.panels, KINDS)
    if form == PAGE and request.panels:
        raise TierscapeError(
            f"--panels is for {', '.join(IMAGES)}: the atlas has views of its own."
        )
    return form


def _page(request: Request) -> bytes:
    """Return the atlas, as `build` writes it."""
    from tierscape.main_job import output_files  # noqa: PLC0415 - folium is heavy

    result = analyse(load(request.data, [request.edition] if request.edition else ()))
    return dict(output_files(result, request.lang))["atlas.html"]().encode()


def _image(request: Request, form: str, size: Size, say: Say) -> bytes:
    """Return the figure."""
    places = load(request.data)
    landforms = {each.slug: each.landform for each in places.definitions}
    data = figure_data(places, summarise(places.tiers, places.membership, landforms))
    edition, dimension = table_of(places, request.edition, request.dimension)
    say(f"{edition}/{dimension}")
    coast = load_coast()
    if request.panels:
        drawing = panels_drawing(
            data,
            kind=request.panels,
            edition=edition,
            dimension=dimension,
            clusters=request.clusters,
            lang=request.lang,
            size=size,
            coast=coast,
        )
        title = title_of(_edition(places, edition), request.lang)
    else:
        scene = make_scene(
            data,
            edition=edition,
            dimension=dimension,
            clusters=request.clusters,
            lang=request.lang,
            coast=coast,
        )
        drawing, title = scene_map(scene, data, size, request.projection), map_title(scene)
    if drawing.dropped:
        say(word("en", "dropped", count=len(drawing.dropped)))
    return render(drawing, form, size, title=title, lang=request.lang)


def figure_data(places: Places, clusters: pd.DataFrame) -> AtlasData:
    """Return places and results as maps take them; figures need no comparisons and claims."""
    return AtlasData(
        cities=places.cities,
        tiers=places.tiers,
        clusters=clusters,
        membership=places.membership,
        comparisons=pd.DataFrame(),
        claims=pd.DataFrame(),
        editions=places.editions,
        definitions=places.definitions,
        land=load_land(),
        lakes=load_lakes(),
    )


def table_of(places: Places, edition: str = "", dimension: str = "") -> tuple[str, str]:
    """Return the slugs of the table to show: the largest edition, its first dimension.

    Raises
    ------
    UnknownNameError
        If there is no such edition, or no such dimension in it.
    """
    if edition:
        book = _edition(places, edition)
    else:
        with_it = [each for each in places.editions if not dimension or _has(each, dimension)]
        if not with_it:
            every = {each.slug for book in places.editions for each in book.dimensions}
            raise UnknownNameError("dimension", dimension, every)
        sizes = places.tiers.groupby("edition")["city_id"].nunique()
        book = max(with_it, key=lambda each: int(sizes.get(each.slug, 0)))
    if dimension and not _has(book, dimension):
        raise UnknownNameError("dimension", dimension, [each.slug for each in book.dimensions])
    return book.slug, dimension or book.dimensions[0].slug


def _edition(places: Places, slug: str) -> Edition:
    """Return the edition of a slug."""
    known = {each.slug: each for each in places.editions}
    if slug not in known:
        raise UnknownNameError("edition", slug, known)
    return known[slug]


def _has(edition: Edition, dimension: str) -> bool:
    return any(each.slug == dimension for each in edition.dimensions)
