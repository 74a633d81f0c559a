from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import SEALED
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotAllowed, NotFound, StaleData
from collector_app.web.extensions import transaction
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership, ZoneProposal
from collector_app.zones.queries import clients_of, located, owners, zones_on
from collector_app.zones.rules import DayIsOver, NotACollector, ProposalClosed, StaleProposal
from collector_app.zones.services import (
    Placement,
    accept_proposal,
    assign_collector,
    discard_proposal,
    place_new_clients,
    record_proposal,
)
from tests.factories import actor_of, make_client, make_user
from tests.zones.factories import make_zone
from tests.zones.proposals import make_proposal

TODAY = date(2026, 3, 10)  # of the stopped clock
DAY = timedelta(days=1)
DISPATCHER = Actor(user_id=None, role=Role.DISPATCHER)


def north(session, **values):
    return make_client(session, lat=-29.90, **values)


def south(session, **values):
    return make_client(session, lat=-29.98, **values)


def events(session) -> list[str]:
    session.commit()
    done = select(AuditEntry.event).where(AuditEntry.event != SEALED)
    return list(session.scalars(done.order_by(AuditEntry.id)))


# Accepting


def test_accepting_makes_zones_with_their_clients_and_collectors(session):
    rosa, luis = make_user(session), make_user(session)
    up, down = [north(session), north(session)], [south(session)]
    proposal = make_proposal(session, up, down)

    accepted = accept_proposal(session, DISPATCHER, proposal.id, TODAY, {0: rosa.id, 1: luis.id})

    first, second = zones_on(session, TODAY)
    assert (first.id, second.id) == accepted.zone_ids
    assert (first.collector_id, first.client_count) == (rosa.id, 2)
    assert (second.collector_id, second.client_count) == (luis.id, 1)
    assert clients_of(session, rosa.id, TODAY) == {client.id for client in up}
    assert zones_on(session, TODAY - DAY) == []


def test_accepting_keeps_who_answered_before(session):
    before, after = make_user(session), make_user(session)
    client = north(session)
    old = make_zone(session, [client], before)
    proposal = make_proposal(session, [client])

    accept_proposal(session, DISPATCHER, proposal.id, TODAY, {0: after.id})

    assert owners(session, TODAY - DAY)[client.id].zone_id == old.id
    assert owners(session, TODAY - DAY)[client.id].collector_id == before.id
    assert owners(session, TODAY)[client.id].collector_id == after.id
    assert [row.id for row in zones_on(session, TODAY - DAY)] == [old.id]


def test_zones_accepted_for_next_week_leave_this_week_alone(session):
    client = north(session)
    old = make_zone(session, [client], make_user(session))
    monday = TODAY + 6 * DAY
    proposal = make_proposal(session, [client])

    accepted = accept_proposal(session, DISPATCHER, proposal.id, monday, {})

    assert [row.id for row in zones_on(session, monday - DAY)] == [old.id]
    assert [row.id for row in zones_on(session, monday)] == list(accepted.zone_ids)


def test_accepting_again_for_an_earlier_day_replaces_what_was_planned_for_later(session):
    client = north(session)
    later = make_proposal(session, [client])
    sooner = make_proposal(session, [client])
    accept_proposal(session, DISPATCHER, later.id, TODAY + 6 * DAY, {})

    accepted = accept_proposal(session, DISPATCHER, sooner.id, TODAY, {})

    for day in (TODAY, TODAY + 6 * DAY, TODAY + 60 * DAY):
        assert [row.id for row in zones_on(session, day)] == list(accepted.zone_ids)


def test_a_second_proposal_accepted_on_the_same_day_replaces_the_first(session):
    client = north(session)
    first, second = make_proposal(session, [client]), make_proposal(session, [client])
    accept_proposal(session, DISPATCHER, first.id, TODAY, {})

    accepted = accept_proposal(session, DISPATCHER, second.id, TODAY, {})

    assert [row.id for row in zones_on(session, TODAY)] == list(accepted.zone_ids)
    assert session.scalar(select(func.count()).select_from(Zone)) == 2


def test_one_collector_may_answer_for_several_zones(session):
    rosa = make_user(session)
    up, down = north(session), south(session)
    proposal = make_proposal(session, [up], [down])

    accept_proposal(session, DISPATCHER, proposal.id, TODAY, {0: rosa.id, 1: rosa.id})

    assert clients_of(session, rosa.id, TODAY) == {up.id, down.id}


def test_a_zone_may_be_left_without_collector(session):
    client = north(session)
    proposal = make_proposal(session, [client])

    accept_proposal(session, DISPATCHER, proposal.id, TODAY, {0: None})

    assert owners(session, TODAY)[client.id].collector_id is None


def test_clients_who_came_after_the_proposal_join_their_nearest_neighbour(session):
    up, down = [north(session) for _ in range(5)], [south(session) for _ in range(5)]
    proposal = make_proposal(session, up, down)
    newcomer = make_client(session, lat=-29.97)

    accepted = accept_proposal(session, DISPATCHER, proposal.id, TODAY, {})

    assert accepted.newcomers == Placement(placed=1, too_far=0)
    assert owners(session, TODAY)[newcomer.id].zone_id == accepted.zone_ids[1]


def test_a_proposal_too_many_came_after_is_refused_and_nothing_changes(session):
    old = make_zone(session, [north(session)])
    proposal = make_proposal(session, [north(session) for _ in range(3)])
    south(session)

    # 5 located, 2 of them not in the proposal: 40 %
    with pytest.raises(StaleProposal) as caught:
        accept_proposal(session, DISPATCHER, proposal.id, TODAY, {})

    assert caught.value.facts == {"newcomers": 2, "clients": 5}
    assert [row.id for row in zones_on(session, TODAY)] == [old.id]


def test_a_proposal_is_accepted_once(session):
    proposal = make_proposal(session, [north(session)])
    accept_proposal(session, DISPATCHER, proposal.id, TODAY, {})

    with pytest.raises(ProposalClosed):
        accept_proposal(session, DISPATCHER, proposal.id, TODAY, {})


def test_a_discarded_proposal_is_kept_but_not_accepted(session):
    proposal = make_proposal(session, [north(session)])
    discard_proposal(session, DISPATCHER, proposal.id)

    with pytest.raises(ProposalClosed):
        accept_proposal(session, DISPATCHER, proposal.id, TODAY, {})

    assert session.get(ZoneProposal, proposal.id).discarded_at is not None


def test_the_past_cannot_be_accepted(session):
    proposal = make_proposal(session, [north(session)])

    with pytest.raises(DayIsOver):
        accept_proposal(session, DISPATCHER, proposal.id, TODAY - DAY, {})


@pytest.mark.parametrize("values", [{"role": Role.SUPERVISOR}, {"active": False}])
def test_only_active_collectors_answer_for_zones(session, values):
    person = make_user(session, **values)
    proposal = make_proposal(session, [north(session)])
    zone = make_zone(session)

    with pytest.raises(NotACollector):
        accept_proposal(session, DISPATCHER, proposal.id, TODAY, {0: person.id})
    with pytest.raises(NotACollector):
        assign_collector(session, DISPATCHER, zone.id, person.id, TODAY)


def test_a_collector_for_a_zone_the_proposal_lacks_is_refused(session):
    proposal = make_proposal(session, [north(session)])

    with pytest.raises(InvalidInput):
        accept_proposal(session, DISPATCHER, proposal.id, TODAY, {1: make_user(session).id})


def test_an_unknown_proposal_is_not_found(session):
    with pytest.raises(NotFound):
        accept_proposal(session, DISPATCHER, 404, TODAY, {})


def test_what_was_decided_is_in_the_log(session):
    proposal = make_proposal(session, [north(session)])
    accepted = accept_proposal(session, DISPATCHER, proposal.id, TODAY, {})
    assign_collector(session, DISPATCHER, accepted.zone_ids[0], make_user(session).id, TODAY)
    discard_proposal(session, DISPATCHER, make_proposal(session, [north(session)]).id)

    assert events(session) == [
        "zone.proposed",
        "zone.accepted",
        "zone.assigned",
        "zone.proposed",
        "zone.discarded",
    ]


# Recording


def test_a_job_that_runs_twice_records_one_proposal(session):
    drawn = make_proposal(session, [north(session)])
    drawing = _drawing_like(drawn)

    once = record_proposal(session, DISPATCHER, drawing, job_id="job-1")
    again = record_proposal(session, DISPATCHER, drawing, job_id="job-1")

    assert once.id == again.id != drawn.id


def _drawing_like(proposal):
    from collector_app.zones.rules import ProposedZone
    from collector_app.zones.territories import Drawing

    return Drawing(tuple(ProposedZone.from_json(kept) for kept in proposal.zones), seed=1)


# Assigning


def test_a_collector_takes_over_from_a_day_on(session):
    before, after = make_user(session), make_user(session)
    client = north(session)
    zone = make_zone(session, [client], before)

    assign_collector(session, DISPATCHER, zone.id, after.id, TODAY + DAY)

    assert owners(session, TODAY)[client.id].collector_id == before.id
    assert owners(session, TODAY + DAY)[client.id].collector_id == after.id


def test_a_zone_can_be_left_without_collector_from_a_day_on(session):
    client = north(session)
    zone = make_zone(session, [client], make_user(session))

    assign_collector(session, DISPATCHER, zone.id, None, TODAY)

    assert owners(session, TODAY)[client.id].collector_id is None
    assert owners(session, TODAY - DAY)[client.id].collector_id is not None


def test_assigning_the_same_collector_again_changes_nothing(session):
    rosa = make_user(session)
    zone = make_zone(session, collector=rosa)

    assign_collector(session, DISPATCHER, zone.id, rosa.id, TODAY)

    assert session.scalar(select(func.count()).select_from(ZoneAssignment)) == 1
    assert events(session) == []


def test_a_zone_that_ends_later_is_assigned_until_its_last_day(session):
    rosa = make_user(session)
    zone = make_zone(session, to_on=TODAY + 5 * DAY)

    assign_collector(session, DISPATCHER, zone.id, rosa.id, TODAY)

    assert session.scalar(select(ZoneAssignment.to_on)) == TODAY + 5 * DAY


def test_a_zone_that_was_replaced_takes_no_collector(session):
    zone = make_zone(session, to_on=TODAY)

    with pytest.raises(StaleData):
        assign_collector(session, DISPATCHER, zone.id, make_user(session).id, TODAY + DAY)


def test_assigning_in_the_past_or_to_no_zone_is_refused(session):
    zone = make_zone(session)
    rosa = make_user(session)

    with pytest.raises(DayIsOver):
        assign_collector(session, DISPATCHER, zone.id, rosa.id, TODAY - DAY)
    with pytest.raises(NotFound):
        assign_collector(session, DISPATCHER, zone.id + 1, rosa.id, TODAY)


# Newcomers


def test_new_clients_join_the_zone_of_their_nearest_neighbour(session):
    up = make_zone(session, [north(session)])
    down = make_zone(session, [south(session)])
    near_north, near_south = make_client(session, lat=-29.91), make_client(session, lat=-29.97)

    placement = place_new_clients(session, DISPATCHER, TODAY)

    assert placement == Placement(placed=2, too_far=0)
    assert owners(session, TODAY)[near_north.id].zone_id == up.id
    assert owners(session, TODAY)[near_south.id].zone_id == down.id
    assert near_north.id not in owners(session, TODAY - DAY)


def test_placing_again_changes_nothing(session):
    make_zone(session, [north(session)])
    make_client(session, lat=-29.91)
    place_new_clients(session, DISPATCHER, TODAY)

    again = place_new_clients(session, DISPATCHER, TODAY)

    assert again == Placement(placed=0, too_far=0)


@pytest.mark.parametrize(
    ("lat", "placed"),
    # a degree of latitude is 111.195 km: 24.9 km and 25.1 km north of the only member
    [(-29.90 + 24.9 / 111.195, 1), (-29.90 + 25.1 / 111.195, 0)],
    ids=["just near enough", "just too far"],
)
def test_a_client_far_from_everybody_waits_for_a_person(session, lat, placed):
    make_zone(session, [north(session)])
    make_client(session, lat=lat)

    placement = place_new_clients(session, DISPATCHER, TODAY)

    assert placement == Placement(placed=placed, too_far=1 - placed)


def test_clients_without_location_wait(session):
    make_zone(session, [north(session)])
    make_client(session, lat=None, lon=None)

    assert place_new_clients(session, DISPATCHER, TODAY) == Placement(placed=0, too_far=0)


def test_without_zones_nobody_is_placed(session):
    north(session)

    assert place_new_clients(session, DISPATCHER, TODAY) == Placement(placed=0, too_far=1)


def test_a_newcomer_joins_the_zones_planned_for_later_too(session):
    old_neighbour = north(session)
    today = make_zone(session, [old_neighbour])
    monday = TODAY + 6 * DAY
    proposal = make_proposal(session, [old_neighbour])
    accepted = accept_proposal(session, DISPATCHER, proposal.id, monday, {})
    newcomer = make_client(session, lat=-29.91)

    place_new_clients(session, DISPATCHER, TODAY)

    assert owners(session, TODAY)[newcomer.id].zone_id == today.id
    assert owners(session, monday - DAY)[newcomer.id].zone_id == today.id
    assert owners(session, monday)[newcomer.id].zone_id == accepted.zone_ids[0]


# At the same time


def test_clients_never_join_zones_that_are_being_replaced(app, session):
    old = [north(session) for _ in range(4)] + [south(session)]
    make_zone(session, old)
    proposal_id = make_proposal(session, old[:4], old[4:]).id
    newcomer = make_client(session, lat=-29.91)
    session.commit()
    is_accepting = Event()

    def accept():
        with app.app_context(), transaction() as own:
            accept_proposal(own, DISPATCHER, proposal_id, TODAY, {})
            is_accepting.set()
            sleep(0.3)  # the import arrives before this is committed

    def place():
        is_accepting.wait(timeout=10)
        with app.app_context(), transaction() as own:
            place_new_clients(own, DISPATCHER, TODAY)

    with ThreadPoolExecutor(2) as threads:
        for job in [threads.submit(accept), threads.submit(place)]:
            job.result(timeout=30)

    assert newcomer.id in owners(session, TODAY)
    _assert_one_owner_each(session, TODAY)


# Who may


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR])
def test_only_those_who_plan_change_zones(session, role):
    person = actor_of(make_user(session, role=role))
    zone = make_zone(session)
    proposal = make_proposal(session, [north(session)])

    for change in (
        lambda: accept_proposal(session, person, proposal.id, TODAY, {}),
        lambda: discard_proposal(session, person, proposal.id),
        lambda: assign_collector(session, person, zone.id, None, TODAY),
        lambda: place_new_clients(session, person, TODAY),
    ):
        with pytest.raises(NotAllowed):
            change()


# Any history

decisions = st.lists(
    st.tuples(st.sampled_from(["accept", "assign", "place"]), st.integers(0, 5), st.integers(0, 2)),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(decisions)
def test_whatever_is_decided_each_day_has_one_owner_and_the_past_stays(session, decided):
    session.rollback()  # what the example before left
    staff = [make_user(session) for _ in range(3)]
    clients = [north(session), south(session)]
    make_zone(session, clients, staff[0])
    yesterday = _owners_on(session, TODAY - DAY)

    for what, days, who in decided:
        _decide(session, what, TODAY + days * DAY, staff[who])

    assert _owners_on(session, TODAY - DAY) == yesterday
    for days in range(8):
        _assert_one_owner_each(session, TODAY + days * DAY)


def _decide(session, what, day, collector):
    if what == "accept":
        first, *others = located(session)
        proposal = make_proposal(session, [first], others)
        accept_proposal(session, DISPATCHER, proposal.id, day, {0: collector.id})
    elif what == "assign":
        zones = zones_on(session, day)
        assign_collector(session, DISPATCHER, zones[0].id, collector.id, day)
    else:
        make_client(session, lat=-29.95)
        place_new_clients(session, DISPATCHER, day)


def _owners_on(session, day):
    return {client: (one.zone_id, one.collector_id) for client, one in owners(session, day).items()}


def _assert_one_owner_each(session, day):
    """At most one row of each kind covers a day, and the zone itself is there."""
    for kind, key in ((ZoneMembership, "client_id"), (ZoneAssignment, "zone_id")):
        column = getattr(kind, key)
        covering = select(column, kind.zone_id).where(
            kind.from_on <= day, (kind.to_on.is_(None)) | (kind.to_on >= day)
        )
        rows = session.execute(covering).all()
        assert len({row[0] for row in rows}) == len(rows)
        assert {row[1] for row in rows} <= {row.id for row in zones_on(session, day)}
