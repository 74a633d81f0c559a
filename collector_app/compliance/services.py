"""What people decide: which law applies, and whom nobody may contact."""

from datetime import date

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.compliance.models import ContactBan, ProfileChoice
from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.queries import law_in_force
from collector_app.compliance.rules import BanKind
from collector_app.core import clock
from collector_app.core.actor import OFFICE, Actor, Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.portfolio.models import Client


class DecisionUnexplained(InvalidInput):
    """A decision of this weight needs a reason."""

    code = "decision_unexplained"


class NotRetroactive(InvalidInput):
    """A law is chosen from today on: the past was planned under the law of its day."""

    code = "profile_not_retroactive"


class BanEndsBeforeItBegins(InvalidInput):
    """The last day of a ban lies before its first."""

    code = "ban_ends_early"


def choose_profile(
    session: Session, actor: Actor, profile_id: str, from_on: date, reason: str, *, today: date
) -> ProfileChoice:
    """Put a profile of law in force from a day on.

    Plans that exist keep the law they were made under.

    Parameters
    ----------
    today : date
        The present day in the time zone of the business.

    Raises
    ------
    NotAllowed
        Unless an admin asks.
    NotFound
        If there is no such profile.
    NotRetroactive, DecisionUnexplained
        If the day has passed, or nothing explains the choice.
    """
    actor.require(Role.ADMIN, Role.SYSTEM)
    profile = law_profile(profile_id)
    if from_on < today:
        raise NotRetroactive("from_on", "today or a later day")
    before = law_in_force(session, from_on)
    choice = ProfileChoice(
        profile_id=profile.id,
        from_on=from_on,
        reason=explained(reason),
        chosen_by=actor.user_id,
        chosen_at=clock.now(),
    )
    session.add(choice)
    audit.log(
        session,
        actor,
        "compliance.profile_chosen",
        choice,
        before=before.id,
        after=profile.id,
        from_on=from_on.isoformat(),
        reason=choice.reason,
    )
    return choice


def ban_contact(
    session: Session,
    actor: Actor,
    client_id: int,
    reason: str,
    from_on: date,
    to_on: date | None = None,
    *,
    kind: BanKind = BanKind.OTHER,
) -> ContactBan:
    """Forbid every visit to a client from day to day, both inclusive; None is without end.

    Collectors are told the kind alone; only of another kind than those known the reason.

    Raises
    ------
    NotAllowed
        Unless somebody of the office asks.
    NotFound
        If there is no such client.
    DecisionUnexplained, BanEndsBeforeItBegins
        If nothing explains the ban, or its days are in the wrong order.
    """
    actor.require(*OFFICE)
    if session.get(Client, client_id) is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    if to_on is not None and to_on < from_on:
        raise BanEndsBeforeItBegins("to_on", "the first day or a later one")
    ban = ContactBan(
        client_id=client_id,
        kind=kind,
        reason=explained(reason),
        from_on=from_on,
        to_on=to_on,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(ban)
    audit.log(session, actor, "contact.banned", ban, client_id=client_id)
    return ban


def lift_ban(session: Session, actor: Actor, ban_id: int, reason: str, *, today: date) -> None:
    """End a ban: from now on the client may be visited again; what was done before was against it.

    A ban that had not begun is left with no day at all.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin asks.
    NotFound
        If there is no such ban in force or to come.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
    ban = session.get(ContactBan, ban_id, with_for_update={"key_share": True})
    if ban is None or (ban.to_on is not None and ban.to_on < today):
        message = f"no ban {ban_id} to lift"
        raise NotFound(message)
    ban.lift(actor.user_id, clock.now(), explained(reason), today=today)
    audit.log(session, actor, "contact.ban_lifted", ban, reason=ban.lift_reason)


def explained(reason: str) -> str:
    """Return the words of a reason.

    Raises
    ------
    DecisionUnexplained
        When there are none.
    """
    if not reason.strip():
        raise DecisionUnexplained("reason", "why this is decided")
    return reason.strip()
