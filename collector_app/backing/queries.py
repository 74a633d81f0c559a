"""What stands behind a client's credits, and whom of these people the law lets us contact."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.backing.models import CreditDocument, Guarantee, GuaranteeChange, Obligor
from collector_app.backing.rules import (
    DocumentKind,
    GuaranteeKind,
    GuaranteeState,
    ObligorKind,
    contact_blocks,
)
from collector_app.compliance.queries import client_profile
from collector_app.compliance.rules import Block, Profile
from collector_app.portfolio.models import Credit, Invoice

Past = tuple[tuple[GuaranteeState, date], ...]  # each state and its first day, oldest first


@dataclass(frozen=True, slots=True)
class GuaranteeRow:
    """A guarantee and the credit that it secures."""

    id: int
    credit: str
    kind: GuaranteeKind
    description: str
    value_cents: int
    given_on: date
    state: GuaranteeState
    state_on: date
    past: Past = ()


@dataclass(frozen=True, slots=True)
class ObligorRow:
    """A person beside the debtor; `blocks` are the rules that forbid to contact them."""

    id: int
    credit: str | None  # None: all that the client owes
    kind: ObligorKind
    name: str
    phone: str | None
    address: str | None
    since_on: date
    blocks: tuple[Block, ...]
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A paper and who brought it; without a file name nobody has brought its file yet."""

    id: int
    credit: str
    kind: DocumentKind
    number: str | None
    dated_on: date
    file_name: str | None
    who: str | None
    bill_number: str | None = None  # of the invoice that it belongs to


@dataclass(frozen=True, slots=True)
class Backing:
    """Everything that stands behind the credits of one client on a day."""

    guarantees: tuple[GuaranteeRow, ...]
    obligors: tuple[ObligorRow, ...]
    former_obligors: tuple[ObligorRow, ...]
    documents: tuple[DocumentRow, ...]

    @property
    def value_cents(self) -> int:
        """Return what the guarantees in force are worth together."""
        in_force = (one for one in self.guarantees if one.state is GuaranteeState.IN_FORCE)
        return sum(one.value_cents for one in in_force)


def backing_of(session: Session, client_id: int, day: date, zone: ZoneInfo) -> Backing:
    """Return what stood behind a client's credits on a day; in a fixed number of statements."""
    profile = client_profile(session, client_id, day, zone)
    return Backing(
        guarantees=tuple(_guarantees(session, client_id, day)),
        obligors=tuple(_obligors(session, client_id, day, profile, _still(day))),
        former_obligors=tuple(_obligors(session, client_id, day, profile, Obligor.ended_on <= day)),
        documents=tuple(_documents(session, client_id, day)),
    )


def obligors_of(session: Session, client_id: int, day: date, zone: ZoneInfo) -> list[ObligorRow]:
    """Return the people beside a debtor on a day, judged by the law in force on it for them."""
    profile = client_profile(session, client_id, day, zone)
    return _obligors(session, client_id, day, profile, _still(day))


def _still(day: date) -> ColumnElement[bool]:
    return or_(Obligor.ended_on.is_(None), Obligor.ended_on > day)


def _obligors(
    session: Session, client_id: int, day: date, profile: Profile, wanted: ColumnElement[bool]
) -> list[ObligorRow]:
    found = session.execute(
        select(Obligor, Credit.external_id)
        .outerjoin(Credit, Credit.id == Obligor.credit_id)
        .where(Obligor.client_id == client_id, Obligor.since_on <= day, wanted)
        .order_by(Obligor.since_on, Obligor.id)
    )
    return [
        ObligorRow(
            row.id,
            credit,
            row.kind,
            row.name,
            row.phone,
            row.address,
            row.since_on,
            contact_blocks(profile, row.kind),
            row.ended_on,
        )
        for row, credit in found
    ]


def _guarantees(session: Session, client_id: int, day: date) -> list[GuaranteeRow]:
    found = session.execute(
        select(Guarantee, Credit.external_id)
        .join(Credit, Credit.id == Guarantee.credit_id)
        .where(Credit.client_id == client_id, Guarantee.given_on <= day)
        .order_by(Guarantee.given_on, Guarantee.id)
    )
    rows = []
    changes = _changes(session, client_id, day)
    for row, credit in found:
        past: Past = ((GuaranteeState.IN_FORCE, row.given_on), *changes.get(row.id, ()))
        rows.append(
            GuaranteeRow(
                row.id,
                credit,
                row.kind,
                row.description,
                row.value_cents,
                row.given_on,
                state=past[-1][0],
                state_on=past[-1][1],
                past=past,
            )
        )
    return rows


def _changes(
    session: Session, client_id: int, day: date
) -> dict[int, list[tuple[GuaranteeState, date]]]:
    """Return the states that guarantees of a client came into until a day, oldest first."""
    found = session.execute(
        select(GuaranteeChange.guarantee_id, GuaranteeChange.state, GuaranteeChange.from_on)
        .join(Guarantee, Guarantee.id == GuaranteeChange.guarantee_id)
        .join(Credit, Credit.id == Guarantee.credit_id)
        .where(Credit.client_id == client_id, GuaranteeChange.from_on <= day)
        .order_by(GuaranteeChange.from_on, GuaranteeChange.id)
    )
    changes: dict[int, list[tuple[GuaranteeState, date]]] = {}
    for guarantee_id, state, from_on in found:
        changes.setdefault(guarantee_id, []).append((state, from_on))
    return changes


def bill_numbers(session: Session, client_id: int) -> list[str]:
    """Return the numbers of a client's invoices, of those in instalments that of the whole."""
    number = func.coalesce(Invoice.bill_number, Invoice.number)
    return list(
        session.scalars(
            select(number)
            .join(Credit, Credit.id == Invoice.credit_id)
            .where(Credit.client_id == client_id)
            .distinct()
            .order_by(number)
        )
    )


def erased_papers(session: Session) -> set[str]:
    """Return the hashes of erased papers whose bytes no paper that stays shares."""
    erased = select(CreditDocument.sha256).where(CreditDocument.erased_at.is_not(None))
    kept = select(CreditDocument.sha256).where(CreditDocument.erased_at.is_(None))
    gone = set(session.scalars(erased)) - set(session.scalars(kept))
    return {sha256 for sha256 in gone if sha256 is not None}


def _documents(session: Session, client_id: int, day: date) -> list[DocumentRow]:
    found = session.execute(
        select(CreditDocument, Credit.external_id, User.full_name)
        .join(Credit, Credit.id == CreditDocument.credit_id)
        .outerjoin(User, User.id == CreditDocument.created_by)
        .where(
            Credit.client_id == client_id,
            CreditDocument.dated_on <= day,
            CreditDocument.erased_at.is_(None),
        )
        .order_by(CreditDocument.dated_on, CreditDocument.id)
    )
    return [
        DocumentRow(
            row.id,
            credit,
            row.kind,
            row.number,
            row.dated_on,
            row.file_name,
            who,
            row.bill_number,
        )
        for row, credit, who in found
    ]
