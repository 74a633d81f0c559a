"""A file tells what stands behind a credit; it comes in once, and only what is wholly told."""

import io
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from collector_app.audit.queries import faults
from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.backing.queries import backing_of
from collector_app.backing.rules import DocumentKind, GuaranteeKind, GuaranteeState, ObligorKind
from collector_app.backing.services import change_guarantee, end_obligor
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.exchange import services
from collector_app.exchange.import_job import apply_import, file_store, preview_import
from collector_app.exchange.queries import batch_row
from collector_app.exchange.rules import CellProblem, ImportState
from collector_app.exchange.services import ImportTerms
from collector_app.exchange.wording import change_value, field_title, issue_sentence
from collector_app.portfolio.facts import PortfolioPart, Tally
from collector_app.portfolio.models import Client, Credit
from collector_app.web.extensions import db
from tests.backing.factories import make_obligor
from tests.exchange.files import HEADINGS, csv_text, problems, read, row, text_file

SYSTEM = Actor.system("test")
ZONE = ZoneInfo("America/Mexico_City")
ARGUMENTS = {"actor_id": None, "role": "system"}
BACKED = {
    "Fecha de apertura": "15/01/2025",
    "Tipo de garantía": "Prendaria",
    "Garantía": "Moto Italika 2021",
    "Valor de la garantía": "$18,000.00",
    "Fecha de la garantía": "20/01/2025",
    "Aval": "Elena Ríos",
    "Teléfono del aval": "55 8765 4321",
    "Domicilio del aval": "Calle Sur 4",
    "Obligado solidario": "Mario Vega",
    "Teléfono del obligado solidario": "55 2345 6789",
    "Domicilio del obligado solidario": "Calle Norte 8",
    "Documento del crédito": "Pagaré",
    "Folio del documento": "P-12",
    "Fecha del documento": "15/01/2025",
}
# The place of each column in the sheet, as Excel calls it.
LETTER = dict(zip(BACKED, "NOPQRSTUVWXYZ", strict=False)) | {"Fecha del documento": "AA"}


def backed(changes: dict[str, object] | None = None, **cells: object) -> list[object]:
    """A good row with all that may stand behind its credit, some cells changed."""
    return [*row(**cells), *(BACKED | (changes or {})).values()]


def table(*rows: list[object]) -> str:
    return csv_text((*HEADINGS, *BACKED), *rows)


@pytest.fixture
def imported(session):
    """Upload and accept a file: ``imported(text)`` gives what its preview said."""

    def bring(text: str, *, accept: bool = True):
        stored = file_store().save(io.BytesIO(text.encode()))
        terms = ImportTerms(cut_on=None, country="MX")
        batch = services.draft(session, SYSTEM, stored, "cartera.csv", terms, ZONE)
        services.receive_file(session, SYSTEM, batch)
        session.commit()
        preview_import({"batch_id": batch.id, **ARGUMENTS}, lambda _share, _note: None)
        session.expire_all()
        shown = batch_row(session, batch.id)
        if accept and shown.state is ImportState.READY:
            apply_import({"batch_id": batch.id, **ARGUMENTS}, lambda _share, _note: None)
        session.expire_all()
        return shown

    return bring


def of(summary, part: PortfolioPart) -> Tally:
    return summary.tallies[part]


def test_guarantee_people_and_paper_of_a_credit_come_in_and_are_sealed(session, imported):
    shown = imported(table(backed()))

    for part, count in (("GUARANTEE", 1), ("OBLIGOR", 2), ("DOCUMENT", 1)):
        assert of(shown.summary, PortfolioPart[part]) == Tally(created=count)
    credit = session.scalars(select(Credit)).one()
    thing = session.scalars(select(Guarantee)).one()
    assert (thing.credit_id, thing.kind, thing.description, thing.value_cents, thing.given_on) == (
        credit.id,
        GuaranteeKind.PLEDGE,
        "Moto Italika 2021",
        1_800_000,
        date(2025, 1, 20),
    )
    aval, debtor = session.scalars(select(Obligor).order_by(Obligor.kind.desc())).all()
    assert (aval.kind, aval.name, aval.phone, aval.address, aval.since_on) == (
        ObligorKind.GUARANTOR,
        "Elena Ríos",
        "+525587654321",
        "Calle Sur 4",
        date(2025, 1, 15),
    )
    assert (debtor.kind, debtor.name, debtor.credit_id) == (
        ObligorKind.CO_DEBTOR,
        "Mario Vega",
        credit.id,
    )
    paper = session.scalars(select(CreditDocument)).one()
    assert (paper.kind, paper.number, paper.dated_on, paper.sha256) == (
        DocumentKind.PROMISSORY_NOTE,
        "P-12",
        date(2025, 1, 15),
        None,
    )
    assert list(faults(session)) == []


def test_the_preview_alone_writes_nothing(session, imported):
    imported(table(backed()), accept=False)

    for model in (Guarantee, Obligor, CreditDocument):
        assert session.scalars(select(model)).all() == []


def test_a_file_without_these_columns_says_nothing_of_them(imported):
    shown = imported(csv_text(HEADINGS, row()))

    assert set(shown.summary.tallies) == {
        PortfolioPart.CLIENT,
        PortfolioPart.CREDIT,
        PortfolioPart.INVOICE,
    }


def test_the_same_again_changes_nothing_even_written_otherwise_and_on_another_day(
    session, imported
):
    undated = {"Fecha de la garantía": "", "Fecha de apertura": ""}
    imported(table(backed(undated)))

    with clock.frozen(clock.now() + timedelta(days=3)):
        again = imported(
            table(
                backed(
                    undated
                    | {
                        "Garantía": "MOTO  ITALIKA, 2021",
                        "Aval": "elena rios",
                        "Folio del documento": "p 12",
                    }
                )
            )
        )

    assert again.state is ImportState.NOTHING_NEW
    assert len(session.scalars(select(Guarantee)).all()) == 1
    assert len(session.scalars(select(Obligor)).all()) == 2
    assert len(session.scalars(select(CreditDocument)).all()) == 1


def test_another_value_phone_or_day_is_shown_as_a_change_and_logged(session, imported):
    imported(table(backed()))

    shown = imported(
        table(
            backed(
                {
                    "Valor de la garantía": "12000",
                    "Teléfono del aval": "55 1111 2222",
                    "Fecha del documento": "16/01/2025",
                }
            )
        )
    )

    told = {
        (field_title(one.field), change_value(one, one.old), change_value(one, one.new))
        for one in shown.summary.changes
    }
    assert told == {
        ("Valor de la garantía", "$18,000.00", "$12,000.00"),
        ("Teléfono del aval", "+525587654321", "+525511112222"),
        ("Fecha del documento", "15/01/2025", "16/01/2025"),
    }
    assert session.scalars(select(Guarantee.value_cents)).one() == 1_200_000
    assert session.scalars(select(CreditDocument.dated_on)).one() == date(2025, 1, 16)
    assert list(faults(session)) == []


def test_several_rows_of_a_credit_tell_several_things_and_the_first_is_believed(session, imported):
    shown = imported(
        table(
            backed(),
            backed(
                {
                    "Garantía": "Refrigerador",
                    "Valor de la garantía": "900",
                    "Aval": "Elena Ríos",
                    "Teléfono del aval": "55 1111 2222",
                    "Obligado solidario": "",
                    "Teléfono del obligado solidario": "",
                    "Domicilio del obligado solidario": "",
                    "Folio del documento": "P-13",
                },
                Factura="F-2",
            ),
        )
    )

    assert of(shown.summary, PortfolioPart.GUARANTEE) == Tally(created=2)
    assert of(shown.summary, PortfolioPart.OBLIGOR) == Tally(created=2)
    assert of(shown.summary, PortfolioPart.DOCUMENT) == Tally(created=2)
    (issue,) = shown.summary.issues
    assert (issue.row, issue.column, issue.value, issue.is_refused) == (
        3,
        LETTER["Teléfono del aval"],
        "55 1111 2222",
        False,
    )
    assert "fila 2" in issue_sentence(issue)
    phones = session.scalars(select(Obligor.phone).where(Obligor.name == "Elena Ríos")).all()
    assert phones == ["+525587654321"]


def test_a_second_value_of_one_guarantee_is_told_as_an_amount(session, imported):
    shown = imported(
        table(backed(), backed({"Valor de la garantía": "1500.5"}, Factura="F-2")), accept=False
    )

    (issue,) = shown.summary.issues
    assert "«18,000.00»" in issue_sentence(issue)


@pytest.mark.parametrize(
    ("changes", "problem", "heading"),
    [
        ({"Tipo de garantía": "Amistad"}, CellProblem.UNKNOWN_GUARANTEE, "Tipo de garantía"),
        ({"Tipo de garantía": ""}, CellProblem.HALF_A_GUARANTEE, "Tipo de garantía"),
        ({"Garantía": "-"}, CellProblem.HALF_A_GUARANTEE, "Garantía"),
        ({"Valor de la garantía": ""}, CellProblem.HALF_A_GUARANTEE, "Valor de la garantía"),
        ({"Valor de la garantía": "0"}, CellProblem.HALF_A_GUARANTEE, "Valor de la garantía"),
        ({"Valor de la garantía": "mucho"}, CellProblem.NO_AMOUNT, "Valor de la garantía"),
        ({"Fecha de la garantía": "ayer"}, CellProblem.NO_DATE, "Fecha de la garantía"),
        ({"Aval": ""}, CellProblem.NAMELESS_OBLIGOR, "Aval"),
        ({"Aval": "x" * 161}, CellProblem.TOO_LONG, "Aval"),
        ({"Teléfono del aval": "123"}, CellProblem.NO_PHONE, "Teléfono del aval"),
        ({"Obligado solidario": ""}, CellProblem.NAMELESS_OBLIGOR, "Obligado solidario"),
        ({"Documento del crédito": "Carta"}, CellProblem.UNKNOWN_DOCUMENT, "Documento del crédito"),
        ({"Documento del crédito": ""}, CellProblem.HALF_A_DOCUMENT, "Documento del crédito"),
        ({"Fecha del documento": ""}, CellProblem.HALF_A_DOCUMENT, "Fecha del documento"),
        ({"Fecha del documento": "31/02/2025"}, CellProblem.NO_DATE, "Fecha del documento"),
    ],
)
def test_what_is_wrong_is_told_by_file_row_and_column_once_and_the_debt_comes_in(
    tmp_path, changes, problem, heading
):
    reading = read(text_file(tmp_path / "cartera.csv", table(backed(changes))))

    assert problems(reading) == [(problem.value, f"{LETTER[heading]}2")]
    (issue,) = reading.issues
    assert (issue.sheet, issue.heading, issue.is_refused) == ("cartera", heading, False)
    assert len(reading.rows) == 1


def test_a_row_that_the_cartera_refuses_brings_nothing_behind_its_credit(session, imported):
    shown = imported(table(backed(), backed({"Aval": "Otra"}, Nombre="Juan Pérez", Factura="F-2")))

    assert shown.summary.refused_count == 1
    assert of(shown.summary, PortfolioPart.OBLIGOR) == Tally(created=2)
    names = session.scalars(select(Obligor.name).order_by(Obligor.name)).all()
    assert names == ["Elena Ríos", "Mario Vega"]


def test_who_answers_for_everything_is_not_noted_again(session, imported):
    imported(csv_text(HEADINGS, row()))
    debtor = session.scalars(select(Client)).one()
    make_obligor(session, debtor, name="Elena Ríos", phone="+525587654321", address="Calle Sur 4")
    session.commit()

    shown = imported(table(backed()))

    assert of(shown.summary, PortfolioPart.OBLIGOR) == Tally(created=1, unchanged=1)


def test_whose_part_has_ended_and_what_was_released_stay_so(session, imported):
    imported(table(backed()))
    today = clock.now().date()
    aval = session.scalars(select(Obligor).where(Obligor.kind == ObligorKind.GUARANTOR)).one()
    end_obligor(session, SYSTEM, aval.id, "pagó su parte", today=today)
    thing = session.scalars(select(Guarantee)).one()
    change_guarantee(session, SYSTEM, thing.id, GuaranteeState.RELEASED, today=today)
    session.commit()

    again = imported(table(backed({"Teléfono del aval": "55 1111 2222"})))

    assert again.state is ImportState.NOTHING_NEW
    (issue,) = again.summary.issues
    assert (issue.row, issue.column) == (2, LETTER["Aval"])
    assert "dejó de responder" in issue_sentence(issue)
    assert session.scalars(select(Guarantee.state)).one() is GuaranteeState.RELEASED


def test_the_number_of_reads_does_not_grow_with_the_rows(session, imported):
    def reads(count: int) -> int:
        text = table(
            *(
                backed(No_Cliente=f"{count}-{n}", Crédito=f"{count}-{n}", Factura=f"F-{n}")
                for n in range(count)
            )
        )
        seen = []

        def count_statement(_connection, _cursor, statement, *_rest):
            seen.extend([1] if statement.startswith("SELECT") else [])

        event.listen(db.engine, "before_cursor_execute", count_statement)
        imported(text)
        event.remove(db.engine, "before_cursor_execute", count_statement)
        return len(seen)

    assert reads(2) == reads(40)


def test_a_reference_is_kept_and_no_law_lets_us_contact_them(session, imported):
    titles = ("Referencia personal", "Teléfono de la referencia", "Domicilio de la referencia")
    cells = ("Julia Paz", "55 3456 7890", "Calle Poniente 2")

    imported(csv_text((*HEADINGS, *titles), [*row(), *cells]))

    one = session.scalars(select(Obligor)).one()
    assert (one.kind, one.name, one.phone) == (ObligorKind.REFERENCE, "Julia Paz", "+525534567890")
    assert one.address == "Calle Poniente 2"
    found = backing_of(session, one.client_id, date(2026, 3, 10), ZoneInfo("America/Mexico_City"))
    assert [bool(each.blocks) for each in found.obligors] == [True]


def test_a_reference_without_a_name_is_left_out_and_told(tmp_path):
    titles = ("Referencia personal", "Teléfono de la referencia")
    text = csv_text((*HEADINGS, *titles), [*row(), "", "55 3456 7890"])
    found = read(text_file(tmp_path / "cartera.csv", text))

    assert [one.problem for one in found.issues] == [CellProblem.NAMELESS_OBLIGOR]
