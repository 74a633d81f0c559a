"""Who may choose the law and ban contact, from when it holds, and what is written down."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.compliance import queries, services
from collector_app.compliance.services import (
    BanEndsBeforeItBegins,
    DecisionUnexplained,
    NotRetroactive,
)
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from tests.factories import actor_of, make_client, make_user

TODAY = date(2026, 3, 10)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def admin(session):
    return actor_of(make_user(session, Role.ADMIN))


def choose(session, actor, profile_id="cl", from_on=TODAY, reason="lo pidió legal"):
    return services.choose_profile(session, actor, profile_id, from_on, reason, today=TODAY)


def test_without_a_choice_the_prudent_profile_holds_beside_the_house_rules(session):
    profile = queries.profile_in_force(session, TODAY)

    assert profile.id == "mx_financial_strict+house"


def test_a_choice_holds_from_its_day_on(session, admin):
    choose(session, admin, "cl", TOMORROW)

    assert queries.law_in_force(session, TODAY).id == "mx_financial_strict"
    assert queries.law_in_force(session, TOMORROW).id == "cl"


def test_of_two_choices_the_newer_holds(session, admin):
    choose(session, admin, "cl")
    choose(session, admin, "pe")

    assert queries.law_in_force(session, TODAY).id == "pe"


def test_a_choice_is_written_down_with_its_reason(session, admin):
    choose(session, admin, "cl")
    session.flush()

    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.event == "compliance.profile_chosen"
    assert entry.facts["before"] == "mx_financial_strict"
    assert entry.facts["after"] == "cl"
    assert entry.facts["reason"] == "lo pidió legal"


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER])
def test_only_an_admin_chooses_the_law(session, role):
    with pytest.raises(NotAllowed):
        choose(session, actor_of(make_user(session, role)))


def test_a_choice_needs_a_reason_a_known_profile_and_a_day_to_come(session, admin):
    with pytest.raises(DecisionUnexplained):
        choose(session, admin, reason="  ")
    with pytest.raises(NotFound):
        choose(session, admin, profile_id="mars")
    with pytest.raises(NotRetroactive):
        choose(session, admin, from_on=TODAY - timedelta(days=1))


def test_a_ban_holds_on_its_days_both_inclusive(session, admin):
    client = make_client(session)

    services.ban_contact(session, admin, client.id, "queja", TODAY, TOMORROW)

    assert queries.bans_on(session, TODAY - timedelta(days=1)) == {}
    assert queries.bans_on(session, TODAY) == {client.id: "queja"}
    assert queries.bans_on(session, TOMORROW) == {client.id: "queja"}
    assert queries.bans_on(session, TOMORROW + timedelta(days=1)) == {}


def test_a_lifted_ban_no_longer_holds(session, admin):
    client = make_client(session)
    ban = services.ban_contact(session, admin, client.id, "queja", TODAY - timedelta(days=3))

    services.lift_ban(session, admin, ban.id, "resuelta", today=TODAY)

    assert queries.bans_on(session, TODAY) == {}
    assert queries.bans_on(session, TODAY - timedelta(days=1)) == {client.id: "queja"}
    assert queries.bans(session, TODAY) == []


@pytest.mark.parametrize("starts_in_days", [0, 5])
def test_a_ban_lifted_before_its_first_day_ends_never_holds(session, admin, starts_in_days):
    first = TODAY + timedelta(days=starts_in_days)
    ban = services.ban_contact(session, admin, make_client(session).id, "queja", first)

    services.lift_ban(session, admin, ban.id, "por error", today=TODAY)

    assert queries.bans_on(session, first) == {}
    assert queries.bans(session, TODAY) == []


def test_a_ban_needs_a_client_a_reason_and_days_in_order(session, admin):
    client = make_client(session)

    with pytest.raises(NotFound):
        services.ban_contact(session, admin, 999_999, "queja", TODAY)
    with pytest.raises(DecisionUnexplained):
        services.ban_contact(session, admin, client.id, "", TODAY)
    with pytest.raises(BanEndsBeforeItBegins):
        services.ban_contact(session, admin, client.id, "queja", TOMORROW, TODAY)


def test_a_collector_bans_nobody_and_a_dispatcher_lifts_nothing(session, admin):
    client = make_client(session)
    ban = services.ban_contact(session, admin, client.id, "queja", TODAY)

    collector = actor_of(make_user(session))
    dispatcher = actor_of(make_user(session, Role.DISPATCHER))

    with pytest.raises(NotAllowed):
        services.ban_contact(session, collector, client.id, "queja", TODAY)
    with pytest.raises(NotAllowed):
        services.lift_ban(session, dispatcher, ban.id, "x", today=TODAY)


def test_a_ban_is_lifted_once(session, admin):
    ban = services.ban_contact(session, admin, make_client(session).id, "queja", TODAY)
    services.lift_ban(session, admin, ban.id, "resuelta", today=TODAY)

    with pytest.raises(NotFound):
        services.lift_ban(session, admin, ban.id, "otra vez", today=TODAY)


def test_a_number_is_found_however_its_letters_are_written(session):
    client = make_client(session, external_id="C00131")
    one, other = (make_client(session, external_id=number) for number in ("ab-1", "AB-1"))

    for told in ("C00131", "c00131", "  c00131 "):
        assert queries.client_numbered(session, told) == client.id
    assert queries.client_numbered(session, "ab-1") == one.id
    assert queries.client_numbered(session, "AB-1") == other.id
    assert queries.client_numbered(session, "Ab-1") is None  # which of the two nobody knows
    assert queries.client_numbered(session, "c0013") is None
