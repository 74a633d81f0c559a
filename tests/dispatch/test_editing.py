"""Edits of the board: what each does, what it costs, what is refused, and that nothing is lost."""

import itertools
from collections import Counter

import pytest
from sqlalchemy import select, update

from collector_app.compliance.models import ContactBan
from collector_app.core import clock
from collector_app.core.edits import NothingToRedo, NothingToTakeBack, StaleDraft
from collector_app.dispatch.models import PlanEdit
from collector_app.dispatch.publishing import edited_plan
from collector_app.dispatch.queries import board_page, unassigned
from collector_app.dispatch.rules import (
    BoardEditKind,
    Cost,
    LockStop,
    NotOnTheBoard,
    Optimise,
    PinStop,
    PlaceStop,
    Redo,
    RemoveStop,
    StopDoesNotFit,
    StopForbidden,
    StopHeld,
    SwapRoutes,
    TakeBack,
)
from collector_app.planning.models import Plan, SkippedClient, Stop
from collector_app.planning.rules import DayIsPast, SkipCause
from collector_app.planning.services import NewSkipped
from collector_app.portfolio.models import Client
from routing.scoring import DAY_PARTS, day_part
from tests.dispatch.boards import TOMORROW, follow, make_board, order_of
from tests.factories import make_client, owes_in
from tests.planning.factories import HOUR_S, ZONE
from tests.repairs.factories import make_collector, make_row


@pytest.fixture
def day(session):
    """Rosa visits three clients to the north, Pedro three a little to the east."""
    north, east = make_row(session, 3), make_row(session, 3, column=2)
    rosa = make_collector(session, "Rosa Vega", north)
    pedro = make_collector(session, "Pedro Luna", east)
    plan_id = make_board(session, [(rosa, north), (pedro, east)])
    return plan_id, rosa, pedro, [one.id for one in north], [one.id for one in east]


def test_a_stop_moves_to_another_collector_at_the_place_that_was_asked_for(session, day):
    plan_id, rosa, pedro, north, east = day

    edit = follow(session, plan_id, PlaceStop(north[1], pedro.id, 2))

    assert order_of(session, plan_id, rosa) == [north[0], north[2]]
    assert order_of(session, plan_id, pedro) == [east[0], north[1], *east[1:]]
    assert edit.kind is BoardEditKind.MOVE
    assert edit.what["from_id"] == rosa.id
    assert edit.what["position"] == 2


def test_without_a_position_a_stop_goes_where_it_adds_least(session, day):
    plan_id, _rosa, pedro, north, east = day

    follow(session, plan_id, PlaceStop(north[2], pedro.id))

    order = order_of(session, plan_id, pedro)
    placed = board_page(session, plan_id).state.routes[pedro.id].travel_s
    for at in range(1, 5):
        follow(session, plan_id, PlaceStop(north[2], pedro.id, at))
        assert board_page(session, plan_id).state.routes[pedro.id].travel_s >= placed
    assert set(order) == {north[2], *east}


def test_the_cost_is_what_the_routes_are_longer_afterwards(session, day):
    plan_id, _rosa, pedro, north, _east = day
    follow(session, plan_id, PlaceStop(north[0], pedro.id, 1))
    before = board_page(session, plan_id).state

    edit = follow(session, plan_id, PlaceStop(north[0], pedro.id, 4))

    after = board_page(session, plan_id).state
    travel_s = [sum(one.travel_s for one in state.routes.values()) for state in (before, after)]
    assert edit.cost["travel_s"] == travel_s[1] - travel_s[0] != 0
    assert edit.cost["expected"] == {}
    assert edit.cost["stops"] == 0


def test_an_edit_costs_each_currency_by_itself(session, day):
    plan_id, rosa, _pedro, north, _east = day
    owes_in(session, session.get_one(Client, north[0]), "USD")
    session.flush()

    edit = follow(session, plan_id, RemoveStop(north[0]))
    back = follow(session, plan_id, PlaceStop(north[0], rosa.id))

    assert edit.cost["expected"] == {"USD": -31_000}
    assert back.cost["expected"] == {"USD": 31_000}
    page = board_page(session, plan_id)
    assert page.edits[1].cost.expected == {"USD": -31_000}
    assert page.currencies == {north[0]: "USD"}


def test_an_edit_of_before_currencies_were_told_apart_still_says_its_sum(session, day):
    plan_id, _rosa, _pedro, north, _east = day
    edit = follow(session, plan_id, RemoveStop(north[0]))
    kept = {"travel_s": -60, "travel_m": -900, "prize_cents": -31_000, "stops": -1}
    session.execute(update(PlanEdit).where(PlanEdit.id == edit.id).values(cost=kept))

    (shown,) = board_page(session, plan_id).edits

    assert shown.cost == Cost(-60, -900, {"MXN": -31_000}, -1)


def test_visits_follow_one_another_within_the_shift(session, day):
    plan_id, _rosa, pedro, north, _east = day

    follow(session, plan_id, PlaceStop(north[0], pedro.id, 1))

    stops = board_page(session, plan_id).state.routes[pedro.id].stops
    assert stops[0].arrives_s >= 9 * HOUR_S
    for one, following in itertools.pairwise(stops):
        assert following.arrives_s == one.leaves_s + following.travel_s
        assert following.starts_s >= following.arrives_s


def test_a_client_left_out_comes_in_and_one_taken_off_goes_out(session, day):
    plan_id, rosa, _pedro, north, _east = day
    follow(session, plan_id, RemoveStop(north[0]))
    page = board_page(session, plan_id)
    assert [(one.client_id, one.cause) for one in unassigned(session, page).rows] == [
        (north[0], SkipCause.TAKEN_OFF)
    ]

    edit = follow(session, plan_id, PlaceStop(north[0], rosa.id, 3))

    assert edit.kind is BoardEditKind.ADD
    assert order_of(session, plan_id, rosa) == [north[1], north[2], north[0]]
    assert unassigned(session, board_page(session, plan_id)).rows == ()


def test_two_collectors_exchange_their_routes(session, day):
    plan_id, rosa, pedro, north, east = day

    follow(session, plan_id, SwapRoutes(rosa.id, pedro.id))

    assert order_of(session, plan_id, rosa) == east
    assert order_of(session, plan_id, pedro) == north


def test_undo_and_redo_go_through_every_edit_and_none_is_lost(session, day):
    plan_id, rosa, pedro, north, _east = day
    start = board_page(session, plan_id).state
    orders = (PlaceStop(north[0], pedro.id, 1), RemoveStop(north[1]), PinStop(north[2], True))
    follow(session, plan_id, *orders)
    end = board_page(session, plan_id).state

    follow(session, plan_id, TakeBack(), TakeBack(), TakeBack())
    assert board_page(session, plan_id).state == start
    with pytest.raises(NothingToTakeBack):
        follow(session, plan_id, TakeBack())
    follow(session, plan_id, Redo(), Redo(), Redo())
    assert board_page(session, plan_id).state == end
    with pytest.raises(NothingToRedo):
        follow(session, plan_id, Redo())

    assert len(session.scalars(select(PlanEdit)).all()) == 9
    assert order_of(session, plan_id, rosa) == [north[2]]


def test_two_dispatchers_do_not_overwrite_one_another(session, day):
    plan_id, _rosa, pedro, north, _east = day
    follow(session, plan_id, PlaceStop(north[0], pedro.id, 1))

    with pytest.raises(StaleDraft):
        follow(session, plan_id, RemoveStop(north[1]), seen=0)

    assert north[1] in board_page(session, plan_id).state.visitors


def test_what_is_pinned_or_locked_stays_until_it_is_let_go(session, day):
    plan_id, rosa, pedro, north, _east = day
    follow(session, plan_id, LockStop(north[0], True), PinStop(north[1], True))

    for order in (
        PlaceStop(north[0], pedro.id, 1),
        PlaceStop(north[1], rosa.id, 1),
        RemoveStop(north[0]),
        SwapRoutes(rosa.id, pedro.id),
    ):
        with pytest.raises(StopHeld):
            follow(session, plan_id, order)

    follow(session, plan_id, LockStop(north[0], False), PlaceStop(north[0], pedro.id, 1))
    assert order_of(session, plan_id, rosa) == north[1:]


def test_a_locked_stop_may_change_its_place_with_its_collector(session, day):
    plan_id, rosa, _pedro, north, _east = day

    follow(session, plan_id, LockStop(north[0], True), PlaceStop(north[0], rosa.id, 3))

    assert order_of(session, plan_id, rosa) == [north[1], north[2], north[0]]


def test_a_banned_client_is_refused_with_the_reason_and_nothing_is_stored(session, day):
    plan_id, rosa, _pedro, _north, _east = day
    stranger = make_client(session)
    session.add(
        ContactBan(
            client_id=stranger.id,
            reason="Pidió no ser visitado",
            from_on=TOMORROW,
            created_at=clock.now(),
        )
    )
    session.flush()

    with pytest.raises(StopForbidden) as refusal:
        follow(session, plan_id, PlaceStop(stranger.id, rosa.id, 1))

    assert refusal.value.facts["cause"] == SkipCause.BANNED
    assert refusal.value.facts["details"]["blocks"]
    assert board_page(session, plan_id).version == 0


def test_a_day_without_legal_hours_is_refused_with_the_article(session):
    client = make_row(session, 1)[0]
    night = make_collector(
        session, "Nora Sol", [client], starts_s=22 * HOUR_S + 1800, ends_s=24 * HOUR_S - 1
    )
    plan_id = make_board(session, [(night, [])])

    with pytest.raises(StopDoesNotFit) as refusal:
        follow(session, plan_id, PlaceStop(client.id, night.id, 1))

    assert refusal.value.facts["why"] == "window"
    assert refusal.value.facts["blocks"][0]["article"]


def test_a_day_that_would_end_too_late_is_refused_with_the_hours(session, day):
    plan_id, _rosa, _pedro, north, _east = day
    short = make_collector(session, "Ana Paz", [], starts_s=9 * HOUR_S, ends_s=9 * HOUR_S + 300)

    with pytest.raises(StopDoesNotFit) as refusal:
        follow(session, plan_id, PlaceStop(north[0], short.id, 1))

    assert refusal.value.facts["why"] == "shift"
    assert refusal.value.facts["until_s"] == 9 * HOUR_S + 300
    assert refusal.value.facts["at_s"] > 9 * HOUR_S + 300


def test_no_more_visits_than_a_collector_makes(session, day):
    plan_id, _rosa, _pedro, north, _east = day
    one_visit = make_collector(session, "Ana Paz", [], max_stops=1)
    follow(session, plan_id, PlaceStop(north[0], one_visit.id, 1))

    with pytest.raises(StopDoesNotFit) as refusal:
        follow(session, plan_id, PlaceStop(north[1], one_visit.id, 2))

    assert refusal.value.facts["why"] == "max_stops"


def room(session, plan_id, client, collector, at=None):
    return follow(session, plan_id, PlaceStop(client.id, collector.id, at, makes_room=True))


@pytest.fixture
def full(session):
    """Ana has hours for two of her three clients, who stand to bring 300, 100 and 200 pesos."""
    clients = make_row(session, 3)
    other = make_row(session, 1, column=2)[0]
    ana = make_collector(session, "Ana Paz", clients, max_stops=3)
    pedro = make_collector(session, "Pedro Luna", [other])
    plan_id = make_board(session, [(ana, clients), (pedro, [other])])
    for client, cents in zip(clients, (30_000, 10_000, 20_000), strict=True):
        session.execute(update(Stop).where(Stop.client_id == client.id).values(prize_cents=cents))
    session.commit()
    return plan_id, ana, pedro, clients, other


def test_on_a_full_route_who_brings_least_makes_room_and_is_named(session, full):
    plan_id, ana, _pedro, clients, other = full

    edit = room(session, plan_id, other, ana, 2)

    assert order_of(session, plan_id, ana) == [clients[0].id, other.id, clients[2].id]
    assert edit.what["out"] == [clients[1].id]
    assert edit.cost["stops"] == -1
    page = board_page(session, plan_id)
    assert [one.client_id for one in page.taken_off] == [clients[1].id]
    assert clients[1].id not in page.state.marks.removed  # a search may bring them in elsewhere


def test_nobody_leaves_a_route_that_has_room(session, full):
    plan_id, _ana, pedro, clients, other = full

    edit = room(session, plan_id, clients[0], pedro)

    assert set(order_of(session, plan_id, pedro)) == {clients[0].id, other.id}
    assert edit.what["out"] == []


def test_who_is_held_or_expected_does_not_make_room(session, full):
    plan_id, ana, _pedro, clients, other = full
    follow(session, plan_id, LockStop(clients[1].id, is_locked=True))
    follow(session, plan_id, PinStop(clients[2].id, is_pinned=True))

    room(session, plan_id, other, ana, 1)

    assert order_of(session, plan_id, ana) == [other.id, clients[1].id, clients[2].id]


def test_a_route_that_nobody_may_leave_still_refuses(session, full):
    plan_id, ana, _pedro, clients, other = full
    for client in clients:
        follow(session, plan_id, LockStop(client.id, is_locked=True))

    with pytest.raises(StopDoesNotFit) as refusal:
        room(session, plan_id, other, ana, 1)

    assert refusal.value.facts["why"] == "max_stops"


def test_room_that_was_made_is_taken_back_with_the_edit(session, full):
    plan_id, ana, _pedro, clients, other = full
    room(session, plan_id, other, ana)

    follow(session, plan_id, TakeBack())

    assert order_of(session, plan_id, ana) == [one.id for one in clients]


def test_strangers_are_refused(session, day):
    plan_id, rosa, _pedro, north, _east = day

    with pytest.raises(NotOnTheBoard):
        follow(session, plan_id, PlaceStop(north[0], 999_999, 1))
    with pytest.raises(NotOnTheBoard):
        follow(session, plan_id, RemoveStop(999_999))
    with pytest.raises(StopForbidden):
        follow(session, plan_id, PlaceStop(999_999, rosa.id, 1))


def test_a_day_that_is_over_is_left_alone(session, day):
    plan_id, _rosa, pedro, north, _east = day
    session.get_one(Plan, plan_id).day = TOMORROW.replace(day=9)

    with pytest.raises(DayIsPast):
        follow(session, plan_id, PlaceStop(north[0], pedro.id, 1))


def test_optimising_leaves_alone_what_people_decided_and_shortens_the_rest(session, day):
    plan_id, _rosa, pedro, north, east = day
    follow(
        session,
        plan_id,
        PlaceStop(north[0], pedro.id, 4),  # by hand: stays with Pedro
        PlaceStop(east[2], pedro.id, 1),
        PlaceStop(east[0], pedro.id, 3),
        PinStop(east[2], True),  # stays first
        RemoveStop(north[1]),  # stays out
    )
    before = board_page(session, plan_id).state

    edit = follow(session, plan_id, Optimise())

    after = board_page(session, plan_id).state
    assert after.routes[pedro.id].clients[0] == east[2]
    assert after.visitor_of(north[0]) == pedro.id
    assert after.visitor_of(north[1]) is None
    assert edit.cost["travel_s"] <= 0
    assert set(after.visitors) == set(before.visitors)


def test_optimising_lets_in_whoever_waits_for_the_collector(session, day):
    _plan_id, rosa, pedro, _north, _east = day
    waiting = make_row(session, 1, column=1)[0]
    left_out = NewSkipped(waiting.id, rosa.id, SkipCause.NO_TIME_LEFT, {})
    plan_id = make_board(session, [(rosa, []), (pedro, [])], [left_out])

    edit = follow(session, plan_id, Optimise())

    assert order_of(session, plan_id, rosa) == [waiting.id]
    assert edit.cost["stops"] == 1


def test_who_was_left_out_brings_what_the_plan_had_learned(session, day):
    _plan_id, rosa, _pedro, _north, _east = day
    waiting = make_row(session, 1, column=1)[0]
    weighed = {"prize": 900, "expected_cents": 700}
    left_out = NewSkipped(waiting.id, rosa.id, SkipCause.NO_TIME_LEFT, weighed)
    plan_id = make_board(session, [(rosa, [])], [left_out])

    edit = follow(session, plan_id, PlaceStop(waiting.id, rosa.id))

    assert edit.cost["expected"] == {"MXN": 700}


def test_a_search_weighs_who_was_left_out_as_the_plan_did(session, day):
    _plan_id, rosa, _pedro, _north, _east = day
    waiting = make_row(session, 1, column=1)[0]
    left_out = NewSkipped(waiting.id, rosa.id, SkipCause.NOT_WORTH_THE_TRIP, {"prize": 1})
    plan_id = make_board(session, [(rosa, [])], [left_out])

    follow(session, plan_id, Optimise())

    assert order_of(session, plan_id, rosa) == []


def test_who_was_taken_off_is_published_with_what_a_visit_would_bring(session, day):
    plan_id, _rosa, _pedro, north, _east = day
    follow(session, plan_id, RemoveStop(north[0]))

    (taken,) = edited_plan(session, board_page(session, plan_id), ZONE).skipped

    assert (taken.client_id, taken.facts) == (north[0], {"expected_cents": 31_000})


def test_of_those_left_out_only_who_is_asked_for_is_read(session, day):
    plan_id, rosa, _pedro, north, _east = day
    others = make_row(session, 5, column=6)
    causes = (SkipCause.BANNED, SkipCause.MAX_STOPS, SkipCause.BANNED, SkipCause.FITS)
    session.add_all(
        SkippedClient(plan_id=plan_id, client_id=one.id, cause=cause, facts={"n": 1})
        for one, cause in zip(others, causes, strict=False)
    )
    follow(session, plan_id, RemoveStop(north[0]), PlaceStop(others[3].id, rosa.id, 1))
    page = board_page(session, plan_id)
    whole = unassigned(session, page)

    assert [(one.client_id, one.cause) for one in whole.rows] == [
        (north[0], SkipCause.TAKEN_OFF),
        *((one.id, cause) for one, cause in zip(others[:3], causes, strict=False)),
    ]
    assert whole.causes == Counter(one.cause for one in whole.rows)
    banned = unassigned(session, page, [SkipCause.BANNED], limit=1)
    assert [one.client_id for one in banned.rows] == [others[0].id]
    assert banned.count == 2
    waiting_first = unassigned(session, page, first=[SkipCause.MAX_STOPS], limit=2)
    assert [one.client_id for one in waiting_first.rows] == [north[0], others[1].id]
    assert waiting_first.count == 4
    named = unassigned(session, page, words=f"{others[2].name.upper()} {others[2].external_id}")
    assert [one.client_id for one in named.rows] == [others[2].id]


def test_a_stop_whose_hour_moves_brings_what_that_hour_does(session, day):
    plan_id, rosa, pedro, north, _east = day
    evening_s = 18 * 3600
    by_part = {part.value: 0.4 for part in DAY_PARTS} | {day_part(evening_s).value: 0.8}
    stop = session.scalars(select(Stop).where(Stop.client_id == north[2])).one()
    stop.starts_s, stop.prize_cents = evening_s, 800_00
    chances = {"code": "chances", "contact": 0.8, "by_part": by_part, "worth_cents": 800_00}
    stop.reasons = [{**chances, "parts": {"overdue": 800_00}}]

    follow(session, plan_id, PlaceStop(north[1], pedro.id, 2))

    page = board_page(session, plan_id)
    moved = next(one for one in page.state.routes[rosa.id].stops if one.client_id == north[2])
    assert day_part(moved.starts_s) is not day_part(evening_s)
    assert moved.prize_cents == 400_00
    new = edited_plan(session, page, ZONE)
    stored = next(one for route in new.routes for one in route.stops if one.client_id == north[2])
    assert stored.prize_cents == 400_00
    assert next(one for one in stored.reasons if one["code"] == "chances")["contact"] == 0.4
