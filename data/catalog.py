"""Where facts are found: the package's own folder, overlaid by the user's."""

from dataclasses import dataclass
from pathlib import Path

from .errors import TierscapeError, UnknownNameError

BUILT_IN = Path(__file__).parent

#: Kinds of facts: the folder they live in, and what an item of it looks like.
KINDS = {
    "editions": "*/edition.toml",
    "rubrics": "*/rubric.toml",
    "claims": "*/claims.toml",
    "named_clusters": "*.toml",
    "aliases": "*.csv",
}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Folders of facts in order; an item of a later folder replaces its namesake."""

    roots: tuple[Path, ...] = (BUILT_IN,)

    def items(self, kind: str) -> dict[str, Path]:
        """Return slug to file of every item of `kind`, sorted by slug."""
        pattern = KINDS[kind]
        found: dict[str, Path] = {}
        for root in self.roots:
            for path in sorted((root / kind).glob(pattern)):
                slug = path.parent.name if "/" in pattern else path.stem
                found[slug] = path
        return dict(sorted(found.items()))

    def item(self, kind: str, slug: str) -> Path:
        """Return the file of one item.

        Raises
        ------
        UnknownNameError
            If there is none; the message names the nearest slug.
        """
        found = self.items(kind)
        if slug not in found:
            raise UnknownNameError(kind.replace("_", " ").removesuffix("s"), slug, found)
        return found[slug]

    def is_own(self, path: Path) -> bool:
        """Tell whether `path` is one of the package's own facts."""
        return path.is_relative_to(BUILT_IN)


def open_catalog(data: Path | None = None) -> Catalog:
    """Return the built-in facts, overlaid by the user's folder `data` where given.

    Raises
    ------
    TierscapeError
        If `data` is not a folder, or has none of the folders that hold facts.
    """
    if data is None:
        return Catalog()
    folder = Path(data)
    if not folder.is_dir():
        raise TierscapeError(f"{folder}: is not a folder. Give a folder that holds editions/.")
    if not any((folder / kind).is_dir() for kind in KINDS):
        raise TierscapeError(f"{folder}: holds none of the folders {', '.join(KINDS)}.")
    return Catalog((BUILT_IN, folder))
