"""Clusters, editions and dimensions by the names that people use: slug, or title zh or en."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tierscape.data.errors import DataError, TierscapeError, did_you_mean, nearest
from tierscape.data.reading import read_toml
from tierscape.score_folders import INDEX, open_facts, score_folders

#: The folder of facts of each kind of name.
FOLDERS = {"cluster": "named_clusters", "edition": "editions", "dimension": "editions"}

#: Slug to its titles.
Titles = Mapping[str, tuple[str, ...]]


def slugs_of(kind: str, names: Iterable[str], data: Path | None = None) -> tuple[str, ...]:
    """Return the slug of each name.

    Parameters
    ----------
    kind
        `cluster`, `edition` or `dimension`.
    names
        Slugs, or titles in Chinese or English.
    data
        A folder of your own facts, laid over the built-in ones.

    Raises
    ------
    TierscapeError
        If a name is neither; the message gives the nearest slug with its titles.

    Examples
    --------
    >>> slugs_of("cluster", ["alps", "落基山脉", "great lakes"])
    ('alps', 'rockies', 'great-lakes')
    >>> slugs_of("cluster", ["阿尔卑斯"])
    Traceback (most recent call last):
    tierscape.data.errors.TierscapeError: unknown cluster '阿尔卑斯'. \
Did you mean 'alps'? (阿尔卑斯山脉, Alps)
    """
    wanted = tuple(names)
    if not wanted:
        return ()
    files = _files(kind, data)
    if kind != "dimension" and all(name in files for name in wanted):
        return wanted
    titles = _titles(kind, files)
    return tuple(_slug(kind, name, titles) for name in wanted)


def names_from(kind: str, start: str, data: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the slugs, and the titles of one word, that begin with a text.

    Parameters
    ----------
    kind
        `cluster`, `edition` or `dimension`.
    start
        What is typed so far; where it is empty there are slugs only.
    data
        A folder of your own facts, laid over the built-in ones.

    Returns
    -------
    dict
        Name to the titles of what it stands for.

    Examples
    --------
    >>> names_from("cluster", "阿尔")
    {'阿尔卑斯山脉': ('阿尔卑斯山脉', 'Alps')}
    """
    titles = _titles(kind, _files(kind, data))
    return {
        name: tuple(dict.fromkeys(texts))
        for slug, texts in titles.items()
        for name in (slug, *(text for text in texts if start and " " not in text))
        if name.startswith(start)
    }


def _files(kind: str, data: Path | None) -> dict[str, Path]:
    """Return the file of every item that may be named."""
    catalog = open_facts(data)
    files = catalog.items(FOLDERS[kind])
    if kind != "cluster":
        files |= {slug: folder / INDEX for slug, folder in score_folders(catalog).items()}
    return files


def _titles(kind: str, files: Mapping[str, Path]) -> dict[str, tuple[str, ...]]:
    """Return the titles of all items; a file that cannot be read has none here."""
    found: dict[str, tuple[str, ...]] = {}
    for slug, path in files.items():
        try:
            table = read_toml(path)
        except DataError:
            table = {}
        if kind != "dimension":
            found[slug] = _both(table)
            continue
        for each in _dimensions(table):
            if isinstance(each, dict) and isinstance(each.get("slug"), str):
                found[each["slug"]] = (*found.get(each["slug"], ()), *_both(each))
    return found


def _dimensions(table: Mapping[str, Any]) -> list[Any]:
    """Return the dimensions of an edition; of a score folder, its total and level 1."""
    nodes = [each for each in table.get("indicator", []) if isinstance(each, dict)]
    level = [each for each in nodes if not each.get("parent")]
    total = {"slug": "total", "title_zh": "总分", "title_en": "Total"}
    return [*table.get("dimension", []), *([total, *level] if level else [])]


def _both(table: Mapping[str, object]) -> tuple[str, ...]:
    titles = (table.get(key) for key in ("title_zh", "title_en"))
    return tuple(title for title in titles if isinstance(title, str) and title)


def _slug(kind: str, name: str, titles: Titles) -> str:
    """Return the slug of one name."""
    if name in titles:
        return name
    key = _key(name)
    same = [slug for slug, texts in titles.items() if key in map(_key, (slug, *texts))]
    if len(same) == 1:
        return same[0]
    near = same[:1] or _nearest(key, titles)
    if not near:
        raise TierscapeError(f"unknown {kind} {name!r}. {did_you_mean(name, titles)}")
    called = ", ".join(dict.fromkeys(titles[near[0]]))
    raise TierscapeError(f"unknown {kind} {name!r}. Did you mean {near[0]!r}? ({called})")


def _nearest(key: str, titles: Titles) -> list[str]:
    """Return the slug that is spelt most like a name or has the title most like it."""
    known = {_key(text): slug for slug, texts in titles.items() for text in (*texts, slug)}
    # A part of a title is nearer than a like spelling; the shortest such title is the nearest.
    within = sorted((text for text in known if len(key) > 1 and key in text), key=len)
    return [known[text] for text in (within or nearest(key, known))[:1]]


def _key(text: str) -> str:
    """Return a name without case, blanks and dashes."""
    return "".join(char for char in text.casefold() if char.isalnum())
