"""An offer beyond a collector's own: asked for from a phone, granted by the office."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.agreements.queries import offers_asked
from collector_app.agreements.rules import BeyondAuthority, ContentMissing
from collector_app.agreements.services import approve, cancel, grant_request
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.schedules.models import Agreement
from collector_app.schedules.rules import AgreementState
from tests.factories import actor_of, make_client, make_user

ZONE = ZoneInfo("America/Mexico_City")

PAPER = {"creditor": "Financiera X", "creditor_account": "0123", "reference": "C-1"}


def offer(client_id: int, **values: object) -> dict:
    return {
        "client_id": client_id,
        "debt_cents": 150_000,
        "discount_basis": 2_000,
        "down_cents": 20_000,
        "count": 4,
        "every_days": 15,
        "first_on": "2026-03-11",
        "step_cents": 0,
    } | values


def ask(phone, body: dict) -> dict:
    return phone.send(phone.event(body, "offer.requested"))[0]


def test_a_request_is_a_proposal_once_that_nobody_granted(session, phone, route):
    event = phone.event(offer(route.clients[0].id), "offer.requested")

    assert phone.states(event) == ["applied"]
    assert phone.states(event) == ["duplicate"]
    asked = session.scalars(select(Agreement)).one()
    assert (asked.proposed_by, asked.discount_basis) == (route.collector.id, 2_000)
    assert asked.approved_at is None


def test_also_within_the_house_rules_the_office_decides(session, phone, route):
    ask(phone, offer(route.clients[0].id, discount_basis=0))

    assert session.scalars(select(Agreement)).one().approved_at is None


def test_the_office_grants_it_within_its_authority_and_with_a_whole_paper(session, phone, route):
    ask(phone, offer(route.clients[0].id, discount_basis=2_501))
    asked = session.scalars(select(Agreement)).one()
    supervisor = actor_of(make_user(session, Role.SUPERVISOR))
    manager = actor_of(make_user(session, Role.ADMIN))

    with pytest.raises(BeyondAuthority):
        grant_request(session, supervisor, asked.id, **PAPER)
    with pytest.raises(ContentMissing):
        grant_request(session, manager, asked.id, **PAPER | {"creditor": " "})
    with pytest.raises(ContentMissing):
        approve(session, manager, asked.id)
    grant_request(session, manager, asked.id, **PAPER)

    assert asked.approved_by == manager.user_id
    assert asked.creditor == "Financiera X"


def test_the_phone_learns_what_the_office_said(session, phone, route):
    clients = [one.id for one in route.clients]
    for client_id in clients:
        ask(phone, offer(client_id))
    first, second, _third = session.scalars(select(Agreement).order_by(Agreement.id))
    supervisor = actor_of(make_user(session, Role.SUPERVISOR))
    grant_request(session, supervisor, first.id, **PAPER)
    cancel(session, supervisor, second.id, "Mucho", zone=ZONE)
    session.commit()

    told = offers_asked(session, clients, clock.now())

    assert [told[one].state for one in clients] == [
        AgreementState.APPROVED,
        AgreementState.CANCELLED,
        AgreementState.PROPOSED,
    ]
    assert [told[one].because for one in clients] == [None, "Mucho", None]


def test_the_menu_counts_the_requests_for_those_who_decide(phone, route, client_as):
    waits = '<span class="badge warn">2<span class="only-spoken"> por decidir</span></span>'
    supervisor = client_as(Role.SUPERVISOR)
    assert "por decidir" not in supervisor.get("/cartera/").text
    for client in route.clients[:2]:
        ask(phone, offer(client.id))

    page = supervisor.get("/cartera/").text

    assert f"Convenios {waits}" in page
    assert page.count(waits) == 2  # at the entry, and at its group, which is folded
    assert "por decidir" not in client_as(Role.DISPATCHER).get("/cartera/").text


def test_a_second_request_while_one_is_under_way_waits_for_a_person(phone, route):
    assert ask(phone, offer(route.clients[0].id))["state"] == "applied"

    told = ask(phone, offer(route.clients[0].id, count=6))

    assert (told["state"], told["code"]) == ("waiting", "agreement_wrong_state")


@pytest.mark.parametrize(
    ("field", "value"),
    [("discount_basis", 10_000), ("count", 37), ("down_cents", 100), ("first_on", "2026-03-09")],
)
def test_terms_that_can_not_be_wait_for_a_person(session, phone, route, field, value):
    told = ask(phone, offer(route.clients[0].id, **{field: value}))

    assert told["state"] == "waiting"
    assert session.scalars(select(Agreement)).first() is None


def test_nobody_asks_for_somebody_elses_client(session, phone, route):
    stranger = make_client(session, name="De otra zona")

    told = ask(phone, offer(stranger.id))

    assert (told["state"], told["code"]) == ("waiting", "not_found")
