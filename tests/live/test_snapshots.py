"""What everybody sees of one version is made once, and anew for the next."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import sleep

from flask import g

from collector_app.core.actor import Role
from collector_app.live.snapshots import Newest
from tests.factories import make_client, make_user
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone


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
