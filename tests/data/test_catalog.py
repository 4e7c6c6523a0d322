"""A user's folder is laid over the built-in one."""

from pathlib import Path

import pytest

from tierscape.data.catalog import Catalog, open_catalog
from tierscape.data.errors import TierscapeError, UnknownNameError


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Path, Path]:
    for root in ("own", "user"):
        (tmp_path / root / "named_clusters").mkdir(parents=True)
        (tmp_path / root / "named_clusters" / "alps.toml").touch()
    (tmp_path / "own" / "named_clusters" / "baltic.toml").touch()
    (tmp_path / "user" / "editions" / "mine-2025").mkdir(parents=True)
    (tmp_path / "user" / "editions" / "mine-2025" / "edition.toml").touch()
    return tmp_path / "own", tmp_path / "user"


def test_later_roots_replace_their_namesakes(roots: tuple[Path, Path]) -> None:
    own, user = roots
    found = Catalog((own, user)).items("named_clusters")
    assert list(found) == ["alps", "baltic"]
    assert found["alps"].is_relative_to(user)
    assert found["baltic"].is_relative_to(own)


def test_an_edition_is_named_by_its_folder(roots: tuple[Path, Path]) -> None:
    assert list(Catalog(roots).items("editions")) == ["mine-2025"]


def test_an_unknown_slug_gets_the_nearest(roots: tuple[Path, Path]) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'baltic'"):
        Catalog(roots).item("named_clusters", "baltik")


def test_a_folder_without_facts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TierscapeError, match="holds none of the folders"):
        open_catalog(tmp_path)
    with pytest.raises(TierscapeError, match="is not a folder"):
        open_catalog(tmp_path / "absent")
