"""Coordinate reference systems of files of points."""


def in_degrees(crs: object) -> bool:
    """Tell whether a CRS is longitude and latitude on WGS84, in whatever order it names them.

    Examples
    --------
    >>> in_degrees("EPSG:4326"), in_degrees("EPSG:3857")
    (True, False)
    """
    from pyproj import CRS  # noqa: PLC0415 - only some files need it

    return bool(CRS.from_user_input(crs).equals(CRS("OGC:CRS84"), ignore_axis_order=True))


def crs_name(crs: object) -> str:
    """Return the name of a CRS: its authority's code, or its own name.

    Examples
    --------
    >>> crs_name("EPSG:3857"), crs_name("")
    ('EPSG:3857', 'none')
    """
    if not crs:
        return "none"
    from pyproj import CRS  # noqa: PLC0415 - only some files need it

    known = CRS.from_user_input(crs)
    authority = known.to_authority()
    return ":".join(authority) if authority else str(known.name)
