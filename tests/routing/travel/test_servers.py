"""OSRM and Valhalla over HTTP: answers, limits, places without streets, and failures."""

import socket
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from routing.errors import TravelTimesUnavailable
from routing.geo import Point, haversine_m
from routing.travel import open_travel
from routing.travel.osrm import Osrm
from routing.travel.times import UNREACHABLE, Profile
from routing.travel.valhalla import Valhalla, _decoded
from tests.routing.travel.servers import (
    SPEED_MS,
    STREET_AWAY_M,
    OsrmHandler,
    ValhallaHandler,
    encoded,
    serve,
)

PLAZA, BEACH, PORT = Point(-29.9027, -71.2519), Point(-29.905, -71.274), Point(-29.95, -71.338)
AT_SEA = Point(-28.5, -71.9)
ISLAND = Point(-29.9, -72.5)
HANDLERS = {"osrm": OsrmHandler, "valhalla": ValhallaHandler}


@pytest.fixture(params=HANDLERS)
def provider(request):
    """Each of the two providers."""
    return request.param


@pytest.fixture
def server(provider):
    """A running server of that kind: its address and its world."""
    running, world = serve(HANDLERS[provider])
    yield f"http://127.0.0.1:{running.server_port}", world
    running.shutdown()
    running.server_close()


@pytest.fixture
def world(server):
    return server[1]


@pytest.fixture
def travel(provider, server):
    return open_travel({"provider": provider, "url": server[0], "timeout_s": 5})


def many_points(count):
    dice = Random(count)
    return [Point(dice.uniform(-30, -29.8), dice.uniform(-71.4, -71.2)) for _ in range(count)]


def test_a_matrix_has_the_seconds_and_metres_of_the_server(travel, provider):
    matrix = travel.matrix([PLAZA, BEACH, PORT], Profile.MOTORCYCLE)

    metres = haversine_m(PLAZA, PORT)
    assert matrix.metres[0, 2] == pytest.approx(metres, abs=2)
    assert matrix.seconds[0, 2] == pytest.approx(metres / SPEED_MS, abs=1)
    assert list(np.diag(matrix.seconds)) == [0, 0, 0]
    assert list(matrix.snap_m) == [STREET_AWAY_M] * 3
    assert matrix.source == provider
    assert not matrix.is_estimate


def test_a_large_matrix_is_asked_in_blocks_and_comes_back_whole(travel, world):
    points = many_points(130)

    matrix = travel.matrix(points, Profile.CAR)

    expected = np.array([[haversine_m(a, b) for b in points] for a in points])
    np.testing.assert_allclose(matrix.metres, expected, atol=2)
    tables = [path for path, body in world.asked if "sources" in (body or path)]
    assert len(tables) == 9


def test_a_pair_without_a_way_is_marked_and_the_rest_is_answered(travel):
    matrix = travel.matrix([PLAZA, ISLAND, PORT], Profile.MOTORCYCLE)

    assert matrix.seconds[0, 1] == matrix.metres[1, 2] == UNREACHABLE
    assert matrix.seconds[0, 2] < UNREACHABLE
    assert matrix.snap_m[1] == STREET_AWAY_M


def test_one_point_at_sea_does_not_fail_the_whole_matrix(travel):
    matrix = travel.matrix([AT_SEA, PLAZA, AT_SEA, PORT], Profile.MOTORCYCLE)

    assert [bool(m == UNREACHABLE) for m in matrix.snap_m] == [True, False, True, False]
    assert matrix.seconds[1, 3] < UNREACHABLE
    assert (matrix.seconds[0, 1:] == UNREACHABLE).all()
    assert (matrix.seconds[1:2, 0] == UNREACHABLE).all()


def test_points_that_are_not_on_the_earth_are_not_asked_for(travel, world):
    matrix = travel.matrix([Point(float("nan"), 0.0), PLAZA, PORT], Profile.CAR)

    assert matrix.snap_m[0] == UNREACHABLE
    assert matrix.seconds[1, 2] < UNREACHABLE
    assert not any("nan" in f"{path} {body}" for path, body in world.asked)


def test_only_points_at_sea_are_answered_without_a_table(travel):
    matrix = travel.matrix([AT_SEA, AT_SEA], Profile.CAR)

    assert matrix.seconds.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]


def test_no_points_ask_for_nothing(travel, world):
    assert travel.matrix([], Profile.CAR).seconds.shape == (0, 0)
    assert travel.legs([PLAZA], Profile.CAR) == []
    assert world.asked == []


def test_legs_follow_the_geometry_of_the_server(travel):
    legs = travel.legs([PLAZA, BEACH, PORT], Profile.MOTORCYCLE)

    assert [leg.metres for leg in legs] == [
        pytest.approx(haversine_m(PLAZA, BEACH), abs=1),
        pytest.approx(haversine_m(BEACH, PORT), abs=1),
    ]
    assert haversine_m(legs[0].points[0], PLAZA) < 1
    assert haversine_m(legs[1].points[-1], PORT) < 1
    assert all(a != b for leg in legs for a, b in pairwise(leg.points))


def test_many_legs_are_asked_in_stretches(travel, world):
    points = many_points(230)

    legs = travel.legs(points, Profile.CAR)

    assert [leg.metres for leg in legs] == [
        pytest.approx(haversine_m(a, b), abs=1) for a, b in pairwise(points)
    ]
    assert 3 <= len(world.asked) <= 13


@pytest.mark.parametrize("nowhere", [ISLAND, AT_SEA, Point(float("nan"), 0.0)])
def test_a_leg_without_a_way_is_a_straight_line_and_the_others_are_ridden(travel, nowhere):
    legs = travel.legs([PLAZA, BEACH, nowhere, PORT, PLAZA], Profile.MOTORCYCLE)

    assert [leg.seconds < UNREACHABLE for leg in legs] == [True, False, False, True]
    assert legs[1].points == (BEACH, nowhere)


def test_the_name_shows_the_host_but_no_password(provider):
    travel = open_travel({"provider": provider, "url": "https://me:secret@roads.example:8002"})

    assert travel.name == f"{provider}:roads.example:8002"


def test_the_cache_of_a_server_is_asked_anew_when_its_data_changes(server, provider, tmp_path):
    url, world = server
    travel = open_travel({"provider": provider, "url": url, "cache": tmp_path / "cache"})
    for _ in range(2):
        travel.matrix([PLAZA, PORT], Profile.CAR)
    assert (travel.report.hits, travel.report.misses) == (1, 1)

    world.version = "2026-12-01"
    travel.matrix([PLAZA, PORT], Profile.CAR)

    assert (travel.report.hits, travel.report.misses) == (1, 2)


def test_a_server_that_does_not_tell_its_version_is_cached_by_its_name(server, provider, tmp_path):
    url, world = server
    world.change = lambda answer: (
        {key: value for key, value in answer.items() if value != world.version}
        if isinstance(answer, dict)
        else answer
    )
    travel = open_travel({"provider": provider, "url": url, "cache": tmp_path / "cache"})

    for _ in range(2):
        travel.matrix([PLAZA, PORT], Profile.CAR)

    assert travel.report.hits == 1


def test_a_silent_server_is_given_up_after_the_time_out(provider, server):
    url, world = server
    world.delay_s = 1.0
    travel = open_travel({"provider": provider, "url": url, "timeout_s": 0.1})

    with pytest.raises(TravelTimesUnavailable, match=r"no answer within 0\.1 s"):
        travel.matrix([PLAZA, PORT], Profile.CAR)


def test_a_server_that_is_not_there_is_named(provider):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    travel = open_travel({"provider": provider, "url": f"http://127.0.0.1:{port}"})

    with pytest.raises(TravelTimesUnavailable, match=f"127.0.0.1:{port}"):
        travel.legs([PLAZA, PORT], Profile.CAR)


@pytest.mark.parametrize("url", ["not an address", "http://", "ftp://127.0.0.1", "http://[bad"])
def test_an_address_that_is_none_is_an_error_of_ours(provider, url):
    with pytest.raises(TravelTimesUnavailable):
        open_travel({"provider": provider, "url": url}).matrix([PLAZA, PORT], Profile.CAR)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b"<html>welcome to nginx</html>"),
        (502, b"Bad Gateway"),
        (200, b""),
        (200, b'"hello"'),
        (200, b"{}"),
        (200, b"[]"),
        (500, b'{"error": "out of memory", "code": "InternalError"}'),
        (200, b'{"code": "Ok", "sources": 3, "sources_to_targets": 3}'),
        (200, b'{"code": "Ok", "sources": [{}, {}]}'),
        (200, b'[{"edges": [{"lat": 1}]}, 7]'),
        (200, b"{" * 2000),
    ],
)
def test_nonsense_is_refused(travel, world, status, content):
    world.raw = (status, content)

    with pytest.raises(TravelTimesUnavailable):
        travel.matrix([PLAZA, PORT], Profile.CAR)
    with pytest.raises(TravelTimesUnavailable):
        travel.legs([PLAZA, PORT], Profile.CAR)


def test_a_table_of_another_shape_is_refused(travel, world):
    def shorten(answer):
        if isinstance(answer, dict):
            for key in ("durations", "sources_to_targets"):
                if key in answer:
                    answer[key] = answer[key][:1]
        return answer

    world.change = shorten

    with pytest.raises(TravelTimesUnavailable, match="shape"):
        travel.matrix([PLAZA, BEACH, PORT], Profile.CAR)


def test_words_in_a_table_are_refused(travel, world):
    def spoil(answer):
        if isinstance(answer, dict):
            if "distances" in answer:
                answer["durations"][0][0] = "soon"
            if "sources_to_targets" in answer:
                answer["sources_to_targets"][0][0]["time"] = "soon"
        return answer

    world.change = spoil

    with pytest.raises(TravelTimesUnavailable, match="something else than numbers"):
        travel.matrix([PLAZA, BEACH], Profile.CAR)


def test_a_limit_of_the_server_is_reported_in_its_words(travel, world):
    world.most_pairs = 3

    with pytest.raises(TravelTimesUnavailable, match="Too many"):
        travel.matrix([PLAZA, BEACH], Profile.CAR)


def test_osrm_walks_only_with_a_server_for_walkers():
    running, world = serve(OsrmHandler)
    url = f"http://127.0.0.1:{running.server_port}"

    with pytest.raises(TravelTimesUnavailable, match="foot_url"):
        Osrm(url).matrix([PLAZA, PORT], Profile.FOOT)
    both = open_travel({"provider": "osrm", "url": "http://unused.invalid", "foot_url": url})
    assert both.matrix([PLAZA, PORT], Profile.FOOT).seconds[0, 1] < UNREACHABLE
    assert all("/foot/" in path for path, _ in world.asked)
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize("profile", list(Profile))
def test_valhalla_is_asked_for_the_profile(profile):
    running, world = serve(ValhallaHandler)
    url = f"http://127.0.0.1:{running.server_port}"

    Valhalla(url).matrix([PLAZA, PORT], profile)

    costing = {"motorcycle": "motorcycle", "car": "auto", "foot": "pedestrian"}[profile]
    assert {body["costing"] for _, body in world.asked} == {costing}
    running.shutdown()
    running.server_close()


def test_a_polyline_is_read_as_it_was_written():
    points = [PLAZA, BEACH, PORT, Point(0.0, 0.0), Point(-90.0, 180.0), Point(89.999999, -180.0)]

    assert _decoded(encoded(points)) == [pytest.approx(point) for point in points]


@pytest.mark.parametrize("provider_name", HANDLERS)
@pytest.mark.parametrize(
    "settings", [{}, {"url": ""}, {"url": 5}, {"url": "http://a", "timeout_s": 0}]
)
def test_settings_that_can_not_be_used_are_named(provider_name, settings):
    with pytest.raises(TravelTimesUnavailable, match=r"travel\.(url|timeout_s)"):
        open_travel({"provider": provider_name, **settings})
