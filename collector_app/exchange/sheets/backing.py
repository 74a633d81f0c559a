"""What a row says stands behind its credit: a guarantee, people who answer for it, a paper."""

from collections.abc import Callable, Mapping
from typing import Any

from collector_app.backing.facts import BackingRow, ToldDocument, ToldGuarantee, ToldObligor
from collector_app.backing.rules import DocumentKind, ObligorKind
from collector_app.exchange.rules import CellProblem
from collector_app.exchange.sheets.phones import ReadPhone
from collector_app.portfolio.facts import PortfolioRow

GUARANTEE_FIELDS = ("guarantee_kind", "guarantee", "guarantee_value")
DOCUMENT_FIELDS = ("document_kind", "document_on")
SUMMARY_INVOICE = "SALDO"  # the one debt of a credit in a file without invoices
_PEOPLE = tuple(ObligorKind)


Note = Callable[..., None]  # field, problem, facts of its sentence


def read_backing(
    row: PortfolioRow, values: Mapping[str, Any], is_bad: Callable[[str], bool], note: Note
) -> BackingRow | None:
    """Return what the cells of a row tell, or None when they tell nothing of use.

    What is only half told is left out, and said; the row itself comes in.

    Parameters
    ----------
    values
        The cells that could be read, by field.
    is_bad
        Whether a field of this row was explained already.
    """
    reader = _Cells(values, is_bad, note)
    found = BackingRow(
        row.place,
        row.client_id,
        row.credit_id,
        row.opened_on,
        reader.guarantee(),
        tuple(one for kind in _PEOPLE if (one := reader.obligor(kind)) is not None),
        tuple(one for one in (reader.document(), reader.delivery_note(row)) if one is not None),
    )
    return found if found.guarantee or found.obligors or found.documents else None


def bill_of(row: PortfolioRow) -> str | None:
    """Return the number of a row's invoice, paid in parts or not; None in a file without."""
    if row.bill_number is None and row.invoice_number == SUMMARY_INVOICE:
        return None
    return row.bill_number or row.invoice_number


class _Cells:
    """The cells of one row that are about what stands behind its credit."""

    def __init__(
        self, values: Mapping[str, Any], is_bad: Callable[[str], bool], note: Note
    ) -> None:
        self._values = values
        self._is_bad = is_bad
        self._note = note

    def guarantee(self) -> ToldGuarantee | None:
        """Return the guarantee; it needs a kind, words and a value of more than nothing."""
        told = (*GUARANTEE_FIELDS, "guaranteed_on")
        if not self._is_whole(told, GUARANTEE_FIELDS, CellProblem.HALF_A_GUARANTEE):
            return None
        values = self._values
        return ToldGuarantee(
            kind=values["guarantee_kind"],
            description=values["guarantee"],
            value_cents=values["guarantee_value"],
            given_on=values.get("guaranteed_on"),
        )

    def obligor(self, kind: ObligorKind) -> ToldObligor | None:
        """Return a person of a kind; they need a name."""
        phone_field = f"{kind}_phone"
        told = (kind.value, phone_field, f"{kind}_address")
        if not self._is_whole(told, (kind.value,), CellProblem.NAMELESS_OBLIGOR):
            return None
        phone: ReadPhone | None = self._values.get(phone_field)
        if phone is not None and phone.had_others:
            self._note(phone_field, CellProblem.FIRST_PHONE_TAKEN, taken=phone.number)
        return ToldObligor(
            kind,
            self._values[kind.value],
            phone.number if phone else None,
            self._values.get(f"{kind}_address"),
        )

    def document(self) -> ToldDocument | None:
        """Return the paper; it needs a kind and a day."""
        told = (*DOCUMENT_FIELDS, "document_number")
        if not self._is_whole(told, DOCUMENT_FIELDS, CellProblem.HALF_A_DOCUMENT):
            return None
        values = self._values
        return ToldDocument(
            kind=values["document_kind"],
            dated_on=values["document_on"],
            number=values.get("document_number"),
        )

    def delivery_note(self, row: PortfolioRow) -> ToldDocument | None:
        """Return the delivery note of the row's invoice, of its own day or the invoice's."""
        number = self._values.get("delivery_note")
        if number is None:
            return None
        dated_on = self._values.get("delivered_on") or row.issued_on
        if dated_on is None:
            if not self._is_bad("delivered_on"):
                self._note("delivery_note", CellProblem.HALF_A_DOCUMENT)
            return None
        return ToldDocument(DocumentKind.DELIVERY_NOTE, dated_on, number, bill_of(row))

    def _is_whole(
        self, told: tuple[str, ...], needed: tuple[str, ...], problem: CellProblem
    ) -> bool:
        """Tell whether all that is needed is there; note it when only a part is."""
        there = [one for one in told if self._values.get(one)]
        if not there:
            return False
        missing = [one for one in needed if not self._values.get(one)]
        if missing and not any(self._is_bad(one) for one in (*needed, *there)):
            at = next((one for one in missing if one in self._values), there[0])
            self._note(at, problem)
        return not missing
