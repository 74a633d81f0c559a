"""Reports from asking to the file: what they say, when they are made, what happens on failure."""

import re
import zlib
from base64 import a85decode
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import select

from collector_app.accounts.models import User
from collector_app.core import clock, jobs
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed
from collector_app.exchange.import_job import file_store
from collector_app.payments.rules import PaymentFact, PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.portfolio.models import Credit
from collector_app.promises.rules import PromiseFact
from collector_app.promises.services import make_promise
from collector_app.reports import report_job
from collector_app.reports.documents import document_of
from collector_app.reports.models import MadeReport
from collector_app.reports.report_job import make_due_reports, run_report
from collector_app.reports.report_pdf import report_pdf
from collector_app.reports.rules import Hours, NotFailed, ReportKind, ReportState
from collector_app.reports.services import (
    ask_for_due,
    ask_for_report,
    end_schedule,
    keep_failure,
    schedule_report,
    try_again,
)
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.live.factories import publish_route
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

MEXICO = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
SYSTEM = Actor.system("schedule")
EVERY_DAY_AT_EIGHT = Hours("1111111", 8 * 3600)


@pytest.fixture
def busy_day(session):
    """Ana has two stops: one visited, with a promise and a payment; one is left."""
    ana = make_user(session, full_name="Ana Mena")
    clients = [
        make_client(session, name="=HYPERLINK(evil)"),
        make_client(session, name="Rosa Soto"),
    ]
    make_zone(session, clients, ana)
    publish_route(session, ana, clients, TODAY)
    visit = make_visit(session, clients[0], ana, ended_at=clock.now())
    owner = actor_of(ana)
    promise = PromiseFact(
        str(uuid4()), clients[0].id, visit.id, 50_000, TODAY + timedelta(days=3), clock.now()
    )
    make_promise(session, owner, promise, zone=MEXICO)
    payment = PaymentFact(
        str(uuid4()), clients[0].id, visit.id, PaymentMethod.CASH, 12_300, clock.now()
    )
    record_payment(session, owner, payment, zone=MEXICO)
    return clients


def sheets_of(session, kind):
    return {one.name: one.rows for one in document_of(session, kind, TODAY, MEXICO).sheets}


def test_the_close_of_a_day_says_what_each_did_and_what_was_left(session, busy_day):
    found = sheets_of(session, ReportKind.DAY_CLOSE)

    (ana,) = found["Gestores"]
    assert (ana["planned"], ana["done"], ana["visits"]) == (2, 1, 1)
    assert (ana["promised_MXN"], ana["paid_MXN"]) == (500.0, 123.0)
    assert [row["client"] for row in found["Sin visitar"]] == ["Rosa Soto"]


def test_the_close_of_a_day_adds_up_each_currency_by_itself(session, busy_day):
    _paid, other = busy_day
    credit = session.scalars(select(Credit).where(Credit.client_id == other.id)).one()
    credit.currency = "PEN"
    make_payment(session, session.scalars(select(User)).first(), other, 4_500)

    (ana,) = sheets_of(session, ReportKind.DAY_CLOSE)["Gestores"]

    assert (ana["paid_MXN"], ana["paid_PEN"]) == (123.0, 45.0)


def test_the_week_of_a_zone_counts_its_visits_and_money(session, busy_day):
    (zone,) = sheets_of(session, ReportKind.ZONE_WEEK)["Zonas"]

    assert (zone["collector"], zone["clients"], zone["visits"]) == ("Ana Mena", 2, 1)
    assert (zone["never"], zone["promises"], zone["recovered_MXN"]) == (1, 1, 123.0)


def test_the_week_of_a_zone_and_the_agenda_add_up_each_currency_by_itself(session, busy_day):
    _pesos, other = busy_day
    owes_in(session, other, "USD")
    ana = session.scalars(select(User).where(User.full_name == "Ana Mena")).one()
    make_payment(session, ana, other, 4_500)
    make_promise_row(session, other, due_on=TODAY + timedelta(days=3), amount_cents=70_000)

    week = document_of(session, ReportKind.ZONE_WEEK, TODAY, MEXICO)
    (zone,) = week.sheets[0].rows
    agenda = document_of(session, ReportKind.PROMISE_AGENDA, TODAY, MEXICO)

    assert (zone["recovered_MXN"], zone["recovered_USD"]) == (123.0, 45.0)
    assert (zone["overdue_MXN"], zone["overdue_USD"]) == (1377.0, 1500.0)
    assert "Recuperado (USD)" in week.sheets[0].columns.values()
    assert agenda.sums["Agenda"] == {"amount_MXN": 500.0, "amount_USD": 700.0}
    assert report_pdf(agenda).startswith(b"%PDF")


def test_the_agenda_says_who_pays_how_much_on_which_day(session, busy_day):
    (row,) = sheets_of(session, ReportKind.PROMISE_AGENDA)["Agenda"]

    assert (row["due"], row["client"]) == (TODAY + timedelta(days=3), "=HYPERLINK(evil)")
    assert (row["amount_MXN"], row["collector"], row["what"]) == (500.0, "Ana Mena", "Promesa")


def test_a_report_without_rows_is_a_report(session):
    document = document_of(session, ReportKind.ZONE_WEEK, TODAY, MEXICO)

    assert "Nada en estos d" in text_of(report_pdf(document))


def test_a_report_on_paper_tells_its_year(session):
    close = document_of(session, ReportKind.DAY_CLOSE, TODAY, MEXICO)
    week = document_of(session, ReportKind.ZONE_WEEK, TODAY, MEXICO)

    assert close.period.endswith(f"de {TODAY.year}")
    assert week.period.count(str(TODAY.year)) == 2


def text_of(content: bytes) -> str:
    """What a PDF of ours draws: its streams are compressed and written as ASCII."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    drawn = [zlib.decompress(a85decode(one.strip(), adobe=False)) for one in map(_whole, streams)]
    return b"\n".join(drawn).decode("latin-1")


def _whole(stream: bytes) -> bytes:
    return stream.strip().removesuffix(b"~>")


def test_a_job_makes_both_files_and_no_cell_is_a_formula(session, busy_day):
    asked = ask_for_report(
        session, actor_of(make_user(session, Role.SUPERVISOR)), ReportKind.PROMISE_AGENDA, TODAY
    )
    session.commit()

    run_report({"report_id": asked.id}, lambda *_: None)
    run_report({"report_id": asked.id}, lambda *_: None)  # a worker that was killed

    session.refresh(asked)
    assert asked.state is ReportState.MADE
    paper = file_store().path(asked.pdf_sha256).read_bytes()
    assert "500.00" in text_of(paper)
    with file_store().open(asked.xlsx_sha256) as book:
        cell = openpyxl.load_workbook(book).active["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(evil)", "s", True)


def test_a_failure_is_kept_with_the_report_and_told(session, monkeypatch):
    asked = ask_for_report(session, an_admin(session), ReportKind.DAY_CLOSE, TODAY)
    session.commit()
    monkeypatch.setattr(report_job, "document_of", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run_report({"report_id": asked.id}, lambda *_: None)

    session.refresh(asked)
    assert (asked.state, asked.error) == (ReportState.FAILED, "internal")


def an_admin(session):
    return actor_of(make_user(session, Role.ADMIN))


# -- on time


def test_a_schedule_asks_once_a_day_however_often_it_is_looked_at(session):
    admin = actor_of(make_user(session, Role.ADMIN))
    with clock.frozen(clock.now() - timedelta(days=1)):
        schedule_report(session, admin, ReportKind.DAY_CLOSE, EVERY_DAY_AT_EIGHT)

    first = ask_for_due(session, SYSTEM, MEXICO)
    again = ask_for_due(session, SYSTEM, MEXICO)

    assert [one.day for one in first] == [TODAY]
    assert again == first  # still to be made: put into the queue again, under the same id
    assert session.query(MadeReport).count() == 1


def test_a_schedule_that_was_ended_asks_for_nothing(session):
    admin = actor_of(make_user(session, Role.ADMIN))
    with clock.frozen(clock.now() - timedelta(days=1)):
        made = schedule_report(session, admin, ReportKind.DAY_CLOSE, EVERY_DAY_AT_EIGHT)
        session.flush()
        end_schedule(session, admin, made.id)

    assert ask_for_due(session, SYSTEM, MEXICO) == []


def test_what_failed_is_asked_for_again_after_a_pause(session):
    admin = actor_of(make_user(session, Role.ADMIN))
    failed = ask_for_report(session, admin, ReportKind.DAY_CLOSE, TODAY)
    session.flush()
    keep_failure(session, failed.id, "internal")

    assert ask_for_due(session, SYSTEM, MEXICO) == []
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert ask_for_due(session, SYSTEM, MEXICO) == [failed]
    assert (failed.state, failed.tries) == (ReportState.WAITING, 2)


def test_only_what_failed_is_made_again_by_hand_and_only_by_the_office(session):
    admin = actor_of(make_user(session, Role.ADMIN))
    asked = ask_for_report(session, admin, ReportKind.DAY_CLOSE, TODAY)
    session.flush()

    with pytest.raises(NotFailed):
        try_again(session, admin, asked.id)
    with pytest.raises(NotAllowed):
        ask_for_report(session, actor_of(make_user(session)), ReportKind.DAY_CLOSE, TODAY)


def test_due_reports_are_put_into_the_queue_once(session):
    admin = actor_of(make_user(session, Role.ADMIN))
    with clock.frozen(clock.now() - timedelta(days=1)):
        schedule_report(session, admin, ReportKind.DAY_CLOSE, EVERY_DAY_AT_EIGHT)
    session.commit()

    make_due_reports()
    make_due_reports()

    (asked,) = session.query(MadeReport).all()
    assert jobs.status(f"report-{asked.id}-1").arguments["report_id"] == asked.id


# -- the page


def test_a_supervisor_schedules_asks_and_takes_the_files_home(client_as, session, busy_day):
    session.commit()
    client = client_as(Role.SUPERVISOR)
    answer = client.post("/informes", data={"kind": "day_close", "day": "2026-03-10"})
    assert answer.status_code == 303
    asked = session.query(MadeReport).one()
    run_report({"report_id": asked.id}, lambda *_: None)

    page = client.get("/informes").text
    assert "Cierre del día" in page
    with client.get(f"/informes/{asked.id}/pdf") as paper:
        assert paper.mimetype == "application/pdf"
        assert "Ana Mena" in text_of(paper.data)
    with client.get(f"/informes/{asked.id}/xlsx") as book:
        assert "2026-03-10.xlsx" in book.headers["Content-Disposition"]

    answer = client.post(
        "/informes/horarios",
        data={"scheduled_kind": "zone_week", "weekdays": ["4"], "at": "19:30"},
    )
    assert answer.status_code == 303
    assert "viernes a las 19:30" in " ".join(client.get("/informes").text.split())


def test_a_schedule_without_a_day_says_what_is_missing(client_as):
    answer = client_as(Role.SUPERVISOR).post(
        "/informes/horarios", data={"scheduled_kind": "zone_week", "at": "19:30"}
    )

    assert answer.status_code == 422
    assert "Elige al menos un día de la semana" in answer.text
