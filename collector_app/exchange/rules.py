"""What can be wrong with a cartera file, and what is done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from collector_app.core import clock
from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.portfolio.facts import ImportConflict

Facts = Mapping[str, str | int]


class FileProblem(StrEnum):
    """Why a file can't be read as a cartera at all."""

    EMPTY = "empty"
    NO_SPREADSHEET = "no_spreadsheet"
    OLD_EXCEL = "old_excel"
    OTHER_SPREADSHEET = "other_spreadsheet"
    PROTECTED = "protected"
    WEB_PAGE = "web_page"
    DAMAGED = "damaged"
    TOO_LARGE_INSIDE = "too_large_inside"
    TOO_MANY_ROWS = "too_many_rows"
    OPEN_QUOTES = "open_quotes"
    NO_HEADINGS = "no_headings"
    MISSING_COLUMNS = "missing_columns"
    REPEATED_COLUMN = "repeated_column"
    NO_ROWS = "no_rows"
    NO_PAYMENT_HEADINGS = "no_payment_headings"
    NO_PAYMENTS = "no_payments"


class CellProblem(StrEnum):
    """Why a cell can't be taken as it stands."""

    MISSING = "missing"
    NO_DUE_DATE_OR_DAYS = "no_due_date_or_days"
    TOO_LONG = "too_long"
    ID_DIGITS_LOST = "id_digits_lost"
    NO_AMOUNT = "no_amount"
    NEGATIVE_AMOUNT = "negative_amount"
    AMOUNT_TOO_LARGE = "amount_too_large"
    NO_DATE = "no_date"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    DATE_TO_COME = "date_to_come"
    NO_DAYS = "no_days"
    NO_PHONE = "no_phone"
    PHONE_DIGITS_LOST = "phone_digits_lost"
    FIRST_PHONE_TAKEN = "first_phone_taken"
    NO_COORDINATE = "no_coordinate"
    COORDINATE_OUT_OF_RANGE = "coordinate_out_of_range"
    HALF_A_POSITION = "half_a_position"
    SWAPPED_COORDINATES = "swapped_coordinates"
    SIGN_LOST = "sign_lost"
    OUTSIDE_COUNTRY = "outside_country"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_ORIGIN = "unknown_origin"
    NO_YES_OR_NO = "no_yes_or_no"
    UNKNOWN_CURRENCY = "unknown_currency"
    UNKNOWN_GUARANTEE = "unknown_guarantee"
    UNKNOWN_DOCUMENT = "unknown_document"
    HALF_A_GUARANTEE = "half_a_guarantee"
    HALF_A_DOCUMENT = "half_a_document"
    NAMELESS_OBLIGOR = "nameless_obligor"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    ERROR_VALUE = "error_value"


class IgnoredBecause(StrEnum):
    """Why a column of a file was not read."""

    UNKNOWN = "unknown"
    OTHER_COLUMN_USED = "other_column_used"


class SkippedBecause(StrEnum):
    """Why a sheet of a workbook was not read."""

    HIDDEN = "hidden"
    NO_HEADINGS = "no_headings"
    MISSING_COLUMNS = "missing_columns"


class ImportState(StrEnum):
    """How far an import has come."""

    READING = "reading"
    UNREADABLE = "unreadable"
    READY = "ready"  # somebody may accept it
    NOTHING_NEW = "nothing_new"
    NOTHING_USABLE = "nothing_usable"  # every row was refused
    APPLIED = "applied"


class NothingToImport(RuleBroken):
    """An import was applied already, or would change nothing."""

    code = "nothing_to_import"


class UnreadableFile(InvalidInput):
    """A file can't be read as a cartera; `problem` says why."""

    code = "unreadable_file"

    def __init__(self, problem: FileProblem, **facts: str | int) -> None:
        """Keep what is wrong and what the sentence about it needs."""
        super().__init__("file", problem.value, **facts)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Issue:
    """Something in the file that was not taken as it stands, in the file's own words."""

    sheet: str
    row: int
    column: str  # letter, as Excel shows it; empty when it is about the whole row
    heading: str
    value: str
    problem: CellProblem | ImportConflict
    facts: Facts
    is_refused: bool  # the whole row is left out, for this or for what else is said of it


# Where we work: what plain "pesos" are there.
CURRENCY_OF = {
    "AR": "ARS",
    "BO": "BOB",
    "BR": "BRL",
    "CL": "CLP",
    "CO": "COP",
    "CR": "CRC",
    "DO": "DOP",
    "EC": "USD",
    "GT": "GTQ",
    "HN": "HNL",
    "MX": "MXN",
    "NI": "NIO",
    "PA": "USD",
    "PE": "PEN",
    "PY": "PYG",
    "SV": "USD",
    "UY": "UYU",
    "VE": "VES",
}


def balance_instant(cut_on: date, uploaded_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the balances of a file were true: at the end of its cut-off day, or at upload.

    Parameters
    ----------
    cut_on
        The day to whose end the creditor's figures reach.
    uploaded_at
        No figure can be younger than the file.
    """
    return min(clock.local_midnight(cut_on + timedelta(days=1), zone), uploaded_at)
