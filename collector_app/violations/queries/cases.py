"""Lists of faltas: counted and paged by the database, whatever their number."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.compliance.rules import Block
from collector_app.core import clock
from collector_app.portfolio.models import Client
from collector_app.violations.models import ViolationCase
from collector_app.violations.rules import REVIEW_WITHIN, CaseState, FactKind


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which faltas are asked for: days (inclusive), and what is None is not asked."""

    first: date
    last: date
    zone: ZoneInfo
    state: CaseState | None = None
    collector_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A falta as the list shows it."""

    id: int
    kind: FactKind
    client_id: int
    client_name: str
    collector_id: int | None
    collector_name: str | None
    at: datetime
    blocks: tuple[Block, ...]
    state: CaseState
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None

    @property
    def review_by(self) -> datetime:
        """Return until when somebody has to decide."""
        return self.at + REVIEW_WITHIN


def case_counts(session: Session, wanted: CaseFilter) -> dict[CaseState, int]:
    """Return how many faltas of those days there are in each state, whichever state is asked."""
    found = session.execute(
        select(ViolationCase.state, func.count())
        .where(_in_days(wanted), _of_collector(wanted))
        .group_by(ViolationCase.state)
    )
    return dict.fromkeys(CaseState, 0) | dict(iter(found))


def case_list(
    session: Session, wanted: CaseFilter, *, offset: int = 0, limit: int | None = None
) -> list[CaseRow]:
    """Return a page of the faltas asked for, or all of them, the newest first."""
    collector, decider = aliased(User), aliased(User)
    found = session.execute(
        select(ViolationCase, Client.name, collector.full_name, decider.full_name)
        .join(Client, Client.id == ViolationCase.client_id)
        .outerjoin(collector, collector.id == ViolationCase.collector_id)
        .outerjoin(decider, decider.id == ViolationCase.decided_by)
        .where(_in_days(wanted), _of_collector(wanted), _in_state(wanted))
        .order_by(ViolationCase.at.desc(), ViolationCase.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [
        CaseRow(
            one.id,
            one.kind,
            one.client_id,
            client_name,
            one.collector_id,
            collector_name,
            one.at,
            tuple(Block(**block) for block in one.blocks),
            one.state,
            one.reason,
            one.decided_at,
            decided_by,
        )
        for one, client_name, collector_name, decided_by in found
    ]


def late_count(session: Session, wanted: CaseFilter, now: datetime) -> int:
    """Return how many faltas nobody decided within `REVIEW_WITHIN`."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ViolationCase)
            .where(
                ViolationCase.state == CaseState.NEW,
                ViolationCase.at < now - REVIEW_WITHIN,
                _in_days(wanted),
                _of_collector(wanted),
            )
        )
        or 0
    )


def _in_days(wanted: CaseFilter) -> ColumnElement[bool]:
    start = clock.local_midnight(wanted.first, wanted.zone)
    end = clock.local_midnight(wanted.last + timedelta(days=1), wanted.zone)
    return (ViolationCase.at >= start) & (ViolationCase.at < end)


def _of_collector(wanted: CaseFilter) -> ColumnElement[bool]:
    if wanted.collector_id is None:
        return true()
    return ViolationCase.collector_id == wanted.collector_id


def _in_state(wanted: CaseFilter) -> ColumnElement[bool]:
    return true() if wanted.state is None else ViolationCase.state == wanted.state
