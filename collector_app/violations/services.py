"""Keeping what judging found, what people decide about it, and fines that became final."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.compliance.profile_files import law_profiles
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.selection import among
from collector_app.violations.models import Sanction, ViolationCase
from collector_app.violations.queries import Verdict
from collector_app.violations.rules import (
    UNDECIDED,
    CaseState,
    NotFinalYet,
    OwnFault,
    ReasonMissing,
    Violation,
    law_broken,
)


def keep_verdict(
    session: Session,
    actor: Actor,
    verdict: Verdict,
    first: date,
    last: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
) -> None:
    """Keep what judging found on some days; a case that somebody decided stays as it is.

    `client_ids` are those whose facts alone were judged.

    A case that nobody decided, and that is no longer found, is withdrawn; it is never deleted. The
    cases of these days are locked, so that nobody decides on one while it is kept. Judging reads
    much and comes before, outside of the writing transaction: on SQLite others wait for that.
    """
    start = clock.local_midnight(first, zone)
    end = clock.local_midnight(last + timedelta(days=1), zone)
    known = {
        (one.kind, one.fact_id): one
        for one in session.scalars(
            select(ViolationCase)
            .where(
                ViolationCase.at >= start,
                ViolationCase.at < end,
                among(ViolationCase.client_id, client_ids),
            )
            .order_by(ViolationCase.id)
            .with_for_update(key_share=True)
        )
    }
    for found in verdict.violations:
        if not start <= found.at < end:
            continue
        case = known.pop((found.kind, found.id), None)
        if case is None:
            case = _case(found)
            session.add(case)
            log(session, actor, "violation.found", case, client_id=found.client_id)
        elif case.state in UNDECIDED:
            if _take_over(case, found) and case.state is CaseState.NEW:
                log(session, actor, "violation.judged_anew", case, client_id=case.client_id)
            _put(session, actor, case, CaseState.NEW)
    for case in known.values():
        if case.state is CaseState.NEW:
            _put(session, actor, case, CaseState.WITHDRAWN)


def decide_case(
    session: Session, actor: Actor, case_id: int, state: CaseState, reason: str
) -> ViolationCase:
    """Say what a falta is: confirmed, or justified; may be said anew, and each time is logged.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin decides.
    NotFound
        When there is no such case.
    OwnFault
        When it is about what the actor did.
    ReasonMissing
        Without a reason in words.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    case = session.get(ViolationCase, case_id, with_for_update={"key_share": True})
    if case is None:
        message = f"no violation case {case_id}"
        raise NotFound(message)
    if case.collector_id == actor.user_id:
        raise OwnFault
    if not reason.strip():
        raise ReasonMissing("reason", "why it was a falta, or why it is excused")
    before = case.state
    case.state, case.reason = state, reason.strip()
    case.decided_by, case.decided_at = actor.user_id, clock.now()
    log(session, actor, "violation.decided", case, before=before.value, after=state.value)
    return case


def note_sanction(
    session: Session, actor: Actor, law: str, final_on: date, reference: str, *, today: date
) -> Sanction:
    """Note a fine that became final.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin notes it.
    NotFound
        When there is no profile of law of that id.
    NotFinalYet
        When the day is still to come, or lies before `clock.FIRST_DAY`.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    if law not in law_profiles():
        message = f"no profile {law!r}"
        raise NotFound(message)
    if not clock.FIRST_DAY <= final_on <= today:
        raise NotFinalYet("final_on", f"a day from {clock.FIRST_DAY.year} on, until today")
    sanction = Sanction(
        law=law,
        final_on=final_on,
        reference=reference.strip(),
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )
    session.add(sanction)
    log(session, actor, "sanction.noted", sanction, law=law, final_on=final_on.isoformat())
    return sanction


def withdraw_sanction(session: Session, actor: Actor, sanction_id: int) -> None:
    """Take back a fine that was noted by mistake; it stays on the list, and counts no more.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin does.
    NotFound
        When there is none of that id.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    sanction = session.get(Sanction, sanction_id, with_for_update={"key_share": True})
    if sanction is None:
        message = f"no sanction {sanction_id}"
        raise NotFound(message)
    if sanction.withdrawn_at is None:
        sanction.withdrawn_at = clock.now()
        log(session, actor, "sanction.withdrawn", sanction, law=sanction.law)


def _put(session: Session, actor: Actor, case: ViolationCase, state: CaseState) -> None:
    """Put a case that nobody decided into the state in which judging left it."""
    if case.state is not state:
        case.state = state
        log(session, actor, f"violation.{state.value}", case, client_id=case.client_id)


def _case(found: Violation) -> ViolationCase:
    case = ViolationCase(
        kind=found.kind,
        fact_id=found.id,
        client_id=found.client_id,
        collector_id=found.collector_id,
        at=found.at,
        state=CaseState.NEW,
    )
    _take_over(case, found)
    return case


def _take_over(case: ViolationCase, found: Violation) -> bool:
    """Say in a case what judging found, and tell whether that was news."""
    blocks = [asdict(block) for block in found.blocks]
    if case.blocks == blocks and case.profile_version == found.profile_version:
        return False
    case.profile_id, case.profile_version = found.profile_id, found.profile_version
    case.law, case.blocks = law_broken(found.blocks), blocks
    case.judged_at = clock.now()
    return True
