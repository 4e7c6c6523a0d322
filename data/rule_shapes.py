"""Reading the lines and areas that a cluster rule draws itself: routes and polygons."""

from collections.abc import Sequence

from .reading import Fields
from .records import Leaf

_DEGREES = "longitude (-180 to 180) comes before latitude (-90 to 90)"


def read_waypoints(fields: Fields, key: str) -> Leaf:
    """Return a route through two or more waypoints, without its width.

    Parameters
    ----------
    fields
        The table that has the list of [name, longitude, latitude], optionally with the Chinese
        name as a fourth; what is wrong goes to its `problems`.
    key
        The key of the list.
    """
    waypoints, labels = [], []
    entries = fields.get(key, list, default=[])
    for entry in entries:
        if not _is_waypoint(entry):
            fields.note(key, repr(entry), 'must be ["name", longitude, latitude]')
            continue
        name, lon, lat = entry[0], float(entry[1]), float(entry[2])
        if not _on_earth(lon, lat):
            remedy = _swapped(f'"{name}", ', entry[1:3])
            fields.note(key, f"{name}, {entry[1]}, {entry[2]}", _DEGREES, remedy)
        waypoints.append((lon, lat))
        labels.append((name, entry[3] if len(entry) == 4 else name))
    if isinstance(fields.table[key], list) and len(entries) < 2:
        fields.note(key, repr(entries), "a route has at least two waypoints")
    return Leaf("route", waypoints=tuple(waypoints), labels=tuple(labels))


def read_polygon(fields: Fields) -> Leaf:
    """Return a polygon: one ring of [longitude, latitude], and the source that draws it.

    Parameters
    ----------
    fields
        The table with `polygon`, a ring as in GeoJSON (its last corner may repeat the first), and
        `source`, optionally with its Chinese name as a list of two; what is wrong goes to its
        `problems`.
    """
    corners = fields.get("polygon", list, default=[])
    good = [each for each in corners if _is_corner(each) and _on_earth(*each)]
    for each in corners:
        if not _is_corner(each):
            fields.note("polygon", repr(each), "must be [longitude, latitude]")
        elif not _on_earth(*each):
            fields.note("polygon", f"{each[0]}, {each[1]}", _DEGREES, _swapped("", each))
    ring = [(float(lon), float(lat)) for lon, lat in good]
    ring = ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
    if isinstance(fields.table["polygon"], list) and len(good) == len(corners):
        _check_ring(fields, ring)
    name = _source(fields)
    return Leaf("polygon", (name[0],), waypoints=tuple(ring), labels=(name,))


def _source(fields: Fields) -> tuple[str, str]:
    """Return the English and the Chinese name of a polygon's source."""
    value = fields.table.get("source")
    if isinstance(value, list) and len(value) == 2 and all(isinstance(x, str) and x for x in value):
        return value[0], value[1]
    text = fields.text("source")
    return text, text


def _check_ring(fields: Fields, ring: Sequence[tuple[float, float]]) -> None:
    """Note a ring that is no simple outline on one side of 180°."""
    if len(set(ring)) < 3:
        fields.note("polygon", repr([list(each) for each in ring]), "has at least three corners")
        return
    ends = [*ring[1:], ring[0]]
    for (lon, lat), (end_lon, end_lat) in zip(ring, ends, strict=True):
        if abs(end_lon - lon) > 180:
            where = f"{lon:g}, {lat:g} to {end_lon:g}, {end_lat:g}"
            remedy = "Cut it at 180° and join the parts with any."
            fields.note("polygon", where, "must not cross 180°", remedy)
            return
    _check_simple(fields, ring)


def _check_simple(fields: Fields, ring: Sequence[tuple[float, float]]) -> None:
    """Note a ring that crosses or touches itself, with the place."""
    import shapely  # noqa: PLC0415 - reading rules without polygons must cost no heavy import

    shape = shapely.Polygon(ring)
    if not shape.is_valid:
        where = shapely.is_valid_reason(shape)
        remedy = "Give the corners in order round the outline."
        fields.note("polygon", where, "the outline must not cross or touch itself", remedy)


def _on_earth(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -90 <= lat <= 90


def _swapped(name: str, pair: Sequence[float]) -> str:
    """Return the remedy where latitude seems to come first."""
    swapped = abs(pair[0]) <= 90 < abs(pair[1]) <= 180
    return f"Did you mean [{name}{pair[1]}, {pair[0]}]?" if swapped else ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_corner(entry: object) -> bool:
    """Tell whether `entry` is [number, number]."""
    return isinstance(entry, list) and len(entry) == 2 and all(map(_is_number, entry))


def _is_waypoint(entry: object) -> bool:
    """Tell whether `entry` is [name, number, number] or [name, number, number, Chinese name]."""
    if not isinstance(entry, list) or len(entry) not in {3, 4}:
        return False
    texts = (entry[0], *entry[3:])
    return all(map(_is_number, entry[1:3])) and all(isinstance(name, str) for name in texts)
