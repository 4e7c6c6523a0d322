"""Score folders among a user's facts: `--data` is one, or holds them in `scores/`."""

from pathlib import Path

from tierscape.data.catalog import BUILT_IN, Catalog, open_catalog

INDEX = "index.toml"


def is_score_folder(path: Path) -> bool:
    """Tell whether a folder holds `index.toml`."""
    return (path / INDEX).is_file()


def open_facts(data: Path | None = None) -> Catalog:
    """Return the built-in facts, overlaid by the user's folder, which may be a score folder.

    Parameters
    ----------
    data
        A score folder, or a folder that holds `scores/<slug>/` or any folder of facts.

    Raises
    ------
    TierscapeError
        If `data` is no folder, or holds none of these.
    """
    if data is None:
        return Catalog()
    catalog = Catalog((BUILT_IN, named(Path(data))))
    return catalog if score_folders(catalog) else open_catalog(data)


def score_folders(catalog: Catalog) -> dict[str, Path]:
    """Return slug to folder of every score folder of the user's, sorted by slug.

    Examples
    --------
    >>> score_folders(Catalog())
    {}
    """
    found: dict[str, Path] = {}
    for root in catalog.roots[1:]:
        inside = [root] if is_score_folder(root) else []
        inside += [path.parent for path in (root / "scores").glob(f"*/{INDEX}")]
        found |= {folder.name: folder for folder in inside}
    return dict(sorted(found.items()))


def named(folder: Path) -> Path:
    """Return a folder whose last part is its name, which is its slug: not `.` or `..`."""
    return folder if folder.name not in {"", ".."} else folder.resolve()
