"""The news of the map: what changed is written anew, and nothing else."""

import json
from dataclasses import replace

import pytest

from collector_app.core import clock
from collector_app.live.maps import live_answer
from collector_app.live.queries import StopDot, today_board
from collector_app.live.rules import StopState
from collector_app.web.filters import local_zone
from tests.factories import make_client, make_user
from tests.live.factories import publish_route


@pytest.fixture
def today(app, session):
    collector = make_user(session)
    clients = [make_client(session, name=f"Cliente {n}") for n in range(3)]
    publish_route(session, collector, clients, clock.today(local_zone()))
    board = today_board(session, clock.today(local_zone()), local_zone())
    waiting = tuple(replace(one, state=StopState.PENDING) for one in board.stops)
    return replace(board, stops=waiting)  # whatever the clock says


def test_a_stop_that_changed_is_told_as_it_is_now(app, today):
    known: dict[StopDot, bytes] = {}
    with app.test_request_context():
        before = json.loads(live_answer(today, known))["stops"]
        first, *others = today.stops
        later = replace(today, stops=(replace(first, state=StopState.PAID), *others))
        after = json.loads(live_answer(later, known))["stops"]
        anew = json.loads(live_answer(later, {}))["stops"]

    assert [one["state"] for one in before] == ["pending"] * 3
    assert [one["state"] for one in after] == ["done", "pending", "pending"]
    assert after == anew
    assert before[1:] == after[1:]


def test_stops_that_are_gone_are_forgotten(app, today):
    known: dict[StopDot, bytes] = {}
    with app.test_request_context():
        live_answer(today, known)
        answer = json.loads(live_answer(replace(today, stops=today.stops[:1]), known))

    assert len(answer["stops"]) == 1
    assert set(known) == {today.stops[0]}


def test_stops_that_are_as_they_were_are_not_written_again(app, today):
    with app.test_request_context():
        known = dict.fromkeys(today.stops, b'"kept"')
        answer = json.loads(live_answer(today, known))

    assert answer["stops"] == ["kept"] * 3
