"""Checksums of what results are made from: facts, program, libraries."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from tierscape.analysis import Places
from tierscape.data.catalog import KINDS, Catalog
from tierscape.outputs import sha256

_PACKAGES = ("", ".data", ".geo", ".clusters", ".scoring", ".maps", ".reports")
_PROGRAM = {".py", ".typ", ".html", ".css", ".js"}


def fact_checksums(places: Places) -> dict[str, str]:
    """Return the checksum of every file of facts that was read, by its path below its root.

    Examples
    --------
    >>> from tierscape.analysis import load
    >>> found = fact_checksums(load(editions=["arab-2024"]))
    >>> "editions/arab-2024/edition.toml" in found, len(found["named_clusters/alps.toml"])
    (True, 64)
    """
    chosen = {edition.file.parent for edition in places.editions}
    files = [path for folder in chosen for path in folder.iterdir()]
    for kind in ("rubrics", "claims", "named_clusters", "aliases"):
        for path in places.catalog.items(kind).values():
            files += path.parent.iterdir() if "/" in KINDS[kind] else [path]
    for folder in ("gazetteer", "physical"):
        files += (places.catalog.roots[0] / folder).iterdir()
    return {
        _label(places.catalog, path): sha256(path.read_bytes())
        for path in sorted(files)
        if path.is_file()
    }


def program_checksum(libraries: Iterable[str]) -> str:
    """Return one checksum of the package's own code and templates, and of libraries' versions.

    Parameters
    ----------
    libraries
        Names of distributions; one that is not installed counts as that.
    """
    parts = [f"{name} {_version(name)}" for name in libraries]
    for package in _PACKAGES:
        spec = find_spec(f"tierscape{package}")
        for root in map(Path, (spec and spec.submodule_search_locations) or ()):
            paths = sorted(path for path in root.rglob("*") if path.suffix in _PROGRAM)
            parts += [f"{package}/{p.relative_to(root)} {sha256(p.read_bytes())}" for p in paths]
    return sha256("\n".join(parts).encode())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _label(catalog: Catalog, path: Path) -> str:
    """Return the path below its root; a user's own facts are told by `--data`."""
    if catalog.is_own(path):
        return path.relative_to(catalog.roots[0]).as_posix()
    return f"--data/{path.relative_to(catalog.roots[-1]).as_posix()}"
