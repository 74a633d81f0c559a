"""Webhooks from the fact to the receiver: order, signature, retries, what is refused."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.visits.services import record_visit
from collector_app.web.extensions import transaction
from collector_app.webhooks.delivery_job import run_deliveries, tell_webhooks
from collector_app.webhooks.models import Webhook, WebhookDelivery
from collector_app.webhooks.queries import due
from collector_app.webhooks.rules import (
    MOST_FAILURES,
    REPLAY_WINDOW_S,
    SIGNATURE_HEADER,
    DeliveryState,
    NoEvents,
    WebhookEvent,
    is_signed,
    secret_of,
)
from collector_app.webhooks.sending import send
from collector_app.webhooks.services import (
    add_webhook,
    keep_answer,
    prepare_deliveries,
    remove_webhook,
    turn_on,
)
from tests.factories import actor_of, make_client, make_user
from tests.visits.factories import visit_fact
from tests.zones.factories import make_zone

VISITS = [WebhookEvent.VISIT_RECORDED]


class Receiver:
    """Another system: notes what it is told, answers what it is told to answer."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.told.append((dict(self.headers), body))
                self.send_response(outer.answers.pop(0) if outer.answers else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://receiver.test:{self.server.server_port}/hook?from=ruta"


def here(_host: str, port: int, *_: object, **__: object):
    """Every name stands for this machine."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.fixture
def receiver(app, monkeypatch) -> Iterator[Receiver]:
    """A receiver beside us, which the settings allow, under a name of its own."""
    found = Receiver()
    serving = threading.Thread(target=found.server.serve_forever, daemon=True)
    serving.start()
    monkeypatch.setitem(app.config, "WEBHOOKS_PRIVATE", True)
    monkeypatch.setattr("socket.getaddrinfo", here)
    yield found
    found.server.shutdown()
    serving.join()
    found.server.server_close()


@pytest.fixture
def webhook(session, receiver) -> Webhook:
    admin = actor_of(make_user(session, Role.ADMIN))
    made = add_webhook(session, admin, receiver.url, VISITS, may_be_private=True)
    session.commit()
    return made


def visit(session):
    collector, client = make_user(session), make_client(session)
    make_zone(session, [client], collector)
    fact = visit_fact(client)
    made = record_visit(session, actor_of(collector), fact, zone=ZoneInfo("UTC"))
    session.commit()
    return made


def deliver(webhook_id):
    return run_deliveries({"webhook_id": webhook_id}, lambda *_: None)


def rows(session):
    session.expire_all()
    return session.query(WebhookDelivery).order_by(WebhookDelivery.id).all()


def test_a_fact_is_told_in_order_signed_and_once(session, receiver, webhook, app):
    first, second = visit(session), visit(session)

    tell_webhooks()
    tell_webhooks()
    deliver(webhook.id)
    deliver(webhook.id)

    bodies = [json.loads(body) for _headers, body in receiver.told]
    assert [one["subject"] for one in bodies] == [
        {"type": "visit", "id": first.id},
        {"type": "visit", "id": second.id},
    ]
    assert {one["event"] for one in bodies} == {"visit.recorded"}
    headers, body = receiver.told[0]
    secret = secret_of(app.config["SECRET_KEY"], webhook.salt)
    assert is_signed(secret, body, headers[SIGNATURE_HEADER], int(clock.now().timestamp()))
    assert headers["Host"] == receiver.url.split("/")[2]
    assert [one.state for one in rows(session)] == [DeliveryState.DELIVERED] * 2


def test_only_chosen_events_since_it_was_added_are_told(session, receiver):
    visit(session)
    admin = actor_of(make_user(session, Role.ADMIN))
    add_webhook(session, admin, receiver.url, [WebhookEvent.PAYMENT_RECORDED], may_be_private=True)
    session.commit()
    visit(session)

    with transaction() as writing:
        prepare_deliveries(writing)

    assert rows(session) == []


def test_a_failure_waits_longer_each_time_and_nothing_overtakes_it(session, receiver, webhook):
    visit(session), visit(session)
    tell_webhooks()
    receiver.answers = [500, 302]

    deliver(webhook.id)
    deliver(webhook.id)  # too early: nothing is sent
    assert len(receiver.told) == 1
    assert due(session, clock.now()) == []
    with clock.frozen(clock.now() + timedelta(seconds=30)):
        deliver(webhook.id)  # a redirect is a failure, and is not followed
    with clock.frozen(clock.now() + timedelta(seconds=89)):
        deliver(webhook.id)
    with clock.frozen(clock.now() + timedelta(seconds=90)):
        deliver(webhook.id)

    assert [body for _headers, body in receiver.told[:3]] == [receiver.told[0][1]] * 3
    assert [one.tries for one in rows(session)] == [3, 1]
    session.refresh(webhook)
    assert (webhook.failures, webhook.next_try_at) == (0, None)


def test_a_receiver_that_is_never_at_home_is_turned_off_and_can_be_turned_on(
    session, receiver, webhook
):
    visit(session)
    tell_webhooks()
    (delivery,) = rows(session)
    for _ in range(MOST_FAILURES):
        keep_answer(session, delivery.id, None, "timeout")
    session.commit()

    assert webhook.disabled_at is not None
    assert due(session, clock.now() + timedelta(days=1)) == []
    deliver(webhook.id)
    assert receiver.told == []

    turn_on(session, actor_of(make_user(session, Role.ADMIN)), webhook.id)
    session.commit()
    deliver(webhook.id)
    assert len(receiver.told) == 1


def test_what_waits_is_one_job_until_it_was_tried(session, webhook):
    visit(session)

    tell_webhooks()
    tell_webhooks()

    (delivery,) = rows(session)
    assert (
        jobs.status(f"webhook-{webhook.id}-{delivery.id}-0").arguments["webhook_id"] == webhook.id
    )


def test_a_webhook_that_was_removed_is_told_nothing(session, receiver, webhook):
    admin = actor_of(make_user(session, Role.ADMIN))
    remove_webhook(session, admin, webhook.id)
    session.commit()
    visit(session)

    tell_webhooks()

    assert rows(session) == []
    with pytest.raises(NotFound):
        deliver(webhook.id)


def test_only_administrators_add_webhooks_and_each_is_told_something(session):
    url = "https://example.org/"
    with pytest.raises(NotAllowed):
        add_webhook(
            session, actor_of(make_user(session, Role.DISPATCHER)), url, VISITS, may_be_private=True
        )
    with pytest.raises(NoEvents):
        add_webhook(session, actor_of(make_user(session, Role.ADMIN)), url, [], may_be_private=True)


def test_nothing_is_sent_to_a_name_that_stands_for_a_private_address():
    answer = send(
        "https://evil.test/",
        b"{}",
        "secret",
        0,
        may_be_private=False,
        resolve=lambda *_: ["169.254.169.254"],
    )

    assert (answer.status, answer.error) == (None, "private_address")


def test_a_receiver_that_does_not_listen_is_told_apart_from_a_name_that_is_none():
    def nobody(*_: object):
        raise OSError

    def told(resolve):
        return send("http://x.test:1/", b"", "s", 0, may_be_private=True, resolve=resolve).error

    assert told(nobody) == "unknown_host"
    assert told(lambda *_: ["127.0.0.1"]) == "no_connection"


def test_an_administrator_adds_tests_and_reads_the_log(client_as, session, receiver):
    client = client_as(Role.ADMIN)
    page = client.post("/webhooks", data={"url": receiver.url, "events": ["visit.recorded"]})
    assert "whsec_" in page.text
    made = session.query(Webhook).one()
    assert "whsec_" not in client.get("/webhooks").text
    client.post(f"/webhooks/{made.id}/probar")
    session.commit()
    deliver(made.id)

    log = client.get(f"/webhooks/{made.id}").text
    assert "Recibido" in log
    assert json.loads(receiver.told[0][1])["event"] == "test"


def test_the_menu_tells_administrators_of_a_receiver_that_was_given_up(client_as, session, webhook):
    menu = 'Webhooks <span class="badge warn">1<span'
    before = client_as(Role.ADMIN).get("/webhooks").text
    webhook.disabled_at = clock.now()
    session.commit()

    assert menu not in before
    assert menu in client_as(Role.ADMIN).get("/webhooks").text
    remove_webhook(session, actor_of(make_user(session, Role.ADMIN)), webhook.id)
    session.commit()
    assert menu not in client_as(Role.ADMIN).get("/webhooks").text


def test_a_private_address_is_refused_with_what_is_expected(client_as):
    answer = client_as(Role.ADMIN).post(
        "/webhooks", data={"url": "http://10.0.0.1/", "events": ["visit.recorded"]}
    )

    assert answer.status_code == 422
    assert "de internet público" in answer.text


def test_a_receiver_can_be_written_from_the_page_alone(client_as, monkeypatch):
    page = client_as(Role.ADMIN).get("/webhooks").text
    request, code = (
        unescape(one) for one in re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.S)
    )
    head, _blank, body = request.partition("\n\n")
    header = head.partition(f"{SIGNATURE_HEADER}: ")[2]
    stamp = int(header.partition("t=")[2].partition(",")[0])
    (secret,) = re.findall(r"firmado con el secreto (\S+)\.", unescape(page))
    known: dict[str, Any] = {}
    exec(code, known)  # noqa: S102 - our own page
    is_ours = known["is_ours"]

    monkeypatch.setattr("time.time", lambda: float(stamp))
    assert is_ours(secret, header, body.encode())
    assert not is_ours(secret, header, b"{}")
    assert not is_ours("otro", header, body.encode())
    monkeypatch.setattr("time.time", lambda: float(stamp + REPLAY_WINDOW_S + 1))
    assert not is_ours(secret, header, body.encode())
