"""What everybody sees of one version is made once, and anew for the next."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from itertools import count
from time import sleep
from zoneinfo import ZoneInfo

from flask import g

from collector_app.audit.services import log
from collector_app.compliance.client_terms import WishData, honour_wish
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.live.queries import shown_alerts, shown_today
from collector_app.live.rules import AlertKind, StopState
from collector_app.live.snapshots import Newest
from tests.factories import make_client, make_user
from tests.live.factories import publish_route
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

MEXICO = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
HOUR_S = 3600
SYSTEM = Actor.system("test")
today_module = import_module("collector_app.live.queries.today")


def test_the_same_key_is_made_once_and_another_anew():
    newest, numbers = Newest(), count()

    def make() -> int:
        return next(numbers)

    assert [newest.of(key, make) for key in ("a", "a", "b", "b", "a")] == [0, 0, 1, 1, 2]


def test_who_comes_while_it_is_made_waits_for_it():
    newest, made = Newest(), []

    def make() -> str:
        sleep(0.05)
        made.append(1)
        return "board"

    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(lambda _: newest.of("a", make), range(8)))

    assert shown == ["board"] * 8
    assert len(made) == 1


def test_what_could_not_be_made_is_tried_again():
    newest = Newest()

    def fail() -> str:
        raise ValueError

    for _ in range(2):
        try:
            newest.of("a", fail)
        except ValueError:
            continue

    assert newest.of("a", lambda: "board") == "board"


def test_the_second_person_who_looks_asks_the_database_little(client_as, session, statements):
    collector = make_user(session)
    make_visit(session, make_client(session), collector)
    session.commit()
    first, second = client_as(Role.SUPERVISOR), client_as(Role.DISPATCHER)
    first.get("/tablero")
    before = len(statements)

    page = second.get("/tablero").text

    assert collector.full_name in page
    assert len(statements) - before <= 5


def test_a_visit_is_seen_by_whoever_looks_next(client_as, session, stopped_clock):
    collector = make_user(session)
    session.commit()
    desk = client_as(Role.SUPERVISOR)
    desk.get("/tablero")
    client = make_client(session, name="Recién Visitada")
    make_visit(session, client, collector)
    session.commit()

    assert "Recién Visitada" in desk.get("/tablero").text


def test_a_map_that_somebody_else_made_runs_under_the_policy_of_each(client_as, session):
    client = make_client(session)
    collector = make_user(session)
    make_zone(session, [client], collector)
    session.commit()
    nonces = []
    for role in (Role.SUPERVISOR, Role.DISPATCHER):
        g.pop("csp_nonce", None)  # requests of a test share what each has of its own
        answer = client_as(role).get("/tablero")
        (nonce,) = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[:1]
        nonces.append(nonce)

        assert f'<script nonce="{nonce}">document.addEventListener' in answer.text

    assert len(set(nonces)) == 2


def at(hour):
    return clock.at_second(TODAY, hour * HOUR_S, MEXICO)


def shown(session):
    session.commit()
    return shown_today(session, TODAY, MEXICO)


def alert_kinds(session):
    return [one.alert.key.kind for one in shown_alerts(session, shown(session), MEXICO)]


def test_a_minute_later_stops_are_late_though_nothing_is_read_again(session, monkeypatch):
    publish_route(session, make_user(session), [make_client(session)], TODAY)
    with clock.frozen(at(9)):
        assert [one.state for one in shown(session).stops] == [StopState.PENDING]
    monkeypatch.setattr(today_module, "day_facts", None)

    with clock.frozen(at(11)):
        assert [one.state for one in shown(session).stops] == [StopState.LATE]


def test_what_is_done_without_a_visit_is_shown_as_well(session):
    client = make_client(session)
    publish_route(session, make_user(session), [client], TODAY)
    shown(session)
    client.name = "Rosa Soto de Ruiz"
    log(session, SYSTEM, "client.renamed", client)

    assert [one.client_name for one in shown(session).stops] == [client.name]


def test_hours_that_somebody_asks_for_are_seen_by_the_alerts(session):
    client = make_client(session)
    publish_route(session, make_user(session), [client], TODAY)  # to be visited at nine
    early = WishData(client.id, "1111111", 7 * HOUR_S, 8 * HOUR_S, "Carta del cliente")
    with clock.frozen(at(9)):
        assert AlertKind.AT_RISK not in alert_kinds(session)
        honour_wish(session, SYSTEM, early, today=TODAY)

        assert AlertKind.AT_RISK in alert_kinds(session)
