"""Clients without coordinates are placed by their address, as sure as it is."""

import io
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.core.actor import Actor, Role
from collector_app.exchange import services
from collector_app.exchange.import_job import apply_import, file_store, preview_import
from collector_app.exchange.models import ImportBatch
from collector_app.exchange.queries import batch_row
from collector_app.exchange.services import ImportTerms
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import LocationQuality, Placement
from tests.exchange.files import HEADINGS, csv_text, row

SYSTEM = Actor.system("test")
ARGUMENTS = {"actor_id": None, "role": "system"}
HOUSE = {"Domicilio": "C. Benito Juárez 10", "Colonia": "Centro"}
SHORT_STREET = {"Domicilio": "Privada Hidalgo 2 S/N", "Colonia": "Santa Ana"}
TWO_STREETS = {"Domicilio": "Benito Juárez S/N", "Colonia": ""}
NO_STREET = {"Domicilio": "Domicilio conocido", "Colonia": ""}


@pytest.fixture
def load(session):
    """Import rows: ``load(house, street)`` previews and accepts; gives the summary."""

    def do(*clients, accept=True, heard=None):
        rows = [client_row(n, **values) for n, values in enumerate(clients, start=1)]
        stored = file_store().save(io.BytesIO(csv_text(HEADINGS, *rows).encode()))
        terms = ImportTerms(cut_on=None, country="CL")
        batch = services.draft(session, SYSTEM, stored, "c.csv", terms, ZoneInfo("UTC"))
        services.receive_file(session, SYSTEM, batch)
        session.commit()
        batch_id = batch.id
        notes = heard if heard is not None else []
        arguments = {"batch_id": batch_id, **ARGUMENTS}
        preview_import(arguments, lambda share, note: notes.append((share, note)))
        if accept:
            apply_import(arguments, lambda share, note: None)
        session.expire_all()
        return batch_row(session, batch_id).summary

    return do


def client_row(number, **values):
    named = {
        "No_Cliente": f"C-{number}",
        "Nombre": f"Clienta {'ABCDEFG'[number]}",
        "Teléfono": "",
        "Municipio": "",
        "Latitud": "",
        "Longitud": "",
        "Crédito": f"K-{number}",
        "Factura": f"F-{number}",
        "Fecha_de_vencimiento": "31/12/2025",
    }
    return row(**(named | values))


def clients(session):
    return list(session.scalars(select(Client).order_by(Client.external_id)))


def test_a_house_and_a_short_street_are_placed_with_their_confidence(session, load, city):
    load(HOUSE, SHORT_STREET)

    house, street = clients(session)
    assert (house.location_quality, house.location_confidence) == (LocationQuality.FOUND, 0.95)
    assert house.lat == pytest.approx(-29.89991, abs=1e-5)
    assert street.location_quality is LocationQuality.APPROXIMATE
    assert street.location_confidence == 0.8


def test_what_is_not_sure_enough_or_not_found_stays_without_location(session, load, city):
    load(TWO_STREETS, NO_STREET)

    for client in clients(session):
        assert (client.lat, client.location_quality) == (None, LocationQuality.NONE)
        assert client.location_confidence is None


def test_the_preview_counts_how_many_would_be_placed_and_writes_nothing(session, load, city):
    summary = load(HOUSE, SHORT_STREET, TWO_STREETS, NO_STREET, accept=False)

    assert summary.placements == {
        Placement.SURE: 2,
        Placement.UNSURE: 1,
        Placement.NOT_FOUND: 1,
    }
    assert clients(session) == []


def test_the_job_tells_how_many_addresses_it_has_searched(load, city):
    heard = []

    load(HOUSE, SHORT_STREET, accept=False, heard=heard)

    assert "Buscando domicilio 1 de 2" in [note for _share, note in heard]
    shares = [share for share, _note in heard]
    assert shares == sorted(shares)


def test_without_an_address_book_the_preview_says_that_nothing_was_searched(session, load):
    summary = load(HOUSE)

    assert summary.was_searched is False
    assert summary.placements == {}
    assert [client.lat for client in clients(session)] == [None]


def test_the_same_file_again_searches_and_changes_nothing(session, load, city):
    load(HOUSE)

    summary = load(HOUSE)

    assert summary.placements == {}
    assert not summary.changes_something


def test_coordinates_of_the_file_come_before_a_search(session, load, city):
    load({**HOUSE, "Latitud": -29.95, "Longitud": -71.3})

    (client,) = clients(session)
    assert (client.lat, client.location_quality) == (-29.95, LocationQuality.GIVEN)


def test_coordinates_that_come_later_replace_what_was_found(session, load, city):
    load(HOUSE)

    load({**HOUSE, "Latitud": -29.95, "Longitud": -71.3})

    (client,) = clients(session)
    assert (client.lat, client.location_confidence) == (-29.95, None)


def test_another_address_is_searched_again(session, load, city):
    load(HOUSE)

    load(SHORT_STREET)

    (client,) = clients(session)
    assert client.location_quality is LocationQuality.APPROXIMATE


def test_another_address_that_is_not_found_takes_the_old_place_away(session, load, city):
    load(HOUSE)

    load(NO_STREET)

    (client,) = clients(session)
    assert (client.lat, client.lon) == (None, None)
    assert client.location_quality is LocationQuality.NONE


@pytest.mark.parametrize("quality", [LocationQuality.PINNED, LocationQuality.SURVEYED])
def test_what_a_person_vouches_for_outlives_search_and_file(session, load, city, quality):
    load(HOUSE)
    client = clients(session)[0]
    client.lat, client.lon, client.location_quality = -29.5, -71.5, quality
    session.commit()

    load(SHORT_STREET)
    load({**SHORT_STREET, "Latitud": -29.95, "Longitud": -71.3})

    (client,) = clients(session)
    assert (client.lat, client.lon, client.location_quality) == (-29.5, -71.5, quality)


def test_the_preview_page_tells_the_counts(session, load, city, client_as):
    load(HOUSE, TWO_STREETS, accept=False)
    batch_id = session.scalars(select(ImportBatch.id)).one()

    page = client_as(Role.DISPATCHER).get(f"/cartera/importar/{batch_id}")

    assert "Clientes sin coordenadas, buscados por su domicilio" in page.text
