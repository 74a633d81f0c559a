"""Travel times from an OSRM server (its HTTP API, version 1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from routing.geo import Point, is_on_earth, to_lonlat
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

DEFAULT_TIMEOUT_S = 30.0
# Origins and destinations travel in the address: 2 x 50 stay below the usual 8 kB limit and the
# server's default limit of 100 x 100.
BLOCK = 50
MOST_ROUTE_POINTS = 100  # the server's default limit is 500

# A server holds the speeds of one profile, whatever the address asks for.
PATHS = {Profile.MOTORCYCLE: "driving", Profile.CAR: "driving", Profile.FOOT: "foot"}

_LOST_COORDINATE = re.compile(r"coordinate (\d+)")


class Osrm:
    """Travel times of an OSRM server.

    Parameters
    ----------
    url : str
        Of the server whose data is for vehicles, such as ``http://127.0.0.1:5000``.
    foot_url : str or None
        Of a server whose data is for walkers; without it, walking is unavailable, as the other
        server would answer with driving times.
    timeout_s : float
        Longest wait for one answer.
    """

    def __init__(
        self, url: str, *, foot_url: str | None = None, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> None:
        """Remember where to ask; nothing is asked yet."""
        self._wheels = Server("osrm", url.rstrip("/"), timeout_s)
        self._foot = Server("osrm", foot_url.rstrip("/"), timeout_s) if foot_url else None

    @property
    def name(self) -> str:
        """Return the kind and host of the server."""
        return self._wheels.name

    def data_version(self, profile: Profile) -> str:
        """Return the version that was given to ``osrm-extract --data_version``, "" for none."""
        server = self._server(profile)
        return server.data_version(f"/nearest/v1/{PATHS[profile]}/0,0", "data_version")

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        """Return the start of the day: the answers don't depend on the hour."""
        return ALL_DAY

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Return travel from each point to each; `depart_s` is ignored."""
        del depart_s
        server = self._server(profile)
        with server.session() as client:
            asking = _Asking(server, client, PATHS[profile])
            snap_m = asking.snap_m(points)
            usable = np.flatnonzero(np.isfinite(snap_m)).tolist()
            return matrix_of_blocks(points, usable, snap_m, "osrm", BLOCK, asking.block)

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return the rides between consecutive points."""
        del depart_s
        server = self._server(profile)
        with server.session() as client:
            asking = _Asking(server, client, PATHS[profile])
            return legs_of_chunks(points, MOST_ROUTE_POINTS, asking.route)

    def _server(self, profile: Profile) -> Server:
        if profile is not Profile.FOOT:
            return self._wheels
        if self._foot is None:
            raise self._wheels.unavailable("its data is for vehicles; set foot_url to walk")
        return self._foot


@dataclass(frozen=True, slots=True)
class _Asking:
    """One task on one server."""

    server: Server
    client: httpx.Client
    path: str

    def snap_m(self, points: Sequence[Point]) -> Floats:
        """Return the distance of each point from its street, infinite where there is none near."""
        snap_m = np.full(len(points), np.inf)
        for chunk in chunks(usable_points(points), 2 * BLOCK):
            while chunk:
                answer = self._ask("table", [points[i] for i in chunk], destinations="0")
                lost = _lost_coordinate(answer)
                if lost is None or lost >= len(chunk):
                    snap_m[chunk] = [_number(self.server, at) for at in self._sources(answer)]
                    break
                del chunk[lost]
        snap_m[snap_m > MAX_SNAP_M] = np.inf
        return snap_m

    def block(self, rows: list[Point], columns: list[Point]) -> Block:
        """Return the table from some points to some points."""
        count = len(rows)
        answer = self._ask(
            "table",
            rows + columns,
            annotations="duration,distance",
            sources=";".join(map(str, range(count))),
            destinations=";".join(map(str, range(count, count + len(columns)))),
        )
        self._expect_ok(answer)
        shape = (count, len(columns))
        return Block(
            self.server.numbers(answer.body.get("durations"), shape),
            self.server.numbers(answer.body.get("distances"), shape),
        )

    def route(self, points: Sequence[Point]) -> list[Leg] | None:
        """Return the legs of a route, None when some part has no way."""
        if not all(map(is_on_earth, points)):
            return None
        answer = self._ask(
            "route", points, overview="false", steps="true", geometries="geojson",
            continue_straight="false",
        )  # fmt: skip
        if answer.body.get("code") in {"NoRoute", "NoSegment"}:
            return None
        self._expect_ok(answer)
        try:
            legs = [_leg(leg) for leg in answer.body["routes"][0]["legs"]]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise self.server.unavailable(f"its route can't be read ({error!r})") from error
        if len(legs) != len(points) - 1:
            raise self.server.unavailable(f"it sent {len(legs)} legs for {len(points)} points")
        return legs

    def _ask(self, service: str, points: Sequence[Point], **parameters: str) -> Answer:
        places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in map(to_lonlat, points))
        path = f"/{service}/v1/{self.path}/{places}"
        return self.server.ask(self.client, "GET", path, params=parameters)

    def _sources(self, answer: Answer) -> list[object]:
        self._expect_ok(answer)
        sources = answer.body.get("sources")
        if not isinstance(sources, list):
            raise self.server.unavailable("its table does not say where the points are")
        return [source.get("distance") for source in sources if isinstance(source, dict)]

    def _expect_ok(self, answer: Answer) -> None:
        code = answer.body.get("code")
        if code != "Ok":
            said = answer.body.get("message", "")
            raise self.server.unavailable(f"status {answer.status}, {code}: {said}")


def _lost_coordinate(answer: Answer) -> int | None:
    """Return which coordinate the server could not put on any street, None if it could."""
    if answer.body.get("code") != "NoSegment":
        return None
    found = _LOST_COORDINATE.search(str(answer.body.get("message", "")))
    return int(found[1]) if found else None


def _number(server: Server, value: object) -> float:
    if not isinstance(value, int | float):
        raise server.unavailable(f"expected a distance to the street, got {value!r}")
    return float(value)


def _leg(leg: Mapping[str, Any]) -> Leg:
    places = [place for step in leg["steps"] for place in step["geometry"]["coordinates"]]
    points = [Point(lat, lon) for lon, lat in places]
    return Leg(
        points=tuple(point for i, point in enumerate(points) if i == 0 or point != points[i - 1]),
        seconds=whole(leg["duration"]),
        metres=whole(leg["distance"]),
    )
