"""Vintages told apart by zone or segment, and the credits behind them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from collector_app.analysis.queries import (
    CreditsAsked,
    GroupOfClients,
    count_credits_behind,
    vintage_cells,
    vintage_groups,
)
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.indicators.queries import NOBODY
from collector_app.indicators.rules import Dimension
from collector_app.portfolio.models import Credit, Invoice
from collector_app.strategy.rules import Trait
from tests.factories import make_client, make_user
from tests.strategy.factories import at_least, make_segment
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today(stopped_clock) -> date:
    return clock.today(ZONE)


def lent(session, name: str, cents: int, days: int, opened_on: date = date(2025, 11, 15)):
    """Somebody with one credit, whose only invoice, told long ago, fell due some days ago."""
    client = make_client(session, name=name, overdue_cents=cents, days=days)
    credit = session.scalars(select(Credit).where(Credit.client_id == client.id)).one()
    credit.opened_on = opened_on
    for invoice in session.scalars(select(Invoice).where(Invoice.credit_id == credit.id)):
        invoice.balance_at = clock.now() - 100 * DAY
    session.flush()
    return client


@pytest.fixture
def zones(session, today):
    ana = make_user(session)
    north, south = lent(session, "Nora Norte", 100_000, 60), lent(session, "Sara Sur", 300_000, 5)
    lent(session, "Nadie Cerca", 50_000, 60)
    made = [
        make_zone(session, [client], ana, name=name)
        for client, name in ((north, "Zona Norte"), (south, "Zona Sur"))
    ]
    return [one.id for one in made]


def test_each_zone_has_its_own_and_they_add_up(session, zones, today):
    groups = vintage_groups(session, today, ZONE, None, Dimension.ZONE)

    assert {key: [one.lent_cents for one in cells] for key, cells in groups.items()} == {
        zones[0]: [100_000],
        zones[1]: [300_000],
        NOBODY: [50_000],
    }
    assert [one.age_months is None for one in groups[zones[1]]] == [True]
    assert [one.age_months is None for one in groups[zones[0]]] == [False]
    whole = vintage_cells(session, today, ZONE)
    assert sum(one.lent_cents for one in whole) == 450_000
    assert sum(one.credits for one in whole) == 3


def test_segments_are_those_of_today(session, zones, today):
    segment = make_segment(session, at_least(Trait.BALANCE, 250_000), name="Grandes")

    groups = vintage_groups(session, today, ZONE, None, Dimension.SEGMENT)

    assert {key: sum(one.credits for one in cells) for key, cells in groups.items()} == {
        segment.id: 1,
        NOBODY: 2,
    }


@pytest.mark.parametrize(("place", "count"), [(0, 1), (1, 1), (NOBODY, 1)])
def test_the_credits_behind_are_those_of_the_zone(session, zones, today, place, count):
    group = NOBODY if place == NOBODY else zones[place]
    asked = CreditsAsked(None, (2025, 4), GroupOfClients(Dimension.ZONE, group))

    assert count_credits_behind(session, today, ZONE, asked) == count


def test_statements_do_not_grow_with_the_zones(session, today):
    def statements() -> int:
        seen = []
        listener = lambda *_args: seen.append(1)  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", listener)
        try:
            vintage_groups(session, today, ZONE, None, Dimension.ZONE)
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", listener)
        return len(seen)

    ana = make_user(session)
    make_zone(session, [lent(session, "C", 10_000, 40)], ana, name="Z")
    few = statements()
    for n in range(6):
        make_zone(session, [lent(session, f"C{n}", 10_000, 40)], ana, name=f"Z{n}")

    assert statements() == few


def test_the_page_compares_zones_and_opens_one(client_as, session, zones):
    desk = client_as(Role.DISPATCHER)

    page = desk.get("/analisis/cosechas?por=zone").text
    one = desk.get(f"/analisis/cosechas?por=zone&grupo={zones[0]}").text
    credits = desk.get(
        f"/analisis/cosechas/creditos?trimestre=2025-4&por=zone&grupo={zones[0]}"
    ).text
    file = desk.get(
        f"/analisis/cosechas/creditos.csv?trimestre=2025-4&por=zone&grupo={zones[0]}"
    ).data.decode("utf-8-sig")

    assert page.index("Zona Norte") < page.index("Zona Sur") < page.index("Sin zona")
    assert "<h2>Zona Norte</h2>" in one
    assert "$1,000.00" in one
    assert "Nora Norte" in credits
    assert "Sara Sur" not in credits
    assert f"grupo={zones[0]}" in credits  # the file and the way back are of the same zone
    assert "Nora Norte" in file
    assert "Sara Sur" not in file


def test_segments_say_that_who_paid_is_in_none(client_as, session, zones):
    page = client_as(Role.ADMIN).get("/analisis/cosechas?por=segment").text

    assert "Sin segmento o ya no deben" in page
    assert "más atraso del que tuvieron" in page


@pytest.mark.parametrize("query", ["por=stage", "por=x&grupo=1", "grupo=1", "por=zone&grupo=x"])
def test_a_split_that_is_none_shows_the_whole_cartera(client_as, session, zones, query):
    page = client_as(Role.ADMIN).get(f"/analisis/cosechas?{query}").text

    assert "$4,500.00" in page


@pytest.mark.parametrize("path", ["cosechas?", "cosechas/creditos?trimestre=2025-4&"])
def test_a_zone_that_does_not_exist_is_not_found(client_as, session, zones, path):
    desk = client_as(Role.ADMIN)

    assert desk.get(f"/analisis/{path}por=zone&grupo=9999").status_code == 404
