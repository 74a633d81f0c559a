"""Until when a complaint is answered: by the soonest of the laws of the house and of creditors."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.complaints import queries
from collector_app.complaints.rules import (
    DATA_RIGHTS,
    POLICY,
    POLICY_DATA,
    ComplaintData,
    ComplaintKind,
    deadline,
    last_day,
)
from collector_app.complaints.services import answer_complaint, take_complaint
from collector_app.compliance.profile_files import FOLDER, law_profile, law_profiles, versions
from collector_app.compliance.queries import bans_on
from collector_app.compliance.rules import (
    AnswerRule,
    Matter,
    beside,
    creditor_law,
    holiday_name,
)
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.portfolio.models import Invoice
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import actor_of, make_client, make_user

ZONE = ZoneInfo("America/Mexico_City")
WEDNESDAY = date(2026, 12, 2)
DAY = timedelta(days=1)
RULES = [
    pytest.param(rule, id=f"{rule.id}@{profile.effective_from}")
    for of_id in versions(FOLDER).values()
    for profile in of_id
    for rule in profile.rules
    if isinstance(rule, AnswerRule)
]

profile_ids = st.sampled_from(sorted(law_profiles()))
days = st.integers(0, 800).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
kinds = st.sampled_from(ComplaintKind)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def law_of(*ids: str, names=("Banco Austral",), day=date.max):
    return creditor_law(tuple((law_profile(one, day), names) for one in ids))


@pytest.fixture
def admin(session):
    return actor_of(make_user(session, Role.ADMIN))


@pytest.fixture
def client(session):
    return make_client(session, name="Rosa Muñoz")


def take(session, actor, client, kind=ComplaintKind.DATA_DELETION, day=WEDNESDAY, text="bórrenme"):
    with clock.frozen(at_noon(day)):
        taken = take_complaint(session, actor, ComplaintData(client.id, kind, text), zone=ZONE)
    session.flush()
    return taken


def basis_of(session, complaint):
    return next(one.basis for one in queries.register(session, ZONE) if one.id == complaint.id)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_counts_its_days_and_no_day_more(rule):
    last = last_day(WEDNESDAY, rule)
    counted = [
        day
        for day in (WEDNESDAY + timedelta(days=n) for n in range(1, (last - WEDNESDAY).days + 1))
        if not rule.is_working
        or (day.weekday() < 5 and not (rule.calendar and holiday_name(rule.calendar, day)))
    ]

    assert len(counted) == rule.days
    assert counted[-1] == last


@given(profile_ids, st.lists(profile_ids, unique=True, max_size=3), days, kinds)
def test_a_creditor_never_lengthens_a_deadline(house_id, creditor_ids, day, kind):
    house = law_profile(house_id, day)
    alone = deadline(day, kind, house)
    bound = deadline(day, kind, beside(house, law_of(*creditor_ids, day=day)))

    assert day < bound.day <= alone.day
    matter = Matter(kind) if kind in DATA_RIGHTS else Matter.COMPLAINT
    for one in creditor_ids:
        for rule in law_profile(one, day).rules:
            if isinstance(rule, AnswerRule) and matter in rule.matters:
                assert bound.day <= last_day(day, rule)
    if bound.day < alone.day:
        assert bound.source.creditors == ("Banco Austral",)


def test_the_policy_of_the_company_holds_where_no_law_says_less():
    nothing = law_profile("none")

    assert deadline(WEDNESDAY, ComplaintKind.OTHER, nothing).source == POLICY
    assert deadline(WEDNESDAY, ComplaintKind.DATA_ACCESS, nothing).source == POLICY_DATA
    peru = deadline(WEDNESDAY, ComplaintKind.OTHER, law_profile("pe"))
    assert peru.source == POLICY  # fifteen days of the law are more than ten of ours


def test_the_law_of_the_house_counts_like_that_of_a_creditor():
    house = deadline(WEDNESDAY, ComplaintKind.DATA_DELETION, law_profile("ar"))

    assert (house.day, house.source.article) == (date(2026, 12, 11), "Ley 25.326 art. 16")
    assert house.source.creditors == ()


def test_a_creditor_abroad_shortens_it_by_its_own_holidays_and_is_named(session, admin, client):
    give_credits(session, client, make_creditor(session, "ar", "Banco Pampa"))
    other = make_client(session)

    bound, alone = (take(session, admin, one) for one in (client, other))

    # December 7 and 8 are holidays in Argentina alone: 3, 4, 9, 10 and 11.
    assert bound.answer_by == date(2026, 12, 11)
    assert (
        alone.answer_by
        == deadline(WEDNESDAY, ComplaintKind.DATA_DELETION, law_profile("mx_financial_strict")).day
    )
    assert basis_of(session, bound).creditors == ("Banco Pampa",)
    assert basis_of(session, alone) == POLICY_DATA
    assert take(session, admin, client, ComplaintKind.DATA_OBJECTION).answer_by == alone.answer_by


def test_the_law_of_the_day_it_came_in_counts(session, admin, client):
    give_credits(session, client, make_creditor(session, "ar"))
    before = take(session, admin, client, day=date(2026, 11, 30), text="hoy")
    after = take(session, admin, client, day=date(2026, 12, 1), text="mañana")

    assert basis_of(session, before) == POLICY_DATA
    assert basis_of(session, after).article == "Ley 25.326 art. 16"


def test_a_creditor_told_later_changes_no_deadline_and_is_not_named(session, admin, client):
    taken = take(session, admin, client)
    set_on = taken.answer_by
    late = at_noon(WEDNESDAY) + timedelta(seconds=1)
    give_credits(session, client, make_creditor(session, "ar"), told_at=late)

    assert taken.answer_by == set_on
    assert basis_of(session, taken) == POLICY_DATA


def test_who_paid_keeps_the_deadlines_of_the_creditor(session, admin, client):
    give_credits(session, client, make_creditor(session, "ar"))
    for invoice in session.query(Invoice).join(Invoice.credit).filter_by(client_id=client.id):
        invoice.balance_cents, invoice.balance_at = 0, at_noon(WEDNESDAY - 30 * DAY)
    session.flush()

    assert take(session, admin, client).answer_by == date(2026, 12, 11)


def test_a_deadline_that_other_rules_set_tells_no_article(session, admin, client):
    taken = take(session, admin, client)
    taken.answer_by -= DAY

    assert basis_of(session, taken) is None


def test_the_pause_lasts_until_the_answer_under_any_law(session, admin, client):
    give_credits(session, client, make_creditor(session, "ar"))
    taken = take(session, admin, client, ComplaintKind.DATA_OBJECTION)
    after = taken.answer_by + DAY

    assert client.id in bans_on(session, after)  # late is no end
    with clock.frozen(at_noon(after)):
        answer_complaint(session, admin, taken.id, "listo", may_contact=True, zone=ZONE)
    session.flush()
    assert client.id not in bans_on(session, after)


def test_pages_and_the_file_name_the_article_and_the_creditor(session, client_as, admin, client):
    give_credits(session, client, make_creditor(session, "ar", "Banco Pampa"))
    take(session, admin, client)
    session.commit()
    desk, words = client_as(Role.SUPERVISOR), "Ley 25.326 art. 16, acreedor: Banco Pampa"

    assert words in desk.get("/quejas").text
    assert words in desk.get("/datos").text
    assert words in desk.get("/quejas/lista.csv").text
