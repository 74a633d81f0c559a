"""The cache of matrices: same answers, bounded, shared, and never trusting a damaged file."""

import multiprocessing
import os
import pickle

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.errors import TravelTimesUnavailable
from routing.geo import Point
from routing.travel import open_travel
from routing.travel.cached import CachedTravel, CacheReport, _read, _write
from routing.travel.haversine import Haversine
from routing.travel.times import Profile

PLAZA, BEACH, PORT = Point(-29.9027, -71.2519), Point(-29.905, -71.274), Point(-29.95, -71.338)
THREE = [PLAZA, BEACH, PORT]


class CountingTravel(Haversine):
    """Great-circle times that count how often they are asked."""

    def __init__(self, name="counting@1"):
        self.asked = 0
        self._name = name

    @property
    def name(self):
        return self._name

    @property
    def slot_starts_s(self):
        return (0, 3600)

    def matrix(self, points, profile, depart_s=0):
        self.asked += 1
        return super().matrix(points, profile, depart_s)


@pytest.fixture
def source():
    return CountingTravel()


@pytest.fixture
def travel(source, tmp_path):
    return CachedTravel(source, tmp_path / "cache")


def files(tmp_path):
    return sorted((tmp_path / "cache").iterdir())


def test_the_second_question_is_answered_from_disk(travel, source):
    first = travel.matrix(THREE, Profile.CAR)

    second = travel.matrix(THREE, Profile.CAR)

    assert source.asked == 1
    assert travel.report == CacheReport(hits=1, misses=1)
    for field in ("seconds", "metres", "snap_m"):
        np.testing.assert_array_equal(getattr(first, field), getattr(second, field))
    assert (second.source, second.is_estimate) == ("haversine", True)


def test_another_run_finds_what_this_one_kept(travel, source, tmp_path):
    travel.matrix(THREE, Profile.CAR)

    CachedTravel(source, tmp_path / "cache").matrix(THREE, Profile.CAR)

    assert source.asked == 1


@pytest.mark.parametrize(
    ("points", "profile", "depart_s"),
    [
        (THREE, Profile.FOOT, 0),
        (THREE, Profile.CAR, 3600),
        ([PLAZA, PORT, BEACH], Profile.CAR, 0),
        (THREE[:2], Profile.CAR, 0),
        ([Point(PLAZA.lat + 1e-6, PLAZA.lon), BEACH, PORT], Profile.CAR, 0),
    ],
)
def test_another_question_is_asked(travel, source, points, profile, depart_s):
    travel.matrix(THREE, Profile.CAR)

    travel.matrix(points, profile, depart_s)

    assert source.asked == 2


@pytest.mark.parametrize(
    ("points", "depart_s"),
    [
        (THREE, 3599),
        ([Point(PLAZA.lat + 1e-7, PLAZA.lon - 1e-7), BEACH, PORT], 0),
    ],
)
def test_a_difference_that_means_nothing_is_not_asked_again(travel, source, points, depart_s):
    travel.matrix(THREE, Profile.CAR)

    travel.matrix(points, Profile.CAR, depart_s)

    assert source.asked == 1


def test_a_new_version_of_the_source_starts_afresh(travel, tmp_path):
    travel.matrix(THREE, Profile.CAR)
    renewed = CountingTravel("counting@2")

    CachedTravel(renewed, tmp_path / "cache").matrix(THREE, Profile.CAR)

    assert renewed.asked == 1


def cut_short(file):
    file.write_bytes(file.read_bytes()[:-40])


def other_shape(file):
    np.savez(
        file,
        seconds=np.zeros((2, 2), dtype=np.int32),
        metres=np.zeros((2, 2), dtype=np.int32),
        snap_m=np.zeros(2, dtype=np.int32),
        source="x",
        is_estimate=False,
    )


def scratch(file):
    content = bytearray(file.read_bytes())
    content[200:230] = b"\xff" * 30
    file.write_bytes(bytes(content))


@pytest.mark.parametrize(
    "harm",
    [
        cut_short,
        scratch,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_text("not a matrix"),
        lambda file: np.savez(file, seconds=np.zeros((3, 3))),
        lambda file: np.savez(file, seconds=np.array([{}], dtype=object)),
        lambda file: (file.unlink(), file.mkdir()),
    ],
)
def test_a_damaged_matrix_is_computed_again(travel, source, tmp_path, harm):
    expected = travel.matrix(THREE, Profile.CAR)
    harm(files(tmp_path)[0])

    again = travel.matrix(THREE, Profile.CAR)

    assert source.asked == 2
    np.testing.assert_array_equal(again.seconds, expected.seconds)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 2_000), value=st.integers(0, 255))
def test_a_flipped_byte_never_changes_an_answer(tmp_path, position, value):
    expected = Haversine().matrix(THREE, Profile.CAR)
    _write(tmp_path / "one.npz", expected)
    content = bytearray((tmp_path / "one.npz").read_bytes())
    content[position % len(content)] = value
    (tmp_path / "one.npz").write_bytes(bytes(content))

    found = _read(tmp_path / "one.npz", 3)

    assert found is None or (
        (found.seconds == expected.seconds).all()
        and (found.metres == expected.metres).all()
        and (found.snap_m == expected.snap_m).all()
        and found.is_estimate == expected.is_estimate
    )


def test_the_matrices_used_longest_ago_go_first(source, tmp_path):
    travel = CachedTravel(source, tmp_path / "cache", max_bytes=3_500)
    travel.matrix(THREE, Profile.CAR)
    size = files(tmp_path)[0].stat().st_size
    assert 1_000 < size < 1_750
    travel.matrix(THREE, Profile.FOOT)
    for age, file in enumerate(sorted(files(tmp_path), key=lambda file: file.stat().st_mtime_ns)):
        os.utime(file, (1_000_000 + age, 1_000_000 + age))

    travel.matrix(THREE, Profile.CAR)  # used again: the walkers' matrix is now the older one
    travel.matrix(THREE[:2], Profile.CAR)

    assert sum(file.stat().st_size for file in files(tmp_path)) <= 3_500
    asked = source.asked
    travel.matrix(THREE, Profile.CAR)
    assert source.asked == asked
    travel.matrix(THREE, Profile.FOOT)
    assert source.asked == asked + 1


def test_a_matrix_larger_than_the_bound_is_answered_and_not_kept(source, tmp_path):
    travel = CachedTravel(source, tmp_path / "cache", max_bytes=100)

    travel.matrix(THREE, Profile.CAR)

    assert files(tmp_path) == []


def test_a_folder_that_can_not_be_written_costs_nothing_but_time(source, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    travel = CachedTravel(source, tmp_path / "cache")

    first, second = travel.matrix(THREE, Profile.CAR), travel.matrix(THREE, Profile.CAR)

    np.testing.assert_array_equal(first.seconds, second.seconds)
    assert source.asked == 2


def test_a_failure_of_the_source_is_not_kept(tmp_path):
    class BrokenTravel(CountingTravel):
        def matrix(self, points, profile, depart_s=0):
            raise TravelTimesUnavailable("closed")

    with pytest.raises(TravelTimesUnavailable):
        CachedTravel(BrokenTravel(), tmp_path / "cache").matrix(THREE, Profile.CAR)
    assert not (tmp_path / "cache").exists()


def test_no_points_are_a_matrix_too(travel):
    assert travel.matrix([], Profile.CAR).seconds.shape == (0, 0)
    assert travel.matrix([], Profile.CAR).seconds.shape == (0, 0)


def test_legs_come_from_the_source(travel):
    assert travel.legs(THREE, Profile.CAR) == Haversine().legs(THREE, Profile.CAR)


def _fill(folder, seed):
    travel = CachedTravel(Haversine(), folder, max_bytes=20_000)
    for k in range(30):
        points = [Point(-29.9, -71.0 - (k + seed) % 12 / 100), PORT]
        expected = Haversine().matrix(points, Profile.CAR).seconds
        np.testing.assert_array_equal(travel.matrix(points, Profile.CAR).seconds, expected)


def test_several_processes_share_a_folder(tmp_path):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_fill, args=(tmp_path / "cache", n)) for n in range(4)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert not list((tmp_path / "cache").glob(".matrix-*"))
    assert sum(file.stat().st_size for file in files(tmp_path)) <= 20_000


def test_it_pickles_for_a_child_process(tmp_path):
    travel = open_travel({"provider": "haversine", "cache": tmp_path / "cache"})

    thawed = pickle.loads(pickle.dumps(travel))  # noqa: S301 - our own bytes

    thawed.matrix(THREE, Profile.CAR)
    travel.matrix(THREE, Profile.CAR)
    assert travel.report == CacheReport(hits=1, misses=0)


def test_the_specification_bounds_the_folder(tmp_path):
    travel = open_travel({"provider": "haversine", "cache": str(tmp_path / "c"), "cache_bytes": 10})

    travel.matrix(THREE, Profile.CAR)

    assert list((tmp_path / "c").iterdir()) == []


@pytest.mark.parametrize("setting", [{"cache_bytes": 0}, {"cache_bytes": "much"}, {"cache": 5}])
def test_settings_that_can_not_be_used_are_named(tmp_path, setting):
    with pytest.raises(TravelTimesUnavailable, match=r"travel\.cache"):
        open_travel({"provider": "haversine", "cache": tmp_path, **setting})
