"""A file comes in, is looked at, accepted, and written exactly as it was shown."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import event, select

from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import SEALED
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotAllowed
from collector_app.core.money import Cents
from collector_app.core.storage import StoredFile
from collector_app.exchange import services
from collector_app.exchange.import_job import apply_import, file_store, preview_import
from collector_app.exchange.models import ImportBatch
from collector_app.exchange.queries import batch_row, batches
from collector_app.exchange.rules import (
    FileProblem,
    ImportState,
    NothingToImport,
    balance_instant,
)
from collector_app.exchange.services import ImportTerms
from collector_app.exchange.summaries import fingerprint
from collector_app.portfolio.facts import PortfolioPart, Tally
from collector_app.portfolio.models import Client, Invoice
from collector_app.portfolio.services import import_clients
from collector_app.web.extensions import db
from collector_app.zones.queries import owners
from tests.exchange.files import HEADINGS, csv_text, row, xlsx
from tests.factories import make_client
from tests.portfolio.factories import a_row
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
SYSTEM = Actor.system("test")
ARGUMENTS = {"actor_id": None, "role": "system"}
SUMMARY_HEADINGS = ("No. Cliente", "Nombre", "Domicilio", "Saldo vencido", "Días de atraso")


def silent(_share: float, _note: str) -> None:
    """Tell nobody how far the job is."""


@pytest.fixture
def receive(session):
    """Upload a file: ``receive(data)`` gives the id of its import."""

    def upload(data: bytes, *, name="cartera.csv", cut_on=None, country="MX") -> int:
        stored = file_store().save(io.BytesIO(data))
        terms = ImportTerms(cut_on=cut_on, country=country)
        batch = services.draft(session, SYSTEM, stored, name, terms, ZONE)
        services.receive_file(session, SYSTEM, batch)
        session.commit()
        return batch.id

    return upload


def table(*rows) -> bytes:
    return csv_text(HEADINGS, *rows).encode()


def kept_bytes(sha256: str) -> bytes:
    return file_store().path(sha256).read_bytes()


def csv_rows(sha256: str) -> list[dict[str, str]]:
    text = kept_bytes(sha256).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def preview(session, batch_id):
    preview_import({"batch_id": batch_id, **ARGUMENTS}, silent)
    session.expire_all()
    return batch_row(session, batch_id)


def apply(session, batch_id):
    answer = apply_import({"batch_id": batch_id, **ARGUMENTS}, silent)
    session.expire_all()
    return answer, batch_row(session, batch_id)


def test_a_preview_tells_what_would_happen_and_writes_no_client(session, receive):
    batch = preview(session, receive(table(row(), row(Factura="F-2", Saldo_vencido="x"))))

    assert batch.state is ImportState.READY
    assert batch.summary.row_count == 2
    assert batch.summary.refused_count == 1
    assert batch.summary.tallies[PortfolioPart.CLIENT] == Tally(created=1)
    assert batch.summary.new_clients == ["C-001 Rosa Díaz"]
    (issue,) = batch.summary.issues
    assert (issue.sheet, issue.row, issue.column, issue.value, issue.problem) == (
        "cartera",
        3,
        "M",
        "x",
        "CellProblem.no_amount",
    )
    assert session.scalars(select(Client)).all() == []


def test_an_accepted_preview_is_applied_as_it_was_shown(session, receive):
    batch_id = receive(table(row()))
    preview(session, batch_id)

    answer, batch = apply(session, batch_id)

    assert answer == {"next_url": f"/cartera/importar/{batch_id}"}
    assert batch.state is ImportState.APPLIED
    assert batch.applied_at == clock.now()
    assert session.scalars(select(Client.external_id)).all() == ["C-001"]


def test_applying_twice_writes_once(session, receive):
    batch_id = receive(table(row()))
    preview(session, batch_id)
    apply(session, batch_id)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        _, batch = apply(session, batch_id)

    assert batch.applied_at == clock.now()
    assert len(session.scalars(select(Client)).all()) == 1


def test_the_same_file_again_changes_nothing_even_on_another_day(session, receive):
    data = csv_text(SUMMARY_HEADINGS, ["C-1", "Rosa", "Calle 1", 500, 41]).encode()
    first = receive(data)
    preview(session, first)
    apply(session, first)
    before = session.execute(select(Invoice.due_on, Invoice.balance_at)).one()

    with clock.frozen(clock.now() + timedelta(days=3)):
        again = preview(session, receive(data))

    assert again.state is ImportState.NOTHING_NEW
    assert again.cut_on == date(2026, 3, 10)
    assert session.execute(select(Invoice.due_on, Invoice.balance_at)).one() == before


def test_an_import_that_breaks_in_the_middle_leaves_nothing(session, receive):
    batch_id = receive(table(row()))
    preview(session, batch_id)

    def break_on_invoices(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO invoice"):
            raise OSError("disk full")

    event.listen(db.engine, "before_cursor_execute", break_on_invoices)
    with pytest.raises(OSError, match="disk full"):
        apply(session, batch_id)
    event.remove(db.engine, "before_cursor_execute", break_on_invoices)

    assert session.scalars(select(Client)).all() == []
    assert batch_row(session, batch_id).state is ImportState.READY
    assert apply(session, batch_id)[1].state is ImportState.APPLIED


def test_when_the_cartera_changed_meanwhile_nothing_is_written_and_the_new_preview_is_shown(
    session, receive
):
    batch_id = receive(table(row()))
    preview(session, batch_id)
    import_clients(
        session,
        SYSTEM,
        [a_row(client_id="C-001", name="Rosa Díaz", credit_id="CR-9", balance_cents=Cents(7))],
        balance_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.commit()

    _, batch = apply(session, batch_id)

    assert batch.state is ImportState.READY
    assert batch.summary.changed_meanwhile
    assert batch.summary.tallies[PortfolioPart.CLIENT] == Tally(changed=1)
    assert session.scalars(select(Invoice.balance_cents)).one() == 7

    _, accepted = apply(session, batch_id)
    assert accepted.state is ImportState.APPLIED
    assert session.scalars(select(Invoice.balance_cents)).one() == 123_450


def test_what_changed_meanwhile_without_touching_the_file_does_not_disturb(session, receive):
    batch_id = receive(table(row()))
    preview(session, batch_id)
    import_clients(session, SYSTEM, [a_row()], balance_at=clock.now())
    session.commit()

    assert apply(session, batch_id)[1].state is ImportState.APPLIED


def test_a_file_that_can_not_be_read_says_why(session, receive):
    batch = preview(session, receive(b"%PDF-1.7", name="cartera.xlsx"))

    assert batch.state is ImportState.UNREADABLE
    assert batch.problem is FileProblem.NO_SPREADSHEET


def test_missing_columns_are_kept_with_what_was_looked_for(session, receive):
    batch = preview(session, receive(b"No. Cliente,Nombre\n1,Ana\n"))

    assert batch.problem is FileProblem.MISSING_COLUMNS
    assert "Domicilio" in batch.problem_facts["missing"]
    assert "field" not in batch.problem_facts


def test_a_file_whose_rows_are_all_refused_has_nothing_usable(session, receive):
    batch = preview(session, receive(table(row(Saldo_vencido="x"))))

    assert batch.state is ImportState.NOTHING_USABLE


def test_progress_goes_up_to_the_end(session, receive):
    rows = [row(No_Cliente=f"C-{n}", Crédito=f"CR-{n}") for n in range(2_500)]
    told: list[float] = []

    preview_import(
        {"batch_id": receive(table(*rows)), **ARGUMENTS}, lambda share, _note: told.append(share)
    )

    assert told == sorted(told)
    assert len(told) >= 4
    assert 0 <= told[0] < told[-1] <= 1


def test_changes_are_told_with_old_and_new(session, receive):
    first = receive(table(row()))
    preview(session, first)
    apply(session, first)

    batch = preview(session, receive(table(row(Teléfono="5587654321", Saldo_vencido="5"))))

    changes = {(one.field, one.old, one.new) for one in batch.summary.changes}
    assert changes == {
        ("phone", "+525512345678", "+525587654321"),
        ("balance_cents", 123_450, 500),
    }


# Observations


def test_rows_with_observations_are_downloaded_in_the_columns_of_the_file(session, receive):
    data = table(
        row(), row(Factura="F-2", Saldo_vencido="mucho"), row(Factura="F-3", Teléfono="12")
    )

    kept = preview(session, receive(data)).summary.observations

    rows = csv_rows(kept.csv_sha256)
    assert [(one["Fila"], one["Entró"]) for one in rows] == [("3", "No"), ("4", "Sí")]
    assert rows[0]["Saldo vencido"] == "mucho"
    assert rows[0]["No. Cliente"] == "C-001"
    assert "Saldo vencido: Se esperaba un importe" in rows[0]["Qué revisar"]


def test_a_formula_in_a_refused_row_stays_text_in_both_downloads(session, receive):
    evil = '=HYPERLINK("http://x","y")'
    kept = preview(
        session, receive(table(row(Nombre=evil, Saldo_vencido="@SUM(A1)")))
    ).summary.observations

    (told,) = csv_rows(kept.csv_sha256)
    sheet = openpyxl.load_workbook(io.BytesIO(kept_bytes(kept.xlsx_sha256))).active
    assert (told["Nombre"], told["Saldo vencido"]) == ("'" + evil, "'@SUM(A1)")
    assert {cell.data_type for row_ in sheet.iter_rows(min_row=2) for cell in row_} <= {"s", "n"}


def test_the_corrected_download_is_imported_as_it_is(session, receive, tmp_path):
    kept = preview(
        session, receive(table(row(Nombre="=Rosa", Saldo_vencido="mucho")))
    ).summary.observations
    corrected = kept_bytes(kept.csv_sha256).replace(b"mucho", b"12.50")

    batch = preview(session, receive(corrected, name="observaciones.csv"))

    assert batch.summary.refused_count == 0
    assert batch.summary.new_clients == ["C-001 =Rosa"]


def test_a_file_without_observations_has_nothing_to_download(session, receive):
    assert preview(session, receive(table(row()))).summary.observations is None


# Terms


@pytest.mark.parametrize(
    ("cut_on", "balance_at"),
    [
        (date(2026, 3, 10), datetime(2026, 3, 10, 16, 0, tzinfo=UTC)),  # today: until the upload
        (date(2026, 3, 9), datetime(2026, 3, 10, 6, 0, tzinfo=UTC)),  # the end of yesterday
    ],
)
def test_balances_were_true_at_the_end_of_the_cut_off_day(session, receive, cut_on, balance_at):
    batch_id = receive(table(row()), cut_on=cut_on)

    assert session.get(ImportBatch, batch_id).balance_at == balance_at
    assert balance_instant(cut_on, clock.now(), ZONE) == balance_at


def test_the_cut_off_day_has_come(session, receive):
    with pytest.raises(InvalidInput) as refused:
        receive(table(row()), cut_on=date(2026, 3, 11))

    assert refused.value.field == "cut_on"


def test_a_country_where_nobody_works_is_refused(session, receive):
    with pytest.raises(InvalidInput) as refused:
        receive(table(row()), country="XX")

    assert refused.value.field == "country"


def test_the_currency_is_that_of_the_country(session, receive):
    batch_id = receive(
        table(row(Teléfono="987654321", Latitud=-29.9, Longitud=-71.25)), country="CL"
    )

    batch = preview(session, batch_id)

    assert batch.summary.balance_cents == {"CLP": 123_450}
    assert batch.summary.issues == []


# Services


def test_an_import_without_a_preview_can_not_be_accepted(session, receive):
    with pytest.raises(NothingToImport):
        services.request_apply(session, SYSTEM, receive(table(row())), "job")


def test_an_applied_import_can_not_be_accepted_again(session, receive):
    batch_id = receive(table(row()))
    preview(session, batch_id)
    apply(session, batch_id)

    with pytest.raises(NothingToImport):
        services.request_apply(session, SYSTEM, batch_id, "job")
    with pytest.raises(NothingToImport):
        services.request_preview(session, SYSTEM, batch_id, "job")


def test_a_late_preview_does_not_replace_what_an_applied_import_did(session, receive):
    batch_id = receive(table(row()))
    preview(session, batch_id)
    apply(session, batch_id)

    batch = preview(session, batch_id)

    assert batch.state is ImportState.APPLIED
    assert batch.summary.tallies[PortfolioPart.CLIENT] == Tally(created=1)


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR])
def test_only_dispatchers_and_admins_import(session, role):
    actor = Actor(1, role)
    stored = StoredFile("0" * 64, 1)

    with pytest.raises(NotAllowed):
        services.draft(session, actor, stored, "a.csv", ImportTerms(None, "MX"), ZONE)
    with pytest.raises(NotAllowed):
        services.request_apply(session, actor, 1, "job")


def test_each_step_is_in_the_log(session, receive):
    batch_id = receive(table(row()))
    preview(session, batch_id)
    services.request_apply(session, SYSTEM, batch_id, "job")
    session.commit()
    apply(session, batch_id)

    steps = select(AuditEntry.event).where(AuditEntry.event != SEALED)
    assert session.scalars(steps.order_by(AuditEntry.id)).all() == [
        "import.received",
        "import.previewed",
        "import.accepted",
        "portfolio.imported",
        "import.applied",
    ]


def test_the_history_shows_the_latest_first(session, receive):
    receive(table(row()), name="uno.csv")
    receive(table(row(Nombre="Otra")), name="dos.csv")

    assert [one.file_name for one in batches(session)] == ["dos.csv", "uno.csv"]
    assert [one.state for one in batches(session)] == [ImportState.READING] * 2


def test_a_workbook_with_times_and_spans_is_downloaded_all_the_same(session, receive, tmp_path):
    odd = row(Saldo_vencido=timedelta(hours=3), Colonia=datetime(2026, 1, 1, 10, 30))  # noqa: DTZ001

    path = xlsx(tmp_path / "a.xlsx", HEADINGS, odd)
    kept = preview(session, receive(path.read_bytes(), name="a.xlsx")).summary.observations

    sheet = openpyxl.load_workbook(io.BytesIO(kept_bytes(kept.xlsx_sha256))).active
    assert sheet.max_row == 2


def test_two_reports_are_the_same_exactly_when_they_say_the_same(session):
    def told(rows):
        return import_clients(session, SYSTEM, rows, balance_at=clock.now(), dry_run=True)

    one = a_row()
    assert fingerprint(told([one])) == fingerprint(told([one]))
    assert fingerprint(told([one])) != fingerprint(told([replace(one, balance_cents=Cents(1))]))


def test_new_clients_join_the_zone_of_their_neighbours_with_the_import(session, receive):
    neighbour = make_client(session, lat=19.44, lon=-99.13)
    zone = make_zone(session, [neighbour])
    batch_id = receive(table(row()))

    preview(session, batch_id)
    assert len(owners(session, clock.today(ZONE))) == 1
    apply(session, batch_id)

    rosa = session.scalars(select(Client).where(Client.external_id == "C-001")).one()
    assert owners(session, clock.today(ZONE))[rosa.id].zone_id == zone.id
