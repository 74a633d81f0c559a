"""How long each law keeps data: just inside its months, and just outside."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from collector_app.complaints.rules import ComplaintData, ComplaintKind
from collector_app.complaints.services import answer_complaint, take_complaint
from collector_app.compliance.creditor_choices import choose_creditor_profile
from collector_app.compliance.profile_files import law_profile, law_profiles
from collector_app.compliance.rules import (
    RetentionRule,
    beside,
    creditor_law,
    deletion_rule,
    keep_log_months,
)
from collector_app.compliance.services import choose_profile
from collector_app.contacts.models import Contact
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.jobs import JobState, JobStatus
from collector_app.portfolio.models import Client, Credit, Invoice
from collector_app.privacy.queries import log_limit, retention
from collector_app.privacy.retention_job import run_retention
from collector_app.privacy.rules import ERASED, KeptTooShort
from collector_app.privacy.services import apply_retention
from tests.compliance.factories import give_credits, make_creditor
from tests.contacts.factories import make_contact
from tests.factories import actor_of, make_client, make_user

TODAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")
ZONE = ZoneInfo("America/Mexico_City")
RULES = [
    pytest.param(profile.id, rule, id=rule.id)
    for profile in law_profiles().values()
    for rule in profile.rules
    if isinstance(rule, RetentionRule)
]
DELETING = [one for one in RULES if one.values[1].delete_default_after_months]
KEEPING = [one for one in RULES if one.values[1].keep_log_months]


def defaulted(session, due_on: date) -> int:
    """Return a client who owes nothing and whose last invoice was due that day."""
    client = make_client(session, overdue_cents=0)
    credit = session.scalars(select(Credit).filter_by(client_id=client.id)).one()
    session.add(
        Invoice(
            credit=credit,
            number="F-1",
            due_on=due_on,
            amount_cents=100,
            balance_cents=0,
            balance_at=client.created_at - timedelta(days=30),
        )
    )
    session.flush()
    return client.id


def test_every_rule_about_memory_says_what_goes_or_what_stays():
    assert RULES
    assert {one.id for one in DELETING} | {one.id for one in KEEPING} == {one.id for one in RULES}


@pytest.mark.parametrize(("profile_id", "rule"), DELETING)
def test_a_default_is_kept_to_its_last_day_and_goes_the_day_after(session, profile_id, rule):
    choose_profile(session, SYSTEM, profile_id, TODAY, "prueba", today=TODAY)
    limit_on = clock.months_after(TODAY, -rule.delete_default_after_months)
    inside = defaulted(session, limit_on)
    outside = defaulted(session, limit_on - timedelta(days=1))

    found = retention(session, TODAY, ZONE)

    assert outside in found.over
    assert inside not in found.over
    assert found.by_client[outside].rule == rule
    assert [one.rule for one in found.limits] == [rule]


def of_creditor(session, due_on: date, *creditors) -> int:
    """Return a client who owed to some creditors, and whose last invoice was due that day."""
    client_id = defaulted(session, due_on)
    client = session.get(Client, client_id)
    for creditor in creditors:
        give_credits(session, client, creditor)
    session.flush()
    return client_id


@pytest.mark.parametrize(("profile_id", "rule"), DELETING)
def test_what_the_law_of_a_creditor_lets_go_goes_though_the_house_names_no_limit(
    session, profile_id, rule
):
    choose_profile(session, SYSTEM, "none", TODAY, "prueba", today=TODAY)
    bank = make_creditor(session, profile_id, "Banco Austral")
    limit_on = clock.months_after(TODAY, -rule.delete_default_after_months)
    inside = of_creditor(session, limit_on, bank)
    outside = of_creditor(session, limit_on - timedelta(days=1), bank)
    of_nobody = defaulted(session, limit_on - timedelta(days=1))

    found = retention(session, TODAY, ZONE)

    assert found.over == (outside,)
    assert {inside, of_nobody} & {*found.by_client} == set()
    assert found.by_client[outside].rule.source.creditors == ("Banco Austral",)
    assert [one.limit_on for one in found.limits] == [limit_on]


def test_of_two_laws_that_let_data_go_the_shorter_time_holds(session, monkeypatch):
    real = law_profiles()["mx_commercial"]
    sooner = [
        replace(rule, delete_default_after_months=60) if isinstance(rule, RetentionRule) else rule
        for rule in real.rules
    ]
    short = replace(real, rules=tuple(sooner))
    for module in ("creditor_book", "queries"):
        monkeypatch.setattr(
            f"collector_app.compliance.{module}.law_profile",
            lambda one, day=date.max: short if one == short.id else law_profile(one, day),
        )
    shop = make_creditor(session, "mx_commercial", "Tiendas del Norte")
    sixty = clock.months_after(TODAY, -60)
    inside = of_creditor(session, sixty, shop)
    outside = of_creditor(session, sixty - timedelta(days=1), shop)
    of_house = defaulted(session, sixty - timedelta(days=1))
    of_house_over = defaulted(session, clock.months_after(TODAY, -72) - timedelta(days=1))

    found = retention(session, TODAY, ZONE)

    assert found.over == (outside, of_house_over)
    assert not {inside, of_house} & {*found.by_client}
    assert found.by_client[outside].rule.source.creditors == ("Tiendas del Norte",)
    assert found.by_client[of_house_over].rule.source.creditors == ()
    assert [one.rule.delete_default_after_months for one in found.limits] == [72, 60]


profile_ids = st.sampled_from(sorted(law_profiles()))


@given(profile_ids, st.lists(profile_ids, unique=True, max_size=4))
def test_a_creditor_never_lets_data_be_kept_longer_nor_the_log_go_sooner(house_id, creditor_ids):
    house = law_profile(house_id)
    both = beside(house, creditor_law(tuple((law_profile(one), ("B",)) for one in creditor_ids)))
    alone, bound = deletion_rule(house), deletion_rule(both)

    if alone is not None:
        assert bound is not None
        assert bound.delete_default_after_months <= alone.delete_default_after_months
    assert keep_log_months(both) >= keep_log_months(house)


def test_a_law_that_wants_contacts_kept_does_not_hold_up_what_another_lets_go(session):
    choose_profile(session, SYSTEM, "cl", TODAY, "prueba", today=TODAY)
    bank = make_creditor(session, "mx_commercial")
    limit_on = clock.months_after(TODAY, -72)
    client_id = of_creditor(session, limit_on - timedelta(days=1), bank)
    client = session.get(Client, client_id)
    contact = make_contact(session, client, make_user(session), text="Hola")
    kept = (contact.channel, contact.at)

    apply_retention(session, SYSTEM, day=TODAY, zone=ZONE)

    assert client.name == ERASED
    session.refresh(contact)
    assert ((contact.channel, contact.at), contact.text) == (kept, None)


def test_who_still_owes_to_the_creditor_waits_for_a_person(session, client_as):
    choose_profile(session, SYSTEM, "none", TODAY, "prueba", today=TODAY)
    bank = make_creditor(session, "mx_commercial", "Banco Austral")
    client = make_client(session, days=73 * 31)
    give_credits(session, client, bank)
    session.commit()

    found = retention(session, TODAY, ZONE)

    assert (found.over, found.owing) == ((), (client.id,))
    page = client_as(Role.ADMIN).get("/datos").text
    assert "LFPDPPP art. 10, acreedor: Banco Austral" in page
    assert "que lo decida el área legal" in page


@pytest.mark.parametrize(("profile_id", "rule"), KEEPING)
def test_the_log_is_kept_as_long_as_any_creditor_asks_also_one_of_before(session, profile_id, rule):
    choose_profile(session, SYSTEM, "none", TODAY, "prueba", today=TODAY)
    assert log_limit(session, TODAY) is None
    bank = make_creditor(session, profile_id)
    least = rule.keep_log_months

    assert log_limit(session, TODAY) == clock.months_after(TODAY, -least)
    choose_creditor_profile(session, SYSTEM, bank.id, None, TODAY, "prueba", today=TODAY)
    assert log_limit(session, TODAY, least) == clock.months_after(TODAY, -least)
    with pytest.raises(KeptTooShort):
        log_limit(session, TODAY, least - 1)


@pytest.mark.parametrize(("profile_id", "rule"), KEEPING)
@pytest.mark.parametrize("days_over", [0, 1])
def test_the_log_of_contacts_stays_though_the_words_go(session, profile_id, rule, days_over):
    choose_profile(session, SYSTEM, profile_id, TODAY, "prueba", today=TODAY)
    client = make_client(session, overdue_cents=0)
    contact = make_contact(session, client, make_user(session), text="Hola")
    kept = (contact.channel, contact.at)
    later = clock.months_after(TODAY, rule.keep_log_months) + timedelta(days=days_over)

    apply_retention(session, SYSTEM, day=later, zone=ZONE)

    row = session.scalars(select(Contact).filter_by(client_id=client.id)).one()
    assert (row.channel, row.at) == kept


def test_the_daily_job_erases_and_says_how_many(session, app):
    limit_on = clock.months_after(TODAY, -72)
    over = defaulted(session, limit_on - timedelta(days=1))
    session.commit()

    with app.test_request_context():
        first = run_retention({}, lambda share, note="": None)
        again = run_retention({}, lambda share, note="": None)

    assert (first["erased"], again["erased"]) == (1, 0)
    session.expire_all()
    assert session.get(Client, over).name == ERASED


@pytest.mark.parametrize(
    ("state", "result", "words"),
    [
        (None, None, "Todavía no corre"),
        (JobState.RUNNING, None, "Corriendo"),
        (JobState.FAILED, None, "La última vez falló"),
        (JobState.DONE, {"erased": 3, "owing": 1}, "3 borrados, 1 todavía debían"),
    ],
)
def test_the_page_says_how_the_last_run_went(client_as, monkeypatch, state, result, words):
    run = state and JobStatus("retention-1", "retention", state, 1.0, "", result, None, clock.now())
    monkeypatch.setattr("collector_app.core.jobs.last_run", lambda kind: run)

    assert words in client_as(Role.ADMIN).get("/datos").text


def test_rights_that_wait_show_their_last_day_until_they_are_answered(client_as, session):
    client = make_client(session)
    asked = ComplaintData(client.id, ComplaintKind.DATA_ACCESS, "quiero mis datos")
    admin = actor_of(make_user(session, Role.ADMIN))
    row = take_complaint(session, admin, asked, zone=ZONE)
    other = ComplaintData(client.id, ComplaintKind.PRODUCT, "no sirve")
    take_complaint(session, admin, other, zone=ZONE)
    session.commit()
    supervisor = client_as(Role.SUPERVISOR)

    page = supervisor.get("/datos").text

    assert "quiero mis datos" in page
    assert f"quedan {(row.answer_by - TODAY).days} días" in page
    assert "no sirve" not in page
    answer_complaint(session, admin, row.id, "van", may_contact=True, zone=ZONE)
    session.commit()
    assert "quiero mis datos" not in supervisor.get("/datos").text
