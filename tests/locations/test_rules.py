"""When visits speak against a location."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector_app.locations.rules import LocationPolicy, Sighting, propose_move
from collector_app.visits.rules import distance_m

NOON = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
HOME = (-29.9, -71.25)
DEGREES_PER_M = 1 / 111_195
POLICY = LocationPolicy()


def seen(north_m, accuracy_m=10, visit_id=1, hours=0):
    """A visit so many metres north of the known location."""
    return Sighting(
        visit_id,
        HOME[0] + north_m * DEGREES_PER_M,
        HOME[1],
        accuracy_m,
        NOON + timedelta(hours=hours),
        "Ana",
    )


def test_a_visit_far_away_proposes_to_move():
    proposal = propose_move([seen(240)], HOME, POLICY)

    assert proposal.distance_m == 240
    assert proposal.visit_count == 1


def test_a_visit_as_far_as_policy_and_accuracy_allow_proposes_nothing():
    assert propose_move([seen(110)], HOME, POLICY) is None


def test_a_visit_one_metre_farther_proposes_to_move():
    assert propose_move([seen(111)], HOME, POLICY) is not None


def test_any_visit_proposes_a_place_for_a_client_without_one():
    proposal = propose_move([seen(5)], None, POLICY)

    assert proposal.distance_m is None
    assert proposal.visit_count == 1


def test_no_visits_propose_nothing():
    assert propose_move([], HOME, POLICY) is None
    assert propose_move([], None, POLICY) is None


def test_visits_that_agree_count_together_and_the_precise_one_weighs_most():
    proposal = propose_move([seen(300, 10), seen(330, 30, 2), seen(2000, 10, 3)], HOME, POLICY)

    # 300 m with weight 1/100 and 330 m with 1/900: (300 · 9 + 330) / 10 = 303 m.
    assert proposal.distance_m == 303
    assert (proposal.visit_count, proposal.contrary_count) == (2, 1)


def test_as_many_visits_at_the_known_place_keep_the_client_there():
    assert propose_move([seen(300), seen(0, visit_id=2)], HOME, POLICY) is None


def test_one_more_visit_elsewhere_than_at_the_known_place_proposes_to_move():
    sightings = [seen(300), seen(0, visit_id=2), seen(310, visit_id=3)]

    assert propose_move(sightings, HOME, POLICY).visit_count == 2


def test_of_two_places_visited_as_often_the_newer_is_proposed():
    proposal = propose_move([seen(300, hours=1), seen(2000, visit_id=2)], HOME, POLICY)

    assert proposal.distance_m == 300


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 50)), min_size=1, max_size=8),
    st.booleans(),
)
def test_what_is_proposed_is_where_visits_were_and_far_from_home(visits, has_home):
    sightings = [seen(north, accuracy, n) for n, (north, accuracy) in enumerate(visits, start=1)]

    proposal = propose_move(sightings, HOME if has_home else None, POLICY)

    if proposal is not None:
        assert proposal.last_visit_id == len(visits)
        nearest = min(distance_m(proposal.lat, proposal.lon, s.lat, s.lon) for s in sightings)
        assert nearest <= POLICY.agree_m
        assert not has_home or proposal.distance_m > POLICY.far_m
