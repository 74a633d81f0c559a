"""The gate of messages heeds the treatment of a client's segment: channel and cadence."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance.rules import Channel
from collector_app.contacts.models import Contact
from collector_app.contacts.rules import MessageRefused
from collector_app.contacts.services import record_contact, send_message
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.portfolio.rules import Stage
from collector_app.strategy.services import set_treatment
from collector_app.visits.rules import PersonMet
from tests.contacts.factories import contact_fact, make_contact
from tests.factories import actor_of, make_client, make_user
from tests.promises.factories import make_promise_row
from tests.strategy.factories import SYSTEM, make_segment, treatment
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
WRITTEN = frozenset({Channel.VISIT, Channel.WHATSAPP})


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session)
    make_zone(session, [client], collector)
    return client


def treated(session, **values) -> None:
    """Treat everybody of every stage so."""
    segment = make_segment(session)
    for stage in Stage:
        set_treatment(session, SYSTEM, segment.id, stage, treatment(**values), day=TODAY)


def send(session, collector, debtor, channel=Channel.WHATSAPP) -> Contact:
    fact = contact_fact(debtor, channel=channel, person=PersonMet.HOLDER, text="Hola, buen día.")
    return send_message(session, actor_of(collector), fact, zone=ZONE)


def test_a_channel_that_the_treatment_leaves_out_is_closed(session, collector, debtor):
    treated(session, channels=WRITTEN, cadence_days=0)

    assert send(session, collector, debtor).id
    with pytest.raises(MessageRefused) as refused:
        send(session, collector, debtor, Channel.SMS)

    assert [one.rule_id for one in refused.value.blocks] == ["treatment_channel"]


@pytest.mark.parametrize(("days_ago", "goes_out"), [(6, False), (7, True)])
def test_the_cadence_holds_messages_back(session, collector, debtor, days_ago, goes_out):
    treated(session, channels=WRITTEN, cadence_days=7)
    make_contact(session, debtor, collector, at=clock.now() - timedelta(days=days_ago))

    if goes_out:
        assert send(session, collector, debtor).id
    else:
        with pytest.raises(MessageRefused) as refused:
            send(session, collector, debtor)
        assert [one.rule_id for one in refused.value.blocks] == ["treatment_cadence"]


def test_who_promised_is_reminded_whatever_the_cadence(session, collector, debtor):
    treated(session, channels=WRITTEN, cadence_days=7)
    make_contact(session, debtor, collector, at=clock.now() - timedelta(days=1))
    make_promise_row(session, debtor)

    assert send(session, collector, debtor).id


def test_what_was_done_all_the_same_is_no_falta(session, collector, debtor):
    treated(session, channels=frozenset({Channel.VISIT}), cadence_days=30)
    fact = contact_fact(debtor, channel=Channel.CALL)

    _contact, blocks = record_contact(session, actor_of(collector), fact, zone=ZONE)

    assert blocks == ()


def test_the_page_says_what_holds_a_message_back(session, client_as, debtor):
    treated(session, channels=frozenset({Channel.VISIT}))
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/contactos/{debtor.id}").text

    assert "A «Grandes» no se le contacta por whatsapp" in page


def test_the_page_asks_for_the_treatment_once_for_all_channels(
    session, client_as, debtor, statements
):
    treated(session, channels=frozenset({Channel.VISIT}))
    session.commit()
    desk = client_as(Role.SUPERVISOR)
    del statements[:]

    desk.get(f"/contactos/{debtor.id}")

    assert sum("FROM stage_treatment" in one for one in statements) == 1
