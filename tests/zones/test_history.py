"""Who had a client: spans as rules, as queries and as pages."""

from datetime import date, timedelta

import pytest

from collector_app.core.actor import Role
from collector_app.zones import queries, services
from collector_app.zones.rules import Span, shared_spans
from tests.factories import make_client, make_user
from tests.studio.drafts import OFFICE
from tests.zones.factories import LONG_AGO, make_zone
from tests.zones.test_views import TODAY, TOMORROW, text_of


def day(n):
    return date(2026, 5, n)


def cut(whole, *parts):
    return [(name, one.from_on, one.to_on) for name, one in shared_spans(whole, parts)]


def test_a_span_nobody_shares_stays_whole():
    assert cut(Span(day(1), None)) == [(None, day(1), None)]


def test_a_span_is_cut_where_others_begin_and_end():
    parts = ("Ana", Span(day(1), day(4))), ("Luis", Span(day(7), None))

    assert cut(Span(day(2), day(9)), *parts) == [
        ("Ana", day(2), day(4)),
        (None, day(5), day(6)),
        ("Luis", day(7), day(9)),
    ]


def test_what_lies_before_or_after_a_span_is_no_part_of_it():
    parts = ("Ana", Span(day(1), day(2))), ("Luis", Span(day(20), None))

    assert cut(Span(day(3), day(9)), *parts) == [(None, day(3), day(9))]


@pytest.fixture
def client(session):
    """Held by Ana until yesterday, by Luis from today on, after nobody for a month."""
    client = make_client(session, name="Berta Soto")
    zone = make_zone(session, [client], name="Norte")
    ana, luis = make_user(session, full_name="Ana"), make_user(session, full_name="Luis")
    services.assign_collector(session, OFFICE, zone.id, ana.id, TODAY)
    services.assign_collector(session, OFFICE, zone.id, luis.id, TOMORROW)
    session.flush()
    return client


def test_every_span_of_a_client_is_told_latest_first(session, client):
    assert [(one.collector_name, one.span) for one in queries.tenures(session, client.id)] == [
        ("Luis", Span(TOMORROW, None)),
        ("Ana", Span(TODAY, TODAY)),
        (None, Span(LONG_AGO, TODAY - timedelta(days=1))),
    ]


@pytest.mark.parametrize(("ago", "name"), [(1, None), (0, "Ana"), (-1, "Luis")])
def test_who_had_a_client_on_a_day(session, client, ago, name):
    found = queries.tenures_on(session, [client.id], TODAY - timedelta(days=ago))

    assert found[client.id].collector_name == name


def test_a_client_is_found_with_who_had_them_that_day(session, client, client_as):
    answer = client_as(Role.SUPERVISOR).get(f"/zonas/historial?q=berta&dia={TOMORROW}")

    assert "Berta Soto Centro Norte Luis" in text_of(answer.text)


def test_the_whole_history_of_a_client_is_a_page(session, client, client_as):
    page = text_of(client_as(Role.DISPATCHER).get(f"/zonas/historial/{client.id}").text)

    assert page.index("Luis") < page.index("Ana") < page.index("Nadie")
    assert client_as(Role.DISPATCHER).get("/zonas/historial/99999").status_code == 404


def test_a_search_that_finds_nobody_says_so(session, client, client_as):
    office = client_as(Role.DISPATCHER)

    assert "Nadie coincide" in text_of(office.get("/zonas/historial?q=xyz&dia=nunca").text)
    assert "Escribe a quién buscas" in text_of(office.get("/zonas/historial").text)
