from datetime import date, timedelta

import pytest

from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.zones.capacities import capacities
from collector_app.zones.queries import (
    Dot,
    imbalance_then_and_now,
    open_proposals,
    proposal_page,
    zone_board,
    zone_overview,
)
from collector_app.zones.services import accept_proposal, discard_proposal
from tests.factories import make_client, make_user
from tests.zones.factories import make_zone
from tests.zones.proposals import make_proposal

TODAY = date(2026, 3, 10)
DISPATCHER = Actor(user_id=None, role=Role.DISPATCHER)


def spread(session, count, lat):
    """Clients on one street, 500 m apart."""
    return [make_client(session, lat=lat, lon=-71.25 + n * 0.005) for n in range(count)]


def test_the_board_shows_the_work_of_each_zone_and_how_uneven_it_is(session):
    busy = make_zone(session, spread(session, 6, lat=-29.90), make_user(session))
    quiet = make_zone(session, spread(session, 2, lat=-29.98))

    board = zone_board(session, TODAY)

    loads = {load.zone.id: load for load in board.zones}
    assert loads[busy.id].zone.client_count == 6
    assert loads[busy.id].month_h > loads[quiet.id].month_h > 0
    assert loads[busy.id].share + loads[quiet.id].share == pytest.approx(2)
    assert board.imbalance == pytest.approx(loads[busy.id].share - 1)


def test_half_a_shift_with_half_the_work_is_even(session, monkeypatch):
    whole, half = make_user(session), make_user(session)
    monkeypatch.setattr(capacities, "_ask", lambda _session, _day: {whole.id: 160.0, half.id: 80.0})
    busy = make_zone(session, spread(session, 8, lat=-29.90), whole)
    quiet = make_zone(session, spread(session, 4, lat=-29.98), half)

    board = zone_board(session, TODAY)

    loads = {load.zone.id: load for load in board.zones}
    assert loads[busy.id].month_h > 1.8 * loads[quiet.id].month_h
    assert loads[busy.id].share == pytest.approx(1, abs=0.05)
    assert (loads[busy.id].capacity_h, loads[quiet.id].capacity_h) == (160.0, 80.0)
    assert board.imbalance < 0.05
    assert imbalance_then_and_now(session, TODAY)[2] == pytest.approx(board.imbalance)


def test_the_board_takes_hours_that_were_added_up_before(session):
    zone = make_zone(session, spread(session, 3, lat=-29.90))

    told = zone_overview(session, TODAY, {zone.id: 99.0})

    assert [load.month_h for load in told.zones] == [99.0]
    assert (told.located, told.without_zone, told.dots) == (3, 0, ())


def test_the_board_adds_up_itself_when_zones_began_since(session):
    zone = make_zone(session, spread(session, 3, lat=-29.90))

    told = zone_overview(session, TODAY, {zone.id + 1: 99.0})

    assert [load.month_h for load in told.zones] == [
        load.month_h for load in zone_board(session, TODAY).zones
    ]


def test_clients_outside_of_every_zone_are_counted(session):
    inside, outside = make_client(session), make_client(session)
    make_client(session, lat=None, lon=None)
    zone = make_zone(session, [inside])

    board = zone_board(session, TODAY)

    assert (board.located, board.without_zone, board.without_location) == (2, 1, 1)
    assert Dot(inside.id, inside.name, inside.lat, inside.lon, zone.id) in board.dots
    assert Dot(outside.id, outside.name, outside.lat, outside.lon, None) in board.dots


def test_without_clients_and_zones_the_board_is_empty(session):
    board = zone_board(session, TODAY)

    assert (board.zones, board.dots, board.imbalance) == ((), (), 0)


def test_the_board_says_when_other_zones_begin(session):
    proposal = make_proposal(session, [make_client(session)])
    monday = TODAY + timedelta(days=6)
    accept_proposal(session, DISPATCHER, proposal.id, monday, {})

    assert zone_board(session, TODAY).next_start_on == monday
    assert zone_board(session, monday).next_start_on is None


def test_zones_that_were_replaced_before_they_began_are_not_announced(session):
    client = make_client(session)
    first, second = make_proposal(session, [client]), make_proposal(session, [client])
    accept_proposal(session, DISPATCHER, first.id, TODAY + timedelta(days=6), {})
    accept_proposal(session, DISPATCHER, second.id, TODAY, {})

    assert zone_board(session, TODAY).next_start_on is None


def test_only_open_proposals_are_listed_newest_first(session):
    client = make_client(session)
    old, new, accepted, discarded = (make_proposal(session, [client]) for _ in range(4))
    accept_proposal(session, DISPATCHER, accepted.id, TODAY, {})
    discard_proposal(session, DISPATCHER, discarded.id)

    assert [row.id for row in open_proposals(session)] == [new.id, old.id]


def test_a_proposal_is_shown_with_who_came_after_it(session):
    clients = [make_client(session), make_client(session)]
    proposal = make_proposal(session, clients)
    make_client(session)

    page = proposal_page(session, proposal.id)

    assert page.is_open
    assert page.newcomers == 1
    assert page.row.zone_count == 1
    assert page.zones[0].client_ids == tuple(client.id for client in clients)


def test_an_unknown_proposal_is_not_found(session):
    with pytest.raises(NotFound):
        proposal_page(session, 1)
