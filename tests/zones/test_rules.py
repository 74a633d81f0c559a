from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.zones.rules import (
    BadZoneCount,
    Handover,
    NobodyToPlace,
    ProposedZone,
    StaleProposal,
    TooManyZones,
    check_newcomers,
    check_zone_count,
    handover,
    imbalance,
    last_day_before,
    until,
)

MONDAY = date(2026, 3, 9)
DAY = timedelta(days=1)


def test_a_period_ends_the_day_before_the_next_begins():
    assert last_day_before(MONDAY, from_on=MONDAY - 30 * DAY) == MONDAY - DAY


def test_a_period_replaced_on_its_first_day_covers_no_day():
    assert last_day_before(MONDAY, from_on=MONDAY) < MONDAY


def test_a_period_planned_for_later_never_begins():
    later = MONDAY + 7 * DAY

    assert last_day_before(MONDAY, from_on=later) == later - DAY


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_ended_period_never_reaches_the_day_of_the_next(day, from_on):
    last = last_day_before(day, from_on)

    days_left = [from_on + n * DAY for n in range((last - from_on).days + 1)]
    assert all(left < day for left in days_left)


@pytest.mark.parametrize(
    ("last_on", "next_from_on", "last_day"),
    [
        (None, None, None),
        (MONDAY, None, MONDAY),
        (None, MONDAY, MONDAY - DAY),
        (MONDAY, MONDAY, MONDAY - DAY),
        (MONDAY, MONDAY + DAY, MONDAY),
    ],
)
def test_a_period_lasts_until_its_zone_ends_or_the_next_begins(last_on, next_from_on, last_day):
    assert until(last_on, next_from_on) == last_day


@pytest.mark.parametrize("zone_count", [1, 8, 10])
def test_zones_can_be_as_many_as_the_locations(zone_count):
    check_zone_count(zone_count, place_count=10)


def test_one_zone_more_than_locations_is_refused_with_both_numbers():
    with pytest.raises(TooManyZones) as caught:
        check_zone_count(11, place_count=10)

    assert caught.value.facts == {"zones": 11, "places": 10}


@pytest.mark.parametrize("zone_count", [0, -1, 201])
def test_a_number_of_zones_out_of_range_is_refused(zone_count):
    with pytest.raises(BadZoneCount):
        check_zone_count(zone_count, place_count=5_000)


def test_without_located_clients_no_zone_can_be_drawn():
    with pytest.raises(NobodyToPlace):
        check_zone_count(1, place_count=0)


def test_a_fifth_of_newcomers_still_passes():
    check_newcomers(20, located_count=100)


def test_more_than_a_fifth_of_newcomers_makes_a_proposal_stale():
    with pytest.raises(StaleProposal) as caught:
        check_newcomers(21, located_count=100)

    assert caught.value.facts["newcomers"] == 21


def test_imbalance_is_how_far_the_heaviest_zone_passes_the_mean():
    # mean 20, heaviest 25: 25 % above
    assert imbalance([25.0, 20.0, 15.0]) == pytest.approx(0.25)
    assert imbalance([7.0, 7.0]) == 0
    assert imbalance([]) == 0


def test_a_handover_counts_who_stays_who_moves_and_who_gains_a_collector():
    before = {1: 10, 2: 10, 3: 20, 4: None}
    after = {1: 10, 2: 20, 3: None, 4: 10, 5: 20}

    change = handover(before, after)

    assert change == Handover(kept=1, moved=2, gained=2)
    assert change.moved_share == pytest.approx(2 / 3)


def test_with_nobody_in_charge_before_nobody_moves():
    assert handover({}, {1: 10}).moved_share == 0


collectors_or_nobody = st.dictionaries(
    st.integers(1, 30), st.one_of(st.none(), st.integers(1, 4)), max_size=30
)


@given(collectors_or_nobody, collectors_or_nobody)
def test_every_client_with_a_collector_before_either_stays_or_moves(before, after):
    change = handover(before, after)

    assert change.kept + change.moved == sum(owner is not None for owner in before.values())


def test_a_proposed_zone_is_read_back_as_it_was_kept():
    zone = ProposedZone(
        name="Zona 1 · Centro",
        colour="#007866",
        outline={"type": "Polygon", "coordinates": []},
        client_ids=(3, 1),
        month_h=88.5,
        share=1.02,
        pieces=1,
    )

    assert ProposedZone.from_json(zone.as_json()) == zone
