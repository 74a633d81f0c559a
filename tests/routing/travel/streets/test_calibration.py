"""Speeds learnt from trips in a city where the truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.travel.slots import Slot
from routing.travel.streets.calibration import (
    Dropped,
    Trip,
    Verdict,
    calibrate,
    fit_multipliers,
    measure_trips,
)
from routing.travel.streets.calibration import judge as judging
from routing.travel.streets.calibration.fit import FEWEST_TRIPS_OF_SLOT, HIGHEST, LOWEST
from routing.travel.streets.calibration.trips import SLOTS, sorted_out
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES, FERRY
from routing.travel.times import Profile
from tests.routing.travel.streets.logged_trips import (
    BASE,
    RIDDEN,
    City,
    as_assumed,
    city,
    congested,
)
from tests.routing.travel.towns import at, grid

WORKED = (Slot.MORNING_PEAK, Slot.MIDDAY, Slot.EVENING_PEAK)


def judge(known: City, **options):
    return calibrate(known.ride, known.trips, BASE, **options)


@pytest.fixture(scope="module")
def busy():
    """Three thousand trips of a city that is slower than assumed, and what they taught."""
    known = city(3_000, congested)
    return known, judge(known)


def test_true_speeds_are_found(busy):
    _known, learnt = busy

    found = {
        (name, slot): learnt.factors[name][slot] / congested(name, slot)
        for name in RIDDEN
        for slot in WORKED
    }

    # A cell of 500 trips that differ by 20 % each, with classes ridden together: about 4 %.
    assert max(abs(one - 1) for one in found.values()) < 0.12, found
    assert np.mean([abs(one - 1) for one in found.values()]) < 0.05


def test_new_speeds_are_judged_on_days_that_taught_nothing(busy):
    _known, learnt = busy

    assert learnt.verdict is Verdict.BETTER
    assert learnt.after.count == learnt.before.count == 5 / 20 * learnt.trips
    assert learnt.after.median_share < 0.85 * learnt.before.median_share
    assert abs(learnt.after.bias_share) < 0.5 * abs(learnt.before.bias_share)
    assert learnt.after.parking_s == pytest.approx(90, abs=25)


def test_what_was_logged_on_held_out_days_changes_no_speed(busy):
    known, learnt = busy
    held_out = set(judging._held_out(np.arange(20), seed=1).tolist())

    other = judge(known.with_seconds(lambda one: one.seconds * (1.3 if one.day in held_out else 1)))

    assert other.factors == learnt.factors
    assert other.after != learnt.after


def test_where_the_assumption_is_right_nothing_is_to_be_gained():
    assert judge(city(1_500, as_assumed)).verdict is Verdict.NO_BETTER


@pytest.mark.parametrize(("parking_s", "is_riding"), [(200.0, True), (700.0, False)])
def test_times_that_are_mostly_not_riding_say_nothing_about_the_streets(parking_s, is_riding):
    learnt = judge(city(600, congested, parking_s=parking_s))

    assert (learnt.verdict is not Verdict.NOT_RIDDEN) is is_riding


def test_ten_trips_teach_nothing_and_are_counted():
    learnt = judge(city(10, congested, days=10))

    assert (learnt.verdict, learnt.trips, learnt.factors) == (Verdict.TOO_FEW, 10, {})


@pytest.mark.parametrize(
    ("trips", "days", "is_enough"),
    [
        (judging.FEWEST_TRIPS, judging.FEWEST_DAYS, True),
        (judging.FEWEST_TRIPS - 1, judging.FEWEST_DAYS, False),
        (judging.FEWEST_TRIPS, judging.FEWEST_DAYS - 1, False),
    ],
)
def test_the_least_that_may_teach(trips, days, is_enough):
    learnt = judge(city(trips, congested, days=days))

    assert (learnt.verdict is not Verdict.TOO_FEW) is is_enough
    assert (learnt.fit is not None) is is_enough


@pytest.mark.parametrize(
    ("trips", "is_own"), [(FEWEST_TRIPS_OF_SLOT, True), (FEWEST_TRIPS_OF_SLOT - 1, False)]
)
def test_an_hour_has_its_own_speed_from_so_many_trips_on(trips, is_own):
    known = city(trips, as_assumed, hours=(10.0, 16.0), noise=0.05, parking_s=1.0)

    fit = fit_multipliers(known.ride(BASE, known.trips)[0], BASE)

    assert fit.own_slot.tolist() == [slot is Slot.MIDDAY and is_own for slot in SLOTS]
    assert is_own or not fit.own_cell.any()


def test_trips_that_contradict_each_other_give_no_hour_its_own_speed():
    known = city(FEWEST_TRIPS_OF_SLOT, as_assumed, hours=(10.0, 16.0), noise=1.2)

    fit = fit_multipliers(known.ride(BASE, known.trips)[0], BASE)

    assert not fit.own_slot.any()


def test_an_hour_without_trips_takes_the_speed_of_the_whole_city(busy):
    _known, learnt = busy

    night = learnt.fit.multipliers[SLOTS.index(Slot.NIGHT)]
    assert not learnt.fit.own_slot[SLOTS.index(Slot.NIGHT)]
    assert np.ptp(night) == 0
    # 1 / 0.6 on half of the roads, 1 / 0.85 on the others.
    assert night[0] == pytest.approx((1 / 0.6 + 1 / 0.85) / 2, rel=0.1)


def test_a_road_that_hardly_anybody_rides_takes_the_speed_of_its_hour(busy):
    _known, learnt = busy
    midday, track = SLOTS.index(Slot.MIDDAY), CLASS_NUMBER["track"]

    assert learnt.fit.trips_of_cell[midday, track] == 0
    assert not learnt.fit.own_cell[midday, track]
    residential = CLASS_NUMBER["residential"]
    assert learnt.fit.own_cell[midday, residential]


def test_meals_and_errands_on_the_way_do_not_slow_the_streets(busy):
    known, learnt = busy
    dice = np.random.default_rng(5)
    idle_s = {
        one.end: float(dice.uniform(400, 3_000)) if dice.random() < 0.2 else 0.0
        for one in known.trips
    }

    lazy = judge(known.with_seconds(lambda one: one.seconds + idle_s[one.end]))

    shift = [
        lazy.factors[name][slot] / learnt.factors[name][slot] - 1
        for name in RIDDEN
        for slot in WORKED
    ]
    assert lazy.dropped[Dropped.PAUSE] > 200
    # A plain mean would take every street to be about half as fast.
    assert abs(np.mean(shift)) < 0.06
    assert max(map(abs, shift)) < 0.2


def test_a_ferry_keeps_its_timetable(busy):
    assert FERRY not in busy[1].factors


def test_the_same_trips_teach_the_same(busy):
    known, learnt = busy

    assert judge(known).factors == learnt.factors


@settings(max_examples=6)
@given(st.lists(st.floats(61, 5_000), min_size=100, max_size=100), st.integers(0, 1_000))
def test_no_trips_whatever_make_an_absurd_speed(seconds, seed):
    known = city(100, as_assumed, seed=seed)
    odd = dict(zip((one.end for one in known.trips), seconds, strict=True))

    learnt = judge(known.with_seconds(lambda one: odd[one.end]))

    factors = [one for row in learnt.factors.values() for one in row.values()]
    assert all(judging.SLOWEST <= one <= judging.FASTEST for one in factors)
    if learnt.fit is not None:
        assert learnt.fit.multipliers.min() >= LOWEST
        assert learnt.fit.multipliers.max() <= HIGHEST
        assert 0 <= learnt.fit.parking_s <= 900


@settings(max_examples=3)
@given(st.floats(0.8, 1.4))
def test_the_same_trips_times_k_give_multipliers_times_k_without_shrinkage(k):
    known = city(150, as_assumed)
    once, _ = known.ride(BASE, known.trips)
    scaled = replace(once, seconds=once.seconds * k, fixed_s=once.fixed_s * k)

    plain = fit_multipliers(once, BASE, prior_sd=np.inf)
    larger = fit_multipliers(scaled, BASE, prior_sd=np.inf)

    assert larger.multipliers == pytest.approx(plain.multipliers * k, rel=0.01)
    assert larger.parking_s == pytest.approx(plain.parking_s * k, rel=0.05, abs=1.0)


def test_shrinkage_draws_a_slow_city_towards_the_assumption():
    known = city(150, congested)
    trips, _ = known.ride(BASE, known.trips)

    free = fit_multipliers(trips, BASE, prior_sd=np.inf).multipliers[0, 0]
    drawn = fit_multipliers(trips, BASE, prior_sd=0.02).multipliers[0, 0]

    assert 1 < drawn < free


# --- which trips count


def trip(metres: float = 3_000.0, seconds: float = 600.0) -> Trip:
    return Trip(0, 36_000, seconds, at(0, 0), at(0, metres), Profile.MOTORCYCLE)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (trip(metres=299), Dropped.TOO_NEAR),
        (trip(metres=301), None),
        (trip(seconds=59), Dropped.TOO_SHORT),
        (trip(metres=1_500, seconds=61), None),
        (trip(metres=3_000, seconds=106), Dropped.TOO_FAST),
        (trip(metres=3_000, seconds=110), None),
        (trip(seconds=5_401), Dropped.TOO_LONG),
        (trip(seconds=5_399), None),
    ],
)
def test_a_trip_that_can_be_no_ride_is_dropped_for_its_reason(one, reason):
    kept, dropped = sorted_out([one])

    assert (kept == [one]) is (reason is None)
    assert dropped == ({} if reason is None else {reason: 1})


def test_trips_without_a_way_are_counted():
    known = city(200, congested)
    known.has_way[:30] = False

    learnt = judge(known)

    assert learnt.dropped[Dropped.NO_WAY] == 30
    assert learnt.trips + learnt.dropped.total() == 200


def test_a_ride_is_split_into_what_traffic_changes_and_what_not(open_town):
    travel = open_town(grid(6, 6))
    doors = [at(50, 2), at(308, 250), at(50_000, 0)]
    trips = [
        Trip(0, 36_000, 600.0, doors[0], doors[1], Profile.MOTORCYCLE),
        Trip(0, 36_000, 600.0, doors[0], doors[2], Profile.MOTORCYCLE),
    ]

    measured, has_way = measure_trips(travel, trips)

    ride = travel.rides(doors[:2], Profile.MOTORCYCLE, 36_000)[0]
    expected = (
        measured.fixed_s[0] + (measured.free_s[0] / travel.factors.by_class(Slot.MIDDAY)).sum()
    )
    assert has_way.tolist() == [True, False]
    assert expected == pytest.approx(ride.seconds, abs=1)
    assert np.flatnonzero(measured.free_s[0]).tolist() == [CLASSES.index("residential")]
    # 500 m at 25 km/h.
    assert measured.free_s[0].sum() == pytest.approx(500 / 25 * 3.6, rel=0.02)


def test_learnt_speeds_change_the_rides_of_the_engine(open_town):
    travel = open_town(grid(6, 6))
    ends = [at(50, 2), at(308, 250)]
    slow = travel.factors.replaced({"residential": dict.fromkeys(Slot, 0.4)}, "test")

    slower = type(travel)(travel.pack.folder, slow)

    usual = travel.rides(ends, Profile.MOTORCYCLE, 36_000)[0]
    assert slower.rides(ends, Profile.MOTORCYCLE, 36_000)[0].seconds > 1.8 * usual.seconds
    assert slower.name != travel.name
