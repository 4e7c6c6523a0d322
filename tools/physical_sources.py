"""Fetch the packages that the physical geography is distilled from, and read their formats."""

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Ring = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Package:
    """One archive: where it comes from, what it is, and how it may be used."""

    name: str
    version: str
    registry: str
    archive: str
    licence: str
    attribution: str


PACKAGES = (
    Package(
        name="world-atlas",
        version="2.0.2",
        registry="npm",
        archive="world-atlas-2.0.2.tgz",
        licence="ISC; the shapes are Natural Earth, public domain",
        attribution="Made with Natural Earth, via world-atlas.",
    ),
    Package(
        name="libmagics++-data",
        version="4.13.0-1",
        registry="Debian",
        archive="libmagics++-data_4.13.0-1_all.deb",
        licence="Apache-2.0; the shapes are Natural Earth, public domain",
        attribution="Made with Natural Earth, via Magics (ECMWF).",
    ),
    Package(
        name="pvlib",
        version="0.16.1",
        registry="PyPI",
        archive="pvlib-0.16.1-py3-none-any.whl",
        licence="BSD-3-Clause; terrain under the terms of its sources (attribution)",
        attribution=(
            "Altitude grid of pvlib python, from Mapzen terrain tiles: ArcticDEM terrain data "
            "DEM(s) were created from DigitalGlobe, Inc., imagery and funded under National "
            "Science Foundation awards 1043681, 1559691, and 1542736; Australia © Commonwealth "
            "of Australia (Geoscience Australia) 2017; Austria © offene Daten Österreichs – "
            "Digitales Geländemodell (DGM) Österreich; Canada contains information licensed under "
            "the Open Government Licence – Canada; Europe produced using Copernicus data and "
            "information funded by the European Union – EU-DEM layers; global ETOPO1, U.S. "
            "National Oceanic and Atmospheric Administration; Mexico source: INEGI, Continental "
            "relief, 2016; New Zealand Copyright 2011 Crown copyright (c) Land Information New "
            "Zealand and the New Zealand Government (All rights reserved); Norway © Kartverket; "
            "United Kingdom © Environment Agency copyright and/or database right 2015, all rights "
            "reserved; United States 3DEP (formerly NED) and global GMTED2010 and SRTM courtesy "
            "of the U.S. Geological Survey."
        ),
    ),
)


def fetch(folder: Path, packages: tuple[Package, ...] = PACKAGES) -> None:
    """Download each archive into `folder` with its registry's own client, unless it is there."""
    commands = {
        "npm": lambda p: ["npm", "pack", f"{p.name}@{p.version}"],
        "Debian": lambda p: ["apt-get", "download", f"{p.name}={p.version}"],
        "PyPI": lambda p: [
            *(sys.executable, "-m", "pip", "download", "--no-deps", f"{p.name}=={p.version}"),
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        if not (folder / package.archive).exists():
            subprocess.run(commands[package.registry](package), cwd=folder, check=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpack(folder: Path) -> None:
    """Unpack what the build reads beside the archives."""
    atlas, magics, pvlib = (folder / package.archive for package in PACKAGES)
    with tarfile.open(atlas) as archive:
        archive.extractall(folder, filter="data")
    subprocess.run(["dpkg-deb", "-x", magics, folder / "magics"], check=True)
    with zipfile.ZipFile(pvlib) as archive:
        archive.extract("pvlib/data/Altitude.h5", folder)


def magics(folder: Path, scale: str, layer: str) -> Path:
    """Return the shapefile of one Natural Earth layer in the Debian package."""
    return folder / "magics/usr/share/magics" / scale / f"ne_{scale}_{layer}.shp"


def read_altitude(folder: Path) -> npt.NDArray[np.uint8]:
    """Return the grid of 28 m steps above -450 m, row 0 at 90°N, column 0 at 180°W."""
    import h5py  # noqa: PLC0415 - only this tool reads HDF5; install h5py beside it

    with h5py.File(folder / "pvlib/data/Altitude.h5") as file:
        return np.asarray(file["Altitude"], np.uint8)


def land_rings(folder: Path, scale: str) -> list[list[Ring]]:
    """Return the land polygons of world-atlas, each a list of rings (outer first).

    The rings are made for the sphere: they step over the antimeridian without a cut.
    """
    topology = json.loads((folder / f"package/land-{scale}.json").read_text("utf-8"))
    arcs = [_decode(arc, topology["transform"]) for arc in topology["arcs"]]
    polygons: list[list[Ring]] = []
    for geometry in topology["objects"]["land"]["geometries"]:
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons += [[_join(ring, arcs) for ring in part] for part in parts]
    return polygons


def _decode(arc: list[list[int]], transform: dict[str, Any]) -> Ring:
    steps = np.cumsum(np.asarray(arc, float), axis=0)
    return np.asarray(steps * transform["scale"] + transform["translate"])


def _join(indices: list[int], arcs: list[Ring]) -> Ring:
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.vstack([parts[0], *(part[1:] for part in parts[1:])])
