"""What lists, cards and maps read of the cartera."""

from datetime import date

import pytest

from collector_app.portfolio.models import Invoice
from collector_app.portfolio.queries import (
    ClientFilter,
    client_cards,
    client_count,
    client_file,
    client_list,
    located_clients,
    municipalities,
)
from collector_app.portfolio.rules import ClientKind, LocationQuality
from tests.factories import make_client


@pytest.fixture
def rosa(session):
    return make_client(
        session,
        external_id="C-1",
        name="Rosa Díaz Ñúñez",
        address="Av. Juárez 100%",
        neighbourhood="Roma",
        municipality="Cuauhtémoc",
        phone="+525512345678",
    )


@pytest.fixture
def taller(session):
    return make_client(
        session,
        external_id="C-2",
        name="TALLER ÁGUILA",
        kind=ClientKind.FIRM,
        address="Hidalgo 7",
        municipality="Tlalpan",
        phone=None,
        lat=None,
        lon=None,
        location_quality=LocationQuality.NONE,
    )


def found(session, **wanted):
    return [card.external_id for card in client_list(session, ClientFilter(**wanted))]


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("rosa", ["C-1"]),
        ("DIAZ", ["C-1"]),
        ("nunez", ["C-1"]),
        ("ñúñez rosa", ["C-1"]),
        ("aguila", ["C-2"]),
        ("juarez 100%", ["C-1"]),
        ("100_", []),
        ("5512", ["C-1"]),
        ("C-2", ["C-2"]),
        ("roma", ["C-1"]),
        ("rosa hidalgo", []),
        ("  ", ["C-1", "C-2"]),
    ],
)
def test_a_search_finds_every_word_somewhere_whatever_its_accents(
    session, rosa, taller, search, numbers
):
    assert found(session, search=search) == numbers


def test_clients_are_filtered_by_what_the_cartera_knows(session, rosa, taller):
    assert found(session, kind=ClientKind.FIRM) == ["C-2"]
    assert found(session, municipality="Cuauhtémoc") == ["C-1"]
    assert found(session, is_located=True) == ["C-1"]
    assert found(session, is_located=False) == ["C-2"]
    assert found(session, is_located=True, municipality="Tlalpan") == []


def test_a_list_is_cut_into_pages_by_name(session, rosa, taller):
    everybody = ClientFilter()

    assert client_count(session, everybody) == 2
    assert [one.name for one in client_list(session, everybody, limit=1)] == ["Rosa Díaz Ñúñez"]
    assert [one.name for one in client_list(session, everybody, offset=1, limit=1)] == [
        "TALLER ÁGUILA"
    ]


def test_accents_and_capitals_do_not_decide_the_order(session):
    for name in ("zoila", "Ángel", "BEATRIZ", "ana"):
        make_client(session, name=name)

    names = [one.name for one in client_list(session, ClientFilter())]

    assert names == ["ana", "Ángel", "BEATRIZ", "zoila"]


def test_cards_come_by_id_and_unknown_ids_are_absent(session, rosa, taller):
    cards = client_cards(session, [rosa.id, taller.id + 1])

    assert list(cards) == [rosa.id]
    assert cards[rosa.id].name == "Rosa Díaz Ñúñez"
    assert client_cards(session, []) == {}


def test_cards_of_more_clients_than_a_statement_binds(session, rosa):
    assert list(client_cards(session, range(rosa.id, rosa.id + 70_000))) == [rosa.id]


def test_only_clients_with_coordinates_are_points(session, rosa, taller):
    assert [point.id for point in located_clients(session)] == [rosa.id]


def test_municipalities_are_listed_once(session, rosa, taller):
    make_client(session, municipality="Tlalpan")
    make_client(session, municipality=None)

    assert municipalities(session) == ["Cuauhtémoc", "Tlalpan"]


def test_a_client_file_holds_credits_and_invoices_oldest_first(session, rosa):
    credit = rosa.credits[0]
    session.add(
        Invoice(
            credit=credit,
            number="A-1",
            due_on=date(2020, 1, 1),
            amount_cents=300,
            balance_cents=200,
            balance_at=credit.invoices[0].balance_at,
        )
    )
    session.flush()

    told = client_file(session, rosa.id)

    assert told.card.external_id == "C-1"
    numbers = [invoice.number for invoice in told.credits[0].invoices]
    assert numbers[0] == "A-1"
    assert len(numbers) == 2
    assert told.credits[0].balance_cents == 150_200
    assert client_file(session, rosa.id + 1) is None
