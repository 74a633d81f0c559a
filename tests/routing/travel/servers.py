"""Small real HTTP servers that speak the protocols of OSRM and Valhalla over a flat, empty world.

In that world everything is ridden in a straight line at 10 m/s; points north of ``SEA_LAT`` are in
the sea, where there is no street, and points west of ``ISLAND_LON`` on an island without a bridge.
"""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from routing.geo import Point, haversine_m

SEA_LAT, ISLAND_LON = -29.0, -72.0
SPEED_MS = 10.0
STREET_AWAY_M = 7.0


@dataclass
class World:
    """How the server behaves, and what it was asked."""

    asked: list = field(default_factory=list)
    delay_s: float = 0.0
    raw: tuple[int, bytes] | None = None  # sent instead of an answer
    change: object = None  # applied to every answer before it is sent
    most_pairs: int = 2_500
    version: str = "2026-11-01"  # of the data, which may change while the server's name stays


def is_lost(point: Point) -> bool:
    return point.lat > SEA_LAT


def is_cut_off(a: Point, b: Point) -> bool:
    return (a.lon < ISLAND_LON) != (b.lon < ISLAND_LON)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self._serve(json.loads(self.rfile.read(size)))

    def _serve(self, body: dict | None) -> None:
        world: World = self.server.world
        world.asked.append((self.path, body))
        time.sleep(world.delay_s)
        if world.raw is not None:
            return self._send(*world.raw)
        status, answer = self.answer(world, body)
        if world.change is not None:
            answer = world.change(answer)
        return self._send(status, json.dumps(answer).encode())

    def _send(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            return  # the client did not wait

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


class OsrmHandler(_Handler):
    def answer(self, world: World, _: None) -> tuple[int, dict]:
        address = urlsplit(self.path)
        found = re.fullmatch(r"/(\w+)/v1/(\w+)/([-\d.,;]+)", address.path)
        service, _, places = found.groups()
        points = [Point(*map(float, place.split(",")[::-1])) for place in places.split(";")]
        for i, point in enumerate(points):
            if is_lost(point) and service != "nearest":
                message = f"Could not find a matching segment for coordinate {i}"
                return 400, {"code": "NoSegment", "message": message}
        options = {key: values[0] for key, values in parse_qs(address.query).items()}
        return getattr(self, f"_{service}")(world, points, options)

    def _table(self, world, points, options):
        rows = _chosen(points, options.get("sources"))
        columns = _chosen(points, options.get("destinations"))
        if len(rows) * len(columns) > world.most_pairs:
            return 400, {"code": "TooBig", "message": "Too many table coordinates"}
        metres = [[None if is_cut_off(a, b) else haversine_m(a, b) for b in columns] for a in rows]
        answer = {
            "code": "Ok",
            "sources": [{"distance": STREET_AWAY_M} for _ in rows],
            "durations": [[None if m is None else m / SPEED_MS for m in row] for row in metres],
        }
        if "distance" in options.get("annotations", ""):
            answer["distances"] = metres
        return 200, answer

    def _nearest(self, world, points, options):
        del points, options
        return 200, {"code": "Ok", "waypoints": [], "data_version": world.version}

    def _route(self, world, points, options):
        del world
        assert options["geometries"] == "geojson"
        if any(is_cut_off(a, b) for a, b in pairwise(points)):
            return 400, {"code": "NoRoute", "message": "Impossible route between points"}
        legs = [_osrm_leg(a, b) for a, b in pairwise(points)]
        return 200, {"code": "Ok", "routes": [{"legs": legs}]}


def _osrm_leg(a: Point, b: Point) -> dict:
    middle = Point((a.lat + b.lat) / 2, (a.lon + b.lon) / 2)
    metres = haversine_m(a, b)
    steps = [
        {"geometry": {"coordinates": [[p.lon, p.lat], [q.lon, q.lat]]}}
        for p, q in ((a, middle), (middle, b), (b, b))
    ]
    return {"duration": metres / SPEED_MS, "distance": metres, "steps": steps}


def _chosen(points: list[Point], indices: str | None) -> list[Point]:
    return points if indices is None else [points[int(i)] for i in indices.split(";")]


class ValhallaHandler(_Handler):
    def answer(self, world: World, body: dict) -> tuple[int, object]:
        return getattr(self, f"_{self.path.lstrip('/')}")(world, body)

    def _locate(self, world, body):
        del world
        points = [Point(one["lat"], one["lon"]) for one in body["locations"]]
        return 200, [{"edges": None if is_lost(point) else [_edge(point)]} for point in points]

    def _sources_to_targets(self, world, body):
        rows, columns = (
            [Point(one["lat"], one["lon"]) for one in body[side]] for side in ("sources", "targets")
        )
        if any(map(is_lost, rows + columns)):
            error = "No suitable edges near location"
            return 400, {"error_code": 171, "error": error}
        if len(rows) * len(columns) > world.most_pairs:
            return 400, {"error_code": 153, "error": "Too many pairs of locations"}
        return 200, {"sources_to_targets": [[_cell(a, b) for b in columns] for a in rows]}

    def _status(self, world, body):
        del body
        return 200, {"version": "3.5.1", "tileset_last_modified": world.version}

    def _route(self, world, body):
        del world
        points = [Point(one["lat"], one["lon"]) for one in body["locations"]]
        if any(map(is_lost, points)):
            return 400, {"error_code": 171, "error": "No suitable edges near location"}
        if any(is_cut_off(a, b) for a, b in pairwise(points)):
            return 400, {"error_code": 442, "error": "No path could be found for input"}
        return 200, {"trip": {"legs": [_valhalla_leg(a, b) for a, b in pairwise(points)]}}


def _valhalla_leg(a: Point, b: Point) -> dict:
    metres = haversine_m(a, b)
    summary = {"time": metres / SPEED_MS, "length": metres / 1000}
    return {"summary": summary, "shape": encoded([a, b])}


def _edge(point: Point) -> dict:
    north = STREET_AWAY_M / 111_195.08  # metres of a degree on the sphere of routing.geo
    return {"correlated_lat": point.lat + north, "correlated_lon": point.lon}


def _cell(a: Point, b: Point) -> dict:
    if is_cut_off(a, b):
        return {"time": None, "distance": None}
    return {"time": haversine_m(a, b) / SPEED_MS, "distance": haversine_m(a, b) / 1000}


def encoded(points: list[Point]) -> str:
    """Encode a polyline of six decimals, written apart from the decoder under test."""
    text, before = "", (0, 0)
    for point in points:
        now = tuple(round(value * 1e6) for value in point)
        for old, new in zip(before, now, strict=True):
            number = (new - old) * 2 if new >= old else (old - new) * 2 - 1
            while number >= 32:
                text += chr((number % 32 + 32) + 63)
                number //= 32
            text += chr(number + 63)
        before = now
    return text


def serve(handler: type) -> tuple[ThreadingHTTPServer, World]:
    """Start a server on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.world = World()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    return server, server.world
