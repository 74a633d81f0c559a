"""What a creditor's file states, of clients, credits and what belongs to them; what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from collector_app.core.money import Cents
from collector_app.portfolio.rules import (
    AddressOrigin,
    ClientKind,
    LocationQuality,
    Placement,
    VisitPlaceKind,
)

Value = str | int | float | date | datetime | None


class PortfolioPart(StrEnum):
    """What a statement is about."""

    CLIENT = "client"
    CREDIT = "credit"
    INVOICE = "invoice"
    GUARANTEE = "guarantee"
    OBLIGOR = "obligor"
    DOCUMENT = "document"


class ImportConflict(StrEnum):
    """Why a row, or one datum of it, can't be taken as it stands."""

    ERASED_PERSON = "erased_person"  # they asked to be forgotten, or their time was over
    OTHER_NAME = "other_name"  # one client number, two names
    CREDIT_OF_OTHER_CLIENT = "credit_of_other_client"
    OTHER_CURRENCY = "other_currency"  # one credit, two currencies
    UNKNOWN_CREDITOR = "unknown_creditor"  # under which law nobody decided
    LIKE_CREDITOR = "like_creditor"  # one whom nobody added, spelled almost like one there is
    OTHER_CREDITOR = "other_creditor"  # one credit, two creditors
    OTHER_DEBT = "other_debt"  # one invoice, two amounts or dates
    NO_DUE_DATE = "no_due_date"
    REPEATED_ROW = "repeated_row"
    OTHER_DETAIL = "other_detail"  # one client, two addresses, phones ...
    OLDER_BALANCE = "older_balance"  # we know a balance of a later day
    SURVEYED_PLACE = "surveyed_place"  # we took the coordinates at the door
    ENDED_OBLIGOR = "ended_obligor"  # we know that somebody no longer answers for the debt


# These leave the whole row out; the others only one datum of it, or nothing at all.
REFUSING = frozenset(
    {
        ImportConflict.ERASED_PERSON,
        ImportConflict.OTHER_NAME,
        ImportConflict.CREDIT_OF_OTHER_CLIENT,
        ImportConflict.OTHER_CURRENCY,
        ImportConflict.UNKNOWN_CREDITOR,
        ImportConflict.LIKE_CREDITOR,
        ImportConflict.OTHER_CREDITOR,
        ImportConflict.OTHER_DEBT,
        ImportConflict.NO_DUE_DATE,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class RowPlace:
    """Where a row stands in the file, as a person finds it."""

    sheet: str
    row: int  # 1 is the first row of the sheet


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One invoice with its credit and its client; None means that the file does not say."""

    place: RowPlace
    client_id: str
    name: str
    address: str
    credit_id: str
    invoice_number: str
    balance_cents: Cents
    kind: ClientKind | None = None
    phone: str | None = None  # E.164
    neighbourhood: str | None = None
    municipality: str | None = None
    lat: float | None = None
    lon: float | None = None
    note: str | None = None
    place_kind: VisitPlaceKind | None = None
    place_authorised: bool | None = None
    place_origin: AddressOrigin | None = None
    product: str | None = None
    creditor: str | None = None  # by name
    currency: str | None = None  # ISO 4217
    opened_on: date | None = None
    issued_on: date | None = None
    due_on: date | None = None  # may only be missing when nothing is owed
    amount_cents: Cents | None = None
    bill_number: str | None = None  # of the invoice that this is an instalment of


@dataclass(frozen=True, slots=True)
class Address:
    """Where a client lives in words, as the address search needs it."""

    text: str
    neighbourhood: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """Where the address search believes an address to be."""

    lat: float
    lon: float
    quality: LocationQuality
    confidence: float  # 0-1


# What the search found of each address that was searched; None is an address not found.
FoundPlaces = Mapping[Address, FoundPlace | None]


@dataclass(slots=True)
class Statement:
    """What the file says of one client, credit, invoice ...: only the values that it states."""

    key: tuple[str, ...]  # client; credit; credit and invoice number; credit, kind and name
    owner: str  # the client's number
    place: RowPlace  # the first row that says so
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds of one client, credit, invoice ..."""

    id: int
    owner: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that becomes another."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Difference:
    """A client, credit, invoice ... that an import creates (no id yet) or changes."""

    part: PortfolioPart
    key: tuple[str, ...]
    owner: str
    place: RowPlace
    id: int | None
    changes: tuple[FieldChange, ...]

    @property
    def is_new(self) -> bool:
        """Tell whether it is created rather than changed."""
        return self.id is None


@dataclass(frozen=True, slots=True)
class Finding:
    """A row, or one datum of it, that was not taken as it stands."""

    place: RowPlace
    field: str  # attribute of `PortfolioRow`
    value: str
    conflict: ImportConflict
    facts: Mapping[str, str | int]  # for the sentence that explains it

    @property
    def is_refused(self) -> bool:
        """Tell whether the whole row is left out."""
        return self.conflict in REFUSING


@dataclass(slots=True)
class Tally:
    """How many of one part an import creates, changes and leaves as they are."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import does, or would do, to the cartera."""

    tallies: Mapping[PortfolioPart, Tally]
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    absent_count: int  # clients that we know and the file does not name; they stay as they are
    balance_cents: Mapping[str, int]  # currency -> sum of the balances that were taken
    placements: Mapping[Placement, int]  # clients whose address was searched

    @property
    def changes_something(self) -> bool:
        """Tell whether applying it would write anything."""
        return bool(self.differences)
