"""What the routing servers have in common: asking over HTTP, and tables made of blocks."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray

from routing.errors import TravelTimesUnavailable
from routing.geo import Point, is_on_earth
from routing.travel.times import UNREACHABLE, Leg, Matrix

Floats = NDArray[np.float64]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON object that a server sent, whatever its status."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """Part of a table: seconds and metres from some points to some points, NaN for no way."""

    seconds: Floats
    metres: Floats


@dataclass(frozen=True, slots=True)
class Server:
    """A routing server at `url`; `kind` is its name for people."""

    kind: str
    url: str
    timeout_s: float

    def __post_init__(self) -> None:
        """Check the address.

        Raises
        ------
        TravelTimesUnavailable
            If it isn't one of HTTP.
        """
        try:
            parts = urlsplit(self.url)
            is_good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            is_good = False
        if not is_good:
            expected = "expected an address like http://127.0.0.1:5000"
            raise TravelTimesUnavailable(f"travel.url: {expected}, got {self.url!r}")

    @property
    def name(self) -> str:
        """Return kind and host, without any password of the address."""
        parts = urlsplit(self.url)
        return f"{self.kind}:{parts.hostname}:{parts.port or parts.scheme}"

    def session(self) -> httpx.Client:
        """Return a client for one task; connections are never shared between processes."""
        parts = urlsplit(self.url)
        return httpx.Client(
            base_url=self.url,
            timeout=self.timeout_s,
            # Reading the certificates takes longer than a table: only where they are needed.
            verify=parts.scheme == "https",
            # No proxy leads to a server on this very machine.
            trust_env=parts.hostname not in LOOPBACK,
        )

    def ask(self, client: httpx.Client, method: str, path: str, **request: Any) -> Answer:
        """Ask, and return what the server said, errors of its own included.

        Raises
        ------
        TravelTimesUnavailable
            If there is no answer in time, or none that is a JSON object or list.
        """
        try:
            response = client.request(method, path, **request)
        except httpx.TimeoutException as error:
            raise self.unavailable(f"no answer within {self.timeout_s:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self.unavailable(f"no answer ({error or type(error).__name__})") from error
        try:
            body = response.json()
        except ValueError as error:
            reason = f"status {response.status_code} without JSON; is it a {self.kind} server?"
            raise self.unavailable(reason) from error
        if isinstance(body, list):
            body = {"items": body}
        if not isinstance(body, dict):
            raise self.unavailable(f"expected a JSON object, got {type(body).__name__}")
        return Answer(response.status_code, body)

    def data_version(self, path: str, key: str) -> str:
        """Return what the server says about the age of its data, "" if it says nothing."""
        try:
            with self.session() as client:
                told = self.ask(client, "GET", path).body.get(key, "")
        except TravelTimesUnavailable:
            return ""
        return str(told)

    def unavailable(self, reason: str) -> TravelTimesUnavailable:
        """Return the error that names this server."""
        return TravelTimesUnavailable(f"{self.name}: {reason}")

    def numbers(self, rows: object, shape: tuple[int, int]) -> Floats:
        """Return a table of numbers and nulls as float64, NaN for null.

        Raises
        ------
        TravelTimesUnavailable
            If it has another shape or holds anything else.
        """
        try:
            table = np.array(rows, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise self.unavailable("its table holds something else than numbers") from error
        if table.shape != shape:
            raise self.unavailable(f"its table has shape {table.shape}, expected {shape}")
        return table


def usable_points(points: Sequence[Point]) -> list[int]:
    """Return the indices of the points that are on the Earth."""
    return [i for i, point in enumerate(points) if is_on_earth(point)]


def matrix_of_blocks(
    points: Sequence[Point],
    usable: Sequence[int],
    snap_m: Floats,
    source: str,
    block: int,
    ask_block: Callable[[list[Point], list[Point]], Block],
) -> Matrix:
    """Ask for a matrix block by block.

    Parameters
    ----------
    usable : sequence of int
        Indices of the points that may be asked for; the others are unreachable.
    snap_m : float64[n]
        Distance of each point from its street, infinite for the unusable ones.
    block : int
        Most origins, and most destinations, in one question.
    ask_block : callable
        Origins and destinations -> their table.
    """
    count = len(points)
    seconds, metres = np.full((count, count), np.nan), np.full((count, count), np.nan)
    for rows in chunks(usable, block):
        for columns in chunks(usable, block):
            part = ask_block([points[i] for i in rows], [points[i] for i in columns])
            seconds[np.ix_(rows, columns)] = part.seconds
            metres[np.ix_(rows, columns)] = part.metres
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(metres, 0)
    is_way = np.isfinite(seconds) & np.isfinite(metres)
    return Matrix(
        seconds=_marked(np.where(is_way, seconds, np.inf)),
        metres=_marked(np.where(is_way, metres, np.inf)),
        source=source,
        snap_m=_marked(snap_m),
    )


def _marked(values: Floats) -> NDArray[np.int32]:
    is_known = np.isfinite(values)
    marked = np.where(is_known, np.rint(np.where(is_known, values, 0)), UNREACHABLE)
    return np.asarray(marked, dtype=np.int32)


def chunks(indices: Sequence[int], size: int) -> Iterator[list[int]]:
    """Yield the indices in lists of at most `size`."""
    for begin in range(0, len(indices), size):
        yield list(indices[begin : begin + size])


def legs_of_chunks(
    points: Sequence[Point],
    most_points: int,
    ask_route: Callable[[Sequence[Point]], list[Leg] | None],
) -> list[Leg]:
    """Ask for legs, many at a time; where a route has no way, ask again leg by leg.

    `ask_route` returns None when some part of the route has no way.
    """
    legs: list[Leg] = []
    for begin in range(0, len(points) - 1, most_points - 1):
        stretch = points[begin : begin + most_points]
        found = ask_route(stretch)
        legs.extend(found if found is not None else _leg_by_leg(stretch, ask_route))
    return legs


def _leg_by_leg(
    points: Sequence[Point], ask_route: Callable[[Sequence[Point]], list[Leg] | None]
) -> list[Leg]:
    legs = []
    for i in range(len(points) - 1):
        ends = points[i : i + 2]
        found = ask_route(ends) if len(points) > 2 else None
        legs.extend(found or [Leg(tuple(ends), seconds=UNREACHABLE, metres=UNREACHABLE)])
    return legs


def whole(value: float) -> int:
    """Round seconds or metres of a server; what is no number is no way."""
    return round(value) if math.isfinite(value) else UNREACHABLE
