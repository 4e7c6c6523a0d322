"""Every example in a docstring runs and gives what it says."""

import doctest
import importlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOP = SETTINGS["tool"]["setuptools"]["package-dir"]
PACKAGES = SETTINGS["tool"]["setuptools"]["packages"]


def folder_of(package: str) -> Path:
    """A package in the table of folders, or one below such a package."""
    if package in TOP:
        return ROOT / TOP[package]
    above, _, name = package.rpartition(".")
    return folder_of(above) / name


MODULES = sorted(
    f"{package}.{path.stem}"
    for package in PACKAGES
    for path in folder_of(package).glob("*.py")
    if not path.stem.startswith("__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    result = doctest.testmod(
        importlib.import_module(name),
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert result.failed == 0


def test_package_itself() -> None:
    assert doctest.testmod(importlib.import_module("tierscape")).failed == 0


def test_every_folder_has_modules() -> None:
    assert {name.rpartition(".")[0] for name in MODULES} == set(PACKAGES)
