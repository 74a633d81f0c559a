"""The day to be planned and its source of travel times, as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.io.reader import Node, parse
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.given import MatrixTravel, Square, unreachable_where_none
from routing.travel.sources import open_travel
from routing.travel.times import UNREACHABLE, Profile, TravelTimes

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
    root.fields(("shifts", "candidates"), ("travel_cost_per_hour", "travel"))
    cost = root["travel_cost_per_hour"]
    problem = Problem(
        shifts=tuple(_shift(node) for node in root["shifts"].elements("shifts")),
        candidates=tuple(_candidate(node) for node in root["candidates"].elements("candidates")),
        travel_cost_per_hour=0 if cost.is_null else cost.integer("points"),
    )
    travel = root["travel"]
    return ProblemFile(problem, None if travel.is_null else _travel(travel, problem))


def problem_to_json(problem: Problem, travel: Mapping[str, object] | None = None) -> str:
    """Write a problem, with the specification of its travel times as it is to appear."""
    document: dict[str, Any] = {
        "travel_cost_per_hour": problem.travel_cost_per_hour,
        "shifts": [_shift_fields(shift) for shift in problem.shifts],
        "candidates": [_candidate_fields(candidate) for candidate in problem.candidates],
    }
    if travel is not None:
        document["travel"] = travel
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _window(node: Node) -> Window:
    node.fields(("start_s", "end_s"))
    return Window(node["start_s"].integer("seconds"), node["end_s"].integer("seconds"))


def _shift(node: Node) -> Shift:
    node.fields(("id", "start", "end", "window"), ("profile", "max_stops"))
    profile, max_stops = node["profile"], node["max_stops"]
    return Shift(
        id=node["id"].id(),
        start=node["start"].point(),
        end=None if node["end"].is_null else node["end"].point(),
        window=_window(node["window"]),
        profile=Profile.MOTORCYCLE if profile.is_null else profile.choice(Profile),
        max_stops=None if max_stops.is_null else max_stops.integer("visits"),
    )


def _candidate(node: Node) -> Candidate:
    node.fields(("id", "point", "service_s", "prize", "windows"), ("required", "shifts"))
    required, shifts = node["required"], node["shifts"]
    return Candidate(
        id=node["id"].id(),
        point=node["point"].point(),
        service_s=node["service_s"].integer("seconds"),
        prize=node["prize"].integer("points"),
        windows=tuple(_window(one) for one in node["windows"].elements("windows")),
        required=False if required.is_null else required.flag(),
        shifts=None if shifts.is_null else frozenset(one.id() for one in shifts.elements("ids")),
    )


def _shift_fields(shift: Shift) -> dict[str, Any]:
    return {
        "id": shift.id,
        "start": shift.start._asdict(),
        "end": None if shift.end is None else shift.end._asdict(),
        "window": asdict(shift.window),
        "profile": shift.profile,
        "max_stops": shift.max_stops,
    }


def _candidate_fields(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "point": candidate.point._asdict(),
        "service_s": candidate.service_s,
        "prize": candidate.prize,
        "windows": [asdict(window) for window in candidate.windows],
        "required": candidate.required,
        "shifts": None if candidate.shifts is None else sorted(candidate.shifts),
    }


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
