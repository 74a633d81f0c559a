"""The day to be planned and its source of travel times, as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.io.reader import Node, parse
from routing.problem import (
    Break,
    Candidate,
    Measure,
    Prices,
    Problem,
    ServiceClass,
    Shift,
    Window,
)
from routing.travel.given import MatrixTravel, Square, unreachable_where_none
from routing.travel.sources import open_travel
from routing.travel.times import UNREACHABLE, Profile, TravelTimes

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ESTIMATE: Mapping[str, object] = {"provider": "haversine"}  # when a problem names no source
_PROVIDER_SETTINGS = ("pack", "url", "foot_url", "timeout_s", "cache", "cache_bytes")


@dataclass(frozen=True, slots=True)
class ProblemFile:
    """A problem and where its travel times come from.

    Attributes
    ----------
    travel : MatrixTravel, mapping or None
        Given matrices, the specification of a provider, or nothing said.
    """

    problem: Problem
    travel: MatrixTravel | Mapping[str, object] | None

    @property
    def names_travel(self) -> bool:
        """Tell whether the file says where travel times come from."""
        return self.travel is not None

    def open_travel(self) -> TravelTimes:
        """Open the source of travel times, great-circle estimates when the file names none.

        Raises
        ------
        TravelTimesUnavailable
            If it can't be opened.
        """
        if isinstance(self.travel, MatrixTravel):
            return self.travel
        return open_travel(self.travel or ESTIMATE)


def problem_from_json(text: str) -> ProblemFile:
    """Read a problem.

    Raises
    ------
    InvalidProblem
        With the place of the first fault in the document.
    """
    root = parse(text)
    root.fields(("shifts", "candidates"), ("travel_cost_per_hour", "prices", "travel"))
    cost, prices = root["travel_cost_per_hour"], root["prices"]
    problem = Problem(
        shifts=tuple(_shift(node) for node in root["shifts"].elements("shifts")),
        candidates=tuple(candidate_of(node) for node in root["candidates"].elements("candidates")),
        travel_cost_per_hour=0 if cost.is_null else cost.integer("points"),
        prices=Prices() if prices.is_null else _prices(prices),
    )
    travel = root["travel"]
    return ProblemFile(problem, None if travel.is_null else _travel(travel, problem))


def problem_to_json(problem: Problem, travel: Mapping[str, object] | None = None) -> str:
    """Write a problem, with the specification of its travel times as it is to appear."""
    document: dict[str, Any] = {
        "travel_cost_per_hour": problem.travel_cost_per_hour,
        "shifts": [_written(shift) for shift in problem.shifts],
        "candidates": [_written(candidate) for candidate in problem.candidates],
    }
    if problem.prices != Prices():
        document["prices"] = _prices_fields(problem.prices)
    if travel is not None:
        document["travel"] = travel
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def window_of(node: Node) -> Window:
    """Read a window."""
    node.fields(("start_s", "end_s"), ("day",))
    return Window(
        node["start_s"].integer("seconds"),
        node["end_s"].integer("seconds"),
        None if node["day"].is_null else node["day"].integer("day"),
    )


def _windows(node: Node) -> tuple[Window, ...]:
    return tuple(window_of(one) for one in node.elements("windows"))


def _prices(node: Node) -> Prices:
    node.fields((), tuple(field.name for field in fields(Prices)))
    return Prices(**_given_fields(node, _PRICES))


def _unfairness(node: Node) -> tuple[tuple[Measure, int], ...]:
    node.fields((), tuple(Measure))
    return tuple((Measure(name), price.integer("points")) for name, price in node.items())


def _shift(node: Node) -> Shift:
    node.fields(("id", "start", "end", "window"), tuple(_SHIFT))
    return Shift(
        id=node["id"].id(),
        start=node["start"].point(),
        end=None if node["end"].is_null else node["end"].point(),
        window=window_of(node["window"]),
        **_given_fields(node, _SHIFT),
    )


def _break(node: Node) -> Break:
    node.fields(("window", "duration_s"))
    return Break(window_of(node["window"]), node["duration_s"].integer("seconds"))


def candidate_of(node: Node) -> Candidate:
    """Read a candidate."""
    node.fields(("id", "point", "service_s", "prize", "windows"), tuple(_CANDIDATE))
    return Candidate(
        id=node["id"].id(),
        point=node["point"].point(),
        service_s=node["service_s"].integer("seconds"),
        prize=node["prize"].integer("points"),
        windows=_windows(node["windows"]),
        **_given_fields(node, _CANDIDATE),
    )


def _service(node: Node) -> ServiceClass:
    node.fields(("outcome", "share", "seconds"))
    return ServiceClass(
        node["outcome"].id(), node["share"].integer("share"), node["seconds"].integer("seconds")
    )


def _ids(node: Node) -> frozenset[str]:
    return frozenset(one.id() for one in node.elements("ids"))


def _integer(unit: str) -> Callable[[Node], int]:
    return lambda node: node.integer(unit)


def _given_fields(node: Node, readers: Mapping[str, Callable[[Node], Any]]) -> dict[str, Any]:
    """Return the fields that may be missing, those that are there and not null."""
    return {name: read(node[name]) for name, read in readers.items() if not node[name].is_null}


# How fields that may be missing are read; null is the same as missing.
_PRICES: Mapping[str, Callable[[Node], Any]] = {
    "unfairness": _unfairness,
    "moved": _integer("points"),
    "dropped": _integer("points"),
}
_SHIFT: Mapping[str, Callable[[Node], Any]] = {
    "profile": lambda node: node.choice(Profile),
    "max_stops": _integer("visits"),
    "day": _integer("day"),
    "collector": Node.id,
    "breaks": lambda node: tuple(_break(one) for one in node.elements("breaks")),
    "skills": _ids,
    "cash_limit": _integer("points"),
}
_CANDIDATE: Mapping[str, Callable[[Node], Any]] = {
    "required": Node.flag,
    "shifts": _ids,
    "collectors": _ids,
    "forbidden_collectors": _ids,
    "skills": _ids,
    "services": lambda node: tuple(_service(one) for one in node.elements("services")),
    "preferred": _windows,
    "outside_price": _integer("points"),
    "group": Node.id,
    "after": _ids,
    "max_visits": _integer("visits"),
    "repeat_prize": _integer("points"),
    "last_contact_day": _integer("day"),
    "min_rest_days": _integer("days"),
    "max_rest_days": _integer("days"),
    "cash": _integer("points"),
    "is_deposit": Node.flag,
    "hardness": _integer("units"),
    "published_shift": Node.id,
}


def _written(one: "DataclassInstance") -> dict[str, Any]:
    """Return the fields of a part of a problem as JSON has them, without those left at nothing."""
    return {
        field.name: _plain(value)
        for field in fields(one)
        if (value := getattr(one, field.name)) != field.default or field.name in _ALWAYS
    }


_ALWAYS = frozenset({"end", "profile", "max_stops", "required", "shifts"})


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Point):
        return value._asdict()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return _written(value) if is_dataclass(value) and not isinstance(value, type) else value


def _prices_fields(prices: Prices) -> dict[str, Any]:
    return _written(prices) | {"unfairness": dict(prices.unfairness)}


def _travel(node: Node, problem: Problem) -> MatrixTravel | Mapping[str, object]:
    if isinstance(node.value, dict) and "matrix" in node:
        node.fields(("matrix",))
        return _given(node["matrix"], problem)
    node.fields(("provider",), _PROVIDER_SETTINGS)
    node["provider"].text()
    return dict(node.value)


def matrix_points(problem: Problem) -> list[Point]:
    """Return the points of given matrices: candidates, starts of shifts, ends of shifts."""
    points = [candidate.point for candidate in problem.candidates]
    points += [shift.start for shift in problem.shifts]
    return points + [shift.end for shift in problem.shifts if shift.end is not None]


def _given(node: Node, problem: Problem) -> MatrixTravel:
    matrices = {}
    for name, profile in node.items():
        if name not in set(Profile):
            raise InvalidProblem(profile.place, f"expected one of {', '.join(Profile)}")
        profile.fields(("seconds", "metres"))
        seconds = _square(profile["seconds"], "seconds", problem)
        metres = _square(profile["metres"], "metres", problem)
        metres[seconds == UNREACHABLE] = UNREACHABLE
        matrices[Profile(name)] = (seconds, metres)
    for i, shift in enumerate(problem.shifts):
        if shift.profile not in matrices:
            place = f"{node.place}.{shift.profile}"
            raise InvalidProblem(place, f"missing, shifts[{i}] ({shift.id}) rides with it")
    return MatrixTravel(matrix_points(problem), matrices)


def _square(node: Node, unit: str, problem: Problem) -> Square:
    n = len(matrix_points(problem))
    rows = node.elements("rows")
    if len(rows) != n:
        candidates, shifts = len(problem.candidates), len(problem.shifts)
        ends = n - candidates - shifts
        parts = f"{candidates} candidates, {shifts} starts, {ends} ends"
        raise InvalidProblem(node.place, f"expected {n} rows ({parts}), got {len(rows)}")
    return unreachable_where_none([_row(row, unit, n) for row in rows])


def _row(node: Node, unit: str, n: int) -> Sequence[int | None]:
    if not isinstance(node.value, list) or len(node.value) != n:
        node.refuse(f"a list of {n} {unit}")
    values: list[int | None] = node.value
    for i, one in enumerate(values):
        if one is not None and (type(one) is not int or not 0 <= one < UNREACHABLE):
            expected = f"integer {unit} 0..{UNREACHABLE - 1}, or null where there is no way"
            node.elements(unit)[i].refuse(expected)
    return values
