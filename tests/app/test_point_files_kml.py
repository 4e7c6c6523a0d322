"""A KML's places stand in folders, each of which is a layer to GDAL."""

from pathlib import Path

import pandas as pd
import pytest

from tierscape.data.errors import TierscapeError
from tierscape.point_files import open_points

PLACE = "<Placemark><name>{}</name><Point><coordinates>{},{}</coordinates></Point></Placemark>"
AREA = (
    "<Placemark><name>area</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    "0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


def write(path: Path, *folders: str) -> Path:
    inner = "".join(
        f"<Folder><name>f{n}</name>{folder}</Folder>" for n, folder in enumerate(folders)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    path.write_text(f"{head}<Document>{inner}</Document></kml>", encoding="utf-8")
    return path


def test_points_of_all_folders_are_read_and_areas_told(tmp_path: Path) -> None:
    bern, rome = PLACE.format("Bern", 7.4, 46.9), PLACE.format("罗马", 12.5, 41.9)
    path = write(tmp_path / "a.kml", "", bern, f"<Folder><name>in</name>{rome}</Folder>", AREA)
    points = open_points(path)
    table = pd.concat(list(points.chunks()))
    assert table["Name"].tolist() == ["Bern", "罗马"]
    assert table[points.columns.lon].tolist() == [7.4, 12.5]
    assert points.notes == (f"{path}: left out 1 placemarks that are no points",)


def test_a_kml_without_places_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TierscapeError, match=r"a\.kml: holds no place"):
        open_points(write(tmp_path / "a.kml", "", ""))


def test_areas_alone_are_told_as_no_points(tmp_path: Path) -> None:
    points = open_points(write(tmp_path / "a.kml", AREA))
    with pytest.raises(TierscapeError, match="is no point"):
        list(points.chunks())
