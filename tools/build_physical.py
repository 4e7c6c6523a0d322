"""Distil data/physical/ from packaged public data.

Run it from the repository's root in the project's environment, with h5py installed beside:

    python tools/build_physical.py DOWNLOADS

DOWNLOADS is a folder for the archives, which are fetched where they are missing. The
hand-written tables (seas.csv, lakes.csv, ranges.csv, regions.csv) are read from data/physical/;
everything else there is written anew. The same archives and tables give the same bytes.
"""

import io
import json
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import physical_sources as sources
import pyogrio
import shapely
from physical_hulls import label, read_hulls
from physical_names import build_sea_names
from physical_ranges import range_shapes
from physical_shapes import Shoreline, planar, shoreline
from physical_water import kinds
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from tierscape.data.reading import read_csv
from tierscape.geo.elevation import mountain_mask

OUT = Path("data/physical")
Array = npt.NDArray[Any]


def main() -> None:
    """Build every file and say how large it is."""
    downloads = Path(sys.argv[1]).resolve()
    sources.fetch(downloads)
    sources.unpack(downloads)
    build_land(downloads)
    build_coast(downloads)
    build_lakes(downloads)
    build_mountains(downloads)
    build_regions()
    build_sea_names(OUT)
    write_provenance(downloads)
    for path in sorted(OUT.iterdir()):
        print(f"{path.name:20s} {path.stat().st_size / 1000:8.0f} kB")


def build_land(downloads: Path) -> None:
    """Write the land of the 1:50 m map, cut at 180° and thinned to a tenth of its detail."""
    polygons = sources.land_rings(downloads, "50m")
    land = shapely.union_all([planar(polygon) for polygon in polygons])
    thin = shapely.set_precision(shapely.simplify(land, 0.02), 0.01)
    write_features("land.geojson", [({}, thin)])


def build_coast(downloads: Path) -> None:
    """Write the shoreline of the 1:10 m map with the sea and the kind of each segment."""
    shore = shoreline(sources.land_rings(downloads, "10m"))
    seas = read_hulls(OUT / "seas.csv")
    sea = label(*middles(shore), seas)
    if (sea < 0).any():
        raise ValueError(f"no sea holds {int((sea < 0).sum())} segments")
    always = [row["always_sea"] == "yes" for _, row in read_csv(OUT / "seas.csv", ["always_sea"])]
    named = np.array(always)[sea]
    kind = np.where(named, 0, kinds(shore, river_points(downloads), named))
    write_arrays(
        "coast.npz", {**lines_of(shore, downloads), **runs("sea", sea), **runs("kind", kind)}
    )


def middles(shore: Shoreline) -> tuple[Array, Array]:
    """Return the middle of every segment; one that steps over 180° has it there."""
    lon = (shore.start[:, 0] + shore.end[:, 0]) / 2
    crosses = np.abs(shore.end[:, 0] - shore.start[:, 0]) > 180
    return np.where(crosses, 180.0, lon), (shore.start[:, 1] + shore.end[:, 1]) / 2


def lines_of(shore: Shoreline, downloads: Path) -> dict[str, Array]:
    """Return the shoreline as steps on the map's own grid, and where each line begins."""
    transform = json.loads((downloads / "package/land-10m.json").read_text("utf-8"))["transform"]
    scale, offset = np.array(transform["scale"]), np.array(transform["translate"])
    begins = np.flatnonzero(shore.breaks)
    points = np.insert(shore.end, begins, shore.start[begins], axis=0)
    grid = np.rint((points - offset) / scale).astype(np.int32)
    line = begins + np.arange(len(begins))
    steps = np.diff(grid, axis=0, prepend=np.zeros((1, 2), np.int32))
    return {"steps": steps, "line": line, "scale": scale, "offset": offset}


def runs(name: str, values: Array) -> dict[str, Array]:
    """Return equal neighbours as one value and their number."""
    first = np.flatnonzero(np.diff(values, prepend=-1))
    length = np.diff(first, append=len(values)).astype(np.int32)
    return {name: values[first].astype(np.uint8), f"{name}_run": length}


def river_points(downloads: Path) -> Array:
    """Return points at most 0.02° apart along the rivers of the 1:10 m map."""
    table = pyogrio.read_dataframe(sources.magics(downloads, "10m", "rivers_lake_centerlines"))
    rivers = table.geometry[table["featurecla"] == "River"].to_numpy()
    return np.asarray(shapely.get_coordinates(shapely.segmentize(rivers, 0.02)))


def build_lakes(downloads: Path) -> None:
    """Write the lakes of lakes.csv, each with the outline that holds its point on the 1:50 m map.

    The map's own names are broken by their encoding; a point inside and the area identify a lake.
    """
    shapes = pyogrio.read_dataframe(sources.magics(downloads, "50m", "ocean")).geometry.to_numpy()
    features = []
    for _, row in read_csv(OUT / "lakes.csv", ["lon", "lat", "area_km2"]):
        inside = shapely.intersects_xy(shapes, float(row["lon"]), float(row["lat"]))
        if inside.sum() != 1 or not agrees(shapes[inside][0], float(row["area_km2"])):
            raise ValueError(f"the map has no lake of this size at {row['slug']}")
        names = {key: row[key] for key in ("slug", "group", "title_zh", "title_en")}
        features.append((names, shapely.set_precision(shapes[inside][0], 0.001)))
    write_features("lakes.geojson", features)


def agrees(shape: BaseGeometry, area_km2: float) -> bool:
    """Tell whether a shape has a published area, to a third: outlines differ over islands."""
    mapped = abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0]) / 1e6
    return bool(abs(mapped - area_km2) < area_km2 / 3)


def build_mountains(downloads: Path) -> None:
    """Write the altitude grid with the mountain mask, and the ranges cut from the mask."""
    level = sources.read_altitude(downloads)
    mask = mountain_mask(level)
    write_arrays("altitude.npz", {"level": level, "mountain": np.packbits(mask)})
    shapes = range_shapes(mask, read_hulls(OUT / "ranges.csv"))
    write_features("ranges.geojson", named_features("ranges.csv", shapes))


def build_regions() -> None:
    """Write the regions: their hulls as they stand in the table."""
    write_features(
        "regions.geojson", named_features("regions.csv", read_hulls(OUT / "regions.csv"))
    )


def named_features(
    table: str, shapes: Mapping[str, BaseGeometry]
) -> list[tuple[dict[str, str], BaseGeometry]]:
    """Return the properties and the shape of each row of a table; every row must have one."""
    return [
        (
            {key: row[key] for key in ("slug", "title_zh", "title_en")},
            shapely.set_precision(shapes[row["slug"]], 0.01),
        )
        for _, row in read_csv(OUT / table, ["slug", "title_zh", "title_en"])
    ]


def write_features(name: str, features: list[tuple[dict[str, str], BaseGeometry]]) -> None:
    """Write GeoJSON, one feature to a line."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": json.loads(shapely.to_geojson(shape)),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, shape in features
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (OUT / name).write_text(text, "utf-8")


def write_arrays(name: str, arrays: Mapping[str, Array]) -> None:
    """Write an npz archive without the time of day in it."""
    with zipfile.ZipFile(OUT / name, "w") as archive:
        for key, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{key}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, buffer.getvalue(), zipfile.ZIP_DEFLATED, 9)


#: What each file is made of: the packages, by position in `sources.PACKAGES`.
MADE_OF = {
    "land.geojson": (0,),
    "coast.npz": (0, 1),
    "lakes.geojson": (1,),
    "altitude.npz": (2,),
    "ranges.geojson": (2,),
    "regions.geojson": (),
    "sea_names.csv": (0,),
}


def write_provenance(downloads: Path) -> None:
    """Write which packages each file comes from, under which terms."""
    lines = ["# Written by tools/build_physical.py.", ""]
    for package in sources.PACKAGES:
        fields = ("name", "version", "registry", "licence", "attribution")
        lines += ["[[package]]", *(f"{key} = {quoted(getattr(package, key))}" for key in fields)]
        lines += [f'sha256 = "{sources.sha256(downloads / package.archive)}"', ""]
    for file, numbers in MADE_OF.items():
        names = ", ".join(quoted(sources.PACKAGES[number].name) for number in numbers)
        lines += ["[[file]]", f'name = "{file}"', f"packages = [{names}]"]
        lines += [f'sha256 = "{sources.sha256(OUT / file)}"', ""]
    for file in ("seas.csv", "lakes.csv", "ranges.csv", "regions.csv"):
        lines += ["[[file]]", f'name = "{file}"', "packages = []"]
        lines += ['note = "Written by hand after the sources that each row names."', ""]
    (OUT / "PROVENANCE.toml").write_text("\n".join(lines), "utf-8")


def quoted(text: str) -> str:
    """Return a TOML basic string."""
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    main()
