"""The rows of work in the field: visits, stops, first contacts, complaints and faltas."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.complaints.models import Complaint
from collector_app.indicators.queries.conduct import is_complaint, is_fault
from collector_app.indicators.queries.counting import made_visit
from collector_app.indicators.queries.field import first_contact, waited_days
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.queries.plans import day_of_plan, in_force_plans
from collector_app.indicators.queries.rows.behind import (
    BehindRow,
    Happened,
    Part,
    happened,
    page_of,
)
from collector_app.planning.models import Plan, Route, Stop
from collector_app.portfolio.models import Client
from collector_app.violations.models import ViolationCase
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition


def visits(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return the visits that were made."""
    return happened(
        session,
        grouping,
        group,
        part,
        Happened(Visit.client_id, Visit.collector_id, Visit.started_at, Visit.id),
        (grouping.holds(Visit.started_at), made_visit()),
        person_met=Visit.person_met,
        outcome=Visit.outcome,
        is_contact=contact_condition(),
    )


def stops(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return the stops of plans in force, and whether their client was visited that day."""
    day = day_of_plan(session, grouping)
    if day is None:
        return 0, []
    is_visited = (
        select(Visit.id)
        .where(
            Visit.client_id == Stop.client_id,
            grouping.holds(Visit.started_at),
            grouping.day_of(Visit.started_at) == day,
            made_visit(),
        )
        .exists()
    )
    statement = (
        select(
            Stop.client_id,
            Client.name,
            User.full_name,
            Plan.day,
            Stop.position,
            is_visited.label("is_visited"),
        )
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .join(Client, Client.id == Stop.client_id)
        .join(User, User.id == Route.collector_id)
        .where(*in_force_plans(grouping))
        .order_by(Plan.day.desc(), User.full_name, Stop.position)
    )
    if group is not None:
        statement = statement.where(
            grouping.group_of(Route.collector_id, Stop.client_id, day) == group
        )
    count, found = page_of(session, statement, part)
    return count, [
        BehindRow(client_id, name, collector, on=on, position=position, is_visited=bool(is_done))
        for client_id, name, collector, on, position, is_done in found
    ]


def first_contacts(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return the clients who were met for the first time, and how long they waited."""
    first = first_contact(grouping).subquery()
    return happened(
        session,
        grouping,
        group,
        part,
        Happened(first.c.client_id, first.c.collector_id, first.c.at, first.c.client_id),
        (first.c.at >= Client.created_at,),
        waited_days=waited_days(first),
    )


def complaints(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return the complaints of clients."""
    return happened(
        session,
        grouping,
        group,
        part,
        Happened(Complaint.client_id, Complaint.about, Complaint.received_at, Complaint.id),
        (grouping.holds(Complaint.received_at), is_complaint()),
        complaint=Complaint.kind,
    )


def faults(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return the faltas that nobody justified."""
    case = ViolationCase
    return happened(
        session,
        grouping,
        group,
        part,
        Happened(case.client_id, case.collector_id, case.at, case.id),
        (grouping.holds(case.at), is_fault()),
        case_state=case.state,
    )
