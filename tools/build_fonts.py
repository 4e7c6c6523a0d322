"""Make maps/fonts/ from npm packages: one TrueType file per family and weight, and what it covers.

Run `python tools/build_fonts.py`. It needs npm and fontTools (dependency group `tools`); each
package's archive must have the digest that stands below. The families are cut into files by script
in the packages; they are joined here, because a typesetter takes one file per family and weight.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from fontTools import merge
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "maps" / "fonts"
WEIGHTS = {400: "Regular", 700: "Bold"}

#: Windows, Unicode, US English: the records of the name table that every reader knows.
NAME_RECORD = (3, 1, 0x409)


@dataclass(frozen=True)
class Family:
    """One family: its npm package, and the parts of it that are joined."""

    name: str
    package: str
    version: str
    archive_sha256: str
    parts: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The beginning of its files' names here."""
        return self.name.replace(" ", "")


FAMILIES = (
    Family(
        "Noto Sans",
        "@fontsource/noto-sans",
        "5.3.0",
        "f62f8ed40e378f15134e32bed2fd5718d81e9ec7a5603d1022d7b385e2297abc",
        ("latin", "latin-ext", "vietnamese", "greek", "cyrillic", "cyrillic-ext"),
    ),
    Family(
        "Noto Sans SC",
        "@fontsource/noto-sans-sc",
        "5.3.0",
        "05a7abac78a6cac4bd1361e7b24c680ee820fcc2f22cf5cc92673f4cd12771c5",
        ("chinese-simplified",),
    ),
    Family(
        "Noto Sans Arabic",
        "@fontsource/noto-sans-arabic",
        "5.3.0",
        "e0a81ade67ce507c9b91546ca3d91332d184a8277fc683440b00896b430856bb",
        ("arabic",),
    ),
)


def sha256(content: bytes) -> str:
    """Return the digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def fetch(family: Family, folder: Path) -> bytes:
    """Return the package's archive, if it is the one expected."""
    target = folder / family.stem
    target.mkdir()
    command = ["npm", "pack", "--silent", f"{family.package}@{family.version}"]
    subprocess.run(command, cwd=target, check=True, stdout=subprocess.DEVNULL)
    content = next(target.glob("*.tgz")).read_bytes()
    if sha256(content) != family.archive_sha256:
        sys.exit(f"{family.package}: sha256 {sha256(content)}, expected {family.archive_sha256}")
    return content


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return the content of one file of the package."""
    file = archive.extractfile(f"package/{name}")
    if file is None:
        sys.exit(f"{name}: not in the archive")
    return file.read()


def joined(family: Family, weight: int, archive: tarfile.TarFile) -> TTFont:
    """Return the family's parts of one weight as one font."""
    prefix = f"files/{family.package.split('/')[1]}"
    parts = [member(archive, f"{prefix}-{part}-{weight}-normal.woff") for part in family.parts]
    fonts = [TTFont(io.BytesIO(part), recalcTimestamp=False) for part in parts]
    if len(fonts) == 1:
        return fonts[0]
    files = []
    for font in fonts:
        # Positions for kerning and alternates differ from part to part and cannot be joined;
        # nothing here is written with combining marks.
        for table in ("GPOS", "GSUB", "GDEF", "STAT"):
            if table in font:
                del font[table]
        font.flavor = None
        file = io.BytesIO()
        font.save(file)
        files.append(file)
    whole: TTFont = merge.Merger().merge(files)
    whole["head"].created = fonts[0]["head"].created
    whole["head"].modified = fonts[0]["head"].modified
    whole.recalcTimestamp = False
    return whole


def renamed(font: TTFont, family: Family, weight: int) -> TTFont:
    """Give the font the family's name; the packages name some parts by another weight."""
    style = WEIGHTS[weight]
    names = {1: family.name, 2: style, 4: f"{family.name} {style}", 6: f"{family.stem}-{style}"}
    table = font["name"]
    for number in (1, 2, 3, 4, 6, 16, 17, 21, 22, 25):
        table.removeNames(nameID=number)
    for number, text in (names | {3: f"{family.stem}-{style}"}).items():
        table.setName(text, number, *NAME_RECORD)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if weight == 700 else 0x40
    font["head"].macStyle = int(weight == 700)
    return font


def written(font: TTFont) -> bytes:
    """Return the font as a TrueType file."""
    font.flavor = None
    file = io.BytesIO()
    font.save(file, reorderTables=True)
    return file.getvalue()


def ranges(codes: Iterable[int]) -> list[list[int]]:
    """Return sorted numbers as closed ranges.

    >>> ranges([1, 2, 3, 7])
    [[1, 3], [7, 7]]
    """
    runs = groupby(enumerate(sorted(codes)), lambda numbered: numbered[1] - numbered[0])
    found = [[code for _, code in run] for _, run in runs]
    return [[run[0], run[-1]] for run in found]


def provenance(files: dict[str, bytes]) -> str:
    """Return PROVENANCE.toml."""
    lines = ["# Written by tools/build_fonts.py: parts joined, families named, no more."]
    for family in FAMILIES:
        lines += [
            "",
            "[[package]]",
            'registry = "npm"',
            f'name = "{family.package}"',
            f'version = "{family.version}"',
            f'archive_sha256 = "{family.archive_sha256}"',
            'licence = "OFL-1.1"',
            f'licence_file = "{family.stem}-LICENSE.txt"',
        ]
    lines += ["", "[sha256]"]
    lines += [f'"{name}" = "{sha256(files[name])}"' for name in sorted(files)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the fonts, their licences, `coverage.json` and PROVENANCE.toml."""
    files: dict[str, bytes] = {}
    coverage: dict[str, list[list[int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for family in FAMILIES:
            with tarfile.open(fileobj=io.BytesIO(fetch(family, Path(folder)))) as archive:
                files[f"{family.stem}-LICENSE.txt"] = member(archive, "LICENSE")
                covered = []
                for weight, style in WEIGHTS.items():
                    font = renamed(joined(family, weight, archive), family, weight)
                    files[f"{family.stem}-{style}.ttf"] = written(font)
                    covered.append({code for code in font.getBestCmap() if code >= 0x20})
                coverage[family.name] = ranges(set.intersection(*covered))
    files["coverage.json"] = (json.dumps(coverage, separators=(",", ":")) + "\n").encode()
    FONTS.mkdir(exist_ok=True)
    for name, content in files.items():
        (FONTS / name).write_bytes(content)
    (FONTS / "PROVENANCE.toml").write_text(provenance(files), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
