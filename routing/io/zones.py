"""Places to divide, and the zones they are divided into, as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import shapely

from routing.errors import InvalidProblem
from routing.io.reader import Node, parse
from routing.zoning import Place, Zoning, outline


@dataclass(frozen=True, slots=True)
class PlacesFile:
    """Places, and how many zones the file asks for; None when it does not say."""

    places: tuple[Place, ...]
    zones: int | None


def places_from_json(text: str) -> PlacesFile:
    """Read places.

    Raises
    ------
    InvalidProblem
        With the place of the first fault in the document.
    """
    root = parse(text)
    root.fields(("places",), ("zones",))
    places = tuple(_place(node) for node in root["places"].elements("places"))
    zones = root["zones"]
    return PlacesFile(places, None if zones.is_null else _count(zones))


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


def zoning_to_json(zoning: Zoning) -> str:
    """Write zones with their members, figures and drawing.

    The drawing is a GeoJSON geometry, whose positions are longitude first by its standard.
    """
    drawn = outline(zoning)
    members: list[list[str]] = [[] for _ in zoning.centres]
    for place, zone in zoning.zone_of.items():
        members[zone].append(place)
    document = {
        "imbalance": zoning.imbalance,
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
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _place(node: Node) -> Place:
    node.fields(("id", "point", "weight"), ("value",))
    value = node["value"]
    return Place(
        id=node["id"].id(),
        point=node["point"].point(),
        weight=node["weight"].number("any unit of work"),
        value=0.0 if value.is_null else value.number("any unit of money"),
    )


def _count(node: Node) -> int:
    zones = node.integer("zones")
    if zones < 1:
        raise InvalidProblem(node.place, f"expected at least 1, got {zones}")
    return zones
