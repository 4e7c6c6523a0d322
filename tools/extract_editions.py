"""Rebuild the tables of the shipped editions from the texts of the published documents.

Usage: python tools/extract_editions.py SEEDS_DIR [--check]

Every `data/editions/<slug>/edition.toml` names its document, the document's checksum, and per
dimension the caption of its table and the labels of its tiers. Those find the tables; the cities
are taken in printed position. With --check nothing is written: what differs is named, exit 1.
"""

import argparse
import csv
import hashlib
import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EDITIONS = Path(__file__).parent.parent / "data" / "editions"
COLUMNS = ("column", "row", "name", "tier", "note")
Row = tuple[int, int, str, int, str]

#: First cell of the line that opens a tier in a table with one block per tier.
BLOCK_HEADER = "城市"
#: First cell of the header of a table with one line per tier.
LIST_HEADER = "发展水平"
#: A name with this mark has a footnote: a line of the table that starts with it.
MARK = "*"


def table_lines(text: str, caption: str) -> list[str]:
    """Return the lines of the table that `caption` belongs to.

    A caption stands below a table of blocks (whose first block follows the last heading) and
    above a table of lines.
    """
    lines = text.splitlines()
    at = lines.index(caption)
    below = [line for line in lines[at + 1 :] if line.strip()]
    if below[0].startswith(LIST_HEADER):
        return below
    above = lines[:at]
    # Headings of tables read "(1) 总分": the table starts after the last one.
    start = max(i for i, line in enumerate(above) if line.startswith("(") and "\t" not in line)
    return above[start + 1 :]


def blocks(lines: list[str], tiers: dict[str, int]) -> Iterator[Row]:
    """Yield the cities of a table that prints each tier as a block of two columns."""
    footnotes = [line for line in lines if line.startswith(MARK)]
    block: list[list[str]] = []
    for line in [*(line for line in lines if "\t" in line), BLOCK_HEADER]:
        cells = line.split("\t")
        if cells[0] != BLOCK_HEADER:
            block.append(cells)
            continue
        if block:
            yield from block_rows(block, tiers[block[0][2]], footnotes)
        block = []


def block_rows(block: list[list[str]], tier: int, footnotes: list[str]) -> Iterator[Row]:
    """Yield one tier in reading order: down the first column, then down the second."""
    for column in (1, 2):
        for row, cells in enumerate(block, 1):
            printed = cells[column - 1].strip()
            if printed:
                name = printed.removesuffix(MARK)
                note = footnotes[0].lstrip(f"{MARK} ") if name != printed else ""
                yield column, row, name, tier, note


def listed(lines: list[str], tiers: dict[str, int]) -> Iterator[Row]:
    """Yield the cities of a table that prints each tier as one line of names."""
    for line in lines:
        label, _, names = line.partition("\t")
        if label in tiers:
            for row, name in enumerate(names.split("、"), 1):
                yield 1, row, name.strip(), tiers[label], ""


def extract(text: str, dimension: dict[str, Any]) -> str:
    """Return the CSV of one dimension."""
    lines = table_lines(text, dimension["table"])
    tiers = {tier["label"]: tier["number"] for tier in dimension["tiers"]}
    read = listed if lines[0].startswith(LIST_HEADER) else blocks
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(read(lines, tiers))
    return out.getvalue()


def tables(seeds: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and the content of every table of every edition."""
    for path in sorted(EDITIONS.glob("*/edition.toml")):
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        document = (seeds / facts["provenance"]["file"]).read_bytes()
        if hashlib.sha256(document).hexdigest() != facts["provenance"]["sha256"]:
            raise SystemExit(f"{path}: the document is not the one whose sha256 stands there")
        for dimension in facts["dimension"]:
            content = extract(document.decode("utf-8"), dimension)
            yield path.parent / f"{dimension['slug']}.csv", content


def main() -> int:
    """Write the tables, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", type=Path, help="folder with the documents' texts")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    differing = 0
    for path, content in tables(options.seeds):
        same = path.is_file() and path.read_text(encoding="utf-8") == content
        differing += not same
        if not options.check:
            path.write_text(content, encoding="utf-8")
        state = "same" if same else "differs" if options.check else "written"
        print(f"{path.relative_to(EDITIONS)}: {len(content.splitlines()) - 1} cities, {state}")
    return int(bool(differing) and options.check)


if __name__ == "__main__":
    sys.exit(main())
