"""Calls and messages: facts are kept and flagged, messages that break a rule do not leave."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance.profile_files import law_profiles
from collector_app.compliance.rules import Channel, word_blocks
from collector_app.compliance.services import ban_contact, choose_profile
from collector_app.contacts.message_texts import texts_for
from collector_app.contacts.models import Contact
from collector_app.contacts.rules import (
    ContactInFuture,
    MessageRefused,
    PromisedFact,
    PromiseUnanswered,
    app_url,
)
from collector_app.contacts.services import record_contact, send_message
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.payments.queries import promise_states
from collector_app.planning.queries import day_rows
from collector_app.planning.rules import PlanPolicy
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import AllowedTerms, PromiseBeyondPolicy, PromiseFlag
from collector_app.violations.queries import judge
from collector_app.visits.rules import Outcome, PersonMet
from tests.contacts.factories import contact_fact, make_contact
from tests.factories import actor_of, make_client, make_user
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session)
    make_zone(session, [client], collector)
    return client


def local(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return clock.at_second(day, hour * 3600 + minute * 60, ZONE)


def message(debtor, **values):
    return contact_fact(
        debtor,
        **{
            "channel": Channel.WHATSAPP,
            "person": PersonMet.HOLDER,
            "spoke_of_debt": True,
            "text": "Le recuerdo su pago.",
            **values,
        },
    )


def rules_broken(blocks) -> list[str]:
    return [block.rule_id for block in blocks]


@pytest.mark.parametrize(("hour", "minute", "is_fault"), [(6, 59, True), (7, 0, False)])
def test_a_call_outside_of_the_hours_is_kept_and_flagged(
    session, collector, debtor, hour, minute, is_fault
):
    fact = contact_fact(debtor, at=local(hour, minute))

    contact, blocks = record_contact(session, actor_of(collector), fact, zone=ZONE)

    assert contact.id is not None
    assert rules_broken(blocks) == (["mx_financial_strict.hours"] if is_fault else [])
    judged = judge(session, TUESDAY, TUESDAY, ZONE)
    assert judged.contact_count == 1
    assert [rules_broken(one.blocks) for one in judged.violations] == (
        [["mx_financial_strict.hours"]] if is_fault else []
    )


def test_the_same_fact_twice_is_one(session, collector, debtor):
    fact = contact_fact(debtor)

    for _n in range(2):
        record_contact(session, actor_of(collector), fact, zone=ZONE)

    assert session.query(Contact).count() == 1


def test_a_contact_of_tomorrow_is_refused(session, collector, debtor):
    with pytest.raises(ContactInFuture):
        record_contact(
            session,
            actor_of(collector),
            contact_fact(debtor, at=clock.now() + timedelta(minutes=6)),
            zone=ZONE,
        )


def test_nobody_records_for_the_client_of_another(session, debtor):
    stranger = actor_of(make_user(session))

    with pytest.raises(NotFound):
        record_contact(session, stranger, contact_fact(debtor), zone=ZONE)


@pytest.mark.parametrize(("calls", "is_fault"), [(3, False), (4, True)])
def test_the_fourth_call_in_seven_days_is_a_fault(session, collector, debtor, calls, is_fault):
    blocks = ()
    for n in reversed(range(calls)):
        fact = contact_fact(debtor, at=local(9, day=TUESDAY - timedelta(days=n)))
        _contact, blocks = record_contact(session, actor_of(collector), fact, zone=ZONE)

    assert ("house.three_calls_in_seven_days" in rules_broken(blocks)) == is_fault


def test_in_chile_a_call_takes_the_visit_of_the_week(session, collector, debtor):
    with clock.frozen(local(7)):
        choose_profile(session, SYSTEM, "cl", TUESDAY, "prueba", today=TUESDAY)
    make_contact(session, debtor, collector, channel=Channel.CALL, at=local(8))

    [row] = day_rows(session, TUESDAY, ZONE, PlanPolicy()).candidates
    make_visit(
        session,
        debtor,
        collector,
        started_at=local(9),
        person_met=PersonMet.NOBODY,
        outcome=Outcome.NOT_HOME,
    )

    assert len(row.contact_facts(ZONE).history) == 1
    found = judge(session, TUESDAY, TUESDAY, ZONE).violations
    assert [rules_broken(one.blocks) for one in found] == [["cl.once_a_week"]]


def test_after_a_call_that_reached_the_holder_nobody_visits_for_a_day(session, collector, debtor):
    make_contact(
        session, debtor, collector, channel=Channel.CALL, at=local(8), was_answered=True, text=None
    )
    make_visit(session, debtor, collector, started_at=local(12), outcome=Outcome.REFUSED)

    [found] = judge(session, TUESDAY, TUESDAY, ZONE).violations

    assert rules_broken(found.blocks) == ["house.rest_after_contact"]


def test_talking_about_the_debt_with_a_relative_on_the_phone_is_a_fault(session, collector, debtor):
    fact = contact_fact(debtor, person=PersonMet.RELATIVE, was_answered=True, spoke_of_debt=True)

    _contact, blocks = record_contact(session, actor_of(collector), fact, zone=ZONE)

    assert rules_broken(blocks) == ["mx_financial_strict.third_parties"]


# -- promises on the phone


def promised(debtor, cents: int, days: int, **values):
    return contact_fact(
        debtor,
        **{
            "person": PersonMet.HOLDER,
            "was_answered": True,
            "spoke_of_debt": True,
            "promise": PromisedFact(cents, TUESDAY + timedelta(days=days)),
            **values,
        },
    )


# 1,500 pesos, 40 days past due: from 150 pesos and up to 15 days ahead.
@pytest.mark.parametrize(
    ("cents", "days", "flag"),
    [
        (15_000, 15, None),
        (14_999, 15, PromiseFlag.TOO_SMALL),
        (15_000, 16, PromiseFlag.TOO_FAR_AHEAD),
        (150_001, 1, PromiseFlag.MORE_THAN_DEBT),
    ],
)
def test_the_desk_takes_promises_within_the_policy_only_and_the_field_all(
    session, collector, debtor, cents, days, flag
):
    desk = actor_of(make_user(session, Role.SUPERVISOR))
    fact = promised(debtor, cents, days)
    if flag is None:
        record_contact(session, desk, fact, zone=ZONE)
    else:
        with pytest.raises(PromiseBeyondPolicy) as refused, session.begin_nested():
            record_contact(session, desk, fact, zone=ZONE)
        assert refused.value.flags == (flag,)
        assert refused.value.allowed == AllowedTerms(TUESDAY + timedelta(days=15), 15_000)
        record_contact(session, actor_of(collector), fact, zone=ZONE)

    [stored] = promise_states(session, TUESDAY, zone=ZONE)[debtor.id]
    assert (stored.amount_cents, stored.due_on) == (cents, TUESDAY + timedelta(days=days))


def test_the_desk_takes_no_second_open_promise(session, debtor):
    desk = actor_of(make_user(session, Role.SUPERVISOR))
    first = promised(debtor, 20_000, 3)
    record_contact(session, desk, first, zone=ZONE)
    record_contact(session, desk, first, zone=ZONE)  # told twice: still one

    with pytest.raises(PromiseBeyondPolicy) as refused:
        record_contact(session, desk, promised(debtor, 20_000, 5), zone=ZONE)

    assert refused.value.flags == (PromiseFlag.SECOND_OPEN,)


@pytest.mark.parametrize("person", [PersonMet.RELATIVE, PersonMet.MINOR, PersonMet.NOBODY])
def test_nobody_else_promises_on_the_phone(session, collector, debtor, person):
    with pytest.raises(PromiseUnanswered):
        record_contact(
            session, actor_of(collector), promised(debtor, 20_000, 3, person=person), zone=ZONE
        )


# -- the gate


def test_a_message_within_the_rules_leaves_and_is_recorded(session, collector, debtor):
    sent = send_message(session, actor_of(collector), message(debtor), zone=ZONE)

    assert (sent.text, sent.channel, sent.at) == (
        "Le recuerdo su pago.",
        Channel.WHATSAPP,
        clock.now(),
    )


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"text": "Mañana llega el ACTUARIO."}, "mx_financial_strict.words"),
        ({"person": PersonMet.RELATIVE}, "mx_financial_strict.third_parties"),
    ],
)
def test_a_message_that_breaks_a_rule_does_not_leave(session, collector, debtor, changes, rule):
    with pytest.raises(MessageRefused) as refused:
        send_message(session, actor_of(collector), message(debtor, **changes), zone=ZONE)

    assert rules_broken(refused.value.blocks) == [rule]
    assert session.query(Contact).count() == 0


def test_a_message_that_tells_nothing_of_the_debt_may_go_to_a_relative(session, collector, debtor):
    neutral = message(debtor, person=PersonMet.RELATIVE, spoke_of_debt=False)

    assert send_message(session, actor_of(collector), neutral, zone=ZONE).id


@pytest.mark.parametrize("words", ["Su hermano DEBE $5,000", "Dígale que su crédito está vencido"])
def test_a_message_that_tells_of_the_debt_is_not_neutral_by_being_called_so(
    session, collector, debtor, words
):
    told = message(debtor, person=PersonMet.RELATIVE, spoke_of_debt=False, text=words)

    with pytest.raises(MessageRefused) as refused:
        send_message(session, actor_of(collector), told, zone=ZONE)
    assert rules_broken(refused.value.blocks) == ["mx_financial_strict.third_parties"]

    record_contact(session, actor_of(collector), replace(told, at=clock.now()), zone=ZONE)
    [fault] = judge(session, clock.today(ZONE), clock.today(ZONE), ZONE).violations
    assert rules_broken(fault.blocks) == ["mx_financial_strict.third_parties"]


@pytest.mark.parametrize(("minute", "may_leave"), [(59, False), (0, True)])
def test_the_gate_opens_at_seven(session, collector, debtor, minute, may_leave):
    hour = 7 if may_leave else 6
    with clock.frozen(local(hour, minute)):
        if may_leave:
            send_message(session, actor_of(collector), message(debtor), zone=ZONE)
        else:
            with pytest.raises(MessageRefused):
                send_message(session, actor_of(collector), message(debtor), zone=ZONE)


def test_the_hour_of_a_message_is_when_it_leaves_and_not_what_it_tells(session, collector, debtor):
    told = message(debtor, at=local(9))
    with clock.frozen(local(23)), pytest.raises(MessageRefused):
        send_message(session, actor_of(collector), told, zone=ZONE)


@pytest.mark.parametrize(("sent_before", "may_leave"), [(1, True), (2, False)])
def test_two_messages_in_seven_days_are_the_most(
    session, collector, debtor, sent_before, may_leave
):
    for n in range(sent_before):
        make_contact(session, debtor, collector, at=local(9, day=TUESDAY - timedelta(days=n + 1)))

    other_app = message(debtor, channel=Channel.SMS)
    if may_leave:
        send_message(session, actor_of(collector), other_app, zone=ZONE)
    else:
        with pytest.raises(MessageRefused) as refused:
            send_message(session, actor_of(collector), other_app, zone=ZONE)
        assert rules_broken(refused.value.blocks) == ["house.two_messages_in_seven_days"]


def test_nothing_leaves_to_who_must_not_be_contacted(session, collector, debtor):
    ban_contact(session, SYSTEM, debtor.id, "lo pidió", TUESDAY)

    with pytest.raises(MessageRefused):
        send_message(session, actor_of(collector), message(debtor), zone=ZONE)


@pytest.mark.parametrize("stage", list(Stage))
def test_no_message_of_the_house_says_what_a_law_forbids(app, stage):
    facts = dict.fromkeys(("client", "collector", "overdue", "balance", "days"), "1")
    with app.test_request_context():
        texts = texts_for(stage, facts)

    assert texts
    for profile in law_profiles().values():
        assert [one.id for one in texts if word_blocks(profile, one.text)] == []


def test_the_greeting_says_nothing_of_a_debt(app):
    facts = dict.fromkeys(("client", "collector", "overdue", "balance", "days"), "Ana")
    with app.test_request_context():
        [greeting] = [one for one in texts_for(Stage.EARLY, facts) if not one.speaks_of_debt]

    assert not re.search("deuda|saldo|pago|adeudo|cobr|venci", greeting.text, re.IGNORECASE)


def test_links_carry_the_number_and_the_words():
    assert app_url(Channel.WHATSAPP, "+525512345678", "¿Qué tal?") == (
        "https://wa.me/525512345678?text=%C2%BFQu%C3%A9%20tal%3F"
    )
    assert app_url(Channel.SMS, "+525512345678", "a b") == "sms:+525512345678?body=a%20b"
    assert app_url(Channel.LETTER, "+525512345678", "a") is None
    assert app_url(Channel.SMS, None, "a") is None


# -- pages


def test_on_the_phone_a_call_is_recorded_and_a_fault_is_said(client_as, session, collector, debtor):
    phone = client_as(collector)
    page = phone.get(f"/contactos/{debtor.id}?canal=call")
    assert "Llamar al +525512345678" in page.text
    fact = contact_fact(debtor)
    form = {"uuid": fact.uuid, "channel": "call", "person": "relative", "spoke_of_debt": "y"}

    answer = phone.post(f"/contactos/{debtor.id}/registrar", data=form, follow_redirects=True)

    assert "Queda anotado como falta" in answer.text
    assert session.query(Contact).one().channel is Channel.CALL
    assert "Llamada" in client_as(Role.SUPERVISOR).get(f"/cartera/{debtor.id}/expediente").text


def test_the_desk_is_told_what_may_be_promised(client_as, session, debtor):
    desk = client_as(Role.SUPERVISOR)
    fact = contact_fact(debtor)
    form = {
        "uuid": fact.uuid,
        "channel": "call",
        "person": "holder",
        "amount": "100",
        "due_on": "2026-03-12",
    }

    answer = desk.post(f"/contactos/{debtor.id}/registrar", data=form)

    assert answer.status_code == 422
    assert "Es muy poco" in answer.text
    assert "Se acepta desde $150.00" in answer.text
    assert session.query(Contact).count() == 0
    again = desk.post(f"/contactos/{debtor.id}/registrar", data=form | {"due_on": ""})
    assert "Una promesa lleva cantidad y día." in again.text


def test_a_message_with_a_forbidden_word_stays_on_the_page_with_the_reason(
    client_as, session, collector, debtor
):
    fact = replace(contact_fact(debtor), text="Habrá orden de embargo")
    form = {"uuid": fact.uuid, "channel": "sms", "person": "holder", "text": fact.text}
    phone = client_as(collector)

    answer = phone.post(f"/contactos/{debtor.id}/mensaje", data=form)

    assert answer.status_code == 422
    assert "orden de embargo" in answer.text
    assert "Dice lo que no se debe decir" in answer.text
    good = phone.post(
        f"/contactos/{debtor.id}/mensaje", data=form | {"text": "Hola"}, follow_redirects=True
    )
    assert "sms:+525512345678?body=Hola" in good.text
