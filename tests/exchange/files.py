"""Real files of every kind, built in memory and written where a test wants them."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl

from collector_app.exchange.sheets import PortfolioReading, ReadOptions, read_portfolio

HEADINGS = (
    *("No. Cliente", "Nombre", "Teléfono", "Domicilio", "Colonia", "Municipio", "Latitud"),
    *("Longitud", "Crédito", "Factura", "Fecha de vencimiento", "Importe", "Saldo vencido"),
)
GOOD = {
    "No. Cliente": "C-001",
    "Nombre": "Rosa Díaz",
    "Teléfono": "55 1234 5678",
    "Domicilio": "Av. Juárez 12",
    "Colonia": "Centro",
    "Municipio": "Cuauhtémoc",
    "Latitud": 19.4326,
    "Longitud": -99.1332,
    "Crédito": "CR-9",
    "Factura": "F-1",
    "Fecha de vencimiento": "31/12/2025",
    "Importe": "$1,500.00",
    "Saldo vencido": "$1,234.50",
}
CUT_ON = date(2026, 3, 10)
OPTIONS = ReadOptions(cut_on=CUT_ON)


def row(**changes: object) -> list[object]:
    """A good row with some cells changed; spaces of headings are underscores in the names."""
    named = {name.replace(" ", "_").replace(".", ""): name for name in HEADINGS}
    cells = GOOD | {named[name]: value for name, value in changes.items()}
    return [cells[name] for name in HEADINGS]


def xlsx(path: Path, *rows: Sequence[object], sheet: str = "Cartera") -> Path:
    """A workbook of one sheet."""
    return workbook(path, {sheet: rows})


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]], hidden: str = "") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for one in rows:
            page.append(list(one))
        if name == hidden:
            page.sheet_state = "hidden"
    book.save(path)
    return path


def csv_text(*rows: Sequence[object], delimiter: str = ",") -> str:
    import csv

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows(rows)
    return stream.getvalue()


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **options: object) -> PortfolioReading:
    return read_portfolio(path, path.name, ReadOptions(**{"cut_on": CUT_ON, **options}))  # type: ignore[arg-type]


def problems(reading: PortfolioReading) -> list[tuple[str, str]]:
    """What is wrong, and in which cell: ("no_date", "K2")."""
    return [(issue.problem.value, f"{issue.column}{issue.row}") for issue in reading.issues]
