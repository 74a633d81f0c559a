"""Complaints and faltas: how clients were treated, counted beside contacts."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import DATA_RIGHTS
from collector_app.indicators.queries.counting import GROUP, Tallies, named
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.rules import Count
from collector_app.violations.models import ViolationCase
from collector_app.violations.rules import COSTLY


def complaints(session: Session, grouping: Grouping) -> Tallies:
    """Count the complaints of clients; of a collector: those about them."""
    day = grouping.day_of(Complaint.received_at)
    group = grouping.group_of(Complaint.about, Complaint.client_id, day).label(GROUP)
    rows = session.execute(
        select(group, func.count())
        .where(grouping.holds(Complaint.received_at), is_complaint())
        .group_by(GROUP)
    )
    return named(rows, (Count.COMPLAINTS,))


def faults(session: Session, grouping: Grouping) -> Tallies:
    """Count the faltas that nobody justified."""
    day = grouping.day_of(ViolationCase.at)
    group = grouping.group_of(ViolationCase.collector_id, ViolationCase.client_id, day)
    rows = session.execute(
        select(group.label(GROUP), func.count())
        .where(grouping.holds(ViolationCase.at), is_fault())
        .group_by(GROUP)
    )
    return named(rows, (Count.FAULTS,))


def is_complaint() -> ColumnElement[bool]:
    """Return the condition that a client complained, and did not ask for their data by right."""
    return Complaint.kind.not_in(DATA_RIGHTS)


def is_fault() -> ColumnElement[bool]:
    """Return the condition that a falta stands: decided so, or not looked at yet."""
    return ViolationCase.state.in_(COSTLY)
