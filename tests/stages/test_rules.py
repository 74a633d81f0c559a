"""Stages follow from days, pauses and decisions; each limit just inside and just outside."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.portfolio.rules import Stage
from collector_app.stages.policy_file import house_stages
from collector_app.stages.rules import (
    Move,
    MoveCause,
    MoveRefused,
    Pause,
    PauseCause,
    StageCause,
    check_move,
    counted_days,
    history,
    standing,
)

DUE = date(2026, 1, 10)
DAY = timedelta(days=1)
HOUSE = house_stages()


def dispute(first: int, last: int | None, number: int = 1) -> Pause:
    """A dispute from one day past due to another."""
    to_on = None if last is None else DUE + last * DAY
    return Pause(number, PauseCause.DISPUTE, DUE + first * DAY, to_on)


def moved(to: Stage, days: int) -> Move:
    """A decision on that day past due."""
    return Move(1, to, MoveCause.REFUSES, DUE + days * DAY)


def stage_after(days, pauses=(), moves=(), due_on=DUE):
    return standing(due_on, DUE + days * DAY, pauses, moves, HOUSE).stage


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-5, Stage.PREVENTIVE),
        (0, Stage.PREVENTIVE),
        (1, Stage.EARLY),
        (30, Stage.EARLY),
        (31, Stage.ADMINISTRATIVE),
        (90, Stage.ADMINISTRATIVE),
        (91, Stage.EXTRAJUDICIAL),
        (180, Stage.EXTRAJUDICIAL),
        (181, Stage.JUDICIAL),
    ],
)
def test_a_stage_begins_on_its_first_day(days, stage):
    assert stage_after(days) is stage


def test_without_debt_there_is_no_stage():
    assert standing(None, DUE, (), (), HOUSE).stage is None


def test_days_of_a_pause_do_not_count_and_days_past_due_go_on():
    now = standing(DUE, DUE + 40 * DAY, [dispute(11, 20)], (), HOUSE)

    assert (now.days_past_due, now.counted_days) == (40, 30)
    assert now.stage is Stage.EARLY
    assert stage_after(41, [dispute(11, 20)]) is Stage.ADMINISTRATIVE


def test_a_pause_that_goes_on_holds_the_stage_for_ever():
    assert stage_after(400, [dispute(25, None)]) is Stage.EARLY


def test_a_complaint_is_a_pause_whose_days_count():
    complaint = Pause(1, PauseCause.COMPLAINT, DUE + DAY, None)

    now = standing(DUE, DUE + 31 * DAY, [complaint], (), HOUSE)

    assert now.stage is Stage.ADMINISTRATIVE
    assert now.pause == complaint


def test_days_before_the_due_date_can_not_be_stopped():
    assert counted_days(DUE, DUE + 10 * DAY, [dispute(-20, 0)], HOUSE) == 10
    assert counted_days(DUE, DUE + 10 * DAY, [dispute(-20, 1)], HOUSE) == 9


def test_a_day_of_two_pauses_is_left_out_once():
    pauses = [dispute(5, 14), dispute(10, 19, 2), dispute(11, 12, 3)]

    assert counted_days(DUE, DUE + 40 * DAY, pauses, HOUSE) == 25


def test_a_move_leads_on_from_its_own_day():
    moves = [moved(Stage.EXTRAJUDICIAL, 50)]

    assert stage_after(49, (), moves) is Stage.ADMINISTRATIVE
    assert stage_after(50, (), moves) is Stage.EXTRAJUDICIAL
    assert stage_after(180, (), moves) is Stage.EXTRAJUDICIAL
    assert stage_after(181, (), moves) is Stage.JUDICIAL


def test_a_credit_that_was_moved_back_goes_on_with_the_next_limit():
    moves = [moved(Stage.EARLY, 50)]

    assert stage_after(90, (), moves) is Stage.EARLY
    assert stage_after(91, (), moves) is Stage.EXTRAJUDICIAL


def test_a_move_back_from_court_stays():
    assert stage_after(900, (), [moved(Stage.EXTRAJUDICIAL, 200)]) is Stage.EXTRAJUDICIAL


def test_a_move_ends_when_all_that_was_due_before_it_is_paid():
    moves = [moved(Stage.EXTRAJUDICIAL, 50)]

    assert stage_after(60, (), moves, due_on=DUE + 49 * DAY) is Stage.EXTRAJUDICIAL
    assert stage_after(60, (), moves, due_on=DUE + 50 * DAY) is Stage.EARLY


def test_the_history_tells_each_stage_and_why_it_began():
    paid_on = DUE + 50 * DAY
    oldest = {DUE - 10 * DAY: DUE, paid_on: DUE + 45 * DAY, paid_on + 20 * DAY: None}

    spans = history(oldest, paid_on + 25 * DAY, [dispute(10, 12)], (), HOUSE)

    assert [(one.first.stage, one.days, one.cause) for one in spans] == [
        (Stage.PREVENTIVE, 11, StageCause.BEGAN),
        (Stage.EARLY, 9, StageCause.DAYS),
        (Stage.EARLY, 3, StageCause.PAUSED),
        (Stage.EARLY, 21, StageCause.RESUMED),
        (Stage.ADMINISTRATIVE, 16, StageCause.DAYS),
        (Stage.EARLY, 20, StageCause.MONEY),
        (None, 6, StageCause.MONEY),
    ]


def test_a_decision_is_told_as_the_cause():
    spans = history({DUE: DUE}, DUE + 60 * DAY, (), [moved(Stage.EXTRAJUDICIAL, 50)], HOUSE)

    assert (spans[-1].cause, spans[-1].from_on) == (StageCause.MOVED, DUE + 50 * DAY)


def test_only_moves_of_the_policy_are_taken():
    check_move(Stage.ADMINISTRATIVE, Stage.EXTRAJUDICIAL, MoveCause.REFUSES, HOUSE)

    for now, to, cause in [
        (Stage.ADMINISTRATIVE, Stage.JUDICIAL, MoveCause.REFUSES),
        (Stage.ADMINISTRATIVE, Stage.EXTRAJUDICIAL, MoveCause.AGREED),
        (None, Stage.EXTRAJUDICIAL, MoveCause.REFUSES),
    ]:
        with pytest.raises(MoveRefused):
            check_move(now, to, cause, HOUSE)


# -- for any pauses

days = st.integers(-30, 200)
any_pause = st.builds(
    lambda n, first, length: dispute(first, None if length > 60 else first + length, n),
    st.integers(1, 9),
    days,
    st.integers(-1, 80),
)


@given(st.lists(any_pause, max_size=6), st.integers(0, 250))
def test_counted_days_are_the_days_that_no_pause_holds(pauses, late):
    counted = counted_days(DUE, DUE + late * DAY, pauses, HOUSE)

    running = [n for n in range(1, late + 1) if not any(p.holds_on(DUE + n * DAY) for p in pauses)]
    assert counted == len(running)


@given(st.lists(any_pause, max_size=5), any_pause, st.integers(0, 250))
def test_one_more_pause_never_makes_a_stage_worse(pauses, more, late):
    order = list(Stage)

    before, after = stage_after(late, pauses), stage_after(late, [*pauses, more])

    assert order.index(after) <= order.index(before)


@given(st.lists(any_pause, max_size=4), st.lists(st.integers(0, 120), max_size=5))
def test_a_history_has_no_gaps_and_says_of_each_day_what_that_day_says(pauses, changes):
    oldest = {DUE + n * DAY: None if n % 3 == 2 else DUE + (n // 2) * DAY for n in changes}
    until = DUE + 200 * DAY

    spans = history(oldest, until, pauses, (), HOUSE)

    told = [
        (one.from_on + n * DAY, one.first.stage, one.first.pause)
        for one in spans
        for n in range(one.days)
    ]
    due_on = None
    expected = []
    if oldest:
        first = min(oldest)
        for n in range((until - first).days + 1):
            day = first + n * DAY
            due_on = oldest.get(day, due_on)
            now = standing(due_on, day, pauses, (), HOUSE)
            expected.append((day, now.stage, now.pause))
    assert told == expected
