"""When sums are kept, shown and made anew; and that equal questions have equal keys."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.figures.rules import (
    OLDEST_SHOWN,
    Age,
    Question,
    is_due,
    is_worth_keeping,
    may_be_shown,
    read_back,
    written,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Span:
    first: date
    zone: ZoneInfo


def money_by_day(_session: object, span: Span) -> dict[int, tuple[date, int | None]]:
    return {1: (span.first, None)}


def of(first: date, zone: str = "America/Mexico_City") -> Question:
    return Question(money_by_day, (Span(first, ZoneInfo(zone)),))


def test_equal_questions_have_equal_keys() -> None:
    assert of(date(2026, 3, 2)).key == of(date(2026, 3, 2)).key
    assert of(date(2026, 3, 2)).name == of(date(2026, 3, 2)).name


@pytest.mark.parametrize(
    "other",
    [of(date(2026, 3, 3)), of(date(2026, 3, 2), "America/Santiago"), Question(money_by_day)],
)
def test_other_questions_have_other_keys(other: Question) -> None:
    assert other.key != of(date(2026, 3, 2)).key


@given(
    st.dictionaries(st.integers(0, 2**40), st.tuples(st.dates(), st.none() | st.integers(0, 2**62)))
)
def test_what_was_written_is_read_back_the_same(
    figures: dict[int, tuple[date, int | None]],
) -> None:
    assert read_back(of(date(2026, 3, 2)), written(figures)) == figures


def test_only_what_people_would_wait_for_is_kept() -> None:
    assert is_worth_keeping(16.0)
    assert not is_worth_keeping(0.02)


def test_figures_without_a_worker_are_shown_for_an_hour() -> None:
    assert may_be_shown(NOON - OLDEST_SHOWN, NOON)
    assert not may_be_shown(NOON - OLDEST_SHOWN - timedelta(seconds=1), NOON)


def test_what_is_added_up_fast_is_due_each_minute() -> None:
    kept = [Age(NOON, 0.2), Age(NOON + MINUTE / 2, 0.3)]

    assert not is_due(kept, NOON + MINUTE / 2)
    assert is_due(kept, NOON + MINUTE)


def test_what_takes_long_is_made_anew_in_a_tenth_of_the_time_at_most() -> None:
    kept = [Age(NOON, 16.0), Age(NOON, 20.0)]

    assert not is_due(kept, NOON + timedelta(seconds=359))
    assert is_due(kept, NOON + timedelta(seconds=360))


def test_on_a_machine_that_is_far_too_slow_sums_stay_young_enough_to_be_shown() -> None:
    assert is_due([Age(NOON, 600.0)], NOON + OLDEST_SHOWN / 4)


def test_it_is_due_when_nothing_is_kept() -> None:
    assert is_due([], NOON)
