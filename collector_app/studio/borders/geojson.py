"""Areas as GeoJSON (RFC 7946), and its older form that names a projection."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from collector_app.studio.borders.area import Area
from collector_app.studio.borders.naming import collector_in, colour_in, name_in
from collector_app.studio.borders.projection import to_degrees
from collector_app.studio.rules import BrokenBorders

POLYGONS = ("Polygon", "MultiPolygon", "GeometryCollection")


def read_geojson(data: bytes) -> list[Area]:
    """Return the polygons of a file; points and lines are left out.

    Raises
    ------
    BrokenBorders, ForeignProjection
        With the place of the first feature that can't be read.
    """
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BrokenBorders(str(error), place="JSON") from error
    features = _features(told)
    said = _projection(told)
    return [
        area
        for n, feature in enumerate(features)
        if (area := _area(feature, f"features[{n}]", said)) is not None
    ]


def write_geojson(areas: Sequence[Area]) -> bytes:
    """Return areas as a feature collection."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": one.name, "gestor": one.collector, "color": one.colour},
            "geometry": json.loads(shapely.to_geojson(one.shape)),
        }
        for one in areas
    ]
    told = {"type": "FeatureCollection", "features": features}
    return json.dumps(told, ensure_ascii=False).encode()


def _features(told: Any) -> Sequence[Any]:
    if isinstance(told, dict):
        if isinstance(told.get("features"), list):
            features: Sequence[Any] = told["features"]
            return features
        if told.get("type") == "Feature":
            return [told]
        if told.get("type") in POLYGONS:
            return [{"geometry": told}]
    raise BrokenBorders(place="features")


def _projection(told: Mapping[str, Any]) -> str:
    """Return what the member ``crs`` of older files names; degrees when there is none."""
    crs = told.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) and "CRS84" not in name else ""


def _area(feature: Any, place: str, said: str) -> Area | None:
    if not isinstance(feature, dict):
        raise BrokenBorders(place=place)
    geometry = feature.get("geometry")
    if not (isinstance(geometry, dict) and geometry.get("type") in POLYGONS):
        return None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.GEOSException, ValueError, RecursionError) as error:
        raise BrokenBorders(str(error), place=f"{place}.geometry") from error
    found = feature.get("properties")
    properties = found if isinstance(found, dict) else {}
    return Area(
        name=name_in(properties),
        shape=to_degrees(shape, said),
        place=place,
        collector=collector_in(properties),
        colour=colour_in(properties),
    )
