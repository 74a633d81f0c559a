"""The invented cartera: credits, invoices and arrears, written as the spreadsheet a creditor sends.

The shares are assumptions that look like a microfinance portfolio, not measurements.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from collector_app.demo.addresses import Address
from collector_app.demo.people import client_name, shop_name

HEADERS = (
    "No. cliente",
    "Nombre",
    "Tipo",
    "Teléfono",
    "Domicilio",
    "Colonia",
    "Municipio",
    "Latitud",
    "Longitud",
    "Crédito",
    "Producto",
    "Fecha de apertura",
    "Factura",
    "Fecha de emisión",
    "Fecha de vencimiento",
    "Importe",
    "Saldo",
    "Parcialidad",
    "Nota de remisión",
    "Tipo de garantía",
    "Garantía",
    "Valor de la garantía",
    "Aval",
    "Teléfono del aval",
    "Obligado solidario",
    "Teléfono del obligado solidario",
    "Documento del crédito",
    "Folio del documento",
    "Fecha del documento",
)
WITHOUT_POSITION = 12  # clients whose coordinates the creditor does not have
FORTNIGHT = timedelta(days=14)

SOLD = "Línea blanca a plazos"  # delivered with a note, billed once, paid in instalments
# product, typical instalment in pesos
PRODUCTS = (
    ("Microcrédito grupal", 420),
    ("Microcrédito individual", 780),
    (SOLD, 640),
    ("Crédito para moto", 1_350),
    ("Capital de trabajo", 2_100),
)
BACKED_EVERY = 15  # of so many clients one has something behind the first credit
GUARANTEES = (
    ("Prendaria", "Moto de trabajo, modelo 2021", 18_000),
    ("Líquida", "Ahorro en garantía, 10 % del crédito", 1_500),
    ("Mobiliaria", "Refrigerador y vitrina del local", 9_500),
    ("Hipotecaria", "Casa habitación, escritura 4,512", 450_000),
)
GUARANTOR = "Elena Ríos Soto"
CO_DEBTOR = "Mario Vega Luna"
# share of credits, oldest unpaid instalment in days (from, to)
ARREARS = (
    (0.22, (-13, 0)),
    (0.30, (1, 30)),
    (0.20, (31, 60)),
    (0.13, (61, 90)),
    (0.15, (91, 200)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the spreadsheet: a client, a credit, an unpaid instalment; amounts in pesos."""

    cells: tuple[object, ...]


def rows(addresses: Sequence[Address], today: date, seed: int) -> Iterator[Row]:
    """Yield the unpaid instalments of one client per address."""
    dice = Random(seed)
    for n, address in enumerate(addresses, start=1):
        firm = dice.random() < 0.12
        client = (
            f"C{n:05d}",
            shop_name(dice) if firm else client_name(dice),
            "Negocio" if firm else "Persona",
            f"+1 202 555 01{dice.randrange(100):02d}",  # a range that is nobody's, kept for fiction
            f"{address.street} {address.number}",
            address.neighbourhood,
            address.municipality,
            *(
                ("", "")
                if n <= WITHOUT_POSITION
                else (round(address.point.lat, 6), round(address.point.lon, 6))
            ),
        )
        for k in range(2 if dice.random() < 0.15 else 1):
            lines = _credit(client, f"K{n:05d}-{k + 1}", today, dice)
            yield from _backed(lines, n) if k == 0 and n % BACKED_EVERY == 1 else lines


def _credit(client: tuple[object, ...], number: str, today: date, dice: Random) -> Iterator[Row]:
    product, typical = dice.choice(PRODUCTS)
    instalment = round(typical * dice.lognormvariate(0, 0.35), -1)
    _, (youngest, oldest) = dice.choices(ARREARS, weights=[share for share, _ in ARREARS])[0]
    due_on = today - timedelta(days=dice.randint(youngest, oldest))
    opened_on = due_on - FORTNIGHT * dice.randint(4, 20)
    is_billed_once = product == SOLD
    part = 1
    while due_on <= today + FORTNIGHT:
        # The first unpaid instalment is often partly paid already.
        balance = round(instalment * dice.uniform(0.3, 1), 2) if part == 1 else instalment
        sold = (part, f"R{number[1:]}") if is_billed_once else ("", "")
        yield Row(
            (
                *client,
                number,
                product,
                opened_on,
                f"F{number[1:]}" if is_billed_once else f"F{number[1:]}-{part:02d}",
                opened_on if is_billed_once else due_on - FORTNIGHT,
                due_on,
                instalment,
                balance,
                *sold,
            )
        )
        due_on += FORTNIGHT
        part += 1


def _backed(lines: Iterator[Row], n: int) -> Iterator[Row]:
    """Tell on the first line of a credit what stands behind it."""
    opened_on = HEADERS.index("Fecha de apertura")
    for k, line in enumerate(lines):
        if k > 0:
            yield line
            continue
        turn = n // BACKED_EVERY
        phones = [f"+1202555{100 + (turn + shift) % 100:04d}" for shift in (0, 50)]
        co_debtor = (CO_DEBTOR, phones[1]) if turn % 3 else ("", "")
        paper = ("Pagaré", f"P-{turn + 1:04d}", line.cells[opened_on])
        guarantee = GUARANTEES[turn % len(GUARANTEES)]
        backing = (*guarantee, GUARANTOR, phones[0], *co_debtor, *paper)
        yield Row((*line.cells, *backing))


def write(path: Path, lines: Iterator[Row]) -> int:
    """Write the spreadsheet with a title above the header, as creditors do; return its rows."""
    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Cartera")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write(0, 0, "Cartera asignada · datos inventados para la demostración")
        sheet.write_row(2, 0, HEADERS)
        for count, row in enumerate(lines, start=1):
            for column, cell in enumerate(row.cells):
                if isinstance(cell, date):
                    sheet.write_datetime(count + 2, column, cell, day)
                else:
                    sheet.write(count + 2, column, cell)
    return count
