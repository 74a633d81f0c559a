"""One road engine under many threads, in forked children and in spawned ones."""

import multiprocessing
import pickle
from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest

from routing.travel.times import Profile
from tests.routing.travel.towns import at, tangled


@pytest.fixture
def travel(open_town):
    """The engine of a tangled town."""
    return open_town(tangled(7))


@pytest.fixture
def points():
    """Forty places all over the town."""
    dice = Random(7)
    return [at(dice.uniform(0, 800), dice.uniform(0, 800)) for _ in range(40)]


def test_many_threads_get_the_answers_of_one(travel, points):
    def ask(number):
        profile = list(Profile)[number % 3]
        return profile, travel.matrix(points, profile), travel.legs(points[:10], profile)

    with ThreadPoolExecutor(max_workers=12) as threads:
        answers = list(threads.map(ask, range(48)))

    for profile, matrix, legs in answers:
        np.testing.assert_array_equal(matrix.seconds, travel.matrix(points, profile).seconds)
        assert legs == travel.legs(points[:10], profile)


def test_a_forked_child_may_search_even_if_the_parent_was_opening_a_router(travel, points):
    """The parent forks while it holds the lock of the engine, which the child never sees freed."""
    expected = travel.matrix(points, Profile.MOTORCYCLE).seconds
    answers = multiprocessing.get_context("fork").SimpleQueue()

    def child():
        answers.put(travel.matrix(points, Profile.MOTORCYCLE).seconds.tolist())
        answers.put(travel.matrix(points, Profile.CAR).seconds.tolist())

    with travel._lock:
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join(timeout=60)

    assert process.exitcode == 0
    assert answers.get() == expected.tolist()


def test_a_spawned_child_gets_the_answers_of_its_parent(travel, points):
    expected = travel.matrix(points, Profile.MOTORCYCLE).seconds

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(travel.matrix, (points, Profile.MOTORCYCLE))

    np.testing.assert_array_equal(found.seconds, expected)


def test_an_engine_pickles_as_its_pack(travel, points):
    frozen = pickle.dumps(travel)

    thawed = pickle.loads(frozen)  # noqa: S301 - our own bytes

    assert len(frozen) < 500
    assert thawed.name == travel.name
    np.testing.assert_array_equal(
        thawed.matrix(points, Profile.FOOT).seconds, travel.matrix(points, Profile.FOOT).seconds
    )
