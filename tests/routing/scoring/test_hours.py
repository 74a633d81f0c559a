"""Hours at which a client is met more often are preferred, at the price of what others bring."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.scoring import (
    DAY_PARTS,
    BestHours,
    Chance,
    Chances,
    DayPart,
    VisitFacts,
    at_hour,
    best_hours,
    neutral_prize,
    part_weights,
    prize,
)

H = 3600
DAY = ((9 * H, 20 * H),)
MID_OF = {
    DayPart.MORNING: 10 * H,
    DayPart.MIDDAY: 12 * H,
    DayPart.AFTERNOON: 15 * H,
    DayPart.EVENING: 18 * H,
}
EVENINGS = (0.2, 0.2, 0.2, 0.6)


def prize_with(contact, windows=DAY, **facts):
    """A prize whose contact differs by part of the day, at its mean over the windows."""
    by_part = dict(zip(DAY_PARTS, contact, strict=True))
    mean = sum(by_part[part] * weight for part, weight in part_weights(windows).items())
    chances = Chances(
        contact=Chance(mean),
        pays_now=Chance(0.3),
        promises=Chance(0.4),
        keeps=Chance(0.5),
        pay_part=Chance(0.8),
        promise_part=Chance(0.8),
        by_part=by_part,
    )
    return prize(
        VisitFacts(overdue_cents=500_000, days_past_due=40, days_since_contact=9, **facts),
        chances=chances,
    )


def test_who_is_met_in_the_evening_is_preferably_visited_in_the_evening():
    worth = prize_with(EVENINGS)

    found = best_hours(worth, DAY)

    assert found is not None
    assert found.spans == ((17 * H, 24 * H - 1),)
    assert found.points == pytest.approx(at_hour(worth, 18 * H).total, abs=5)
    assert found.points - found.outside_price == pytest.approx(at_hour(worth, 10 * H).total, abs=5)


def test_neighbouring_hours_are_one_span():
    found = best_hours(prize_with((0.2, 0.6, 0.6, 0.2)), DAY)

    assert found is not None
    assert found.spans == ((11 * H, 17 * H - 1),)


@pytest.mark.parametrize(
    "worth",
    [
        prize_with((0.5, 0.5, 0.5, 0.5)),
        prize_with((0.5, 0.55, 0.5, 0.55)),
        prize_with((0.0, 0.0, 0.0, 0.0)),
        prize_with(EVENINGS, has_appointment=True),
        neutral_prize(30_000),
    ],
    ids=["alike", "about alike", "never met", "with an appointment", "not scored"],
)
def test_where_the_hour_does_not_matter_none_is_preferred(worth):
    assert best_hours(worth, DAY) is None


def test_a_client_who_may_be_visited_in_the_evening_alone_prefers_nothing():
    evening = ((17 * H, 20 * H),)

    assert best_hours(prize_with(EVENINGS, evening), evening) is None


def test_an_appointment_is_worth_the_same_at_any_hour():
    worth = prize_with(EVENINGS, has_appointment=True)

    assert at_hour(worth, 10 * H) == at_hour(worth, 18 * H) == worth


shares = st.floats(0.01, 1.0)
hours = st.integers(7 * H, 22 * H)


@given(st.tuples(shares, shares, shares, shares), st.lists(hours, min_size=2, max_size=2))
def test_both_levels_and_all_hours_come_to_the_mean_prize(contact, between):
    windows = ((min(between), max(between)),)
    worth, weights = prize_with(contact, windows), part_weights(windows)

    by_hour = sum(at_hour(worth, MID_OF[part]).total * share for part, share in weights.items())
    found = best_hours(worth, windows)

    assert by_hour == pytest.approx(worth.total, abs=5)
    if found is not None:
        inside = sum(weights[part] for part in weights if is_in(found, MID_OF[part]))
        assert 0 < inside < 1
        level = found.points - (1 - inside) * found.outside_price
        assert level == pytest.approx(worth.total, abs=5)
        assert 0 < found.outside_price <= found.points


def is_in(found: BestHours, second: int) -> bool:
    return any(start_s <= second <= end_s for start_s, end_s in found.spans)
