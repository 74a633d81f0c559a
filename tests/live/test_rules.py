"""The figures of the field, and how a stop is coloured."""

import pytest

from collector_app.live.rules import (
    LATE_AFTER_S,
    SILENT_AFTER_S,
    StopState,
    contact_rate,
    route_progress,
    silent_s,
    stop_state,
)

TEN = 10 * 3600


def test_the_contact_rate_is_contacts_over_visits():
    assert contact_rate(3, 4) == 0.75


def test_without_visits_there_is_no_contact_rate():
    assert contact_rate(0, 0) is None


def test_the_progress_of_a_route_is_done_over_planned():
    assert route_progress(9, 12) == 0.75


def state(**known):
    unvisited = {
        "is_visited": False,
        "is_contact": False,
        "has_promise": False,
        "has_payment": False,
    }
    return stop_state(**{**unvisited, "leaves_s": TEN, "now_s": TEN, **known})


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, StopState.ATTEMPTED),
        ({"is_contact": True}, StopState.CONTACTED),
        ({"is_contact": True, "has_promise": True}, StopState.PROMISED),
        ({"is_contact": True, "has_promise": True, "has_payment": True}, StopState.PAID),
        ({"has_payment": True}, StopState.PAID),
    ],
)
def test_money_weighs_more_than_a_promise_and_a_promise_more_than_a_talk(known, expected):
    assert state(is_visited=True, **known) is expected


def test_a_stop_is_not_late_until_twenty_minutes_after_its_time():
    assert state(now_s=TEN + LATE_AFTER_S) is StopState.PENDING


def test_a_stop_is_late_after_twenty_minutes():
    assert state(now_s=TEN + LATE_AFTER_S + 1) is StopState.LATE


def test_a_visited_stop_is_never_late():
    assert state(is_visited=True, now_s=TEN + 9 * LATE_AFTER_S) is StopState.ATTEMPTED


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"last_s": TEN}, None),  # heard of a moment ago
        ({"last_s": TEN - SILENT_AFTER_S + 1}, None),
        ({"last_s": TEN - SILENT_AFTER_S}, SILENT_AFTER_S),
        ({"leaves_s": TEN - 7_200}, 7_200),  # left two hours ago and nothing came
        ({"leaves_s": TEN + 600}, None),  # leaves in ten minutes
        ({"last_s": TEN - 60, "leaves_s": TEN - 7_200}, None),
        ({"last_s": TEN - 7_200, "has_open_stops": False}, None),  # done for the day
        ({}, None),  # no route
    ],
)
def test_silence_is_news_only_while_stops_are_open(known, expected):
    told = {"last_s": None, "leaves_s": None, "has_open_stops": True, "now_s": TEN, **known}

    assert silent_s(**told) == expected
