"""What the law leaves open: hours, holidays, caps, bans; each rule just inside and just outside."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.compliance.profile_files import house_rules, law_profile, law_profiles
from collector_app.compliance.rules import (
    DAY_S,
    CapRule,
    Channel,
    Confidence,
    ContactFacts,
    Counted,
    HourWindow,
    OneChannelRule,
    Period,
    PressureRule,
    Profile,
    QuietRule,
    Source,
    Touch,
    combine,
    decide,
    pressure,
    visit_windows,
)
from collector_app.portfolio.rules import AddressOrigin, VisitedPlace, VisitPlaceKind

MEXICO = ZoneInfo("America/Mexico_City")
HOUR_S = 3600
MONDAY = date(2026, 3, 9)
SATURDAY = date(2026, 3, 14)
SUNDAY = date(2026, 3, 15)
BENITO_JUAREZ = date(2026, 3, 16)  # a Monday without work in Mexico
SOURCE = Source("art. 1", "texto", "una prueba", Confidence.HIGH)


def profile(*rules) -> Profile:
    return Profile("test", "Prueba", "MX", "1", rules)


def local(day: date, hour: int, minute: int = 0, zone: ZoneInfo = MEXICO) -> datetime:
    naive = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - gets its zone next
    return naive.replace(tzinfo=zone).astimezone(UTC)


def tried(*instants: datetime, channel: Channel = Channel.VISIT) -> tuple[Touch, ...]:
    return tuple(Touch(at, is_contact=False, channel=channel) for at in instants)


def reached(*instants: datetime, channel: Channel = Channel.VISIT) -> tuple[Touch, ...]:
    return tuple(Touch(at, is_contact=True, channel=channel) for at in instants)


def sentences(decision) -> list[str]:
    return [block.sentence for block in decision.blocks]


@pytest.mark.parametrize(
    ("profile_id", "day", "hours"),
    [
        ("mx_financial_strict", MONDAY, [(7, 22)]),
        ("mx_financial_strict", SATURDAY, []),
        ("mx_financial_strict", BENITO_JUAREZ, []),
        ("mx_financial_literal", SUNDAY, [(7, 22)]),
        ("mx_financial_literal", BENITO_JUAREZ, [(7, 22)]),
        ("mx_commercial", MONDAY, [(7, 22)]),
        ("mx_commercial", SATURDAY, []),
        ("cl", MONDAY, [(8, 20)]),
        ("cl", SATURDAY, [(10, 13)]),
        ("cl", SUNDAY, []),
        ("cl", date(2026, 9, 18), []),  # independence day, a Friday
        ("co", MONDAY, []),
        ("pe", MONDAY, [(7, 20)]),
        ("pe", SATURDAY, []),
        ("ec", MONDAY, [(7, 20)]),
        ("none", SUNDAY, [(0, 24)]),
    ],
)
def test_each_country_leaves_its_own_hours_open(profile_id, day, hours):
    windows = visit_windows(law_profile(profile_id), day)

    assert windows == tuple(HourWindow(a * HOUR_S, b * HOUR_S) for a, b in hours)


@pytest.mark.parametrize(
    ("second_s", "is_allowed"),
    [
        (7 * HOUR_S - 1, False),
        (7 * HOUR_S, True),
        (22 * HOUR_S, True),
        (22 * HOUR_S + 1, False),
    ],
)
def test_the_edges_of_the_legal_hours_belong_to_them(second_s, is_allowed):
    facts = ContactFacts(MEXICO)

    decision = decide(law_profile("mx_financial_strict"), facts, MONDAY, second_s)

    assert decision.allowed == is_allowed
    assert sentences(decision) == ([] if is_allowed else ["hours"])


def test_a_forbidden_day_names_rule_article_and_holiday():
    decision = decide(law_profile("mx_financial_strict"), ContactFacts(MEXICO), BENITO_JUAREZ)

    (block,) = decision.blocks
    assert block.rule_id == "mx_financial_strict.rest_days"
    assert block.article == "LFT art. 74"
    assert block.facts["holiday"] == "Natalicio de Benito Juárez"


def test_every_rule_that_forbids_is_named():
    facts = ContactFacts(MEXICO, ban="queja en revisión")

    decision = decide(law_profile("co"), facts, SUNDAY)

    assert sentences(decision) == ["forbidden", "weekday", "banned"]


CAP_OF_TWO = CapRule("cap", SOURCE, Counted.ATTEMPTS, 2, Period.ROLLING_DAYS, 7)


@pytest.mark.parametrize(
    ("days_ago", "is_allowed"),
    [((0, 6), False), ((6, 6), False), ((6, 7), True), ((7, 7), True), ((0,), True)],
)
def test_a_rolling_cap_counts_the_day_and_the_six_before_it(days_ago, is_allowed):
    attempts = tuple(local(MONDAY - timedelta(days=n), 12) for n in days_ago)

    decision = decide(profile(CAP_OF_TWO), ContactFacts(MEXICO, tried(*attempts)), MONDAY)

    assert decision.allowed == is_allowed


def test_a_rolling_cap_counts_by_the_clock_of_the_client():
    # 23:30 in Mexico City, six days before: already the next day in UTC.
    attempts = (local(MONDAY - timedelta(days=7), 23, 30), local(MONDAY, 9))

    decision = decide(profile(CAP_OF_TWO), ContactFacts(MEXICO, tried(*attempts)), MONDAY)

    assert decision.allowed


@pytest.mark.parametrize(
    ("contact_on", "visit_on", "is_allowed"),
    [
        (date(2026, 3, 9), date(2026, 3, 15), False),  # Monday and Sunday of one week
        (date(2026, 3, 15), date(2026, 3, 16), True),  # Sunday, and Monday of the next
        (date(2025, 12, 29), date(2026, 1, 2), False),  # one ISO week over the turn of the year
        (date(2026, 1, 4), date(2026, 1, 5), True),
        (date(2025, 3, 10), date(2026, 3, 9), True),  # the same week number, another year
    ],
)
def test_a_weekly_cap_starts_again_on_monday(contact_on, visit_on, is_allowed):
    once_a_week = CapRule("cap", SOURCE, Counted.CONTACTS, 1, Period.ISO_WEEK)
    facts = ContactFacts(MEXICO, history=reached(local(contact_on, 12)))

    decision = decide(profile(once_a_week), facts, visit_on)

    assert decision.allowed == is_allowed


@pytest.mark.parametrize(
    ("contact_on", "visit_on", "is_allowed"),
    [
        (date(2026, 12, 28), date(2027, 1, 3), False),  # Monday and Sunday of week 53 of 2026
        (date(2026, 12, 31), date(2027, 1, 1), False),  # on both sides of midnight of the year
        (date(2026, 12, 27), date(2026, 12, 28), True),  # Sunday of week 52, Monday of week 53
        (date(2027, 1, 3), date(2027, 1, 4), True),  # Sunday of week 53, Monday of week 1
        (date(2020, 12, 28), date(2026, 12, 28), True),  # the other week 53
        (date(2024, 12, 30), date(2025, 1, 5), False),  # week 1 of 2025 begins in 2024
        (date(2024, 12, 29), date(2024, 12, 30), True),
        (date(2024, 1, 1), date(2024, 12, 30), True),  # two weeks 1 that begin in one year
    ],
)
def test_at_the_end_of_a_year_a_weekly_cap_keeps_to_the_week_also_to_week_53(
    contact_on, visit_on, is_allowed
):
    once_a_week = CapRule("cap", SOURCE, Counted.CONTACTS, 1, Period.ISO_WEEK)
    facts = ContactFacts(MEXICO, history=reached(local(contact_on, 12)))

    assert decide(profile(once_a_week), facts, visit_on).allowed == is_allowed


@pytest.mark.parametrize(
    ("tried_on", "is_allowed"),
    [
        ((date(2026, 12, 26), date(2026, 12, 31)), False),  # six days before the first of January
        ((date(2026, 12, 25), date(2026, 12, 31)), True),  # seven
    ],
)
def test_at_the_end_of_a_year_a_rolling_cap_counts_the_days_of_the_old_one(tried_on, is_allowed):
    facts = ContactFacts(MEXICO, tried(*(local(one, 12) for one in tried_on)))

    assert decide(profile(CAP_OF_TWO), facts, date(2027, 1, 1)).allowed == is_allowed


@pytest.mark.parametrize(
    ("done_on", "is_allowed"),
    [(date(2026, 12, 28), False), (date(2026, 12, 27), True)],
)
def test_at_the_end_of_a_year_one_channel_holds_until_week_53_ends(done_on, is_allowed):
    facts = ContactFacts(MEXICO, reached(local(done_on, 9), channel=Channel.CALL))
    rule = profile(OneChannelRule("one", SOURCE))

    assert decide(rule, facts, date(2027, 1, 3), channel=Channel.WHATSAPP).allowed == is_allowed


def test_an_attempt_is_no_contact_for_a_cap_on_contacts():
    once_a_week = CapRule("cap", SOURCE, Counted.CONTACTS, 1, Period.ISO_WEEK)
    facts = ContactFacts(MEXICO, history=tried(local(MONDAY, 9)))

    assert decide(profile(once_a_week), facts, MONDAY).allowed


def test_after_a_contact_the_client_rests_for_a_day():
    facts = ContactFacts(MEXICO, history=reached(local(MONDAY, 15)))
    tuesday = MONDAY + timedelta(days=1)
    rest = profile(QuietRule("rest", SOURCE, 24))

    assert not decide(rest, facts, MONDAY).allowed
    assert decide(rest, facts, tuesday).windows == (HourWindow(15 * HOUR_S, DAY_S),)
    assert not decide(rest, facts, tuesday, 15 * HOUR_S - 1).allowed
    assert decide(rest, facts, tuesday, 15 * HOUR_S).allowed
    assert decide(rest, facts, MONDAY + timedelta(days=2)).windows == (HourWindow(0, DAY_S),)


def test_a_day_of_rest_is_24_hours_even_when_the_clocks_change():
    santiago = ZoneInfo("America/Santiago")
    saturday = date(2026, 9, 5)  # the clocks go forward at midnight
    facts = ContactFacts(santiago, history=reached(local(saturday, 15, zone=santiago)))
    rest = profile(QuietRule("rest", SOURCE, 24))

    (window,) = decide(rest, facts, saturday + timedelta(days=1)).windows

    assert window.start_s == 16 * HOUR_S


def test_rules_whose_hours_never_meet_are_both_named():
    facts = ContactFacts(MEXICO, history=reached(local(MONDAY - timedelta(days=1), 22, 30)))
    law = law_profile("mx_financial_strict")

    decision = decide(combine(law, house_rules()), facts, MONDAY)

    assert not decision.allowed
    assert [block.rule_id for block in decision.blocks] == [
        "mx_financial_strict.hours",
        "house.rest_after_contact",
    ]


def test_a_ban_forbids_under_every_law():
    decision = decide(
        law_profile("none"), ContactFacts(MEXICO, ban="pidió no recibir visitas"), MONDAY
    )

    assert not decision.allowed
    assert decision.blocks[0].facts["reason"] == "pidió no recibir visitas"


days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
seconds = st.integers(0, DAY_S)
zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("America/Mexico_City", "America/Tijuana", "America/Santiago", "UTC")
    ]
)
profiles = st.sampled_from(list(law_profiles().values()))


@st.composite
def contact_facts(draw, day: date) -> ContactFacts:
    zone = draw(zones)
    ago = st.integers(-60 * 24, 20 * 24 * 60)
    noon = local(day, 12, zone=zone)
    attempts = [noon - timedelta(minutes=n) for n in draw(st.lists(ago, max_size=4))]
    contacts = draw(st.lists(st.sampled_from(attempts), max_size=2)) if attempts else []
    over = draw(st.sampled_from(Channel))
    ban = draw(st.none() | st.just("queja"))
    history = (*tried(*attempts, channel=over), *reached(*contacts, channel=over))
    place = draw(
        st.none()
        | st.builds(
            VisitedPlace,
            st.none() | st.sampled_from(VisitPlaceKind),
            st.booleans(),
            st.none() | st.sampled_from(AddressOrigin),
        )
    )
    return ContactFacts(zone, history, ban, place=place)


@given(data=st.data(), day=days, law=profiles, second_s=seconds)
def test_what_is_allowed_lies_in_the_windows_of_the_law(data, day, law, second_s):
    facts = data.draw(contact_facts(day))

    decision = decide(combine(law, house_rules()), facts, day, second_s)

    legal = visit_windows(law, day)
    assert not decision.allowed or any(w.start_s <= second_s <= w.end_s for w in legal)
    assert decision.allowed == (not decision.blocks)


@given(data=st.data(), day=days, one=profiles, other=profiles, second_s=seconds)
def test_adding_a_profile_never_allows_more(data, day, one, other, second_s):
    facts = data.draw(contact_facts(day))

    channel = data.draw(st.sampled_from(Channel))

    alone = decide(one, facts, day, second_s, channel)
    both = decide(combine(one, other), facts, day, second_s, channel)

    assert alone.allowed or not both.allowed
    assert set(map(str, alone.blocks)) <= set(map(str, both.blocks))
    assert all(
        any(a.start_s <= w.start_s and w.end_s <= a.end_s for a in alone.windows)
        for w in both.windows
    )


@given(data=st.data(), day=days, law=profiles, second_s=seconds)
def test_the_windows_of_a_decision_are_exactly_the_allowed_seconds(data, day, law, second_s):
    facts = data.draw(contact_facts(day))
    rules = combine(law, house_rules())

    windows = decide(rules, facts, day).windows

    is_inside = any(w.start_s <= second_s <= w.end_s for w in windows)
    assert decide(rules, facts, day, second_s).allowed == is_inside


@given(day=days, minutes=st.integers(0, 3 * 24 * 60), zone=zones, second_s=seconds)
def test_no_allowed_moment_is_within_24_hours_after_a_contact(day, minutes, zone, second_s):
    contact = local(day, 23, 59, zone) - timedelta(minutes=minutes)
    facts = ContactFacts(zone, history=reached(contact))
    rest = profile(QuietRule("rest", SOURCE, 24))

    decision = decide(rest, facts, day, second_s)

    naive = datetime(day.year, day.month, day.day) + timedelta(seconds=second_s)  # noqa: DTZ001
    at = naive.replace(tzinfo=zone).astimezone(UTC)
    is_rested = at - contact >= timedelta(hours=24)
    is_after_the_day = contact.astimezone(zone).date() > day
    assert not decision.allowed or is_rested or is_after_the_day


CALLS = frozenset({Channel.VISIT, Channel.CALL})


@pytest.mark.parametrize(
    ("done", "wanted", "is_allowed"),
    [
        (Channel.CALL, Channel.VISIT, False),
        (Channel.VISIT, Channel.CALL, False),
        (Channel.WHATSAPP, Channel.VISIT, True),  # not one of those that count together
        (Channel.CALL, Channel.WHATSAPP, True),  # not one of those that are limited
    ],
)
def test_a_cap_counts_its_channels_together_and_limits_no_other(done, wanted, is_allowed):
    once = CapRule("cap", SOURCE, Counted.ATTEMPTS, 1, Period.ISO_WEEK, channels=CALLS)
    facts = ContactFacts(MEXICO, tried(local(MONDAY, 9), channel=done))

    assert decide(profile(once), facts, MONDAY, channel=wanted).allowed == is_allowed


@pytest.mark.parametrize(
    ("done_on", "wanted", "is_allowed"),
    [
        (MONDAY, Channel.CALL, True),  # the same channel
        (MONDAY, Channel.WHATSAPP, False),
        (MONDAY - timedelta(days=1), Channel.WHATSAPP, True),  # Sunday of the week before
    ],
)
def test_after_a_contact_only_its_channel_is_used_until_the_week_ends(done_on, wanted, is_allowed):
    facts = ContactFacts(MEXICO, reached(local(done_on, 9), channel=Channel.CALL))
    rule = profile(OneChannelRule("one", SOURCE))

    decision = decide(rule, facts, SUNDAY if done_on == MONDAY else MONDAY, channel=wanted)

    assert decision.allowed == is_allowed
    assert sentences(decision) == ([] if is_allowed else ["one_channel"])


@pytest.mark.parametrize(
    ("days_ago", "is_allowed"),
    [((0,), False), ((1,), False), ((2,), True), ((2, 4), True)],
)
def test_chile_leaves_two_days_between_messages(days_ago, is_allowed):
    friday = date(2026, 3, 13)
    sent = tried(
        *(local(friday - timedelta(days=n), 12) for n in days_ago), channel=Channel.WHATSAPP
    )

    decision = decide(law_profile("cl"), ContactFacts(MEXICO, sent), friday, channel=Channel.SMS)

    # Two in one week are the most: with Monday and Wednesday done, Friday is one too many.
    assert decision.allowed == (is_allowed and len(days_ago) < 2)


def test_colombia_forbids_to_visit_and_not_to_call():
    law, facts = law_profile("co"), ContactFacts(MEXICO)

    assert not decide(law, facts, MONDAY).allowed
    assert decide(law, facts, MONDAY, 12 * HOUR_S, Channel.CALL).allowed
    assert not decide(law, facts, MONDAY, 6 * HOUR_S, Channel.CALL).allowed


def test_a_letter_has_no_hour():
    law, facts = law_profile("mx_financial_strict"), ContactFacts(MEXICO)

    assert decide(law, facts, SUNDAY, 3 * HOUR_S, Channel.LETTER).allowed
    assert not decide(law, facts, SUNDAY, 12 * HOUR_S, Channel.WHATSAPP).allowed


@pytest.mark.parametrize(("calls", "is_allowed"), [(2, True), (3, False)])
def test_the_house_makes_three_calls_in_seven_days(calls, is_allowed):
    made = tried(
        *(local(MONDAY - timedelta(days=n + 1), 12) for n in range(calls)), channel=Channel.CALL
    )

    decision = decide(house_rules(MONDAY), ContactFacts(MEXICO, made), MONDAY, channel=Channel.CALL)

    assert decision.allowed == is_allowed


def test_the_house_rules_of_before_knew_no_calls():
    made = tried(*(local(MONDAY, hour) for hour in (9, 10, 11)), channel=Channel.CALL)
    facts = ContactFacts(MEXICO, made)

    before = decide(house_rules(date(2025, 12, 31)), facts, MONDAY, channel=Channel.CALL)
    after = decide(house_rules(date(2026, 1, 1)), facts, MONDAY, channel=Channel.CALL)

    assert (before.allowed, after.allowed) == (True, False)


PRESSURE = PressureRule(
    "pressure", SOURCE, most=10, days=30, weights=((Channel.VISIT, 3), (Channel.SMS, 1))
)


@pytest.mark.parametrize(
    ("visits", "messages", "wanted", "is_allowed"),
    [
        (2, 1, Channel.VISIT, True),  # 7 and 3 more are just 10
        (2, 2, Channel.VISIT, False),  # 8 and 3 are too many,
        (2, 3, Channel.SMS, True),  # and a message still is not
        (3, 1, Channel.SMS, False),
        (3, 9, Channel.LETTER, True),  # has no weight
    ],
)
def test_pressure_closes_the_heavy_channels_first(visits, messages, wanted, is_allowed):
    days = [local(MONDAY - timedelta(days=n), 12) for n in range(30)]
    done = (
        *tried(*days[:visits]),
        *tried(*days[-messages:], channel=Channel.SMS),
        *tried(*days[:2], channel=Channel.CALL),
    )

    decision = decide(profile(PRESSURE), ContactFacts(MEXICO, done), MONDAY, channel=wanted)

    assert decision.allowed == is_allowed


@pytest.mark.parametrize(("days_ago", "points"), [(29, 3), (30, 0)])
def test_pressure_forgets_after_its_days(days_ago, points):
    facts = ContactFacts(MEXICO, tried(local(MONDAY - timedelta(days=days_ago), 12)))

    assert pressure(PRESSURE, facts, MONDAY) == points
