"""Neighbourhoods and municipalities: kept in the pack, found by name or point.

In the pack they are ``places.geojson``, which any map program opens. A place that the extract only
marks with a point has that point and no outline.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy.spatial.distance import cdist

from routing.errors import BrokenPack
from routing.geo import EARTH_RADIUS_M, Point
from routing.travel.streets.addresses.parsing import place_key

PLACES_FILE = "places.geojson"
PLACES_FORMAT = 1
LEAST_LIKENESS = 86.0  # of two names of places, 0-100: one wrong letter in seven
# A street along the border of a neighbourhood belongs to both sides.
BORDER_M = 60.0


class PlaceKind(StrEnum):
    """How large a place is."""

    NEIGHBOURHOOD = "neighbourhood"
    MUNICIPALITY = "municipality"
    STATE = "state"


# How far from its point a place without an outline reaches, metres: half of what such places
# usually measure across in a Latin American city.
REACH_M = {
    PlaceKind.NEIGHBOURHOOD: 900.0,
    PlaceKind.MUNICIPALITY: 12_000.0,
    PlaceKind.STATE: 200_000.0,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood, a municipality or a state.

    Attributes
    ----------
    admin_level : int or None
        Of its administrative boundary, 4 (state) to 11.
    outline : shapely geometry or None
        Degrees, longitude first as GeoJSON has it; None when only a point is known.
    """

    name: str
    kind: PlaceKind
    point: Point
    admin_level: int | None = None
    outline: shapely.Geometry | None = None


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """The places of an extract.

    Attributes
    ----------
    skipped : list[str]
        Names of places whose outline is not closed, or crosses itself beyond repair.
    """

    places: list[Place] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


class PlaceIndex:
    """Finds places by name and by point."""

    def __init__(self, places: Sequence[Place], skipped_count: int = 0) -> None:
        self.places = tuple(places)
        self.skipped_count = skipped_count
        self._keys = [place_key(place.name) for place in self.places]
        self._found: dict[tuple[str, frozenset[PlaceKind]], tuple[int, ...]] = {}

    def named(self, key: str, *kinds: PlaceKind) -> tuple[int, ...]:
        """Return the numbers of the places of a name, misspelt by a letter or so at most."""
        asked = (key, frozenset(kinds))
        if asked not in self._found:
            self._found[asked] = self._named(key, asked[1])
        return self._found[asked]

    def _named(self, key: str, kinds: frozenset[PlaceKind]) -> tuple[int, ...]:
        wanted = [i for i, place in enumerate(self.places) if not kinds or place.kind in kinds]
        same = tuple(i for i in wanted if self._keys[i] == key)
        if same or not key:
            return same
        close = process.extract(
            key,
            {i: self._keys[i] for i in wanted},
            scorer=fuzz.ratio,
            score_cutoff=LEAST_LIKENESS,
            limit=1,
        )
        best = {name for name, _likeness, _number in close}
        return tuple(i for i in wanted if self._keys[i] in best)

    def inside(self, number: int, degrees: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which places (latitude, longitude) lie in a place or on its border."""
        place = self.places[number]
        outline = self._outlines[number]
        if outline is not None:
            within: NDArray[np.bool_] = shapely.contains_xy(outline, degrees[:, 1], degrees[:, 0])
            return within
        # Between two towns of which only the points are known, each place belongs to the nearer.
        points = np.array([self.places[i].point for i in self._points_of[place.kind]])
        scale = (1.0, float(np.cos(np.radians(place.point.lat))))
        away = cdist(degrees * scale, points * scale)
        mine = away[:, self._points_of[place.kind].index(number)]
        reach_degrees = np.degrees(REACH_M[place.kind] / EARTH_RADIUS_M)
        near: NDArray[np.bool_] = (mine <= reach_degrees) & (mine <= away.min(axis=1))
        return near

    def at(self, point: Point, kind: PlaceKind) -> Place | None:
        """Return the smallest place of a kind around a point; of those without outline the nearest.

        None when there is none.
        """
        tree, numbers = self._trees
        hits = tree.query(shapely.Point(point.lon, point.lat), predicate="within")
        around = [self.places[numbers[i]] for i in hits.tolist()]
        around = [place for place in around if place.kind is kind]
        if around:
            smallest: Place = min(around, key=lambda place: float(shapely.area(place.outline)))
            return smallest
        return self._nearest(point, kind)

    def _nearest(self, point: Point, kind: PlaceKind) -> Place | None:
        numbers = self._points_of[kind]
        if not len(numbers):
            return None
        places = np.array([self.places[i].point for i in numbers])
        scale = np.cos(np.radians(point.lat))
        away = np.hypot(places[:, 0] - point.lat, (places[:, 1] - point.lon) * scale)
        nearest = int(np.argmin(away))
        reach_degrees = np.degrees(REACH_M[kind] / EARTH_RADIUS_M)
        return self.places[numbers[nearest]] if away[nearest] <= reach_degrees else None

    @cached_property
    def _points_of(self) -> dict[PlaceKind, list[int]]:
        return {
            kind: [
                i
                for i, place in enumerate(self.places)
                if place.kind is kind and place.outline is None
            ]
            for kind in PlaceKind
        }

    @cached_property
    def _outlines(self) -> list[shapely.Geometry | None]:
        border = float(np.degrees(BORDER_M / EARTH_RADIUS_M))
        outlines: list[shapely.Geometry | None] = [
            None if place.outline is None else shapely.buffer(place.outline, border, quad_segs=2)
            for place in self.places
        ]
        shapely.prepare([one for one in outlines if one is not None])
        return outlines

    @cached_property
    def _trees(self) -> tuple[shapely.STRtree, list[int]]:
        outlined = [
            (i, place.outline) for i, place in enumerate(self.places) if place.outline is not None
        ]
        return shapely.STRtree([one for _, one in outlined]), [i for i, _ in outlined]


def write_places(folder: Path, found: FoundPlaces) -> None:
    """Write ``places.geojson`` into a folder."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": place.name,
                "kind": place.kind.value,
                "admin_level": place.admin_level,
                "lat": round(place.point.lat, 7),
                "lon": round(place.point.lon, 7),
            },
            "geometry": json.loads(
                shapely.to_geojson(place.outline or shapely.Point(place.point[::-1]))
            ),
        }
        for place in found.places
    ]
    collection = {
        "type": "FeatureCollection",
        "format": PLACES_FORMAT,
        "skipped": found.skipped,
        "features": features,
    }
    (folder / PLACES_FILE).write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def read_places(folder: Path) -> PlaceIndex:
    """Read the places of a pack.

    Raises
    ------
    BrokenPack
        If the pack has none, or none of this format.
    """
    try:
        data = json.loads((folder / PLACES_FILE).read_text(encoding="utf-8"))
        if data["format"] != PLACES_FORMAT:
            raise BrokenPack(folder, f"{PLACES_FILE} is of another format; build the pack again")
        return PlaceIndex([_place(one) for one in data["features"]], len(data["skipped"]))
    except FileNotFoundError as error:
        raise BrokenPack(folder, f"it has no {PLACES_FILE}; build the pack again") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenPack(folder, f"{PLACES_FILE} is unreadable ({error!r})") from error


def _place(feature: dict[str, dict[str, object]]) -> Place:
    told = feature["properties"]
    outline = shapely.from_geojson(json.dumps(feature["geometry"]))
    level = told["admin_level"]
    return Place(
        name=str(told["name"]),
        kind=PlaceKind(str(told["kind"])),
        point=Point(float(str(told["lat"])), float(str(told["lon"]))),
        admin_level=int(str(level)) if level is not None else None,
        outline=None if outline.geom_type == "Point" else outline,
    )
