"""Files are read strictly, errors name their place, and nothing is lost between JSON and back."""

import json
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.errors import InvalidProblem, TravelTimesUnavailable
from routing.geo import Point
from routing.io.plans import plan_from_json, plan_to_json
from routing.io.problems import problem_from_json, problem_to_json
from routing.io.zones import places_from_json, places_to_json, zoning_to_json
from routing.plan import (
    Change,
    ChangeKind,
    Plan,
    PlannedStop,
    Route,
    Skipped,
    SkipReason,
    TakenBreak,
)
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.given import MatrixTravel
from routing.travel.times import UNREACHABLE, Profile
from routing.zoning import Place, propose
from tests.routing.rich_days import rich_days

HOME = {"lat": -29.9, "lon": -71.25}


def document(**changes: Any) -> dict[str, Any]:
    """A shift and two candidates; the changes replace whole fields of the problem."""
    return {
        "travel_cost_per_hour": 6000,
        "shifts": [
            {"id": "ana", "start": HOME, "end": HOME, "window": {"start_s": 0, "end_s": 3600}}
        ],
        "candidates": [
            {
                "id": one,
                "point": {"lat": -29.91, "lon": -71.25 + i},
                "service_s": 600,
                "prize": 100,
                "windows": [{"start_s": 0, "end_s": 60}],
            }
            for i, one in enumerate(("a", "b"))
        ],
        **changes,
    }


def changed(path: list[str | int], value: Any, whole: dict[str, Any] | None = None) -> str:
    """The document with one value replaced, added or (``...``) taken away."""
    whole = whole or document()
    inner: Any = whole
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(whole)


IDS = st.text(min_size=1, max_size=4)
POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
WINDOWS = st.tuples(st.integers(0, 86400), st.integers(0, 86400)).map(
    lambda ends: Window(min(ends), max(ends))
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    shift_ids = draw(st.lists(IDS, max_size=3, unique=True))
    shifts = [
        Shift(
            one,
            draw(POINTS),
            draw(st.none() | POINTS),
            draw(WINDOWS),
            draw(st.sampled_from(list(Profile))),
            draw(st.none() | st.integers(0, 30)),
        )
        for one in shift_ids
    ]
    candidates = [
        Candidate(
            one,
            draw(POINTS),
            draw(st.integers(0, 86400)),
            draw(st.integers(0, 10**12)),
            tuple(draw(st.lists(WINDOWS, max_size=2))),
            draw(st.booleans()),
            draw(st.none() | st.frozensets(st.sampled_from(shift_ids))) if shift_ids else None,
        )
        for one in draw(st.lists(IDS, max_size=3, unique=True))
    ]
    return Problem(tuple(shifts), tuple(candidates), draw(st.integers(0, 10**12)))


@given(problems())
def test_a_problem_survives_json(problem: Problem) -> None:
    assert problem_from_json(problem_to_json(problem)).problem == problem


@given(rich_days())
def test_every_rule_and_price_survives_json(problem: Problem) -> None:
    assert problem_from_json(problem_to_json(problem)).problem == problem


NUMBERS = st.integers(-(10**9), 10**9)
FACTS = st.dictionaries(IDS, NUMBERS | st.text())
BREAKS = st.lists(st.builds(TakenBreak, NUMBERS, NUMBERS), max_size=2).map(tuple)
STOPS = st.builds(PlannedStop, IDS, *[NUMBERS] * 10, st.booleans(), BREAKS)
ROUTES = st.builds(Route, IDS, st.lists(STOPS, max_size=3).map(tuple), *[NUMBERS] * 4, BREAKS)
CHANGES = st.builds(Change, st.sampled_from(ChangeKind), FACTS)
SKIPPED = st.builds(Skipped, IDS, st.sampled_from(SkipReason), FACTS, st.none() | CHANGES)
PLANS = st.builds(
    Plan,
    st.lists(ROUTES, max_size=3).map(tuple),
    st.lists(SKIPPED, max_size=3).map(tuple),
    NUMBERS,
    st.text(),
    st.booleans(),
    NUMBERS,
    st.text(),
)


@given(PLANS)
def test_a_plan_survives_json(plan: Plan) -> None:
    assert plan_from_json(plan_to_json(plan)) == plan


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (
            ["candidates", 1, "windows", 0, "start_s"],
            "9:00",
            'candidates[1].windows[0].start_s: expected integer seconds, got "9:00"',
        ),
        (
            ["candidates", 0, "windows", 0, "start_s"],
            3.0,
            "candidates[0].windows[0].start_s: expected integer seconds, got 3.0",
        ),
        (
            ["candidates", 0, "service_s"],
            True,
            "candidates[0].service_s: expected integer seconds, got true",
        ),
        (
            ["candidates", 0, "prize"],
            None,
            "candidates[0].prize: expected integer points, got null",
        ),
        (["candidates", 0, "prize"], ..., "candidates[0].prize: missing"),
        (["candidates", 0, "prize"], -1, "candidates[0].prize: expected 0..1000000000000"),
        (
            ["candidates", 0, "id"],
            "",
            'candidates[0].id: expected a text that is not empty, got ""',
        ),
        (["candidates", 0, "id"], 7, "candidates[0].id: expected a text, got 7"),
        (
            ["candidates", 1, "id"],
            "a",
            "candidates[1].id: expected a unique id, 'a' is repeated",
        ),
        (
            ["candidates", 0, "windows", 0, "end_s"],
            172801,
            "candidates[0].windows[0]: expected 0 <= start_s <= end_s <= 172800, got 0..172801",
        ),
        (
            ["candidates", 0, "required"],
            "yes",
            'candidates[0].required: expected true or false, got "yes"',
        ),
        (["candidates", 0, "shifts"], ["x"], "candidates[0].shifts: unknown shifts ['x']"),
        (
            ["candidates", 0, "shifts"],
            "ana",
            'candidates[0].shifts: expected a list of ids, got "ana"',
        ),
        (
            ["candidates", 0, "point"],
            [-29.9, -71.2],
            "candidates[0].point: expected an object, got [-29.9, -71.2]",
        ),
        (
            ["candidates", 0, "point", "lat"],
            -91,
            "candidates[0].point: expected lat -90..90 and lon -180..180, "
            'got {"lat": -91, "lon": -71.25}',
        ),
        (
            ["shifts", 0, "profile"],
            "bicycle",
            'shifts[0].profile: expected one of motorcycle, car, foot, got "bicycle"',
        ),
        (["shifts", 0, "end"], ..., "shifts[0].end: missing"),
        (
            ["shifts", 0, "colour"],
            1,
            "shifts[0].colour: unknown field, expected one of "
            "id, start, end, window, profile, max_stops, day, collector, breaks, skills, "
            "cash_limit",
        ),
        (["shifts"], None, "shifts: expected a list of shifts, got null"),
        (
            ["shifts", 0, "breaks"],
            [{"window": {"start_s": 0, "end_s": 9}}],
            "shifts[0].breaks[0].duration_s: missing",
        ),
        (
            ["prices"],
            {"unfairness": {"kilometres": 1}},
            "prices.unfairness.kilometres: unknown field, expected one of "
            "hours, recovery, hard_cases",
        ),
        (
            ["candidates", 1, "after"],
            ["b"],
            "candidates[1].after: expected others, got the candidate itself",
        ),
        (
            ["candidates", 1, "after"],
            ["nobody"],
            "candidates[1].after: unknown after ['nobody']",
        ),
        (
            ["candidates", 0, "services"],
            [{"outcome": "paid", "share": 1, "seconds": 1.5}],
            "candidates[0].services[0].seconds: expected integer seconds, got 1.5",
        ),
        (
            ["candidates", 0, "is_deposit"],
            1,
            "candidates[0].is_deposit: expected true or false, got 1",
        ),
        (["travel"], {}, "travel.provider: missing"),
        (["travel"], {"provider": 1}, "travel.provider: expected a text, got 1"),
        (
            ["travel"],
            {"provider": "osrm", "matrix": {}},
            "travel.provider: unknown field, expected one of matrix",
        ),
    ],
)
def test_an_error_names_the_place_and_what_was_expected(
    path: list[str | int], value: Any, error: str
) -> None:
    with pytest.raises(InvalidProblem) as refusal:
        problem_from_json(changed(path, value))

    assert str(refusal.value) == error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "line 1 column 1: expected JSON, Expecting value"),
        ('{"shifts": [],\n "candidates": [}', "line 2 column 17: expected JSON, Expecting value"),
        ("[]", "the document: expected an object, got []"),
        ("NaN", "the document: expected JSON numbers, NaN is none"),
        ('{"a": NaN}', "a: expected JSON numbers, NaN is none"),
        (
            '{"a": [{"b": 1}, {"b": [2, -Infinity]}]}',
            "a[1].b[1]: expected JSON numbers, -Infinity is none",
        ),
        (
            '{"shifts": [], "shifts": []}',
            "shifts: expected each field once in an object, this one is repeated",
        ),
        ("[" * 100_000, "the document: expected fewer levels of nesting"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, error: str) -> None:
    with pytest.raises(InvalidProblem) as refusal:
        problem_from_json(text)

    assert str(refusal.value) == error


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(InvalidProblem, match="expected JSON"):
        problem_from_json('{"shifts": ' + "9" * 10_000 + "}")


def test_a_long_wrong_value_is_shown_in_short() -> None:
    with pytest.raises(InvalidProblem) as refusal:
        problem_from_json(changed(["shifts"], "x" * 1000))

    assert str(refusal.value).endswith('"xxxxxxxxx' + "x" * 30 + "...")


def matrix(**changes: Any) -> dict[str, Any]:
    """Two candidates, a start and an end at the same point."""
    square = [[0, 1, 2, 2], [1, 0, None, None], [2, 3, 0, 0], [2, 3, 0, 0]]
    return {"motorcycle": {"seconds": square, "metres": square, **changes}}


def test_given_matrices_answer_by_point() -> None:
    file = problem_from_json(json.dumps(document(travel={"matrix": matrix()})))
    a, b = (candidate.point for candidate in file.problem.candidates)
    home = Point(**HOME)

    found = file.open_travel().matrix([b, home, a], Profile.MOTORCYCLE)

    assert found.seconds.tolist() == [[0, UNREACHABLE, 1], [3, 0, 2], [1, 2, 0]]
    assert found.metres.tolist() == [[0, UNREACHABLE, 1], [3, 0, 2], [1, 2, 0]]
    assert (found.source, found.is_estimate) == ("given", False)


def test_given_rides_are_straight_lines() -> None:
    file = problem_from_json(json.dumps(document(travel={"matrix": matrix()})))
    a, b = (candidate.point for candidate in file.problem.candidates)

    there, back = file.open_travel().legs([a, b, a], Profile.MOTORCYCLE)

    assert (there.points, there.seconds, there.metres) == ((a, b), 1, 1)
    assert (back.points, back.seconds, back.metres) == ((b, a), 1, 1)


@pytest.mark.parametrize(
    ("seconds", "error"),
    [
        (
            [[0]],
            "travel.matrix.motorcycle.seconds: "
            "expected 4 rows (2 candidates, 1 starts, 1 ends), got 1",
        ),
        (
            [[0, 1, 2, 2], [1, 0, 3], [2, 3, 0, 0], [2, 3, 0, 0]],
            "travel.matrix.motorcycle.seconds[1]: expected a list of 4 seconds, got [1, 0, 3]",
        ),
        (
            [[0, 1, 2, 2], [1, 0, 3, 3], [2, -1, 0, 0], [2, 3, 0, 0]],
            "travel.matrix.motorcycle.seconds[2][1]: "
            "expected integer seconds 0..2147483646, or null where there is no way, got -1",
        ),
        (
            [[0, 1, 2, 2], [1, 5, 3, 3], [2, 3, 0, 0], [2, 3, 0, 0]],
            "travel.matrix.motorcycle.seconds[1][1]: expected 0, got 5",
        ),
        (
            [[0, 1, 2, 2], [1, 0, 3, 3], [2, 3, 0, 0], [2, 4, 0, 0]],
            "travel.matrix.motorcycle.seconds[3]: "
            "expected the row and column of 2, which is the same point",
        ),
    ],
)
def test_a_matrix_that_cannot_be_is_refused_by_its_cell(seconds: Any, error: str) -> None:
    metres = [[0, 1, 2, 2], [1, 0, 3, 3], [2, 3, 0, 0], [2, 3, 0, 0]]
    given = matrix(seconds=seconds, metres=metres)

    with pytest.raises(InvalidProblem) as refusal:
        problem_from_json(json.dumps(document(travel={"matrix": given})))

    assert str(refusal.value) == error


def test_a_matrix_is_needed_for_each_profile_that_rides() -> None:
    given = document(travel={"matrix": matrix()})
    given["shifts"][0]["profile"] = "car"

    with pytest.raises(InvalidProblem) as refusal:
        problem_from_json(json.dumps(given))

    assert str(refusal.value) == "travel.matrix.car: missing, shifts[0] (ana) rides with it"


def test_points_and_profiles_that_were_not_given_have_no_travel_times() -> None:
    file = problem_from_json(json.dumps(document(travel={"matrix": matrix()})))
    travel = file.open_travel()
    assert isinstance(travel, MatrixTravel)

    with pytest.raises(TravelTimesUnavailable, match="not among its points"):
        travel.matrix([Point(0, 0)], Profile.MOTORCYCLE)
    with pytest.raises(TravelTimesUnavailable, match="profile car"):
        travel.matrix([], Profile.CAR)


def test_without_a_source_distances_are_estimated_and_the_file_says_that_none_was_named() -> None:
    file = problem_from_json(json.dumps(document()))

    assert not file.names_travel
    assert file.open_travel().matrix([Point(**HOME)], Profile.CAR).is_estimate


def test_the_specification_of_a_provider_is_handed_on() -> None:
    file = problem_from_json(json.dumps(document(travel={"provider": "haversine"})))

    assert file.names_travel
    assert file.travel == {"provider": "haversine"}


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(Place, IDS, POINTS, st.floats(0, 1e9), st.floats(0, 1e9)),
        max_size=4,
        unique_by=lambda place: place.id,
    ),
    st.none() | st.integers(1, 9),
)
def test_places_survive_json(places: list[Place], zones: int | None) -> None:
    file = places_from_json(places_to_json(places, zones))

    assert (list(file.places), file.zones) == (places, zones)


def test_zones_are_written_with_members_figures_and_drawing() -> None:
    places = [
        Place(str(i), Point(-29.9 + i % 4 / 100, -71.2 + i // 4 / 100), 1.0) for i in range(16)
    ]
    zoning = propose(places, 2)

    written = json.loads(zoning_to_json(zoning))

    assert [zone["zone"] for zone in written["zones"]] == [0, 1]
    members = [one for zone in written["zones"] for one in zone["place_ids"]]
    assert sorted(members) == sorted(zoning.zone_of)
    assert [zone["places"] for zone in written["zones"]] == [8, 8]
    first = shapely.from_geojson(json.dumps(written["zones"][0]["outline"]))
    inside = [place for place in places if zoning.zone_of[place.id] == 0]
    assert all(first.covers(shapely.Point(p.point.lon, p.point.lat)) for p in inside)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"places": [], "zones": 0}', "zones: expected at least 1, got 0"),
        ('{"places": [], "zones": 2.5}', "zones: expected integer zones, got 2.5"),
        (
            '{"places": [{"id": "a", "point": {"lat": 0, "lon": 0}, "weight": "1"}]}',
            'places[0].weight: expected a number, any unit of work, got "1"',
        ),
    ],
)
def test_an_error_in_places_names_its_place(text: str, error: str) -> None:
    with pytest.raises(InvalidProblem) as refusal:
        places_from_json(text)

    assert str(refusal.value) == error
