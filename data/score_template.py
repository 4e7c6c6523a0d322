"""Templates of score folders: what the sources publish, ready to be filled in."""

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from .catalog import BUILT_IN, Catalog
from .errors import DataError, Problem, TierscapeError, UnknownNameError
from .records import Indicator, Rubric
from .rubric_loader import load_rubric
from .score_cities import read_cities
from .score_experts import ANSWER_COLUMNS
from .score_form import form
from .score_index import read_index
from .score_ladders import STEP_COLUMNS, read_ladders
from .score_ratings import EVIDENCE_COLUMNS, filled, required_columns
from .score_records import LadderStep, Node, RankedCity
from .score_workbook import read_workbook

HEADS = BUILT_IN / "score_templates"
LANGUAGES = ("zh", "en")
CITY_COLUMNS = ("city", "country", "city_id")


def template_slugs() -> tuple[str, ...]:
    """Return the names of the templates.

    Examples
    --------
    >>> template_slugs()
    ('arab-2024', 'asia-2023', 'cstc-2021', 'g20-2023')
    """
    return tuple(sorted(path.stem for path in HEADS.glob("*.toml")))


def write_template(
    slug: str, folder: Path, *, lang: str = "zh", cities: Sequence[RankedCity] = ()
) -> list[Path]:
    """Write a score folder to fill in; all of its files, or none.

    Weights, and rules that the source does not publish, are left out: `load_score_folder` says
    which they are.

    Parameters
    ----------
    slug
        One of `template_slugs()`.
    folder
        Where to; it may exist, but none of the files may.
    lang
        `zh` or `en`: the language of the workbook's titles and ladders.
    cities
        What to list in `cities.csv` and in the workbook; the workbook has rows for 20 cities
        where none are given.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UnknownNameError
        If there is no such template or language; the message names the nearest.
    TierscapeError
        If a file is there already, or openpyxl is not installed.
    """
    if slug not in template_slugs():
        raise UnknownNameError("template", slug, template_slugs())
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    head = (HEADS / f"{slug}.toml").read_text(encoding="utf-8")
    rubric = load_rubric(Catalog(), tomllib.loads(head)["rubric"])
    steps = [LadderStep(s.indicator, s.points, s.text_zh, s.text_en) for s in rubric.steps]
    nodes = _nodes(rubric)
    files = {
        "index.toml": (head + _tables(rubric, nodes)).encode(),
        "ladders.csv": _csv(
            STEP_COLUMNS, ((s.indicator, f"{s.points:g}", s.text_zh, s.text_en) for s in steps)
        ),
        "ratings.csv": _csv([*required_columns(nodes), *EVIDENCE_COLUMNS[1:]], ()),
        "experts.csv": _csv(ANSWER_COLUMNS, ()),
        "cities.csv": _csv(CITY_COLUMNS, ((c.name, c.country, c.city_id) for c in cities)),
        "HOWTO.md": (HEADS / "HOWTO.md").read_bytes(),
        "ratings.xlsx": form(nodes, steps, cities, lang=lang),
    }
    return _write_all(Path(folder), files)


def write_form(folder: Path, *, lang: str = "zh") -> Path:
    """Write `ratings.xlsx` anew, for the cities, indicators and ladders that the folder has now.

    Raises
    ------
    DataError
        If the tree, the ladders or the cities have problems.
    TierscapeError
        If the workbook is filled in already, or openpyxl is not installed.
    """
    problems: list[Problem] = []
    nodes = read_index(folder / "index.toml", problems).nodes
    problems = [problem for problem in problems if _is_of_tree(problem)]
    steps = read_ladders(folder / "ladders.csv", nodes, problems)
    index = read_index(folder / "index.toml", [])
    cities = read_cities(folder / "cities.csv", index, problems) or ()
    if problems:
        raise DataError(problems)
    path = folder / "ratings.xlsx"
    if path.exists() and filled(read_workbook(path, problems, required=())).lines:
        raise TierscapeError(f"{path}: is filled in already. Move it away first.")
    content = form(nodes, steps, cities, lang=lang)
    with TemporaryDirectory(dir=folder) as draft:
        (Path(draft) / path.name).write_bytes(content)
        (Path(draft) / path.name).replace(path)
    return path


def _is_of_tree(problem: Problem) -> bool:
    """Tell whether a problem of the index is about its tree; weights may come later."""
    column = problem.column or ""
    return column.startswith("indicator") and not column.endswith(".weight")


def _nodes(rubric: Rubric) -> tuple[Node, ...]:
    """Return the rubric's indicators as nodes of an index."""
    parents = {indicator.parent for indicator in rubric.indicators}
    return tuple(
        Node(
            slug=indicator.slug,
            parent=indicator.parent,
            level=indicator.level,
            kind="group" if indicator.slug in parents else _leaf_kind(rubric),
            title_zh=indicator.title_zh,
            title_en=indicator.title_en,
            weight=indicator.weight,
            maximum=rubric.maximum,
        )
        for indicator in rubric.indicators
    )


def _leaf_kind(rubric: Rubric) -> str:
    """Return how leaves are rated: by points where the source has ladders."""
    return "value" if rubric.maximum is None else "ladder"


def _tables(rubric: Rubric, nodes: Iterable[Node]) -> str:
    """Return the `[[indicator]]` tables of a template's `index.toml`."""
    published: dict[str, Indicator] = {i.slug: i for i in rubric.indicators}
    return "\n".join(_table(node, published[node.slug].weight) for node in nodes)


def _table(node: Node, weight: float | None) -> str:
    """Return one table; a weight that is not published is a line to fill in."""
    lines = ["[[indicator]]", f"slug = {_quoted(node.slug)}"]
    if node.parent:
        lines.append(f"parent = {_quoted(node.parent)}")
    lines += [f"title_zh = {_quoted(node.title_zh)}", f"title_en = {_quoted(node.title_en)}"]
    if node.kind != "group":
        lines.append(f"kind = {_quoted(node.kind)}")
    if node.kind == "ladder":
        lines.append(f"maximum = {node.maximum:g}")
    if node.kind == "value":
        lines.append("# direction = -1 # 越少越好时 where less is better")
    lines.append("# weight = … # 待填 TO FILL" if weight is None else f"weight = {weight:g}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a text as a TOML string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file; a text that a spreadsheet would take for a formula gets an apostrophe.

    It starts with a byte order mark, by which spreadsheets know UTF-8.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow([f"'{cell}" if cell[:1] in {*"=+-@"} else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _write_all(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write all files into a folder, or none; no file is replaced."""
    if folder.exists() and not folder.is_dir():
        raise TierscapeError(f"{folder}: is not a folder. Give another name.")
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise TierscapeError(f"{folder}: has {', '.join(there)} already. Give another folder.")
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / name for name in files]
    try:
        with TemporaryDirectory(dir=folder) as draft:
            for name, content in files.items():
                (Path(draft) / name).write_bytes(content)
            for path in written:
                (Path(draft) / path.name).rename(path)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        if new:
            folder.rmdir()
        raise
    return written
