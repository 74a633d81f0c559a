"""Places to divide, and the zones they are divided into, as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import shapely

from routing.errors import InvalidProblem
from routing.io.reader import Node, parse
from routing.zoning import Place, ZoneWish, Zoning, outline

LEAST_OF_A_LINE = 2


@dataclass(frozen=True, slots=True)
class PlacesFile:
    """Places, and what the file asks of the zones.

    Attributes
    ----------
    zones : int or None
        How many; None when the file does not say.
    wishes : tuple of ZoneWish
        None, or one for each zone.
    barriers : tuple of shapely geometries, longitude first
    today : dict of str to int
        Zone of today by place, for those that have one.
    """

    places: tuple[Place, ...]
    zones: int | None
    wishes: tuple[ZoneWish, ...] = ()
    barriers: tuple[shapely.Geometry, ...] = ()
    today: Mapping[str, int] = field(default_factory=dict)


def places_from_json(text: str) -> PlacesFile:
    """Read places.

    Raises
    ------
    InvalidProblem
        With the place of the first fault in the document.
    """
    root = parse(text)
    root.fields(("places",), ("zones", "wishes", "barriers"))
    nodes = list(root["places"].elements("places"))
    zones, wishes, barriers = root["zones"], root["wishes"], root["barriers"]
    asked = () if wishes.is_null else tuple(_wish(node) for node in wishes.elements("wishes"))
    return PlacesFile(
        places=tuple(_place(node) for node in nodes),
        zones=(len(asked) or None) if zones.is_null else _count(zones),
        wishes=asked,
        barriers=()
        if barriers.is_null
        else tuple(_barrier(node) for node in barriers.elements("lines")),
        today={
            node["id"].id(): _zone(node["today"]) for node in nodes if not node["today"].is_null
        },
    )


def places_to_json(places: Sequence[Place], zones: int | None = None) -> str:
    """Write places and how many zones they are to be divided into."""
    document = {
        "zones": zones,
        "places": [
            {
                "id": place.id,
                "point": place.point._asdict(),
                "weight": place.weight,
                "value": place.value,
            }
            for place in places
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def zoning_to_json(zoning: Zoning, alternative: Zoning | None = None) -> str:
    """Write zones with their members, figures and drawing.

    The drawing is a GeoJSON geometry, whose positions are longitude first by its standard.

    Parameters
    ----------
    alternative : Zoning, optional
        Another division of the same places under the same numbers, to choose from.
    """
    document = _fields(zoning)
    if alternative is not None:
        document["alternative"] = _fields(alternative)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _fields(zoning: Zoning) -> dict[str, Any]:
    drawn = outline(zoning)
    members: list[list[str]] = [[] for _ in zoning.centres]
    for place, zone in zoning.zone_of.items():
        members[zone].append(place)
    weight = sum(figures.weight for figures in zoning.figures)
    far = sum(figures.weight * figures.mean_distance_m for figures in zoning.figures)
    return {
        "imbalance": zoning.imbalance,
        "value_imbalance": zoning.value_imbalance,
        "moved": zoning.moved,
        "mean_distance_m": far / weight if weight else 0.0,
        "tour_m": sum(figures.tour_m for figures in zoning.figures),
        "warnings": zoning.warnings,
        "pieces": zoning.pieces,
        "zones": [
            {
                **asdict(figures),
                "centre": zoning.centres[figures.zone]._asdict(),
                "place_ids": members[figures.zone],
                "outline": json.loads(shapely.to_geojson(drawn[figures.zone])),
            }
            for figures in zoning.figures
        ],
    }


def _place(node: Node) -> Place:
    node.fields(("id", "point", "weight"), ("value", "group", "bound_to", "today"))
    value, group, bound = node["value"], node["group"], node["bound_to"]
    return Place(
        id=node["id"].id(),
        point=node["point"].point(),
        weight=node["weight"].number("any unit of work"),
        value=0.0 if value.is_null else value.number("any unit of money"),
        group=None if group.is_null else group.id(),
        zone=None if bound.is_null else _zone(bound),
    )


def _wish(node: Node) -> ZoneWish:
    node.fields((), ("capacity", "centre", "locked"))
    capacity, centre, locked = node["capacity"], node["centre"], node["locked"]
    return ZoneWish(
        capacity=1.0 if capacity.is_null else capacity.number("a share of the work"),
        centre=None if centre.is_null else centre.point(),
        is_locked=False if locked.is_null else locked.flag(),
    )


def _barrier(node: Node) -> shapely.Geometry:
    """Read a line of at least two points."""
    points = [one.point() for one in node.elements("points")]
    if len(points) < LEAST_OF_A_LINE:
        raise InvalidProblem(node.place, f"expected at least 2 points, got {len(points)}")
    return shapely.LineString([(point.lon, point.lat) for point in points])


def _zone(node: Node) -> int:
    zone = node.integer("the number of a zone")
    if zone < 0:
        raise InvalidProblem(node.place, f"expected at least 0, got {zone}")
    return zone


def _count(node: Node) -> int:
    zones = node.integer("zones")
    if zones < 1:
        raise InvalidProblem(node.place, f"expected at least 1, got {zones}")
    return zones
