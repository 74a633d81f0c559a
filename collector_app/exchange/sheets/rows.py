"""One row of a sheet to one invoice with its credit and client, or to what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from collector_app.backing.facts import BackingRow
from collector_app.exchange.rules import CellProblem, Issue
from collector_app.exchange.sheets import cells as read
from collector_app.exchange.sheets.backing import SUMMARY_INVOICE, read_backing
from collector_app.exchange.sheets.grids import Cell, Grid, shown
from collector_app.exchange.sheets.headings import Headings
from collector_app.exchange.sheets.phones import ReadPhone, read_phone
from collector_app.exchange.sheets.positions import doubt, is_no_position, read_coordinate
from collector_app.portfolio.facts import PortfolioRow, RowPlace

# Without these, or with one of them unreadable, a row is of no use; the others are only left out.
_DUE_FIELDS = frozenset(("due_on", "days_past_due"))
REFUSING_FIELDS = _DUE_FIELDS | {
    *("client_id", "name", "address", "credit_id", "invoice_number", "balance", "currency")
}
# A position with one of these stays: nothing is wrong with it, or only a person can tell.
_BELIEVED = (None, CellProblem.OUTSIDE_COUNTRY)
# Lengths of the columns of the database; a note has no end of its own.
LIMITS = {
    "client_id": 40,
    "name": 160,
    "address": 240,
    "neighbourhood": 120,
    "municipality": 120,
    "note": 2000,
    "credit_id": 40,
    "product": 80,
    "creditor": 160,
    "invoice_number": 40,
    "guarantee": 240,
    **dict.fromkeys(("guarantor", "co_debtor", "reference"), 160),
    **dict.fromkeys(("guarantor_address", "co_debtor_address", "reference_address"), 240),
    **dict.fromkeys(("instalment_number", "document_number", "delivery_note"), 40),
}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the cells of a file do not say themselves.

    `country` (ISO 3166) decides how phones are read and where coordinates may lie; `cut_on` is the
    day to which days past due are counted.
    """

    cut_on: date
    country: str = "MX"
    currency: str = "MXN"


Reader = Callable[[Cell], Any]
Position = tuple[float | None, float | None]
_NOWHERE: Position = (None, None)


def readers(options: ReadOptions) -> Mapping[str, Reader]:
    """Return how the cells of each field are read."""
    return {
        **{
            field: read.read_text(LIMITS[field])
            for field in (
                *("name", "address", "neighbourhood", "municipality", "note", "product"),
                "creditor",
                *("guarantee", "guarantor", "guarantor_address"),
                *("co_debtor", "co_debtor_address", "reference", "reference_address"),
            )
        },
        **dict.fromkeys(("last_name", "second_last_name"), read.read_text(LIMITS["name"])),
        **dict.fromkeys(("street_number", "unit_number"), read.read_text(LIMITS["address"])),
        **{
            field: read.read_identifier(LIMITS[field])
            for field in (
                *("client_id", "credit_id", "invoice_number", "instalment_number"),
                *("document_number", "delivery_note"),
            )
        },
        **dict.fromkeys(("amount", "balance", "guarantee_value"), read.read_amount),
        **dict.fromkeys(
            (
                *("opened_on", "issued_on", "due_on"),
                *("guaranteed_on", "document_on", "delivered_on"),
            ),
            read.read_date,
        ),
        **dict.fromkeys(("lat", "lon"), read_coordinate),
        "days_past_due": read.read_days,
        **dict.fromkeys(
            ("phone", "guarantor_phone", "co_debtor_phone", "reference_phone"),
            read_phone(options.country),
        ),
        "guarantee_kind": read.read_guarantee_kind,
        "document_kind": read.read_document_kind,
        "kind": read.read_kind,
        "place_kind": read.read_place_kind,
        "place_authorised": read.read_yes_or_no,
        "place_origin": read.read_place_origin,
        "currency": read.read_currency(options.currency),
    }


class RowReader:
    """Reads the rows of one sheet, one after the other, and collects what is wrong."""

    def __init__(self, grid: Grid, headings: Headings, options: ReadOptions) -> None:
        """Read `grid` by its `headings`."""
        self.issues: list[Issue] = []
        self.backing: list[BackingRow] = []
        self._grid = grid
        self._headings = headings
        self._options = options
        self._readers = readers(options)
        self._row = 0
        self._cells: Sequence[Cell] = ()
        self._bad: set[str] = set()  # fields of this row that are explained already

    def read(self, row: int) -> PortfolioRow | None:
        """Return what a row (0 is the first of the sheet) states, or None when it is refused."""
        self._row, self._cells, self._bad = row, self._grid.rows[row], set()
        values = {field: self._value(field) for field in self._headings.read}
        self._demand(values)
        name, address, due_on = self._name(values), self._address(values), self._due_on(values)
        bill, number = self._numbers(values)
        phone, (lat, lon) = self._phone(values), self._position(values)
        if self._bad & REFUSING_FIELDS:
            return None
        row_read = PortfolioRow(
            place=RowPlace(self._grid.name, row + 1),
            client_id=values["client_id"],
            name=name,
            kind=values.get("kind"),
            phone=phone,
            address=address,
            neighbourhood=values.get("neighbourhood"),
            municipality=values.get("municipality"),
            lat=lat,
            lon=lon,
            note=values.get("note"),
            place_kind=values.get("place_kind"),
            place_authorised=values.get("place_authorised"),
            place_origin=values.get("place_origin"),
            credit_id=values.get("credit_id") or values["client_id"],
            product=values.get("product"),
            creditor=values.get("creditor"),
            currency=values.get("currency"),
            opened_on=values.get("opened_on"),
            invoice_number=number,
            bill_number=bill,
            issued_on=values.get("issued_on"),
            due_on=due_on,
            amount_cents=values.get("amount"),
            balance_cents=values["balance"],
        )
        backing = read_backing(row_read, values, self._bad.__contains__, self._note)
        if backing is not None:
            self.backing.append(backing)
        return row_read

    def _value(self, field: str) -> Any:
        """Return the value of a field, or None when the cell has none or can't be read."""
        column = self._headings.read[field].number
        cell = self._cells[column] if column < len(self._cells) else ""
        fault = self._grid.faults.get((self._row, column))
        if fault is not None:
            self._note(field, fault)
            return None
        if read.is_nothing(cell):
            return None
        try:
            return self._readers[field](cell)
        except read.BadCell as bad:
            self._note(field, bad.problem, **bad.facts)
            return None

    def _demand(self, values: Mapping[str, Any]) -> None:
        for field in ("client_id", "name", "address", "balance", "credit_id", "invoice_number"):
            if field in values and values[field] is None and field not in self._bad:
                self._note(field, CellProblem.MISSING)

    def _name(self, values: Mapping[str, Any]) -> str:
        parts = (values.get(field) for field in ("name", "last_name", "second_last_name"))
        return self._limited("name", " ".join(part for part in parts if part))

    def _numbers(self, values: Mapping[str, Any]) -> tuple[str | None, str]:
        """Return the bill that the row is an instalment of, if it is one, and its own number."""
        number, part = values.get("invoice_number"), values.get("instalment_number")
        if not number or not part:
            return None, number or SUMMARY_INVOICE
        return number, self._limited("invoice_number", f"{number}/{part}")

    def _address(self, values: Mapping[str, Any]) -> str:
        address, number, unit = (
            values.get(field) or "" for field in ("address", "street_number", "unit_number")
        )
        if number and not address.endswith(f" {number}"):
            address += f" {number}"
        if unit:
            address += f" Int. {unit}"
        return self._limited("address", address)

    def _limited(self, field: str, text: str) -> str:
        limit = LIMITS[field]
        if len(text) > limit and field not in self._bad:
            self._note(field, CellProblem.TOO_LONG, limit=limit, length=len(text))
        return text

    def _due_on(self, values: Mapping[str, Any]) -> date | None:
        due_on: date | None = values.get("due_on")
        days = values.get("days_past_due")
        if due_on is None and days is not None:
            due_on = self._options.cut_on - timedelta(days=days)
        if due_on is None and values.get("balance") and not self._bad & _DUE_FIELDS:
            field = "due_on" if "due_on" in values else "days_past_due"
            self._note(field, CellProblem.NO_DUE_DATE_OR_DAYS)
        return due_on

    def _phone(self, values: Mapping[str, Any]) -> str | None:
        phone: ReadPhone | None = values.get("phone")
        if phone is None:
            return None
        if phone.had_others:
            self._note("phone", CellProblem.FIRST_PHONE_TAKEN, taken=phone.number)
        return phone.number

    def _position(self, values: Mapping[str, Any]) -> Position:
        lat, lon = values.get("lat"), values.get("lon")
        if lat is None or lon is None:
            if lat != lon and not self._bad & {"lat", "lon"}:
                missing, there = ("lat", "lon") if lat is None else ("lon", "lat")
                self._note(missing if missing in values else there, CellProblem.HALF_A_POSITION)
            return _NOWHERE
        if is_no_position(lat, lon):
            return _NOWHERE
        problem = doubt(lat, lon, self._options.country)
        if problem is not None:
            self._note("lat", problem, lat=str(lat), lon=str(lon), country=self._options.country)
        return (lat, lon) if problem in _BELIEVED else _NOWHERE

    def _note(self, field: str, problem: CellProblem, **facts: str | int) -> None:
        self._bad.add(field)
        column = self._headings.read[field]
        cell = self._cells[column.number] if column.number < len(self._cells) else ""
        self.issues.append(
            Issue(
                sheet=self._grid.name,
                row=self._row + 1,
                column=column.letter,
                heading=column.heading,
                value=shown(cell),
                problem=problem,
                facts=facts,
                is_refused=field in REFUSING_FIELDS,
            )
        )
