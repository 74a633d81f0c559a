"""Messages of the office: on the phone until read, with a receipt, to nobody else."""

import pytest
from sqlalchemy import select

from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.messages import services
from collector_app.messages.models import OfficeMessage
from collector_app.messages.queries import latest_messages, unread_messages
from collector_app.messages.rules import LONGEST, WrongMessage, checked_text
from tests.factories import actor_of, make_user

SYSTEM = Actor.system("test")


def send(session, collector, text="Llama a la oficina") -> OfficeMessage:
    sent = services.send_message(session, SYSTEM, collector.id, text)
    session.flush()
    return sent


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1)])
def test_a_message_says_something_short(text):
    with pytest.raises(WrongMessage):
        checked_text(text)


def test_a_message_stays_on_the_phone_until_it_is_read_and_the_office_sees_when(session):
    rosa = make_user(session, full_name="Rosa Vega")
    sent = send(session, rosa)
    assert unread_messages(session, rosa.id) == [sent]

    services.read_message(session, actor_of(rosa), sent.id)
    session.flush()

    assert unread_messages(session, rosa.id) == []
    (row,) = latest_messages(session)
    assert (row.collector, row.read_at) == ("Rosa Vega", clock.now())


def test_reading_twice_keeps_the_first_moment(session, stopped_clock):
    rosa = make_user(session)
    sent = send(session, rosa)
    services.read_message(session, actor_of(rosa), sent.id)

    with clock.frozen(stopped_clock.replace(hour=20)):
        services.read_message(session, actor_of(rosa), sent.id)

    assert sent.read_at == stopped_clock


def test_nobody_reads_the_message_of_another(session):
    sent = send(session, make_user(session))

    with pytest.raises(NotFound):
        services.read_message(session, actor_of(make_user(session)), sent.id)


def test_only_collectors_are_written_to(session):
    with pytest.raises(NotFound):
        send(session, make_user(session, role=Role.DISPATCHER))


def test_from_the_desk_to_the_phone_and_back(session, client_as):
    rosa = make_user(session, full_name="Rosa Vega")
    desk, phone = client_as(Role.SUPERVISOR), client_as(rosa)

    sent = desk.post("/mensajes", data={"collector_id": rosa.id, "text": "Vuelve a las 4 <b>"})
    assert sent.status_code == 303
    page = phone.get("/phone/").text
    assert "Vuelve a las 4 &lt;b&gt;" in page
    assert "Sin leer" in desk.get("/mensajes").text

    (message_id,) = session.scalars(select(OfficeMessage.id))
    phone.post(f"/mensajes/{message_id}/leido")

    assert "Vuelve a las 4" not in phone.get("/phone/").text
    assert "Sin leer" not in desk.get("/mensajes").text


def test_an_empty_message_is_asked_for_again(session, client_as):
    rosa = make_user(session)

    answer = client_as(Role.DISPATCHER).post(
        "/mensajes", data={"collector_id": rosa.id, "text": "  "}
    )

    assert answer.status_code == 422
