"""What the two pages of the desk show: the zones of a day, and a proposal beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.core.errors import NotFound
from collector_app.portfolio.models import Client
from collector_app.zones.capacities import capacities, relative
from collector_app.zones.models import Zone, ZoneMembership, ZoneProposal
from collector_app.zones.queries.ownership import (
    ZoneRow,
    in_force,
    zone_of_client,
    zone_starts,
    zones_on,
)
from collector_app.zones.queries.people_and_places import LocatedClient, located
from collector_app.zones.rules import ProposedZone, imbalance, shares
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
        Work over what the hours of its collector ask for beside the others; 1.0 is a fair share.
    capacity_h : float or None, hours
        What its collector can work in a month; None when nobody knows.
    """

    zone: ZoneRow
    month_h: float
    share: float
    capacity_h: float | None = None


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
        How far the heaviest zone is above its fair share, as a share of it.
    located : int
        Clients with a location.
    without_zone : int
        Those of them whom no zone holds.
    next_start_on : date or None
        When other zones begin, if that is decided.
    dots : tuple of Dot
        The clients with a location; none where there are more than the page shows one by one.
    """

    day: date
    zones: tuple[ZoneLoad, ...]
    imbalance: float
    located: int
    without_zone: int
    without_location: int
    next_start_on: date | None
    dots: tuple[Dot, ...] = ()


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
    beside_id : int or None
        The proposal that was drawn beside it to choose from.
    is_cold : bool
        It divides anew, beside today's zones made even.
    barriers : tuple of dict
        What its zones do not cross, each with a name and lines.
    """

    row: ProposalRow
    zones: tuple[ProposedZone, ...]
    figures: Mapping[str, Any]
    newcomers: int
    accepted_at: datetime | None
    discarded_at: datetime | None
    beside_id: int | None = None
    is_cold: bool = False
    barriers: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be accepted."""
        return self.accepted_at is None and self.discarded_at is None


def zone_board(session: Session, day: date) -> ZoneBoard:
    """Return the zones in force on a day with their loads, and the clients as dots."""
    clients = located(session)
    zone_of = zone_of_client(session, day)
    dots = tuple(Dot(one.id, one.name, one.lat, one.lon, zone_of.get(one.id)) for one in clients)
    hours = _hours_of(clients, _minutes(clients), zone_of)
    return replace(_board(session, day, hours), dots=dots)


def zone_overview(session: Session, day: date, hours: Mapping[int, float]) -> ZoneBoard:
    """Return the board of a day without dots, with hours that were added up before.

    Parameters
    ----------
    hours : mapping of int to float
        Work of a month by zone, as `zone_hours` returns it; added up now when other zones began
        since.
    """
    board = _board(session, day, hours)
    if all(load.zone.id in hours for load in board.zones):
        return board
    return _board(session, day, zone_hours(session, day))


def zone_hours(session: Session, day: date) -> dict[int, float]:
    """Return the hours of a month that the clients of each zone of a day ask for."""
    clients = located(session)
    hours = _hours_of(clients, _minutes(clients), zone_of_client(session, day))
    return {row.id: hours.get(row.id, 0.0) for row in zones_on(session, day)}


def _board(session: Session, day: date, hours: Mapping[int, float]) -> ZoneBoard:
    rows = zones_on(session, day)
    loads = [hours.get(row.id, 0.0) for row in rows]
    capacity_h = capacities.month_hours(session, day, [row.collector_id for row in rows])
    asked = shares(loads, relative(capacity_h))
    starts = zone_starts(session, day)
    return ZoneBoard(
        day=day,
        zones=tuple(map(ZoneLoad, rows, loads, asked, capacity_h)),
        imbalance=imbalance(loads, relative(capacity_h)),
        located=(placed := _count(session, Client.lat.is_not(None))),
        without_zone=placed - _count_in_zones(session, day),
        without_location=_count(session, Client.lat.is_(None)),
        next_start_on=starts[0] if starts else None,
    )


def imbalance_then_and_now(session: Session, day: date) -> tuple[date, float, float] | None:
    """Return when the zones of a day began, how uneven they were then and are; None without zones.

    Even is what the hours of their collectors asked for on each of the two days. Hours of work of
    then are those of the clients they began with, at the places where these live now.
    """
    zones = [row.id for row in zones_on(session, day)]
    if not zones:
        return None
    began_on = session.scalars(select(func.max(Zone.from_on)).where(Zone.id.in_(zones))).one()
    clients = located(session)
    minutes = _minutes(clients)

    def uneven(on: date) -> float:
        hours = _hours_of(clients, minutes, zone_of_client(session, on))
        rows = [row for row in zones_on(session, on) if row.id in zones]
        capacity_h = capacities.month_hours(session, on, [row.collector_id for row in rows])
        return imbalance([hours[row.id] for row in rows], relative(capacity_h))

    return began_on, uneven(began_on), uneven(day)


def open_proposals(session: Session) -> list[ProposalRow]:
    """Return the proposals that nobody has accepted or discarded, newest first.

    A cold division is found on the page of the open proposal that it stands beside.
    """
    even = aliased(ZoneProposal)
    is_beside_an_open_one = exists().where(
        even.id == ZoneProposal.alternative_to_id,
        even.accepted_at.is_(None),
        even.discarded_at.is_(None),
    )
    rows = session.execute(
        select(ZoneProposal, User.full_name)
        .outerjoin(User, User.id == ZoneProposal.created_by)
        .where(
            ZoneProposal.accepted_at.is_(None),
            ZoneProposal.discarded_at.is_(None),
            ~is_beside_an_open_one,
        )
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
        beside_id=proposal.alternative_to_id
        or session.scalar(
            select(ZoneProposal.id).where(ZoneProposal.alternative_to_id == proposal.id)
        ),
        is_cold=proposal.alternative_to_id is not None,
        barriers=tuple(proposal.barriers),
    )


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


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Client).where(*conditions)) or 0


def _count_in_zones(session: Session, day: date) -> int:
    """Return how many clients with a location are in a zone on a day; none is in two."""
    found = session.scalar(
        select(func.count())
        .select_from(ZoneMembership)
        .join(Client, Client.id == ZoneMembership.client_id)
        .where(in_force(ZoneMembership, day), Client.lat.is_not(None))
    )
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
