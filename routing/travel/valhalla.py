"""Travel times from a Valhalla server (its HTTP API)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from routing.errors import TravelTimesUnavailable
from routing.geo import Point, haversine_m, is_on_earth
from routing.travel.server import (
    Answer,
    Block,
    Floats,
    Server,
    chunks,
    legs_of_chunks,
    matrix_of_blocks,
    usable_points,
    whole,
)
from routing.travel.slots import ALL_DAY
from routing.travel.times import MAX_SNAP_M, Leg, Matrix, Profile

DEFAULT_TIMEOUT_S = 60.0
BLOCK = 50  # the server's default limit is 2,500 pairs
MOST_ROUTE_POINTS = 20  # the server's default limit for cars
MOST_LOCATED = 100

COSTINGS = {Profile.MOTORCYCLE: "motorcycle", Profile.CAR: "auto", Profile.FOOT: "pedestrian"}

# Codes of the server's errors that mean "no way": no street near, no path, too far apart.
NO_WAY_CODES = frozenset({154, 170, 171, 442, 443})


class Valhalla:
    """Travel times of a Valhalla server.

    One point that is far from every street would fail a whole matrix, so points are located first
    and those that can't be are left out and marked.
    """

    def __init__(self, url: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Remember where to ask; nothing is asked yet."""
        self._server = Server("valhalla", url.rstrip("/"), timeout_s)

    @property
    def name(self) -> str:
        """Return the kind and host of the server."""
        return self._server.name

    def data_version(self, profile: Profile) -> str:
        """Return when the tiles of the server were made, "" if it doesn't say."""
        del profile
        return self._server.data_version("/status", "tileset_last_modified")

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        """Return the start of the day: the answers don't depend on the hour."""
        return ALL_DAY

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Return travel from each point to each; `depart_s` is ignored."""
        del depart_s
        with self._server.session() as client:
            asking = _Asking(self._server, client, COSTINGS[profile])
            snap_m = asking.snap_m(points)
            usable = np.flatnonzero(np.isfinite(snap_m)).tolist()
            return matrix_of_blocks(points, usable, snap_m, "valhalla", BLOCK, asking.block)

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return the rides between consecutive points."""
        del depart_s
        with self._server.session() as client:
            asking = _Asking(self._server, client, COSTINGS[profile])
            return legs_of_chunks(points, MOST_ROUTE_POINTS, asking.route)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One task on one server."""

    server: Server
    client: httpx.Client
    costing: str

    def snap_m(self, points: Sequence[Point]) -> Floats:
        """Return the distance of each point from its street, infinite where there is none near."""
        snap_m = np.full(len(points), np.inf)
        for chunk in chunks(usable_points(points), MOST_LOCATED):
            near = [points[i] for i in chunk]
            answer = self._ask("locate", locations=list(map(_location, near)), verbose=False)
            located = answer.body.get("items")
            if not isinstance(located, list) or len(located) != len(chunk):
                raise self._failed(answer)
            snap_m[chunk] = [
                _nearest_m(self.server, *pair) for pair in zip(near, located, strict=True)
            ]
        snap_m[snap_m > MAX_SNAP_M] = np.inf
        return snap_m

    def block(self, rows: list[Point], columns: list[Point]) -> Block:
        """Return the table from some points to some points."""
        answer = self._ask(
            "sources_to_targets",
            sources=list(map(_location, rows)),
            targets=list(map(_location, columns)),
            units="kilometers",
            verbose=True,
        )
        table = answer.body.get("sources_to_targets")
        if answer.status != httpx.codes.OK or not isinstance(table, list):
            raise self._failed(answer)
        shape = (len(rows), len(columns))
        try:
            seconds = [[cell["time"] for cell in row] for row in table]
            km = [[cell["distance"] for cell in row] for row in table]
        except (KeyError, TypeError) as error:
            raise self.server.unavailable(f"its table can't be read ({error!r})") from error
        return Block(self.server.numbers(seconds, shape), 1000 * self.server.numbers(km, shape))

    def route(self, points: Sequence[Point]) -> list[Leg] | None:
        """Return the legs of a route, None when some part has no way."""
        if not all(map(is_on_earth, points)):
            return None
        answer = self._ask(
            "route",
            locations=list(map(_location, points)),
            units="kilometers",
            directions_type="none",
        )
        if answer.body.get("error_code") in NO_WAY_CODES:
            return None
        if answer.status != httpx.codes.OK:
            raise self._failed(answer)
        try:
            legs = [_leg(leg) for leg in answer.body["trip"]["legs"]]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise self.server.unavailable(f"its route can't be read ({error!r})") from error
        if len(legs) != len(points) - 1:
            raise self.server.unavailable(f"it sent {len(legs)} legs for {len(points)} points")
        return legs

    def _ask(self, action: str, **request: Any) -> Answer:
        body = {"costing": self.costing, **request}
        return self.server.ask(self.client, "POST", f"/{action}", json=body)

    def _failed(self, answer: Answer) -> TravelTimesUnavailable:
        said = answer.body.get("error", "not the expected answer")
        return self.server.unavailable(f"status {answer.status}: {said}")


def _location(point: Point) -> dict[str, float]:
    return {"lat": point.lat, "lon": point.lon, "search_cutoff": MAX_SNAP_M}


def _nearest_m(server: Server, point: Point, located: Any) -> float:
    """Return how far the nearest of the located edges is, infinite when there is none."""
    try:
        edges = located["edges"] or []
        places = [Point(edge["correlated_lat"], edge["correlated_lon"]) for edge in edges]
    except (KeyError, TypeError) as error:
        raise server.unavailable(f"its location can't be read ({error!r})") from error
    return min((haversine_m(point, place) for place in places), default=np.inf)


def _leg(leg: Mapping[str, Any]) -> Leg:
    summary = leg["summary"]
    return Leg(
        points=tuple(_decoded(leg["shape"])),
        seconds=whole(summary["time"]),
        metres=whole(1000 * summary["length"]),
    )


def _decoded(shape: str) -> list[Point]:
    """Read an encoded polyline of six decimals: deltas in zigzag, five bits per character."""
    values: list[int] = []
    value = shift = 0
    for character in shape:
        bits = ord(character) - 63
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    lat = np.cumsum(values[0::2]) / 1e6
    lon = np.cumsum(values[1::2]) / 1e6
    return [Point(*place) for place in zip(lat.tolist(), lon.tolist(), strict=True)]
