"""Decisions about one client beside the law: hours they asked for, rules lifted for them."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.compliance.models import ContactWish, RuleOverride
from collector_app.compliance.queries import every_profile
from collector_app.compliance.rules import (
    LONGEST_OVERRIDE_DAYS,
    NoExpiry,
    NotLiftable,
    OwnRequest,
    may_override,
    wish_rule,
)
from collector_app.compliance.services import explained
from collector_app.core import clock
from collector_app.core.actor import OFFICE, Actor, Role
from collector_app.core.errors import NotFound
from collector_app.portfolio.models import Client


@dataclass(frozen=True, slots=True)
class WishData:
    """Hours that a client asked for; see `rules.wish_rule` for the units."""

    client_id: int
    weekdays: str
    starts_s: int
    ends_s: int
    reason: str
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class OverrideData:
    """A rule to lift for a client: why, on which ground of the law, and until when."""

    client_id: int
    rule_id: str
    ground: str | None
    reason: str
    to_on: date


def honour_wish(session: Session, actor: Actor, data: WishData, *, today: date) -> ContactWish:
    """Keep to the hours that a client asked for, from today on.

    Raises
    ------
    NotAllowed, NotFound
        Unless somebody of the office asks, for a client that exists.
    BadHours, DecisionUnexplained
        When the hours leave nothing open, or nothing says where the wish stands.
    """
    actor.require(*OFFICE)
    _check_client(session, data.client_id)
    wish_rule(0, data.weekdays, data.starts_s, data.ends_s)
    wish = ContactWish(
        client_id=data.client_id,
        weekdays=data.weekdays,
        starts_s=data.starts_s,
        ends_s=data.ends_s,
        reason=explained(data.reason),
        from_on=today,
        to_on=data.to_on,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(wish)
    audit.log(session, actor, "contact.wish_honoured", wish, client_id=data.client_id)
    return wish


def end_wish(
    session: Session, actor: Actor, wish_id: int, reason: str, *, today: date
) -> ContactWish:
    """End hours that a client asked for, who wants others or none: from now on they bind nobody.

    Whoever came or called before this instant had to keep to them. Twice changes nothing.

    Raises
    ------
    NotAllowed
        Unless somebody of the office asks, who may honour a wish as well.
    NotFound
        When there is none, or its last day has passed.
    DecisionUnexplained
        Without a reason.
    """
    actor.require(*OFFICE)
    wish = session.get(ContactWish, wish_id, with_for_update={"key_share": True})
    why = explained(reason)
    if wish is not None and wish.lifted_at is not None:
        return wish
    if wish is None or (wish.to_on is not None and wish.to_on < today):
        message = f"no wish {wish_id} whose last day is still to come"
        raise NotFound(message)
    wish.lift(actor.user_id, clock.now(), why, today=today)
    audit.log(session, actor, "contact.wish_ended", wish, client_id=wish.client_id, reason=why)
    return wish


def request_override(
    session: Session, actor: Actor, data: OverrideData, *, today: date
) -> RuleOverride:
    """Ask to lift a rule for one client; nothing changes until another person grants it.

    Asking again for what already waits, with the same last day, is the same request.

    Raises
    ------
    NotAllowed, NotFound
        Unless somebody of the office asks, for a client and a rule that exist.
    NotLiftable
        When the law leaves no exception, or not on that ground.
    NoExpiry, DecisionUnexplained
        Without a last day within `LONGEST_OVERRIDE_DAYS`, or without a reason.
    """
    actor.require(*OFFICE)
    _check_client(session, data.client_id)
    rules = {rule.id: rule for rule in every_profile(session, today).rules}
    if data.rule_id not in rules:
        message = f"no rule {data.rule_id!r} in force"
        raise NotFound(message)
    if not may_override(rules[data.rule_id], data.ground):
        raise NotLiftable(rule_id=data.rule_id)
    if not today <= data.to_on <= today + timedelta(days=LONGEST_OVERRIDE_DAYS):
        raise NoExpiry("to_on", f"within {LONGEST_OVERRIDE_DAYS} days", days=LONGEST_OVERRIDE_DAYS)
    waiting = session.scalars(
        select(RuleOverride).where(
            RuleOverride.client_id == data.client_id,
            RuleOverride.rule_id == data.rule_id,
            RuleOverride.ground == data.ground,
            RuleOverride.to_on == data.to_on,
            RuleOverride.granted_at.is_(None),
            RuleOverride.ended_at.is_(None),
        )
    ).first()
    if waiting is not None:
        return waiting
    override = RuleOverride(
        client_id=data.client_id,
        rule_id=data.rule_id,
        ground=data.ground,
        reason=explained(data.reason),
        from_on=today,
        to_on=data.to_on,
        requested_by=actor.user_id,
        requested_at=clock.now(),
    )
    session.add(override)
    audit.log(session, actor, "rule.override_requested", override, rule_id=data.rule_id)
    return override


def grant_override(
    session: Session, actor: Actor, override_id: int, *, today: date
) -> RuleOverride:
    """Let an exception hold; only somebody else than who asked may. Twice changes nothing.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin grants it.
    NotFound
        When there is none, it was taken back, or its last day has passed.
    OwnRequest
        When the same person asked for it.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    override = _locked(session, override_id, today)
    if override.ended_at is not None:
        message = f"exception {override_id} was taken back"
        raise NotFound(message)
    if override.requested_by == actor.user_id:
        raise OwnRequest
    if override.granted_at is None:
        override.granted_by, override.granted_at = actor.user_id, clock.now()
        override.from_on = max(today, override.from_on)
        audit.log(session, actor, "rule.overridden", override, rule_id=override.rule_id)
    return override


def end_override(
    session: Session, actor: Actor, override_id: int, reason: str, *, today: date
) -> RuleOverride:
    """Take an exception back before its day: reject what was asked for, revoke what was granted.

    From this instant on the rule holds again; what was done before it was within the exception.
    Twice changes nothing.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin does, or who asked for it and has no answer yet.
    NotFound
        When there is none, or its last day has passed.
    DecisionUnexplained
        Without a reason.
    """
    actor.require(*OFFICE)
    override = _locked(session, override_id, today)
    is_granted = override.granted_at is not None
    if is_granted or override.requested_by != actor.user_id:
        actor.require(Role.SUPERVISOR, Role.ADMIN)
    why = explained(reason)
    if override.ended_at is None:
        override.ended_by, override.ended_at = actor.user_id, clock.now()
        override.end_reason = why
        event = "rule.override_revoked" if is_granted else "rule.override_rejected"
        audit.log(session, actor, event, override, rule_id=override.rule_id, reason=why)
    return override


def _locked(session: Session, override_id: int, today: date) -> RuleOverride:
    override = session.get(RuleOverride, override_id, with_for_update={"key_share": True})
    if override is None or override.to_on < today:
        message = f"no exception {override_id} whose last day is still to come"
        raise NotFound(message)
    return override


def _check_client(session: Session, client_id: int) -> None:
    if session.get(Client, client_id, with_for_update={"key_share": True}) is None:
        message = f"no client {client_id}"
        raise NotFound(message)
