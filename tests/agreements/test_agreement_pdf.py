"""The paper of an agreement of many payments: numbered pages, and no signature alone on one."""

from zoneinfo import ZoneInfo

import pytest

from collector_app.agreements.agreement_pdf import agreement_pdf
from collector_app.agreements.queries import agreements
from collector_app.core.actor import Actor, Role
from tests.agreements.factories import TODAY, make_agreement
from tests.conventions.pdf import pdf_pages
from tests.factories import actor_of, make_client, make_user

ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
def pages(app, session):
    """Return the pages of a paper with that many payments after the first."""

    def of(count: int) -> list[str]:
        boss = actor_of(make_user(session, Role.SUPERVISOR))
        make_agreement(session, boss, make_client(session), count=count, every_days=7)
        session.flush()
        row, *_rest = agreements(session, Actor.system("test"), TODAY, ZONE)
        with app.test_request_context():
            return pdf_pages(agreement_pdf(row))

    return of


@pytest.mark.parametrize("count", [*range(18, 37)])
def test_the_signature_stands_with_the_clauses_it_is_under(pages, count):
    last = pages(count)[-1]

    assert "firma del cliente" in last
    assert "la quita deja de valer" in last


def test_each_page_is_numbered_and_begins_with_what_its_columns_are(pages):
    found = pages(36)

    assert len(found) == 2
    for n, page in enumerate(found, start=1):
        assert f"gina {n} de 2" in page
        assert "Vence Importe" in page


def test_a_short_one_fits_on_a_page(pages):
    [page] = pages(4)

    assert "gina 1 de 1" in page
