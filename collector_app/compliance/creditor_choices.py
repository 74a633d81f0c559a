"""Decisions about creditors: for whom we collect, and under which profile of law each stands."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.compliance.models import CreditorProfile
from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.services import NotRetroactive, explained
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.portfolio.gathering import plain
from collector_app.portfolio.known import known_creditors
from collector_app.portfolio.models import Creditor


class CreditorUnnamed(InvalidInput):
    """A creditor has a name: that by which files tell whose a credit is."""

    code = "creditor_unnamed"


class CreditorKnown(InvalidInput):
    """There is a creditor of that name, whatever the case, accents and spaces."""

    code = "creditor_known"


def add_creditor(
    session: Session,
    actor: Actor,
    name: str,
    profile_id: str | None,
    reason: str,
    *,
    today: date,
) -> Creditor:
    """Add somebody for whom we collect, under a profile of law from today on.

    Parameters
    ----------
    profile_id : str, optional
        None: no other law than that of the house.

    Raises
    ------
    NotAllowed
        Unless an admin asks, who chooses the law of the house as well.
    CreditorUnnamed, CreditorKnown
        Without a name, or with that of another creditor.
    NotFound, DecisionUnexplained
        If there is no such profile, or nothing explains it.
    """
    actor.require(Role.ADMIN, Role.SYSTEM)
    called = " ".join(name.split())
    if not plain(called):
        raise CreditorUnnamed("name", "the name that files give")
    _check_nobody_has(session, called)
    why, chosen = explained(reason), _profile_id(profile_id)
    creditor = Creditor(name=called, created_by=actor.user_id, created_at=clock.now())
    try:
        with session.begin_nested():
            session.add(creditor)
    except IntegrityError as error:  # somebody else took the name between the look and now
        _check_nobody_has(session, called)
        raise CreditorKnown("name", "a name of nobody else", name=called) from error
    audit.log(session, actor, "creditor.added", creditor, name=called)
    _choose(session, actor, creditor, chosen, today, why, before=None)
    return creditor


def choose_creditor_profile(
    session: Session,
    actor: Actor,
    creditor_id: int,
    profile_id: str | None,
    from_on: date,
    reason: str,
    *,
    today: date,
) -> CreditorProfile:
    """Put a profile of law in force for the credits of a creditor, from a day on.

    What was done before stays under the law of its day.

    Raises
    ------
    NotAllowed
        Unless an admin asks.
    NotFound
        If there is no such creditor or profile.
    NotRetroactive, DecisionUnexplained
        If the day has passed, or nothing explains the choice.
    """
    actor.require(Role.ADMIN, Role.SYSTEM)
    creditor = session.get(Creditor, creditor_id, with_for_update={"key_share": True})
    if creditor is None:
        message = f"no creditor {creditor_id}"
        raise NotFound(message)
    if from_on < today:
        raise NotRetroactive("from_on", "today or a later day")
    before = session.scalars(
        select(CreditorProfile.profile_id)
        .where(CreditorProfile.creditor_id == creditor_id, CreditorProfile.from_on <= from_on)
        .order_by(CreditorProfile.id.desc())
    ).first()
    chosen, why = _profile_id(profile_id), explained(reason)
    return _choose(session, actor, creditor, chosen, from_on, why, before=before)


def _check_nobody_has(session: Session, name: str) -> None:
    """Raise `CreditorKnown`, naming the creditor that has a name already, however it is written."""
    there = known_creditors(session).get(plain(name))
    if there is not None:
        raise CreditorKnown("name", "a name of nobody else", name=there[1])


def _profile_id(profile_id: str | None) -> str | None:
    """Return the id of a profile that there is, None for none; raise `NotFound` otherwise."""
    return law_profile(profile_id).id if profile_id else None


def _choose(
    session: Session,
    actor: Actor,
    creditor: Creditor,
    profile_id: str | None,
    from_on: date,
    reason: str,
    *,
    before: str | None,
) -> CreditorProfile:
    choice = CreditorProfile(
        creditor_id=creditor.id,
        profile_id=profile_id,
        from_on=from_on,
        reason=reason,
        chosen_by=actor.user_id,
        chosen_at=clock.now(),
    )
    session.add(choice)
    audit.log(
        session,
        actor,
        "creditor.profile_chosen",
        choice,
        creditor=creditor.name,
        before=before,
        after=choice.profile_id,
        from_on=from_on.isoformat(),
        reason=choice.reason,
    )
    return choice
