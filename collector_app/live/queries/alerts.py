"""What of today somebody should look at, and who already took note."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.kept import KeptUntilDone
from collector_app.compliance.queries import bans_on, profile_in_force, terms_on
from collector_app.compliance.rules import ContactFacts, HourWindow, decide, visit_windows
from collector_app.core import clock
from collector_app.live.models import AlertAcknowledgement
from collector_app.live.queries.rows import CollectorDay, StopDot, Today
from collector_app.live.queries.today import OPEN
from collector_app.live.rules import (
    Alert,
    AlertKey,
    DayOfOne,
    OpenStop,
    Phone,
    RouteEnd,
    Sighting,
    alerts_of,
    covers,
)
from collector_app.sync.models import Device
from collector_app.sync.queries import orders_of_day
from collector_app.visits.rules import distance_m


@dataclass(frozen=True, slots=True)
class NoteRow:
    """Who took note of an alert, when, and what they said."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert with the notes on it; ``is_noted`` while nothing is new since the last."""

    alert: Alert
    notes: tuple[NoteRow, ...]
    is_noted: bool


def alert_rows(session: Session, today: Today, zone: ZoneInfo) -> list[AlertRow]:
    """Return the alerts of a day, those that nobody took note of first.

    A fixed number of queries; the windows of single clients are worked out for those alone who
    asked for hours, are banned or have a rule lifted.
    """
    return _rows(session, today, zone, _Hours(session, today.day, zone, _open_clients(today)))


def shown_alerts(session: Session, today: Today, zone: ZoneInfo) -> list[AlertRow]:
    """Return `alert_rows` for a page, which writes nothing; hours are read as things are done."""
    waiting = _open_clients(today)
    question = (today.day, zone.key, waiting)
    hours = _shown.of(session, question, lambda: _Hours(session, today.day, zone, waiting))
    return _rows(session, today, zone, hours)


def _open_clients(today: Today) -> frozenset[int]:
    return frozenset(dot.client_id for dot in today.stops if dot.state in OPEN)


def _rows(session: Session, today: Today, zone: ZoneInfo, hours: "_Hours") -> list[AlertRow]:
    noted = _noted(session, today.day)
    rows = [_row(alert, noted) for alert in alerts_of(_days(session, today, zone, hours))]
    return sorted(rows, key=lambda row: row.is_noted)


def _row(alert: Alert, noted: Sequence[tuple[AlertKey, NoteRow]]) -> AlertRow:
    of_this = [(key, note) for key, note in noted if key[:3] == alert.key[:3]]
    is_noted = any(covers(key, alert.key) for key, _note in of_this)
    return AlertRow(alert, tuple(note for _key, note in of_this), is_noted)


def _noted(session: Session, day: date) -> list[tuple[AlertKey, NoteRow]]:
    found = session.execute(
        select(AlertAcknowledgement, User.full_name)
        .outerjoin(User, User.id == AlertAcknowledgement.noted_by)
        .where(AlertAcknowledgement.day == day)
        .order_by(AlertAcknowledgement.id)
    )
    return [
        (
            AlertKey(one.kind, one.collector_id, one.subject, one.level),
            NoteRow(name or "", one.noted_at, one.note),
        )
        for one, name in found
    ]


def _days(session: Session, today: Today, zone: ZoneInfo, hours: "_Hours") -> list[DayOfOne]:
    dots_of: defaultdict[int, list[StopDot]] = defaultdict(list)
    for dot in today.stops:
        dots_of[dot.collector_id].append(dot)
    orders = orders_of_day(session, today.day, zone)
    phones = _phones(session, clock.now())
    return [
        _day(
            row,
            _in_order(dots_of[row.collector_id], orders.get(row.collector_id, ())),
            hours,
            today.now_s,
            tuple(phones.get(row.collector_id, ())),
        )
        for row in today.collectors
    ]


def _in_order(dots: Iterable[StopDot], told: Sequence[int]) -> list[StopDot]:
    """Return stops as the collector goes: the order that their phone told, else the plan's."""
    place = {stop_id: n for n, stop_id in enumerate(told)}
    return sorted(dots, key=lambda dot: (place.get(dot.stop_id, -1), dot.position))


def _day(
    row: CollectorDay,
    dots: Sequence[StopDot],
    hours: "_Hours",
    now_s: int,
    phones: tuple[Phone, ...],
) -> DayOfOne:
    places = {dot.client_id: n for n, dot in enumerate(dots, start=1)}
    last, hours_of_route = None, None
    if row.returns_s is not None and row.ends_s is not None:
        hours_of_route = RouteEnd(row.returns_s, row.ends_s)
    if row.last_visit_id is not None:
        position = places.get(row.last_client_id or 0)
        last = Sighting(row.last_visit_id, position, _off_m(row, dots))
    return DayOfOne(
        collector_id=row.collector_id,
        name=row.name,
        now_s=now_s,
        delay_s=row.delay_s,
        silent_s=row.silent_s,
        open_stops=tuple(
            OpenStop(
                client_name=dot.client_name,
                position=places[dot.client_id],
                arrives_s=dot.arrives_s,
                starts_s=dot.starts_s,
                leaves_s=dot.leaves_s,
                windows=hours.of(dot.client_id),
            )
            for dot in dots
            if dot.state in OPEN
        ),
        last=last,
        phones=phones,
        hours=hours_of_route,
    )


def _off_m(row: CollectorDay, dots: Iterable[StopDot]) -> int | None:
    """Return how far the last place of a collector is from their nearest stop, metres."""
    if row.last_lat is None or row.last_lon is None:
        return None
    return min(
        (distance_m(row.last_lat, row.last_lon, dot.lat, dot.lon) for dot in dots), default=None
    )


class _Hours:
    """When each client may be visited on a day; most of them like everybody else."""

    def __init__(
        self, session: Session, day: date, zone: ZoneInfo, clients: Collection[int]
    ) -> None:
        self._day, self._zone = day, zone
        self._profile = profile_in_force(session, day)
        self._of_all = visit_windows(self._profile, day)
        self._bans = bans_on(session, day) if clients else {}
        self._terms = terms_on(session, day, zone, clients) if clients else {}

    def of(self, client_id: int) -> tuple[HourWindow, ...]:
        """Return the windows of one client, by law, house and their own wish."""
        ban, terms = self._bans.get(client_id), self._terms.get(client_id)
        if ban is None and terms is None:
            return self._of_all
        facts = ContactFacts(
            (terms.zone if terms else None) or self._zone,
            asked_in=self._zone,
            ban=ban,
            wishes=terms.wishes if terms else (),
            overridden=terms.overridden if terms else frozenset(),
            place=terms.place if terms else None,
            creditors=terms.creditors if terms else None,
        )
        return decide(self._profile, facts, self._day).windows


_shown: KeptUntilDone[_Hours] = KeptUntilDone(1)


def _phones(session: Session, now: datetime) -> Mapping[int, list[Phone]]:
    """Return what phones that are in use said they keep, by collector."""
    found: defaultdict[int, list[Phone]] = defaultdict(list)
    for device in session.scalars(
        select(Device)
        .where(Device.revoked_at.is_(None), Device.pending_events + Device.pending_photos > 0)
        .order_by(Device.id)
    ):
        unheard_s = int((now - device.last_seen_at).total_seconds())
        pending = device.pending_events + device.pending_photos
        found[device.user_id].append(Phone(device.id, pending, unheard_s))
    return found
