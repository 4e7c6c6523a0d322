"""The check command: every problem of a user's edition, cluster file or folder, at once."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from tierscape.analysis import place_cities, resolve_editions
from tierscape.clusters.explain import unmatched
from tierscape.clusters.measures import geodesic_measures
from tierscape.data.catalog import BUILT_IN, KINDS, Catalog
from tierscape.data.claim_loader import load_claims
from tierscape.data.cluster_loader import load_cluster, load_clusters
from tierscape.data.edition_loader import load_editions, read_edition
from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.data.known_names import known_names, name_titles
from tierscape.data.records import ClusterDefinition
from tierscape.data.rubric_loader import load_rubric
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import load_aliases
from tierscape.geo.places import city_table
from tierscape.score_folders import INDEX, is_score_folder, open_facts, score_folders
from tierscape.score_places import read_ranking

#: The folders of facts.
_FOLDERS = ", ".join((*KINDS, "scores"))


def check(path: Path, data: Path | None = None) -> list[Problem]:
    """Return every problem of an edition, a cluster file, or a folder of facts.

    Parameters
    ----------
    path
        A folder with `edition.toml` (or that file), a score folder (or its `index.toml`), a
        cluster's TOML file, or a folder that holds `editions/`, `scores/`, `named_clusters/`,
        `claims/`, `aliases/`.
    data
        A folder whose facts the checked ones may refer to (aliases, rubrics).

    Returns
    -------
    list of Problem
        In the order of the files; empty if there are none.

    Raises
    ------
    TierscapeError
        If `path` is none of these.
    """
    catalog = open_facts(data)
    if path.name == INDEX or is_score_folder(path):
        folder = path.parent if path.name == INDEX else path
        return _problems([partial(read_ranking, folder, catalog)])
    if path.is_dir() and not (path / "edition.toml").is_file():
        if any((path / kind).is_dir() for kind in (*KINDS, "scores")):
            return _problems(_folder_tasks(Catalog((*catalog.roots, path))))
        raise TierscapeError(
            f"{path}: holds neither edition.toml nor index.toml nor any of {_FOLDERS}."
        )
    if path.is_dir() or path.name == "edition.toml":
        file = path / "edition.toml" if path.is_dir() else path
        return _problems([partial(_edition, file, catalog)])
    if not path.exists():
        raise TierscapeError(f"{path}: there is no such file or folder.")
    if path.suffix == ".toml" and path.name not in {"claims.toml", "rubric.toml"}:
        return _problems([partial(_cluster, path, catalog)])
    raise TierscapeError(
        f"{path}: is checked with its folder: give the edition's folder, or the one that holds "
        f"{_FOLDERS}."
    )


def _folder_tasks(catalog: Catalog) -> list[Callable[[], object]]:
    """Return what checks every fact of the last root, with those below it for reference."""
    own = catalog.roots[-1]
    editions = [path for path in catalog.items("editions").values() if _is_in(path, own)]
    scores = score_folders(catalog).values()
    return [
        *(partial(_edition, path, catalog) for path in editions),
        *(partial(read_ranking, path, catalog) for path in scores if _is_in(path, own)),
        partial(load_clusters, catalog, known=known_names()),
        partial(_matched, catalog, own),
        partial(load_claims, catalog),
        partial(_aliases, catalog),
        *(partial(load_rubric, catalog, slug) for slug in catalog.items("rubrics")),
    ]


def _aliases(catalog: Catalog) -> None:
    """Read every alias."""
    with gazetteer() as places:
        load_aliases(catalog, places)


def _cluster(path: Path, catalog: Catalog) -> None:
    """Read one cluster file, and find a ranked city for each of its rules."""
    others = catalog.items("named_clusters")
    _match([load_cluster(path, known=known_names(), others=others)], catalog)


def _matched(catalog: Catalog, own: Path) -> None:
    """Find a ranked city for each rule of the clusters in a folder."""
    files = catalog.items("named_clusters")
    slugs = [slug for slug, path in files.items() if _is_in(path, own)]
    if slugs:
        _match(load_clusters(catalog, slugs, known=known_names()), catalog)


def _match(clusters: Iterable[ClusterDefinition], catalog: Catalog) -> None:
    """Raise a problem for each rule that no ranked city of any edition satisfies."""
    editions = load_editions(catalog)
    cities = place_cities(city_table(editions, resolve_editions(catalog, editions)))
    found = unmatched(clusters, cities, measures=geodesic_measures(), titles=name_titles())
    if found:
        raise DataError(found)


def _is_in(path: Path, root: Path) -> bool:
    return root != BUILT_IN and path.is_relative_to(root)


def _edition(path: Path, catalog: Catalog) -> None:
    """Read one edition and find its cities."""
    edition, problems = read_edition(path, rubrics=catalog.items("rubrics"))
    resolve_editions(catalog, [edition], problems)


def _problems(tasks: Iterable[Callable[[], object]]) -> list[Problem]:
    """Run every task and return the problems of those that fail, each once."""
    found: list[Problem] = []
    for task in tasks:
        try:
            task()
        except DataError as error:
            found += error.problems
    return list(dict.fromkeys(found))
