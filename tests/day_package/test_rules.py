"""Windows and closed stretches of a day: together all of it, and each as the law decides it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.rules import ContactFacts, Touch, combine, decide, wish_rule
from collector_app.core import clock
from collector_app.day_package.rules import client_law

MEXICO = ZoneInfo("America/Mexico_City")
CHILE = ZoneInfo("America/Santiago")
TUESDAY = date(2026, 3, 10)
SUNDAY = date(2026, 3, 8)
LAW = combine(law_profile("mx_financial_strict", TUESDAY), house_rules(TUESDAY))


def local(day: date, hour: int, zone: ZoneInfo = MEXICO) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def facts_after(*touches: Touch, zone: ZoneInfo = MEXICO, **values) -> ContactFacts:
    return ContactFacts(zone, touches, **values)


def hours(span, zone: ZoneInfo = MEXICO) -> tuple[str, str]:
    first, last = (datetime.fromtimestamp(at, zone) for at in (span.from_s, span.to_s))
    return f"{first:%H:%M:%S}", f"{last:%H:%M:%S}"


def test_an_ordinary_day_is_closed_before_and_after_the_hours_of_the_law():
    law = client_law(LAW, facts_after(), TUESDAY)

    (window,) = law.windows
    before, after = law.closed
    assert (hours(before)[0], hours(after)[1]) == ("00:00:00", "23:59:59")
    assert before.to_s + 1 == window.from_s
    assert window.to_s + 1 == after.from_s
    assert before.blocks[0].sentence == "hours"
    assert before.blocks[0].article


def test_a_banned_client_is_closed_all_day_with_the_reason():
    law = client_law(LAW, facts_after(ban="pidió por escrito que no"), TUESDAY)

    assert law.windows == ()
    assert all(
        any(block.facts.get("reason") == "pidió por escrito que no" for block in span.blocks)
        for span in law.closed
    )


def test_a_quiet_time_ends_in_the_middle_of_the_day():
    talked = Touch(local(TUESDAY - timedelta(days=1), 15), is_contact=True)

    law = client_law(LAW, facts_after(talked), TUESDAY)

    assert any("quiet" in [block.sentence for block in span.blocks] for span in law.closed)


def test_what_is_left_of_each_cap_counts_what_was_done():
    fresh = client_law(LAW, facts_after(), TUESDAY).caps
    once = client_law(LAW, facts_after(Touch(local(TUESDAY, 9))), TUESDAY).caps

    attempts = [one.rule.id for one in fresh if one.rule.counts == "attempts"]
    assert attempts
    left = {one.rule.id: one.left for one in once}
    for one in fresh:
        assert left[one.rule.id] == one.left - (one.rule.id in attempts)


def test_the_hours_that_a_client_asked_for_are_their_only_window():
    wish = wish_rule(7, "1111100", 15 * 3600, 18 * 3600)

    law = client_law(LAW, facts_after(wishes=(wish,)), TUESDAY)

    assert [hours(window) for window in law.windows] == [("15:00:00", "18:00:00")]


@pytest.mark.parametrize("day", [date(2026, 4, 5), date(2026, 9, 6)], ids=["back", "forth"])
def test_the_day_the_clocks_change_has_no_hole(day):
    law = client_law(LAW, facts_after(zone=CHILE), day)

    spans = sorted((*law.windows, *law.closed), key=lambda one: one.from_s)
    start, end = clock.local_day(day, CHILE)
    assert spans[0].from_s == int(start.timestamp())
    assert all(one.to_s + 1 == other.from_s for one, other in pairwise(spans))
    assert spans[-1].to_s == int(end.timestamp()) - 1


@given(
    second=st.integers(0, 24 * 3600 - 1),
    ages_h=st.lists(st.integers(1, 24 * 8), max_size=6),
    is_contact=st.booleans(),
    day=st.sampled_from([TUESDAY, SUNDAY]),
)
def test_every_moment_is_open_or_closed_as_the_law_decides_it(second, ages_h, is_contact, day):
    noon = local(day, 12)
    history = tuple(Touch(noon - timedelta(hours=age), is_contact) for age in ages_h)
    facts = facts_after(*history)
    law = client_law(LAW, facts, day)
    at = int(clock.at_second(day, second, MEXICO).timestamp())

    decision = decide(LAW, facts, day, second)

    is_open = any(one.from_s <= at <= one.to_s for one in law.windows)
    assert is_open == decision.allowed
    closed_by = [one.blocks for one in law.closed if one.from_s <= at <= one.to_s]
    assert closed_by == ([] if decision.allowed else [decision.blocks])
