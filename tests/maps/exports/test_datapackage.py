"""The descriptor tells keys, references and types, and frictionless finds what breaks them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from tierscape.maps.exports.datapackage import descriptor, narrow
from tierscape.maps.exports.layers import Layer
from tierscape.maps.exports.sheets import flat_table, safe_table
from tierscape.maps.payload import AtlasData


def written(folder: Path, world: tuple[Layer, ...], data: AtlasData) -> dict[str, Any]:
    """Write a package as the export does, and return its descriptor."""
    tables = [
        Layer(each.name, flat_table(narrow(each))) for each in world if each.name != "outlines"
    ]
    digests = {}
    for table in tables:
        content = safe_table(table.table).to_csv(index=False, lineterminator="\n").encode()
        (folder / f"{table.name}.csv").write_bytes(content)
        digests[table.name] = (len(content), sha256(content).hexdigest())
    told = descriptor(tables, digests, data.editions)
    (folder / "datapackage.json").write_text(json.dumps(told), encoding="utf-8")
    return told


def errors(folder: Path) -> list[str]:
    report = Package(str(folder / "datapackage.json")).validate()
    return [str(row[0]) for row in report.flatten(["type"])]


def test_the_package_is_valid(tmp_path: Path, world: tuple[Layer, ...], data: AtlasData) -> None:
    told = written(tmp_path, world, data)
    assert errors(tmp_path) == []
    names = [each["name"] for each in told["resources"]]
    assert names == ["cities", "clusters", "editions", "tiers", "membership", "results"]
    assert [each["title"] for each in told["sources"]] == [each.credit for each in data.editions]


def test_columns_that_repeat_other_tables_are_left_out(
    tmp_path: Path, world: tuple[Layer, ...], data: AtlasData
) -> None:
    told = written(tmp_path, world, data)
    fields = [field["name"] for each in told["resources"] for field in each["schema"]["fields"]]
    assert not [name for name in fields if "/" in name]


@pytest.mark.parametrize(
    ("table", "old", "new", "kind"),
    [
        ("tiers", "world-2023,total,1,", "world-2023,total,77,", "foreign-key"),
        ("tiers", "world-2023,total,1,", "world-2023,total,2,", "primary-key"),
        ("tiers", ",1,1,", ",best,1,", "type-error"),
        ("membership", "alps,5,", "alpes,5,", "foreign-key"),
        ("editions", "world-2023,total", "world-2023,sum", "foreign-key"),
    ],
)
def test_a_broken_table_is_found(
    tmp_path: Path, world: tuple[Layer, ...], data: AtlasData, *, table: str, old: str, new: str,
    kind: str,
) -> None:  # fmt: skip
    told = written(tmp_path, world, data)
    for resource in told["resources"]:
        del resource["bytes"], resource["hash"]
    (tmp_path / "datapackage.json").write_text(json.dumps(told), encoding="utf-8")
    path = tmp_path / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert kind in errors(tmp_path)


def test_a_changed_file_does_not_fit_its_checksum(
    tmp_path: Path, world: tuple[Layer, ...], data: AtlasData
) -> None:
    written(tmp_path, world, data)
    path = tmp_path / "cities.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Sydney", "Sidney"), encoding="utf-8")
    assert errors(tmp_path) == ["hash-count"]
