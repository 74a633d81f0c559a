"""One cell to one value, exactly, or the reason why not."""

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from collector_app.backing.rules import DocumentKind, GuaranteeKind
from collector_app.core.money import CENTS_PER_PESO, Cents, parse_pesos
from collector_app.exchange.rules import CellProblem
from collector_app.exchange.sheets.grids import Cell, shown
from collector_app.portfolio.gathering import plain
from collector_app.portfolio.rules import AddressOrigin, ClientKind, VisitPlaceKind

_WORDS = Path(__file__).parent.with_name("cell_words.es.toml")
_CONTROL = re.compile("[\x00-\x1f\x7f]+")
_SAYS_SOMETHING = re.compile("[0-9$%+#]")  # "$ -" is an amount: zero
_LONGEST_NOTHING = 30  # characters
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,3})")
_ACCOUNTING_ZERO = re.compile(r"\s*\$\s*-\s*")  # how Excel's accounting format shows it
EXACT_DIGITS = 15  # of a number in a spreadsheet: IEEE 754 doubles
MAX_PESOS = 9_999_999_999  # beyond it somebody pasted a phone number

EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel, whose 1900 has a 29 February
FIRST_DATE, LAST_DATE = date(1950, 1, 1), date(2100, 12, 31)
_TWO_DIGIT_YEARS_FROM = 1950  # 49 is 2049, 50 is 1950
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{2}|[0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.\-]?([0-9]{2})[/.\-]?([0-9]{2})")
_GAP = r"[/.\- ]*(?:del?)?[/.\- ]*"
_NAMED = re.compile(rf"([0-9]{{1,2}}){_GAP}([a-z]{{3,10}}){_GAP}([0-9]{{2}}|[0-9]{{4}})")
_TIME_OF_DAY = re.compile(
    r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?\s*([ap]\.?\s?m\.?|Z|[+-][0-9:]{5})?$",
    re.IGNORECASE,
)
MIN_DAYS, MAX_DAYS = -366, 36_500
Kind = TypeVar("Kind", bound=StrEnum)


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of what people write in cells, each reduced by `plain`."""
    table = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return frozenset(plain(word) for word in table[name])


class BadCell(Exception):
    """A cell can't be read; `problem` says why and what was expected."""

    def __init__(self, problem: CellProblem, **facts: str | int) -> None:
        """Keep what the sentence about it needs."""
        super().__init__(problem.value)
        self.problem = problem
        self.facts = facts


def is_nothing(cell: Cell) -> bool:
    """Tell whether a cell holds no datum: empty, dashes, "N/A", "sin dato"."""
    if not isinstance(cell, str):
        return False
    if _SAYS_SOMETHING.search(cell) or len(cell) > _LONGEST_NOTHING:
        return cell.isspace()
    text = plain(cell)
    return text == "" or text in words("nothing")


def read_text(limit: int) -> Callable[[Cell], str]:
    """Return a reader of texts of at most `limit` characters, spaces and line ends made single."""

    def read(cell: Cell) -> str:
        text = " ".join(_CONTROL.sub(" ", shown(cell)).split())
        if len(text) > limit:
            raise BadCell(CellProblem.TOO_LONG, limit=limit, length=len(text))
        return text

    return read


def read_identifier(limit: int) -> Callable[[Cell], str]:
    """Return a reader of numbers that are names: leading zeros stay, no digit may be lost."""
    as_text = read_text(limit)

    def read(cell: Cell) -> str:
        if isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS:
            raise BadCell(CellProblem.ID_DIGITS_LOST, digits=EXACT_DIGITS)
        text = as_text(cell)
        if isinstance(cell, str) and _SCIENTIFIC.fullmatch(text):
            try:
                return scientific_digits(text)
            except ValueError as error:
                raise BadCell(CellProblem.ID_DIGITS_LOST, digits=EXACT_DIGITS) from error
        return text

    return read


def scientific_digits(text: str) -> str:
    """Return the digits of ``5.512345678E+09``: 5512345678.

    Raises
    ------
    ValueError
        When the text is not of that form, or shows fewer digits than the number had.
    """
    match = _SCIENTIFIC.fullmatch(text.strip())
    if match is None:
        message = f"expected a number in scientific notation, got {text!r}"
        raise ValueError(message)
    digits = match[1] + (match[2] or "")
    if len(digits) != int(match[3]) + 1:
        message = f"{text!r} does not show all the digits it had"
        raise ValueError(message)
    return digits


LARGEST_NUMBER = 10**18  # beyond it no cell is money, and cents no longer fit exact arithmetic


def read_amount(cell: Cell) -> Cents:
    """Read an amount of money, zero or more."""
    try:
        cents = _cents(cell)
    except ValueError as error:
        raise BadCell(CellProblem.NO_AMOUNT) from error
    if cents < 0:
        raise BadCell(CellProblem.NEGATIVE_AMOUNT)
    if cents > MAX_PESOS * CENTS_PER_PESO:
        raise BadCell(CellProblem.AMOUNT_TOO_LARGE, limit=MAX_PESOS)
    return cents


def _cents(cell: Cell) -> Cents:
    if isinstance(cell, str):
        return Cents(0) if _ACCOUNTING_ZERO.fullmatch(cell) else parse_pesos(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        message = f"expected an amount, got {cell!r}"
        raise ValueError(message)
    exact = Decimal(repr(cell))  # the digits that the spreadsheet shows, not the binary ones
    if not exact.is_finite() or abs(exact) > LARGEST_NUMBER:
        message = f"expected an amount, got {cell!r}"
        raise ValueError(message)
    return Cents(int((exact * CENTS_PER_PESO).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def read_date(cell: Cell) -> date:
    """Read a date: of the spreadsheet, its serial number, or written with the day first."""
    try:
        day = _date(cell)
    except (ValueError, OverflowError) as error:
        raise BadCell(CellProblem.NO_DATE) from error
    if not FIRST_DATE <= day <= LAST_DATE:
        raise BadCell(CellProblem.DATE_OUT_OF_RANGE, first=FIRST_DATE.year, last=LAST_DATE.year)
    return day


def _date(cell: Cell) -> date:
    match cell:
        case str():
            return _written_date(cell)
        case datetime():
            return cell.date()
        case date():
            return cell
        case float() | int() if not isinstance(cell, bool):
            return EXCEL_EPOCH + timedelta(days=int(cell))
        case _:
            message = f"expected a date, got {cell!r}"
            raise ValueError(message)


def _written_date(written: str) -> date:
    text = _TIME_OF_DAY.sub("", written.strip())
    if match := _YEAR_FIRST.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return date(_year(match[3]), int(match[2]), int(match[1]))
    if match := _NAMED.fullmatch(text.casefold()):
        return date(_year(match[3]), _month(match[2]), int(match[1]))
    if re.fullmatch("[0-9]{5}", text):  # a serial number that went through CSV
        return EXCEL_EPOCH + timedelta(days=int(text))
    message = f"expected a date such as 31/12/2025, got {written!r}"
    raise ValueError(message)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return _TWO_DIGIT_YEARS_FROM + (year - _TWO_DIGIT_YEARS_FROM) % 100


def _month(name: str) -> int:
    short = {"set": "sep", "jan": "ene", "apr": "abr", "aug": "ago", "dec": "dic"}
    return _MONTHS.index(short.get(name[:3], name[:3])) + 1


def read_days(cell: Cell) -> int:
    """Read a whole number of days past due; before the due date it is negative."""
    if isinstance(cell, str):
        match = re.fullmatch(
            r"([+-]?[0-9]{1,6})(?:[.,]0+)?\s*(?:d[ií]as?|d)?\.?", cell.strip().casefold()
        )
        days = int(match[1]) if match else None
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        days = int(cell) if float(cell).is_integer() else None
    else:
        days = None
    if days is None or not MIN_DAYS <= days <= MAX_DAYS:
        raise BadCell(CellProblem.NO_DAYS, limit=MAX_DAYS)
    return days


def read_kind(cell: Cell) -> ClientKind:
    """Read whether a client is a person or a business."""
    word = plain(shown(cell))
    if word in words("person"):
        return ClientKind.PERSON
    if word in words("firm"):
        return ClientKind.FIRM
    raise BadCell(CellProblem.UNKNOWN_KIND)


def read_place_kind(cell: Cell) -> VisitPlaceKind:
    """Read what kind of place a client is visited at."""
    return _read_one_of(VisitPlaceKind, "place", cell, CellProblem.UNKNOWN_PLACE)


def read_place_origin(cell: Cell) -> AddressOrigin:
    """Read who told the address of a client."""
    return _read_one_of(AddressOrigin, "origin", cell, CellProblem.UNKNOWN_ORIGIN)


def read_yes_or_no(cell: Cell) -> bool:
    """Read whether something is so."""
    word = plain(shown(cell))
    if word in words("yes"):
        return True
    if word in words("no"):
        return False
    raise BadCell(CellProblem.NO_YES_OR_NO)


def read_guarantee_kind(cell: Cell) -> GuaranteeKind:
    """Read what sort of guarantee it is."""
    return _read_one_of(GuaranteeKind, "guarantee", cell, CellProblem.UNKNOWN_GUARANTEE)


def read_document_kind(cell: Cell) -> DocumentKind:
    """Read what sort of paper it is."""
    return _read_one_of(DocumentKind, "document", cell, CellProblem.UNKNOWN_DOCUMENT)


def read_currency(national: str) -> Callable[[Cell], str]:
    """Return a reader of currencies; plain "pesos" are the `national` ones."""

    def read(cell: Cell) -> str:
        word = plain(shown(cell))
        if word in words("currency"):
            return word.upper()
        if word in words("national_currency"):
            return national
        if word in words("dollars"):
            return "USD"
        raise BadCell(CellProblem.UNKNOWN_CURRENCY)

    return read


def _read_one_of(kinds: type[Kind], of_what: str, cell: Cell, problem: CellProblem) -> Kind:
    word = plain(shown(cell))
    for kind in kinds:
        if word in words(f"{of_what}_{kind}"):
            return kind
    raise BadCell(problem)
