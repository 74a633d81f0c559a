import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.visits.rules import (
    OFFERED,
    TILES,
    Circumstances,
    Field,
    Nearness,
    Outcome,
    PersonMet,
    VisitFlag,
    VisitPolicy,
    distance_check,
    distance_m,
    implied_objection,
    is_contact,
    may_promise,
    offered,
    required,
    visit_flags,
)

POLICY = VisitPolicy(near_m=100, useful_accuracy_m=100, clock_tolerance_s=120)
MORNING = ((7 * 3600, 22 * 3600),)


@pytest.mark.parametrize(
    ("person", "outcome", "contact"),
    [
        (PersonMet.HOLDER, Outcome.REFUSED, True),
        (PersonMet.GUARANTOR, Outcome.PROMISED, True),
        (PersonMet.HOLDER, Outcome.NOT_VISITED, False),
        (PersonMet.RELATIVE, Outcome.THIRD_PARTY, False),
        (PersonMet.MINOR, Outcome.MINOR_ANSWERED, False),
        (PersonMet.NOBODY, Outcome.NOT_HOME, False),
    ],
)
def test_only_the_holder_or_the_guarantor_makes_a_contact(person, outcome, contact):
    assert is_contact(person, outcome) is contact


def test_a_minor_is_offered_nothing_but_having_answered():
    assert set(offered(PersonMet.MINOR)) == {Outcome.MINOR_ANSWERED, Outcome.NOT_VISITED}


@pytest.mark.parametrize("person", PersonMet)
def test_everybody_met_leads_to_at_least_two_outcomes_and_none_twice(person):
    assert len(offered(person)) == len(set(offered(person))) >= 2


@pytest.mark.parametrize("person", PersonMet)
def test_outcomes_keep_their_order_whoever_was_met(person):
    assert list(offered(person)) == sorted(offered(person), key=TILES.index)


def test_every_outcome_has_one_tile():
    assert sorted(TILES) == sorted(Outcome)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_be_reached_from_somebody_met(outcome):
    assert any(outcome in outcomes for outcomes in OFFERED.values())


@pytest.mark.parametrize("person", PersonMet)
def test_a_promise_is_offered_exactly_to_those_who_may_make_one(person):
    assert (Outcome.PROMISED in offered(person)) is may_promise(person)


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (Outcome.PROMISED, Field.PROMISE),
        (Outcome.PAID_IN_PART, Field.PAYMENT),
        (Outcome.PAID_IN_FULL, Field.PAYMENT),
        (Outcome.APPOINTMENT, Field.APPOINTMENT),
        (Outcome.NO_AGREEMENT, Field.OBJECTION),
        (Outcome.UNSAFE, Field.NOTE),
        (Outcome.NOT_HOME, None),
    ],
)
def test_an_outcome_asks_only_for_what_it_needs(outcome, field):
    assert required(outcome) is field


def test_an_outcome_that_states_the_objection_does_not_ask_for_it():
    assert all(required(one) is not Field.OBJECTION for one in Outcome if implied_objection(one))


def test_one_degree_of_latitude_is_111_kilometres():
    # 2 pi R / 360 with R = 6,371,008.8 m
    assert distance_m(-29.0, -71.0, -30.0, -71.0) == 111_195


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_a_distance_is_the_same_both_ways(lat, lon, other_lat, other_lon):
    there = distance_m(lat, lon, other_lat, other_lon)

    assert there == distance_m(other_lat, other_lon, lat, lon)
    assert 0 <= there <= 20_015_115  # half of the great circle


@pytest.mark.parametrize(
    ("distance", "accuracy", "nearness"),
    [
        (100, 0, Nearness.NEAR),
        (101, 0, Nearness.FAR),
        (130, 30, Nearness.NEAR),
        (131, 30, Nearness.FAR),
        (50, 100, Nearness.NEAR),
        (50, 101, Nearness.UNKNOWN),
        (2_000, 1_500, Nearness.FAR),
        (None, 10, Nearness.UNKNOWN),
        (10, None, Nearness.UNKNOWN),
    ],
)
def test_a_visit_is_far_only_when_the_whole_circle_of_the_fix_is(distance, accuracy, nearness):
    assert distance_check(distance, accuracy, POLICY) is nearness


def circumstances(**values) -> Circumstances:
    return Circumstances(
        **{
            "person_met": PersonMet.NOBODY,
            "outcome": Outcome.NOT_HOME,
            "has_stop": True,
            "started_s": 10 * 3600,
            "clock_offset_s": 2,
            "has_position": True,
            "nearness": Nearness.NEAR,
            **values,
        }
    )


def test_a_visit_as_planned_has_no_flag():
    assert visit_flags(circumstances(), MORNING, POLICY) == ()


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ({"started_s": 7 * 3600}, ()),
        ({"started_s": 7 * 3600 - 1}, (VisitFlag.OUTSIDE_HOURS,)),
        ({"started_s": 22 * 3600}, ()),
        ({"started_s": 22 * 3600 + 1}, (VisitFlag.OUTSIDE_HOURS,)),
        ({"clock_offset_s": 120}, ()),
        ({"clock_offset_s": 121}, (VisitFlag.CLOCK_OFF,)),
        ({"clock_offset_s": -121}, (VisitFlag.CLOCK_OFF,)),
        ({"nearness": Nearness.UNKNOWN}, ()),
        ({"nearness": Nearness.FAR}, (VisitFlag.FAR_FROM_ADDRESS,)),
        ({"has_position": False, "nearness": Nearness.UNKNOWN}, (VisitFlag.NO_GPS,)),
        ({"has_stop": False}, (VisitFlag.OFF_ROUTE,)),
        (
            {"person_met": PersonMet.MINOR, "outcome": Outcome.PROMISED},
            (VisitFlag.ODD_OUTCOME,),
        ),
    ],
)
def test_each_circumstance_raises_its_own_flag(values, flags):
    assert visit_flags(circumstances(**values), MORNING, POLICY) == flags


def test_a_day_without_legal_hours_flags_every_visit():
    assert visit_flags(circumstances(), (), POLICY) == (VisitFlag.OUTSIDE_HOURS,)
