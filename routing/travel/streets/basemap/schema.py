"""What of an extract is drawn, in which layer and from which zoom on.

Layers and their ``kind`` follow the Protomaps basemap schema, version 4. Zooms are those of the
tiles in the file. One of them is four on screen, so what begins at 10 is seen from zoom 11 on.
"""

import json

from routing.travel.streets.rules import Tags

MIN_ZOOM = 8
# A tile of zoom 14 has a grid of 0.6 m at the equator; a deeper zoom doubles the file for nothing.
MAX_ZOOM = 14

# highway=* : kind of the road and the zoom from which it is in the tiles.
ROADS = {
    "motorway": ("highway", 8),
    "motorway_link": ("highway", 11),
    "trunk": ("major_road", 8),
    "trunk_link": ("major_road", 11),
    "primary": ("major_road", 8),
    "primary_link": ("major_road", 11),
    "secondary": ("major_road", 9),
    "secondary_link": ("major_road", 11),
    "tertiary": ("major_road", 10),
    "tertiary_link": ("major_road", 12),
    "unclassified": ("minor_road", 10),
    "residential": ("minor_road", 10),
    "living_street": ("minor_road", 11),
    "road": ("minor_road", 11),
    "pedestrian": ("minor_road", 12),
    "service": ("minor_road", 13),
    "track": ("path", 12),
    "ferry": ("ferry", 9),
}
OTHER_ROAD = ("path", 13)

# The first of these keys whose value is here gives an area its layer and kind.
AREAS: dict[tuple[str, str], tuple[str, str]] = {
    ("natural", "water"): ("water", "water"),
    ("waterway", "riverbank"): ("water", "water"),
    ("waterway", "dock"): ("water", "water"),
    ("landuse", "reservoir"): ("water", "water"),
    ("landuse", "basin"): ("water", "water"),
    ("natural", "wood"): ("landuse", "wood"),
    ("natural", "scrub"): ("landuse", "scrub"),
    ("natural", "grassland"): ("landuse", "grassland"),
    ("natural", "beach"): ("landuse", "beach"),
    ("natural", "sand"): ("landuse", "sand"),
    ("landuse", "forest"): ("landuse", "forest"),
    ("landuse", "grass"): ("landuse", "grass"),
    ("landuse", "meadow"): ("landuse", "meadow"),
    ("landuse", "village_green"): ("landuse", "village_green"),
    ("landuse", "recreation_ground"): ("landuse", "park"),
    ("landuse", "cemetery"): ("landuse", "cemetery"),
    ("landuse", "industrial"): ("landuse", "industrial"),
    ("landuse", "military"): ("landuse", "military"),
    ("leisure", "park"): ("landuse", "park"),
    ("leisure", "garden"): ("landuse", "park"),
    ("leisure", "pitch"): ("landuse", "pitch"),
    ("leisure", "playground"): ("landuse", "playground"),
    ("leisure", "golf_course"): ("landuse", "golf_course"),
    ("leisure", "nature_reserve"): ("landuse", "nature_reserve"),
    ("amenity", "grave_yard"): ("landuse", "cemetery"),
    ("amenity", "hospital"): ("landuse", "hospital"),
    ("amenity", "school"): ("landuse", "school"),
    ("amenity", "university"): ("landuse", "university"),
    ("amenity", "college"): ("landuse", "college"),
    ("aeroway", "aerodrome"): ("landuse", "aerodrome"),
}
_AREA_KEYS = tuple(dict.fromkeys(key for key, _ in AREAS))
# What a stranger finds the way by. Houses would be most of the bytes of the file and of the work of
# the phone, and those that matter are pins anyway.
LANDMARKS = frozenset(
    {
        "apartments",
        "cathedral",
        "church",
        "civic",
        "college",
        "commercial",
        "government",
        "hospital",
        "hotel",
        "industrial",
        "mosque",
        "office",
        "public",
        "retail",
        "school",
        "stadium",
        "supermarket",
        "train_station",
        "university",
        "warehouse",
    }
)
BUILDING = ("buildings", "building")
BUILDINGS_ZOOM = MAX_ZOOM  # from farther away they are dust

WATERWAYS = {"river": 8, "canal": 11, "stream": 12}  # waterway=* lines
PLACES = {  # place=* : kind and zoom from which it is named
    "city": ("locality", 8),
    "town": ("locality", 8),
    "village": ("locality", 10),
    "suburb": ("neighbourhood", 11),
    "quarter": ("neighbourhood", 12),
    "neighbourhood": ("neighbourhood", 12),
}
LAYERS = ("earth", "landuse", "water", "buildings", "roads", "places")

COAST = ("natural", "coastline")
# An object with one of these may be drawn; roads come from the street network.
DRAWN = (
    *AREAS,
    COAST,
    *(("building", kind) for kind in sorted(LANDMARKS)),
    *(("waterway", kind) for kind in WATERWAYS),
    *(("place", kind) for kind in PLACES),
)


def area_of(tags: Tags) -> tuple[str, str] | None:
    """Return layer and kind of an area, None for what isn't drawn."""
    for key in _AREA_KEYS:
        value = tags.get(key)
        if value is not None and (key, value) in AREAS:
            return AREAS[(key, value)]
    return BUILDING if tags.get("building") in LANDMARKS else None


def spanish_name(tags: Tags) -> str:
    """Return what people who speak Spanish call it, else its name, else nothing."""
    return tags.get("name:es") or tags.get("name", "")


def feature(geometry: str, min_zoom: int, **properties: str) -> str:
    """Return one line of what tippecanoe reads, of GeoJSON; empty properties are left out."""
    told = json.dumps(
        {key: value for key, value in properties.items() if value}, ensure_ascii=False
    )
    return (
        f'{{"type":"Feature","tippecanoe":{{"minzoom":{min_zoom}}},'
        f'"properties":{told},"geometry":{geometry}}}\n'
    )
