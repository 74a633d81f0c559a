"""Conditions hold just from their number on; segments never overlap and lose nobody."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.compliance.rules import Channel, Touch
from collector_app.portfolio.rules import ClientKind, Stage
from collector_app.strategy.rules import (
    CHOICES,
    MOST_CONDITIONS,
    BadCondition,
    BadSegment,
    BadTreatment,
    ClientTraits,
    Comparison,
    Condition,
    SegmentRule,
    Share,
    Trait,
    check_condition,
    check_segment,
    check_treatment,
    columns_of,
    holds,
    is_member,
    is_number,
    is_within_offers,
    lacks_notice,
    rests_until,
    segment_of,
    share_alone,
    shares,
)
from collector_app.visits.rules import Outcome
from tests.strategy.factories import at_least, traits, treatment

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
NUMBERS = [one for one in Trait if is_number(one)]
WORDS = ("Microcrédito", "Nómina", "Norte")


@st.composite
def conditions(draw) -> Condition:
    trait = draw(st.sampled_from(Trait))
    if is_number(trait):
        comparison = draw(st.sampled_from(Comparison))
        return Condition(trait, comparison, (draw(st.integers(0, 60)),))
    comparison = draw(st.sampled_from((Comparison.IS, Comparison.IS_NOT)))
    words = [one.value for one in CHOICES[trait]] if trait in CHOICES else WORDS
    chosen = draw(st.lists(st.sampled_from(words), min_size=1, max_size=3))
    return Condition(trait, comparison, tuple(chosen))


def rules():
    together = st.lists(conditions(), max_size=3).map(tuple)
    return st.lists(together, max_size=5).map(
        lambda found: [SegmentRule(n, f"S{n}", one) for n, one in enumerate(found, start=1)]
    )


def clients():
    small = st.integers(0, 60)
    return st.builds(
        ClientTraits,
        client_id=small,
        days_past_due=small,
        balance_cents=small,
        overdue_cents=small,
        stage=st.sampled_from(Stage),
        kind=st.sampled_from(ClientKind),
        broken_promises=small,
        kept_promises=small,
        days_since_contact=st.none() | small,
        last_outcome=st.none() | st.sampled_from(Outcome),
        products=st.frozensets(st.sampled_from(WORDS)),
        zone=st.none() | st.sampled_from(WORDS),
        municipality=st.none() | st.sampled_from(WORDS),
    )


@given(rules(), st.lists(clients(), max_size=30))
def test_every_client_falls_into_one_place_and_no_cent_is_lost(segments, cartera):
    found = shares(segments, columns_of(cartera))

    assert sum(one.clients for one in found.values()) == len(cartera)
    assert sum(one.balance_cents for one in found.values()) == sum(
        one.balance_cents for one in cartera
    )


@given(rules(), st.lists(clients(), max_size=30))
def test_counted_together_clients_are_where_each_is_alone(segments, cartera):
    found = shares(segments, columns_of(cartera))

    places = Counter(rule.id if (rule := segment_of(segments, one)) else None for one in cartera)
    assert {key: one.clients for key, one in found.items() if one.clients} == places
    for rule in segments:
        holding = [one for one in cartera if is_member(rule, one)]
        assert share_alone(rule, columns_of(cartera)) == Share(
            len(holding),
            sum(one.balance_cents for one in holding),
            sum(one.overdue_cents for one in holding),
        )


def test_sums_of_large_debts_do_not_overflow():
    cartera = [traits(n, balance_cents=10**15, overdue_cents=2**31) for n in range(9_000)]

    (found,) = shares([], columns_of(cartera)).values()

    assert found == Share(9_000, 9 * 10**18, 9_000 * 2**31)


@given(rules(), clients())
def test_a_client_is_of_the_first_segment_that_holds_them(segments, client):
    found = segment_of(segments, client)

    before = segments[: segments.index(found)] if found else segments
    assert found is None or is_member(found, client)
    assert not any(is_member(one, client) for one in before)


@given(rules(), conditions(), clients())
def test_one_more_condition_never_takes_anybody_in(segments, condition, client):
    for rule in segments:
        stricter = replace(rule, conditions=(*rule.conditions, condition))
        assert is_member(rule, client) or not is_member(stricter, client)


@given(conditions(), clients())
def test_is_not_is_the_opposite_of_is(condition, client):
    yes = replace(condition, comparison=Comparison.IS)
    no = replace(condition, comparison=Comparison.IS_NOT)

    assert holds(yes, client) is not holds(no, client)


@given(conditions())
def test_every_condition_that_is_generated_can_be_used(condition):
    check_condition(condition)


@pytest.mark.parametrize(
    ("comparison", "number", "is_so"),
    [
        (Comparison.AT_LEAST, 40, True),
        (Comparison.AT_LEAST, 41, False),
        (Comparison.AT_MOST, 40, True),
        (Comparison.AT_MOST, 39, False),
        (Comparison.IS, 40, True),
        (Comparison.IS_NOT, 40, False),
    ],
)
def test_a_number_counts_from_itself_on(comparison, number, is_so):
    assert holds(Condition(Trait.DAYS_PAST_DUE, comparison, (number,)), traits()) is is_so


def test_who_was_never_reached_is_as_if_it_had_been_for_ever():
    assert holds(at_least(Trait.DAYS_SINCE_CONTACT, 10_000), traits())
    assert not holds(Condition(Trait.DAYS_SINCE_CONTACT, Comparison.AT_MOST, (10_000,)), traits())


def test_words_are_the_same_in_capital_letters_and_one_of_several_is_enough():
    condition = Condition(Trait.PRODUCT, Comparison.IS, ("NÓMINA", "microcrédito"))

    assert holds(condition, traits(products=frozenset({"Microcrédito"})))
    assert not holds(condition, traits(products=frozenset({"Hipoteca"})))


@pytest.mark.parametrize(
    "condition",
    [
        at_least(Trait.BALANCE, -1),
        at_least(Trait.BROKEN_PROMISES, 100_001),
        Condition(Trait.BALANCE, Comparison.IS, ("mucho",)),
        Condition(Trait.BALANCE, Comparison.IS, (1, 2)),
        Condition(Trait.STAGE, Comparison.IS, ("late",)),
        Condition(Trait.STAGE, Comparison.AT_LEAST, ("early",)),
        Condition(Trait.ZONE, Comparison.IS, ()),
        Condition(Trait.PRODUCT, Comparison.IS, ("x" * 81,)),
    ],
)
def test_a_condition_that_can_not_be_used_is_refused_with_its_trait(condition):
    with pytest.raises(BadCondition) as refused:
        check_condition(condition)

    assert refused.value.field == condition.trait.value


def test_a_segment_needs_a_name_and_few_conditions():
    one = at_least(Trait.BALANCE, 1)
    check_segment("Grandes", [one] * MOST_CONDITIONS)

    with pytest.raises(BadSegment, match="name"):
        check_segment("  ", [one])
    with pytest.raises(BadSegment, match="conditions"):
        check_segment("Grandes", [one] * (MOST_CONDITIONS + 1))


@pytest.mark.parametrize(
    ("field", "value", "one_too_many"),
    [
        ("cadence_days", 90, 91),
        ("most_discount_percent", 100, 101),
        ("visit_percent", 10, 9),
        ("visit_percent", 300, 301),
        ("notice_days", 60, 61),
        ("most_instalments", 36, 37),
        ("opening", "x" * 600, "x" * 601),
        ("channels", frozenset({Channel.CALL}), frozenset()),
    ],
)
def test_a_treatment_is_refused_from_one_too_many_on(field, value, one_too_many):
    check_treatment(treatment(**{field: value}))

    with pytest.raises(BadTreatment) as refused:
        check_treatment(treatment(**{field: one_too_many}))
    assert refused.value.field == field


@pytest.mark.parametrize(("day", "until"), [(3, date(2026, 3, 11)), (4, None), (5, None)])
def test_a_client_rests_for_the_cadence_and_not_a_day_longer(day, until):
    # The last contact was a call, 23:30 of Wednesday the 4th by the clock of the business.
    call = Touch(datetime(2026, 3, 4, 23, 30, tzinfo=ZONE), channel=Channel.CALL)
    days_later = date(2026, 3, 7 + day)

    assert rests_until(treatment(cadence_days=7), (call,), days_later, ZONE) == until


@pytest.mark.parametrize(("day", "lacks"), [(10, False), (11, True)])
def test_a_message_before_the_visit_counts_for_its_days_and_not_one_longer(day, lacks):
    # A message nobody answered, 23:30 of Wednesday the 4th by the clock of the business.
    sent = Touch(datetime(2026, 3, 4, 23, 30, tzinfo=ZONE), channel=Channel.WHATSAPP)

    assert lacks_notice(treatment(notice_days=6), (sent,), date(2026, 3, day), ZONE) is lacks


def test_a_visit_is_no_message_and_without_days_none_is_needed():
    visit = Touch(datetime(2026, 3, 4, 12, tzinfo=ZONE), is_contact=True)

    assert lacks_notice(treatment(notice_days=60), (visit,), date(2026, 3, 5), ZONE)
    assert not lacks_notice(treatment(), (), date(2026, 3, 5), ZONE)


def test_who_was_never_contacted_does_not_rest():
    assert rests_until(treatment(cadence_days=90), (), TUESDAY, ZONE) is None


@given(st.integers(0, 90), st.integers(0, 90), st.integers(0, 120))
def test_a_longer_cadence_never_allows_an_earlier_visit(short, more, days_ago):
    at = datetime(2026, 3, 10, 12, tzinfo=ZONE)
    day = date.fromordinal(TUESDAY.toordinal() + days_ago)
    soon = rests_until(treatment(cadence_days=short), (Touch(at),), day, ZONE)
    later = rests_until(treatment(cadence_days=short + more), (Touch(at),), day, ZONE)

    assert (later or day) >= (soon or day)


@pytest.mark.parametrize(
    ("basis", "count", "is_so"), [(500, 3, True), (501, 3, False), (500, 4, False)]
)
def test_an_offer_is_within_the_treatment_up_to_its_numbers(basis, count, is_so):
    assert is_within_offers(treatment(), basis, count) is is_so
