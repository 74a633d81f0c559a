"""One row behind an indicator, and how some of a list are read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.complaints.rules import ComplaintKind
from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.costs.rules import CostKind
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.rules import Moved
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import AgingBucket
from collector_app.promises.rules import PromiseState
from collector_app.violations.rules import CaseState
from collector_app.visits.rules import Outcome, PersonMet


@dataclass(frozen=True, slots=True)
class BehindRow:
    """One row behind an indicator; fields that its kind does not have are None."""

    client_id: int | None = None
    client_name: str | None = None
    collector_name: str | None = None
    at: datetime | None = None
    on: date | None = None
    person_met: PersonMet | None = None
    outcome: Outcome | None = None
    is_contact: bool | None = None
    amount_cents: int | None = None
    paid_cents: int | None = None
    state: PromiseState | None = None
    position: int | None = None
    is_visited: bool | None = None
    method: PaymentMethod | None = None
    is_attributed: bool | None = None
    overdue_cents: int | None = None
    days_past_due: int | None = None
    currency: str = USUAL_CURRENCY
    waited_days: int | None = None
    complaint: ComplaintKind | None = None
    case_state: CaseState | None = None
    cost_kind: CostKind | None = None
    to_on: date | None = None
    quantity: int | None = None
    rate: int | None = None
    counted_cents: int | None = None
    explanation: str | None = None
    left_at: datetime | None = None
    carried_s: int | None = None
    closing_cents: int | None = None
    invoiced_cents: int | None = None
    bucket_before: AgingBucket | None = None
    bucket_after: AgingBucket | None = None


class Part(NamedTuple):
    """Which rows of a list, and whether somebody has to know how many there are.

    ``moved`` saves reading anew who moved.
    """

    offset: int
    limit: int | None
    is_counted: bool
    is_of_money: bool = False
    moved: Moved | None = None


def page_of(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    part: Part,
    *,
    is_heavy: bool = False,
) -> tuple[int, Iterable[Any]]:
    """Return how many rows a statement has, 0 where nobody asks, and some of them.

    Parameters
    ----------
    is_heavy : bool
        Its rows are derived, so that asking for number and rows apart would do all the work twice.
        Of rows that an index gives in their order a page is read without reading all.
    """
    some = statement.offset(part.offset).limit(part.limit)
    if not part.is_counted or part.limit == 0 or not is_heavy:
        count = _count(session, statement) if part.is_counted else 0
        return count, () if part.limit == 0 else session.execute(some)
    found = session.execute(some.add_columns(func.count().over())).all()
    if not found:
        return (_count(session, statement) if part.offset else 0), ()
    return found[0][-1], [row[:-1] for row in found]


def _count(session: Session, statement: Select[*tuple[Any, ...]]) -> int:
    whole = statement.order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(whole)) or 0


class Happened(NamedTuple):
    """The columns of what happened to a client at an instant; ``id`` orders what came at once."""

    client_id: Any
    collector_id: Any
    at: Any
    id: Any


def happened(
    session: Session,
    grouping: Grouping,
    group: int | None,
    part: Part,
    what: Happened,
    conditions: Iterable[ColumnElement[bool]],
    **shown: Any,
) -> tuple[int, list[BehindRow]]:
    """Return rows of what happened, the latest first; `shown` are columns by their field."""
    statement = (
        select(what.client_id, Client.name, User.full_name, what.at, *shown.values())
        .join(Client, Client.id == what.client_id)
        .outerjoin(User, User.id == what.collector_id)
        .where(*conditions)
        .order_by(what.at.desc(), what.id.desc())
    )
    if group is not None:
        day = grouping.day_of(what.at)
        statement = statement.where(
            grouping.group_of(what.collector_id, what.client_id, day) == group
        )
    count, found = page_of(session, statement, part)
    return count, [
        BehindRow(client_id, name, collector, at=at, **dict(zip(shown, values, strict=True)))
        for client_id, name, collector, at, *values in found
    ]


def names_of(session: Session, number: Any, name: Any, ids: Collection[int]) -> dict[int, str]:
    """Return the names of some rows of a table by their ids."""
    return dict(session.execute(select(number, name).where(among(number, ids))).all())
