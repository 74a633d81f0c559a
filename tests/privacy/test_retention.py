"""How long each law keeps data: just inside its months, and just outside."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from collector_app.compliance.profile_files import law_profiles
from collector_app.compliance.rules import RetentionRule
from collector_app.compliance.services import choose_profile
from collector_app.contacts.models import Contact
from collector_app.core.actor import Actor
from collector_app.portfolio.models import Credit, Invoice
from collector_app.privacy.queries import retention
from collector_app.privacy.rules import months_before
from collector_app.privacy.services import apply_retention
from tests.contacts.factories import make_contact
from tests.factories import make_client, make_user

TODAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")
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
            balance_at=client.created_at,
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
    limit_on = months_before(TODAY, rule.delete_default_after_months)
    inside = defaulted(session, limit_on)
    outside = defaulted(session, limit_on - timedelta(days=1))

    found = retention(session, TODAY)

    assert outside in found.over
    assert inside not in found.over
    assert found.rule == rule


@pytest.mark.parametrize(("profile_id", "rule"), KEEPING)
@pytest.mark.parametrize("days_over", [0, 1])
def test_the_log_of_contacts_stays_though_the_words_go(session, profile_id, rule, days_over):
    choose_profile(session, SYSTEM, profile_id, TODAY, "prueba", today=TODAY)
    client = make_client(session, overdue_cents=0)
    contact = make_contact(session, client, make_user(session), text="Hola")
    kept = (contact.channel, contact.at)
    later = months_before(TODAY, -rule.keep_log_months) + timedelta(days=days_over)

    apply_retention(session, SYSTEM, day=later)

    row = session.scalars(select(Contact).filter_by(client_id=client.id)).one()
    assert (row.channel, row.at) == kept
