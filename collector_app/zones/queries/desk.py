"""What the two pages of the desk show: the zones of a day, and a proposal beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.errors import NotFound
from collector_app.portfolio.models import Client
from collector_app.zones.models import Zone, ZoneProposal
from collector_app.zones.queries.ownership import ZoneRow, zone_of_client, zone_starts, zones_on
from collector_app.zones.queries.people_and_places import LocatedClient, located
from collector_app.zones.rules import ProposedZone, imbalance
from collector_app.zones.workload import month_minutes
from routing.geo import Point


@dataclass(frozen=True, slots=True)
class ZoneLoad:
    """A zone with its expected work.

    Attributes
    ----------
    month_h : float, hours
        Expected work of a month for its clients with a location.
    share : float
        Work over the mean of the zones; 1.0 is a fair share.
    """

    zone: ZoneRow
    month_h: float
    share: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A client on the map; `zone_id` is None for those without a zone."""

    client_id: int
    name: str
    lat: float
    lon: float
    zone_id: int | None


@dataclass(frozen=True, slots=True)
class ZoneBoard:
    """The zones of a day with everything that belongs to no zone.

    Attributes
    ----------
    imbalance : float
        How far the heaviest zone is above the mean, as a share of it.
    next_start_on : date or None
        When other zones begin, if that is decided.
    """

    day: date
    zones: tuple[ZoneLoad, ...]
    dots: tuple[Dot, ...]
    imbalance: float
    without_location: int
    next_start_on: date | None

    @property
    def located(self) -> int:
        """Return how many clients have a location."""
        return len(self.dots)

    @property
    def without_zone(self) -> int:
        """Return how many clients have a location but no zone."""
        return sum(dot.zone_id is None for dot in self.dots)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal as lists show it."""

    id: int
    created_at: datetime
    author: str | None
    zone_count: int
    imbalance: float


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal as its page shows it.

    Attributes
    ----------
    newcomers : int
        Clients with a location who came after it was drawn.
    """

    row: ProposalRow
    zones: tuple[ProposedZone, ...]
    figures: Mapping[str, Any]
    newcomers: int
    accepted_at: datetime | None
    discarded_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be accepted."""
        return self.accepted_at is None and self.discarded_at is None


def zone_board(session: Session, day: date) -> ZoneBoard:
    """Return the zones in force on a day with their loads, and the clients as dots."""
    clients = located(session)
    zone_of = zone_of_client(session, day)
    rows = zones_on(session, day)
    hours = _hours(clients, zone_of)
    mean_h = sum(hours[row.id] for row in rows) / len(rows) if rows else 0.0
    starts = zone_starts(session, day)
    return ZoneBoard(
        day=day,
        zones=tuple(
            ZoneLoad(row, hours[row.id], hours[row.id] / mean_h if mean_h else 0.0) for row in rows
        ),
        dots=tuple(Dot(one.id, one.name, one.lat, one.lon, zone_of.get(one.id)) for one in clients),
        imbalance=imbalance([hours[row.id] for row in rows]),
        without_location=_count_without_location(session),
        next_start_on=starts[0] if starts else None,
    )


def imbalance_then_and_now(session: Session, day: date) -> tuple[date, float, float] | None:
    """Return when the zones of a day began, how uneven they were then and are; None without zones.

    Hours of then are those of the clients they began with, at the places where these live now.
    """
    zones = [row.id for row in zones_on(session, day)]
    if not zones:
        return None
    began_on = session.scalars(select(func.max(Zone.from_on)).where(Zone.id.in_(zones))).one()
    clients = located(session)
    minutes = _minutes(clients)
    then, now = (_hours_of(clients, minutes, zone_of_client(session, on)) for on in (began_on, day))
    return (
        began_on,
        imbalance([then[one] for one in zones]),
        imbalance([now[one] for one in zones]),
    )


def open_proposals(session: Session) -> list[ProposalRow]:
    """Return the proposals that nobody has accepted or discarded, newest first."""
    rows = session.execute(
        select(ZoneProposal, User.full_name)
        .outerjoin(User, User.id == ZoneProposal.created_by)
        .where(ZoneProposal.accepted_at.is_(None), ZoneProposal.discarded_at.is_(None))
        .order_by(ZoneProposal.id.desc())
    )
    return [_row(proposal, author) for proposal, author in rows]


def proposal_page(session: Session, proposal_id: int) -> ProposalPage:
    """Return a proposal, open or closed.

    Raises
    ------
    NotFound
        When there is none with that id.
    """
    found = session.execute(
        select(ZoneProposal, User.full_name)
        .outerjoin(User, User.id == ZoneProposal.created_by)
        .where(ZoneProposal.id == proposal_id)
    ).one_or_none()
    if found is None:
        message = f"no proposal {proposal_id}"
        raise NotFound(message)
    proposal, author = found
    zones = tuple(ProposedZone.from_json(kept) for kept in proposal.zones)
    return ProposalPage(
        row=_row(proposal, author),
        zones=zones,
        figures=proposal.figures,
        newcomers=_count_newcomers(located(session), zones),
        accepted_at=proposal.accepted_at,
        discarded_at=proposal.discarded_at,
    )


def _hours(clients: Sequence[LocatedClient], zone_of: Mapping[int, int]) -> dict[int, float]:
    return _hours_of(clients, _minutes(clients), zone_of)


def _minutes(clients: Sequence[LocatedClient]) -> list[float]:
    found: list[float] = month_minutes([Point(one.lat, one.lon) for one in clients]).tolist()
    return found


def _hours_of(
    clients: Sequence[LocatedClient], minutes: Sequence[float], zone_of: Mapping[int, int]
) -> dict[int, float]:
    hours: dict[int, float] = defaultdict(float)
    for client, minute in zip(clients, minutes, strict=True):
        if client.id in zone_of:
            hours[zone_of[client.id]] += minute / 60
    return hours


def _count_without_location(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(Client).where(Client.lat.is_(None)))
    return found or 0


def _count_newcomers(clients: Iterable[LocatedClient], zones: Iterable[ProposedZone]) -> int:
    drawn = {client_id for zone in zones for client_id in zone.client_ids}
    return sum(client.id not in drawn for client in clients)


def _row(proposal: ZoneProposal, author: str | None) -> ProposalRow:
    return ProposalRow(
        id=proposal.id,
        created_at=proposal.created_at,
        author=author,
        zone_count=len(proposal.zones),
        imbalance=float(proposal.figures["imbalance"]),
    )
