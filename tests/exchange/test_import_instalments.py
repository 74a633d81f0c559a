"""An invoice that is paid in parts: one row each, known together, delivered with one note."""

from datetime import date

from collector_app.backing.rules import DocumentKind
from tests.exchange.files import HEADINGS, csv_text, problems, read, row, text_file

SOLD = ("Parcialidad", "Fecha de factura", "Nota de remisión", "Fecha de remisión")


def reading_of(tmp_path, *rows, headings=(*HEADINGS, *SOLD)):
    return read(text_file(tmp_path / "cartera.csv", csv_text(headings, *rows)))


def test_parts_of_an_invoice_are_numbered_below_it(tmp_path):
    reading = reading_of(
        tmp_path,
        [*row(), 1, "01/12/2025", "R-3", "02/12/2025"],
        [*row(Fecha_de_vencimiento="31/01/2026"), 2, "01/12/2025", "R-3", "02/12/2025"],
        [*row(Factura="F-2"), "", "03/12/2025", "", ""],
    )

    assert [(one.bill_number, one.invoice_number) for one in reading.rows] == [
        ("F-1", "F-1/1"),
        ("F-1", "F-1/2"),
        (None, "F-2"),
    ]
    papers = [paper for one in reading.backing for paper in one.documents]
    assert [(one.kind, one.number, one.dated_on, one.bill_number) for one in papers] == [
        (DocumentKind.DELIVERY_NOTE, "R-3", date(2025, 12, 2), "F-1"),
    ] * 2
    assert reading.issues == ()


def test_without_a_column_of_invoices_the_part_is_the_invoice(tmp_path):
    headings = tuple("Cuota" if one == "Factura" else one for one in HEADINGS)

    (one,) = reading_of(tmp_path, row(Factura="7"), headings=headings).rows

    assert (one.bill_number, one.invoice_number) == (None, "7")


def test_a_delivery_note_without_a_day_takes_the_invoices_and_needs_one(tmp_path):
    dated = reading_of(tmp_path, [*row(), "", "01/12/2025", "R-3", ""])
    ((paper,),) = [one.documents for one in dated.backing]
    assert (paper.dated_on, paper.bill_number) == (date(2025, 12, 1), "F-1")

    undated = reading_of(tmp_path, [*row(), "", "", "R-3", ""])

    assert problems(undated) == [("half_a_document", "P2")]
    assert undated.backing == ()


def test_a_number_and_part_that_are_too_long_together_are_refused(tmp_path):
    reading = reading_of(tmp_path, [*row(Factura="F" * 39), "1", "", "", ""])

    assert problems(reading) == [("too_long", "J2")]
    assert reading.rows == ()
