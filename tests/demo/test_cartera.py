"""The invented cartera looks like one, and is read without a word of complaint."""

from datetime import date
from itertools import islice

import pytest

from collector_app.demo import cartera
from collector_app.demo.addresses import Address
from collector_app.exchange.sheets import ReadOptions, read_portfolio
from routing.geo import Point

TODAY = date(2026, 3, 10)


@pytest.fixture(scope="module")
def addresses():
    return [
        Address(Point(-29.9 + n / 1000, -71.25), "Calle Larga", n, "Centro", "La Serena")
        for n in range(1, 61)
    ]


@pytest.fixture(scope="module")
def sheet(addresses, tmp_path_factory):
    file = tmp_path_factory.mktemp("cartera") / "cartera.xlsx"
    cartera.write(file, cartera.rows(addresses, TODAY, seed=5))
    return read_portfolio(file, file.name, ReadOptions(cut_on=TODAY, country="CL"))


def test_the_same_seed_gives_the_same_cartera(addresses):
    assert list(cartera.rows(addresses, TODAY, 5)) == list(cartera.rows(addresses, TODAY, 5))


def test_the_importer_refuses_nothing_of_it(sheet):
    assert [issue for issue in sheet.issues if issue.is_refused] == []
    assert len({row.client_id for row in sheet.rows}) == 60


def test_no_phone_is_anybodys(sheet):
    assert all(row.phone.startswith("+12025550") for row in sheet.rows)


def test_the_first_clients_have_no_position(sheet):
    without = {row.client_id for row in sheet.rows if row.lat is None}

    assert len(without) == cartera.WITHOUT_POSITION


def test_nobody_owes_more_than_the_invoice(sheet):
    assert all(0 < row.balance_cents <= row.amount_cents for row in sheet.rows)


def test_there_are_debts_of_every_age(addresses):
    days = [(TODAY - row.cells[14]).days for row in islice(cartera.rows(addresses, TODAY, 5), 500)]

    assert min(days) < 0
    assert max(days) > 90
    assert any(30 < one <= 90 for one in days)
