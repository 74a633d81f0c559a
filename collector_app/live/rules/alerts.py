"""What of a running day somebody should look at; derived anew each time, never stored.

Stored is only that somebody took note. That covers an alert as it was: it comes back when it gets
worse, or when the same happens again at another moment.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from collector_app.compliance.rules import HourWindow
from collector_app.core.errors import InvalidInput
from collector_app.live.rules.figures import LATE_AFTER_S, SILENT_AFTER_S

# Company policy, all of it.
WORSE_EVERY_S = 30 * 60  # an alert that somebody took note of comes back when it grew by so much
FAR_M = 1_500  # from every stop of the route: no detour for parking or for a wrong door
SKIPPED_STOPS = 2  # one stop left for later is everyday
PENDING_AFTER_S = 30 * 60  # a phone that has signal sends within a minute
LONGEST_NOTE = 300


class AlertKind(StrEnum):
    """Why somebody should look, the gravest first."""

    AT_RISK = "at_risk"
    SILENT = "silent"
    OVERTIME = "overtime"
    LATE = "late"
    FAR_FROM_ROUTE = "far_from_route"
    OUT_OF_ORDER = "out_of_order"
    PHONE_PENDING = "phone_pending"


class WrongNote(InvalidInput):
    """A note on an alert is short enough to be read at a glance."""

    code = "wrong_note"


@dataclass(frozen=True, slots=True)
class OpenStop:
    """A stop still to be visited; seconds since local midnight.

    ``windows`` are the hours in which law, house and client let it be visited today.
    """

    client_name: str
    position: int
    arrives_s: int
    starts_s: int
    leaves_s: int
    windows: tuple[HourWindow, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last visit of a collector.

    ``position`` is that of its stop, None when it was not on the route; ``off_m`` how far it was
    from the nearest stop of the route, None without a place or a route.
    """

    visit_id: int
    position: int | None
    off_m: int | None


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone said it keeps unsent, and for how long it was not heard."""

    device_id: int
    pending: int
    unheard_s: int


@dataclass(frozen=True, slots=True)
class DayOfOne:
    """What is known of one collector's day at ``now_s``, seconds since local midnight.

    ``hours`` are when the plan lets them return and when their shift ends, None without a route.
    """

    collector_id: int
    name: str
    now_s: int
    delay_s: int
    silent_s: int | None
    open_stops: tuple[OpenStop, ...] = ()
    last: Sighting | None = None
    phones: tuple[Phone, ...] = ()
    hours: "RouteEnd | None" = None


class RouteEnd(NamedTuple):
    """When a route returns as planned, and when the shift of its collector ends."""

    returns_s: int
    ends_s: int


class AlertKey(NamedTuple):
    """Which alert it is: ``subject`` tells one moment from another, ``level`` how bad it is."""

    kind: AlertKind
    collector_id: int
    subject: str
    level: int


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at; ``facts`` are what its sentence needs."""

    key: AlertKey
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def delay_s(*, last: tuple[int, int] | None, next_arrives_s: int | None, now_s: int) -> int:
    """Return how far a collector is behind the plan, seconds, 0 when they are not.

    Parameters
    ----------
    last : (int, int), optional
        When the last planned stop should have ended, and when it did.
    next_arrives_s : int, optional
        When the first stop after it should be reached: who is not there by then is late
        already. Stops that were left behind on purpose don't count.
    """
    behind = [0]
    if last is not None:
        behind.append(last[1] - last[0])
    if next_arrives_s is not None:
        behind.append(now_s - next_arrives_s)
    return max(behind)


def alerts_of(days: Iterable[DayOfOne]) -> list[Alert]:
    """Return what is to be looked at, the gravest kinds first, then by name."""
    order = list(AlertKind)
    found = [alert for day in days for alert in _of_one(day)]
    return sorted(found, key=lambda one: (order.index(one.key.kind), one.name, one.key.subject))


def covers(noted: AlertKey, alert: AlertKey) -> bool:
    """Tell whether what somebody took note of is still all there is to an alert."""
    return noted[:3] == alert[:3] and noted.level >= alert.level


def checked_note(text: str) -> str:
    """Return a note without the space around it; it may be empty.

    Raises
    ------
    WrongNote
        If it is too long.
    """
    note = text.strip()
    if len(note) > LONGEST_NOTE:
        raise WrongNote("note", f"up to {LONGEST_NOTE} letters", most=LONGEST_NOTE)
    return note


def _of_one(day: DayOfOne) -> Iterator[Alert]:
    at_risk = [stop for stop in day.open_stops if not _is_in_time(stop, _reached_s(stop, day))]
    if at_risk:
        first = at_risk[0]
        facts = {"n": len(at_risk), "client": first.client_name, "at_s": _reached_s(first, day)}
        yield _alert(day, AlertKind.AT_RISK, "", len(at_risk), **facts)
    if day.silent_s is not None:
        since = str(day.last.visit_id) if day.last else ""
        level = (day.silent_s - SILENT_AFTER_S) // WORSE_EVERY_S
        yield _alert(day, AlertKind.SILENT, since, level, for_s=day.silent_s)
    if day.open_stops and day.delay_s > LATE_AFTER_S:
        yield _late(day)
    yield from _of_place(day)
    for phone in day.phones:
        if phone.pending and phone.unheard_s >= PENDING_AFTER_S:
            level = phone.unheard_s // WORSE_EVERY_S
            facts = {"n": phone.pending, "for_s": phone.unheard_s}
            yield _alert(day, AlertKind.PHONE_PENDING, str(phone.device_id), level, **facts)


def _late(day: DayOfOne) -> Alert:
    """Return how far behind somebody is; past the end of their shift it is another matter."""
    level, facts = day.delay_s // WORSE_EVERY_S, {"by_s": day.delay_s, "n": len(day.open_stops)}
    if day.hours is None or day.hours.returns_s + day.delay_s - day.hours.ends_s <= LATE_AFTER_S:
        return _alert(day, AlertKind.LATE, "", level, **facts)
    facts |= {"at_s": day.hours.returns_s + day.delay_s, "until_s": day.hours.ends_s}
    return _alert(day, AlertKind.OVERTIME, "", level, **facts)


def _of_place(day: DayOfOne) -> Iterator[Alert]:
    """Where the collector was last, against where the route has them."""
    if day.last is None:
        return
    visit = str(day.last.visit_id)
    if day.open_stops and day.last.off_m is not None and day.last.off_m > FAR_M:
        yield _alert(day, AlertKind.FAR_FROM_ROUTE, visit, 1, off_m=day.last.off_m)
    position = day.last.position
    skipped = [one for one in day.open_stops if position is not None and one.position < position]
    if len(skipped) >= SKIPPED_STOPS:
        facts = {"n": len(skipped), "client": skipped[0].client_name}
        yield _alert(day, AlertKind.OUT_OF_ORDER, "", len(skipped), **facts)


def _alert(day: DayOfOne, kind: AlertKind, subject: str, level: int, **facts: Any) -> Alert:
    return Alert(AlertKey(kind, day.collector_id, subject, level), day.name, facts)


def _reached_s(stop: OpenStop, day: DayOfOne) -> int:
    """Return when a stop is reached if nothing is made up for; one left behind, not before now."""
    return max(stop.arrives_s + day.delay_s, day.now_s)


def _is_in_time(stop: OpenStop, reached_s: int) -> bool:
    """Tell whether a visit still ends within hours; it may wait for them."""
    takes_s = stop.leaves_s - stop.starts_s
    return any(max(reached_s, one.start_s) + takes_s <= one.end_s for one in stop.windows)
