"""Everything that the legality of a plan rests on: while that stays as it is, so does the verdict.

Rows are read as the database stores them, which takes a tenth of deciding about each stop again.
"""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Executable, String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from collector_app.compliance.creditor_book import creditor_laws
from collector_app.compliance.queries import decisions_in_force
from collector_app.compliance.rules import Profile
from collector_app.contacts.models import Contact
from collector_app.planning.models import Plan, Route, Stop
from collector_app.portfolio.models import Client, VisitPlace
from collector_app.visits.models import Visit


def basis_of(
    session: Session, plan: Plan, profile: Profile, since: datetime, zone: ZoneInfo
) -> bytes:
    """Return the SHA-256 of all that decides whether the stops of a plan are legal.

    Those are the plan with its stops, the rules, where the clients live, which visits, calls and
    messages were known of them when it was made, what was said of the places where they are
    visited, bans, wishes and exceptions of its day, and the law of those to whom they owe.
    """
    asked = select(Stop.client_id).join(Route, Route.id == Stop.route_id)
    asked = asked.where(Route.plan_id == plan.id)
    stops = (
        select(Stop.id, Stop.client_id, Stop.starts_s, Stop.leaves_s, Client.lat, Client.lon)
        .join(Route, Route.id == Stop.route_id)
        .join(Client, Client.id == Stop.client_id)
        .where(Route.plan_id == plan.id)
        .order_by(Stop.id)
    )
    visits = (
        select(
            Visit.id,
            Visit.client_id,
            _as_stored(Visit.started_at),
            _as_stored(Visit.outcome),
            _as_stored(Visit.person_met),
        )
        .where(
            Visit.client_id.in_(asked),
            Visit.started_at >= since,
            Visit.started_at < plan.created_at,
        )
        .order_by(Visit.id)
    )
    touches = (
        select(
            Contact.id,
            Contact.client_id,
            _as_stored(Contact.at),
            _as_stored(Contact.channel),
            _as_stored(Contact.person),
            Contact.was_answered,
        )
        .where(Contact.client_id.in_(asked), Contact.at >= since, Contact.at < plan.created_at)
        .order_by(Contact.id)
    )
    places = (
        select(
            VisitPlace.id,
            VisitPlace.client_id,
            _as_stored(VisitPlace.kind),
            VisitPlace.is_authorised,
            _as_stored(VisitPlace.origin),
        )
        .where(VisitPlace.client_id.in_(asked))
        .order_by(VisitPlace.id)
    )
    creditors = creditor_laws(session, plan.day, zone, session.scalars(asked).all())
    basis = (
        (plan.id, plan.day, plan.created_at, zone.key, repr(profile)),
        decisions_in_force(session, plan.day),
        sorted((client_id, law.key) for client_id, law in creditors.items()),
        _rows(session, stops),
        _rows(session, visits),
        _rows(session, touches),
        _rows(session, places),
    )
    return hashlib.sha256(msgspec.json.encode(basis)).digest()


def _as_stored(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """Return a column whose values are left as the driver gives them."""
    return type_coerce(column, String)


def _rows(session: Session, statement: Executable) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(statement)]
