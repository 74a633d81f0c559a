"""What clients owe beside a debt that was settled by an agreement which they kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    case,
    column,
    func,
    select,
    values,
)
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.payments.agreed import Settled, settled_on
from collector_app.payments.movements import ledgers_of, owed_after
from collector_app.portfolio.models import Credit, Invoice

_ALL_KNOWN = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Beside:
    """The clients who settled a debt, and what they still owe of what came due later.

    Their money is followed from movement to movement (`payments.movements`), because what an
    agreement lets go of depends on the order in which it came. For everybody else what payments
    settled adds up to the same in any order, and the database adds it up.
    """

    client_ids: frozenset[int] = frozenset()
    owed: Mapping[int, int] = field(default_factory=dict)  # by invoice, cents, more than none

    def outstanding(
        self, client_id: Any, invoice_id: Any, others: ColumnElement[int], source: FromClause
    ) -> tuple[ColumnElement[int], FromClause]:
        """Return what is owed on each invoice, and the rows to read it from.

        Parameters
        ----------
        client_id, invoice_id : column
            Of the invoice.
        others : column
            What is owed on invoices of all other clients.
        source : FromClause
            The joined rows that hold these columns.
        """
        if not self.client_ids:
            return others, source
        is_settled = among(client_id, self.client_ids)
        if not self.owed:
            return case((is_settled, 0), else_=others), source
        columns = column("invoice_id", Integer), column("cents", BigInteger)
        owed = values(*columns, literal_binds=True).data(sorted(self.owed.items())).cte()
        cents = case((is_settled, func.coalesce(owed.c.cents, 0)), else_=others)
        return cents, source.outerjoin(owed, owed.c.invoice_id == invoice_id)


def owed_beside(
    session: Session,
    day: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
    *,
    before: datetime = _ALL_KNOWN,
) -> Beside:
    """Return what is owed by the clients who had settled a debt when a day ends.

    Parameters
    ----------
    before : datetime, optional
        Only what happened before; without it everything that is known.
    """
    return beside(session, settled_on(session, day, zone, client_ids), zone, before=before)


def beside(
    session: Session,
    settled: Mapping[int, Settled],
    zone: ZoneInfo,
    *,
    before: datetime = _ALL_KNOWN,
) -> Beside:
    """Return what clients owe beside what they settled; see `owed_beside`.

    Movements are read of those only of whom anything came due after the signature.
    """
    if not settled:
        return Beside()
    last_due = session.execute(
        select(Credit.client_id, func.max(Invoice.due_on))
        .join(Invoice, Invoice.credit_id == Credit.id)
        .where(among(Credit.client_id, settled))
        .group_by(Credit.client_id)
    )
    more = [owner for owner, due_on in last_due if due_on > settled[owner].due_until]
    owed = {
        invoice_id: cents
        for ledger in ledgers_of(session, more, zone).values()
        for invoice_id, cents in owed_after(ledger.movements, before).items()
        if cents > 0
    }
    return Beside(frozenset(settled), owed)
