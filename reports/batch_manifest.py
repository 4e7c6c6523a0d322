"""The manifest of a batch: what every report was made from, its files, and how it went."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..data.errors import TierscapeError
from .batch_files import replace_file

NAME = "manifest.json"
DONE, FAILED = "done", "failed"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a report, as it was written; `content` is the checksum of what the report said."""

    name: str
    sha256: str
    content: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One report.

    Attributes
    ----------
    kind, edition, cluster, lang
        Which report it is; an overview has no edition, a comparison no cluster.
    inputs
        Checksum of all that it was made from: facts, program, options.
    content
        Checksum of what it says.
    status
        `done`, or `failed` where a format has an error.
    seconds
        How long it took.
    files, errors
        By format.
    """

    kind: str
    edition: str
    cluster: str
    lang: str
    inputs: str
    content: str
    status: str
    seconds: float
    files: Mapping[str, WrittenFile] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def whole(self, folder: Path) -> tuple[str, ...]:
        """Return the formats whose files are as they were written, and say what the report says."""
        return tuple(
            form
            for form, file in self.files.items()
            if file.content == self.content and checksum_of(folder / file.name) == file.sha256
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """All reports of a folder, those of earlier runs too."""

    version: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, Entry] = field(default_factory=dict)

    def with_entry(self, key: str, entry: Entry) -> "Manifest":
        """Return the manifest with one report's entry replaced."""
        return replace(self, reports={**self.reports, key: entry})


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder; an empty one where there is none.

    Raises
    ------
    TierscapeError
        If the folder holds a manifest that is not one of reports: it would be replaced.
    """
    path = folder / NAME
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            table["tierscape"],
            table["inputs"],
            {key: _entry(record) for key, record in table["reports"].items()},
        )
    except FileNotFoundError:
        return Manifest()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TierscapeError(
            f"{path}: is not a manifest of reports. Give another folder with -o, or move the file."
        ) from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest beside its target and rename it."""
    content = {
        "tierscape": manifest.version,
        "inputs": manifest.inputs,
        "reports": {key: asdict(entry) for key, entry in manifest.reports.items()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    replace_file(folder / NAME, text.encode())


def checksum(parts: Iterable[str]) -> str:
    """Return one SHA-256 of several texts; where one ends counts.

    Examples
    --------
    >>> checksum(["ab", "c"]) == checksum(["a", "bc"])
    False
    """
    digest = sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()


def checksum_of(path: Path) -> str:
    """Return the SHA-256 of a file, empty where there is none."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _entry(record: dict[str, Any]) -> Entry:
    """Return an entry as it was written."""
    files = {form: WrittenFile(**file) for form, file in record["files"].items()}
    return Entry(**{**record, "files": files})
