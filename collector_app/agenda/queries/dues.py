"""What clients said they would pay around a day, and how likely it is that they will."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.agenda.rules import Due, Follow, is_followed_up
from collector_app.agenda.rules.saying import LATE, follow_of
from collector_app.agreements.queries import Standing, standings
from collector_app.core import clock
from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.payments.queries import PromiseRow, currencies_of, promise_states
from collector_app.portfolio.rules import Stage
from collector_app.promises.models import Promise
from collector_app.scoring.queries import promise_chances
from collector_app.stages.promise_limits import waited_for
from collector_app.stages.queries import client_stages
from collector_app.zones.queries import ZoneOwner, owners

OVERDUE_DAYS = 30  # what ran out longer ago is no promise any more, but a debt
COMING_DAYS = 14
NOBODY = ZoneOwner(0, None)
Chance = tuple[float | None, int | None]  # that a promise is kept, and of how many it was learned


def dues(session: Session, day: date, zone: ZoneInfo) -> tuple[Due, ...]:
    """Return everything that is overdue, due today or coming, the oldest first.

    Promises from `OVERDUE_DAYS` ago to `COMING_DAYS` ahead, and the next instalment of each signed
    agreement within them; and open promises for which nobody waits any more, however far ahead. A
    broken promise that another one took the place of is left out.
    """
    found = _dues_of(session, day, zone, None)
    clients = {one.client_id for one in found}
    chances = promise_chances(session, clock.local_day(day, zone)[1], zone, clients)

    def chance(client_id: int) -> Chance:
        learnt = chances.of(client_id)
        return learnt.share, learnt.sample

    return _completed(session, day, found, chance)


def dues_of(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int], told: Iterable[Due]
) -> tuple[Due, ...]:
    """Return `dues` of some clients as they are now, with the chances that were told before.

    What chance a promise has is learned from everybody's, which takes seconds for 100,000 clients.

    Parameters
    ----------
    told : iterable of Due
        `dues` of everybody, some minutes old or not; whoever is new since has no chance yet.
    """
    known = {one.client_id: (one.share, one.sample) for one in told if one.sample is not None}
    found = _dues_of(session, day, zone, client_ids)
    return _completed(session, day, found, lambda client_id: known.get(client_id, (None, None)))


def _dues_of(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int] | None
) -> list[Due]:
    """Return what is due, without whose it is and what its chance is."""
    first, last = day - timedelta(days=OVERDUE_DAYS), day + timedelta(days=COMING_DAYS)
    promises = promise_states(session, day, _promised(session, first, client_ids), zone=zone)
    stages = client_stages(session, day, zone, promises) if promises else {}
    agreed = {
        client: one
        for client, one in standings(session, day, zone, client_ids).items()
        if first <= one.due_on <= last
    }
    return [
        *(
            due
            for client, rows in promises.items()
            for due in _promise_dues(client, rows, (first, day, last), stages, zone)
        ),
        *(_instalment_due(client, one, day) for client, one in agreed.items()),
    ]


def _promised(session: Session, first: date, client_ids: Collection[int] | None) -> Collection[int]:
    found = session.scalars(
        select(Promise.client_id)
        .where(
            Promise.due_on >= first,
            Promise.cancelled_at.is_(None),
            among(Promise.client_id, client_ids),
        )
        .distinct()
    )
    return set(found)


def _promise_dues(
    client_id: int,
    rows: list[PromiseRow],
    days: tuple[date, date, date],
    stages: Mapping[int, Stage],
    zone: ZoneInfo,
) -> list[Due]:
    first, day, last = days
    made_on = {one.id: one.made_at.astimezone(zone).date() for one in rows}
    found = []
    for one in rows:
        follow = follow_of(one.state, one.due_on, day)
        others = [(other.state, made_on[other.id]) for other in rows if other.id != one.id]
        is_past = one.state in LATE and is_followed_up(made_on[one.id], others)
        stage = stages.get(client_id, Stage.PREVENTIVE)
        is_too_far = follow is Follow.COMING and waited_for([one], stage, day, zone) is None
        if follow and first <= one.due_on and (is_too_far or one.due_on <= last) and not is_past:
            told = one.due_on, one.amount_cents, one.paid_cents
            due = Due(client_id, follow, *told, None, None, None, is_too_far=is_too_far)
            found.append(due)
    return found


def _instalment_due(client_id: int, one: Standing, day: date) -> Due:
    follow = Follow.COMING if one.due_on > day else Follow.TODAY
    if one.is_broken:
        follow = Follow.OVERDUE
    return Due(client_id, follow, one.due_on, one.amount_cents, 0, one.agreement_id, None, None)


def _completed(
    session: Session, day: date, found: list[Due], chance: Callable[[int], Chance]
) -> tuple[Due, ...]:
    """Return the same with zone, collector, currency and, unless its days are over, its chance."""
    clients = {one.client_id for one in found}
    whose, known = owners(session, day, clients), currencies_of(session, clients)
    complete = []
    for one in found:
        owner = whose.get(one.client_id, NOBODY)
        share, sample = (None, None) if one.follow is Follow.OVERDUE else chance(one.client_id)
        complete.append(
            replace(
                one,
                collector_id=owner.collector_id,
                zone_id=owner.zone_id or None,
                currency=known.get(one.client_id, USUAL_CURRENCY),
                share=share,
                sample=sample,
            )
        )
    return tuple(sorted(complete, key=lambda one: (one.due_on, one.client_id)))
