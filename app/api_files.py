"""Public names: the atlas as a folium map, and maps as images."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tierscape.analysis import Analysis, Progress
from tierscape.atlas_layers import with_layers
from tierscape.mapping import Request, figure_data, run
from tierscape.naming import slugs_of

if TYPE_CHECKING:
    from tierscape.maps.atlas import Atlas


def atlas(result: Analysis, *, lang: str = "zh") -> "Atlas":
    """Return the interactive atlas as a folium map.

    Parameters
    ----------
    result
        What `analyse` returns.
    lang
        The language that the page opens in, `zh` or `en`; the reader can switch.

    Returns
    -------
    Atlas
        A `folium.Map`: add layers to it, show it in a notebook, or write it with `save_offline`.

    Raises
    ------
    UnknownNameError
        If the language is neither.

    Examples
    --------
    >>> import tempfile
    >>> from tierscape import analyse, load, save_offline
    >>> page = atlas(analyse(load(editions=["arab-2024"])), lang="en")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_offline(page, Path(folder) / "arab.html", policy=True)
    ...     "Dubai" in (Path(folder) / "arab.html").read_text(encoding="utf-8")
    True
    """
    from tierscape.maps.atlas import build_atlas  # noqa: PLC0415 - folium is heavy

    places = result.places
    data = replace(
        figure_data(places, result.clusters), comparisons=result.comparisons, claims=result.claims
    )
    return build_atlas(with_layers(data, places), lang=lang)


def report(  # noqa: PLR0913 - each is one choice of the reader's
    output: Path,
    *,
    clusters: Iterable[str] = (),
    editions: Iterable[str] = (),
    dimensions: Iterable[str] = (),
    langs: Iterable[str] = ("zh", "en"),
    formats: Iterable[str] = ("pdf",),
    jobs: int = 1,
    date: str = "",
    data: Path | None = None,
    note: Progress = lambda _: None,
) -> bool:
    """Write reports: of clusters, of rankings, and an overview; only what has changed is made.

    Parameters
    ----------
    output
        The folder. Other files in it stay.
    clusters, editions, dimensions
        What to report on, by slug or title; all where empty. With clusters there are no
        comparisons of all, and with any of the three no overview.
    langs, formats
        `zh`, `en`; `pdf`, `html`, `md`, `xlsx`, `pptx`.
    jobs
        How many processes; 0 for as many as there are processors. With more than one, a script
        must call this below `if __name__ == "__main__":`.
    date
        ISO date to print; none where empty, unless `SOURCE_DATE_EPOCH` is set.
    data
        A folder of your own facts, laid over the built-in ones.
    note
        Called with what the user should know: stages, and the reports that failed.

    Returns
    -------
    bool
        Whether every report is whole.

    Raises
    ------
    UnknownNameError, TierscapeError
        If a name, language or format is unknown, a package is missing, or the folder cannot be
        written or is in use.
    DataError
        With all problems of all inputs.

    Examples
    --------
    Whether the Nile's report in every format is whole, in both languages::

        report(Path("reports"), clusters=["nile"], formats=["pdf", "pptx", "xlsx", "html", "md"])

    What is wrong is told before anything is read:

    >>> report(Path("reports"), clusters=["尼罗河"], formats=["pfd"])
    Traceback (most recent call last):
    tierscape.data.errors.UnknownNameError: unknown format 'pfd'. Did you mean 'pdf'?
    """
    from tierscape.reporting import Request as Reports  # noqa: PLC0415 - it loads every writer
    from tierscape.reporting import run as make  # noqa: PLC0415

    asked = {"cluster": clusters, "edition": editions, "dimension": dimensions}
    slugs = {f"{kind}s": slugs_of(kind, names, data) for kind, names in asked.items()}
    wanted = Reports(
        output=Path(output),
        data=data,
        langs=tuple(langs),
        formats=tuple(formats),
        jobs=jobs,
        date=date,
        **slugs,
    )
    return make(wanted, say=note) == 0


def draw_map(  # noqa: PLR0913 - each is one choice of the reader's
    output: Path,
    *,
    clusters: Iterable[str] = (),
    edition: str = "",
    dimension: str = "",
    lang: str = "zh",
    size: str = "slide",
    projection: str = "auto",
    panels: str | None = None,
    data: Path | None = None,
) -> Path:
    r"""Draw a map for a slide, a post or a poster.

    Parameters
    ----------
    output
        `.png`, `.svg` or `.pdf`; or `.html`, which is the atlas.
    clusters
        Close in on these, by slug or title; the world where there is none.
    edition, dimension
        The table to draw, by slug or title; the edition with most cities, and its first table.
    lang
        `zh` or `en`.
    size
        `slide`, `post`, `poster`, `poster-wide`, or pixels such as `800x600`.
    projection
        `auto`, `world`, `pacific`, `equal-area` or `conformal`.
    panels
        One panel for each of the `clusters` or `editions`; None is one map.
    data
        A folder of your own facts, laid over the built-in ones.

    Returns
    -------
    pathlib.Path
        The file, written whole or not at all. The same inputs give the same bytes.

    Raises
    ------
    UnknownNameError, TierscapeError
        If a name or size is unknown, typst is not installed, or the file cannot be written.
    DataError
        With all problems of all inputs.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     image = draw_map(Path(folder) / "alps.png", clusters=["alps"], size="400x300")
    ...     image.read_bytes()[:4]
    b'\x89PNG'
    """
    names = {
        "clusters": slugs_of("cluster", clusters, data),
        "edition": "".join(slugs_of("edition", [edition] if edition else [], data)),
        "dimension": "".join(slugs_of("dimension", [dimension] if dimension else [], data)),
    }
    shape = {"size": size, "projection": projection, "panels": panels}
    run(Request(output=Path(output), data=data, lang=lang, **names, **shape))  # type: ignore[arg-type]
    return Path(output)
