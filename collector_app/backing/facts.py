"""What a creditor's file says stands behind a credit."""

from dataclasses import dataclass
from datetime import date

from collector_app.backing.rules import DocumentKind, GuaranteeKind, ObligorKind
from collector_app.portfolio.facts import RowPlace


@dataclass(frozen=True, slots=True)
class ToldGuarantee:
    """A guarantee; None of its day means that the file does not say."""

    kind: GuaranteeKind
    description: str
    value_cents: int
    given_on: date | None = None


@dataclass(frozen=True, slots=True)
class ToldObligor:
    """A person beside the debtor, who answers for this credit."""

    kind: ObligorKind
    name: str
    phone: str | None = None  # E.164
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ToldDocument:
    """A paper that somebody holds, with the invoice that it belongs to; its file may come later."""

    kind: DocumentKind
    dated_on: date
    number: str | None = None
    bill_number: str | None = None


@dataclass(frozen=True, slots=True)
class BackingRow:
    """What one row of a file tells about a credit beside what is owed on it."""

    place: RowPlace
    client_id: str
    credit_id: str
    opened_on: date | None  # of the credit; from then on what has no day of its own holds
    guarantee: ToldGuarantee | None = None
    obligors: tuple[ToldObligor, ...] = ()
    documents: tuple[ToldDocument, ...] = ()
