"""Clients whose location needs a person: without one, or contradicted by visits."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.locations.models import LocationDecision
from collector_app.locations.rules import (
    LocationDecisionKind,
    LocationPolicy,
    MoveProposal,
    Sighting,
    propose_move,
)
from collector_app.portfolio.models import Client
from collector_app.portfolio.queries import ClientCard, client_cards
from collector_app.portfolio.rules import LocationQuality
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.visits.rules import is_contact

METRES_PER_DEGREE = 111_195  # of latitude; a degree of longitude is shorter everywhere


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """A client with where visits say that they are."""

    card: ClientCard
    proposal: MoveProposal


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as pages show it."""

    id: int
    client_id: int
    client_name: str
    kind: LocationDecisionKind
    made_at: datetime
    made_by: str | None
    quality: LocationQuality
    may_be_undone: bool


def proposed_moves(
    session: Session,
    now: datetime,
    policy: LocationPolicy | None = None,
    client_ids: Collection[int] | None = None,
) -> list[ProposedMove]:
    """Return what visits say against locations; where most visits agree first, then the farthest.

    Derived at each reading from the visits since the last decision about each client.
    """
    policy = policy or LocationPolicy()
    since = now - timedelta(days=policy.since_days)
    suspected = set(session.scalars(_suspects(policy, since, client_ids)))
    sightings = _sightings(session, policy, since, suspected)
    cards = client_cards(session, sightings)
    found = (
        ProposedMove(cards[client_id], proposal)
        for client_id, seen in sightings.items()
        if (proposal := propose_move(seen, position_of(cards[client_id]), policy)) is not None
    )
    return sorted(
        found,
        key=lambda one: (
            one.card.lat is None,
            -one.proposal.visit_count,
            -(one.proposal.distance_m or 0),
            one.card.id,
        ),
    )


def suspects(session: Session, day: date, zone: ZoneInfo) -> frozenset[int]:
    """Return the clients who, until a day, may have been met elsewhere than we believe."""
    policy = LocationPolicy()
    since = clock.local_midnight(day, zone) - timedelta(days=policy.since_days)
    return frozenset(session.scalars(_suspects(policy, since, None)))


def position_of(card: ClientCard) -> tuple[float, float] | None:
    """Return the location of a client, None when there is none."""
    return None if card.lat is None or card.lon is None else (card.lat, card.lon)


def last_decision(session: Session, client_id: int) -> LocationDecision | None:
    """Return the latest decision about a client."""
    return session.scalars(
        select(LocationDecision)
        .where(LocationDecision.client_id == client_id)
        .order_by(LocationDecision.id.desc())
        .limit(1)
    ).one_or_none()


def decisions_about(session: Session, client_id: int, limit: int = 10) -> list[DecisionRow]:
    """Return the latest decisions about a client, newest first."""
    about = LocationDecision.client_id == client_id
    return _decision_rows(session, _decisions().where(about).limit(limit))


def recent_decisions(session: Session, limit: int = 5) -> list[DecisionRow]:
    """Return the latest decisions about anybody, newest first."""
    return _decision_rows(session, _decisions().limit(limit))


def _decisions() -> Select[LocationDecision, Client, str]:
    return (
        select(LocationDecision, Client, User.full_name)
        .join(Client, Client.id == LocationDecision.client_id)
        .outerjoin(User, User.id == LocationDecision.made_by)
        .order_by(LocationDecision.id.desc())
    )


def _decision_rows(
    session: Session, statement: Select[LocationDecision, Client, str]
) -> list[DecisionRow]:
    """Return rows; of each client only the first, newest one may be undone."""
    met: set[int] = set()
    rows = []
    for decision, client, name in session.execute(statement):
        rows.append(
            DecisionRow(
                id=decision.id,
                client_id=client.id,
                client_name=client.name,
                kind=decision.kind,
                made_at=decision.made_at,
                made_by=name,
                quality=decision.quality,
                may_be_undone=client.id not in met and may_undo(decision, client),
            )
        )
        met.add(client.id)
    return rows


def may_undo(decision: LocationDecision, client: Client) -> bool:
    """Tell whether the client is still where a decision put them, and it isn't an undoing."""
    is_there = (decision.lat, decision.lon) == (client.lat, client.lon)
    return decision.kind is not LocationDecisionKind.UNDONE and is_there


def corners_of_all(session: Session) -> list[tuple[float, float]]:
    """Return two points between which all clients with a location are; none when nobody has one."""
    south, west, north, east = session.execute(
        select(
            func.min(Client.lat), func.min(Client.lon), func.max(Client.lat), func.max(Client.lon)
        )
    ).one()
    if south is None or west is None or north is None or east is None:
        return []
    return [(south, west), (north, east)]


def newest_visit_id(session: Session, client_id: int) -> int:
    """Return the newest visit to a client, 0 when there is none."""
    newest = select(func.max(Visit.id)).where(Visit.client_id == client_id)
    return session.scalars(newest).one() or 0


def _seen() -> Select[int, int]:
    """Return by client the visits that the latest decision had before its eyes."""
    latest = (
        select(func.max(LocationDecision.id).label("id"))
        .group_by(LocationDecision.client_id)
        .subquery()
    )
    return select(LocationDecision.client_id, LocationDecision.seen_visit_id).join(
        latest, latest.c.id == LocationDecision.id
    )


def _usable(policy: LocationPolicy, since: datetime) -> Select[int]:
    """Return the clients of visits that may speak against a location."""
    seen = _seen().subquery()
    return (
        select(Visit.client_id)
        .join(Client, Client.id == Visit.client_id)
        .outerjoin(seen, seen.c.client_id == Visit.client_id)
        .where(
            Visit.started_at >= since,
            Visit.lat.is_not(None),
            Visit.accuracy_m <= policy.useful_accuracy_m,
            Visit.id > func.coalesce(seen.c.seen_visit_id, 0),
        )
    )


def _suspects(
    policy: LocationPolicy, since: datetime, client_ids: Collection[int] | None
) -> Select[int]:
    """Return the clients who may have been met elsewhere more often than where we believe them.

    The exact distance is measured later: a visit that counts as away here may be near after all,
    never the other way round, so that nobody is missing.
    """
    # A point that is not within this square around the client is not within the circle, either.
    side = policy.far_m / METRES_PER_DEGREE / 1.5
    is_away = or_(
        Client.lat.is_(None),
        func.abs(Visit.lat - Client.lat) > side,
        func.abs(Visit.lon - Client.lon) > side,
    )
    away = func.count(case((is_away, 1)))
    return (
        _usable(policy, since)
        .where(contact_condition(), among(Visit.client_id, client_ids))
        .group_by(Visit.client_id)
        .having(func.count() < 2 * away)
    )


def _sightings(
    session: Session, policy: LocationPolicy, since: datetime, client_ids: Collection[int]
) -> dict[int, list[Sighting]]:
    found = session.execute(
        _usable(policy, since)
        .where(among(Visit.client_id, client_ids))
        .join(User, User.id == Visit.collector_id)
        .with_only_columns(
            Visit.client_id,
            Visit.person_met,
            Visit.outcome,
            Visit.id,
            Visit.lat,
            Visit.lon,
            Visit.accuracy_m,
            Visit.started_at,
            User.full_name,
        )
        .order_by(Visit.id)
    )
    by_client: defaultdict[int, list[Sighting]] = defaultdict(list)
    for client_id, person, outcome, *rest in found:
        if is_contact(person, outcome):
            by_client[client_id].append(Sighting(*rest))
    return dict(by_client)
