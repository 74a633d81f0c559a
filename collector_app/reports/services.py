"""Schedule reports, ask for one, and keep how its making ended."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.reports.models import MadeReport, ReportSchedule
from collector_app.reports.rules import (
    FileKind,
    Hours,
    NotFailed,
    ReportKind,
    ReportState,
    last_due_on,
    next_try_at,
)

READERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


def schedule_report(
    session: Session, actor: Actor, kind: ReportKind, hours: Hours
) -> ReportSchedule:
    """Make a report on some weekdays at an hour from now on.

    Raises
    ------
    NotAllowed, WrongSchedule
        If the actor may not, or no weekday is chosen.
    """
    actor.require(*READERS)
    hours = hours.checked()
    made = ReportSchedule(
        kind=kind,
        weekdays=hours.weekdays,
        at_s=hours.at_s,
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    session.add(made)
    audit.log(session, actor, "report.scheduled", made, report=kind)
    return made


def end_schedule(session: Session, actor: Actor, schedule_id: int) -> None:
    """Make no more reports of a schedule; those that were made stay.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not, or there is no such schedule in force.
    """
    actor.require(*READERS)
    found = session.get(ReportSchedule, schedule_id)
    if found is None or found.ended_at is not None:
        message = f"no schedule {schedule_id} in force"
        raise NotFound(message)
    found.ended_at, found.ended_by = clock.now(), actor.user_id
    audit.log(session, actor, "report.schedule_ended", found)


def ask_for_report(session: Session, actor: Actor, kind: ReportKind, day: date) -> MadeReport:
    """Ask for a report of a day; the worker makes it.

    Raises
    ------
    NotAllowed
        If the actor may not.
    """
    actor.require(*READERS)
    return _ask(session, actor, kind, day)


def try_again(session: Session, actor: Actor, report_id: int) -> MadeReport:
    """Ask once more for a report that failed.

    Raises
    ------
    NotAllowed, NotFound, NotFailed
        If the actor may not, there is none, or it did not fail.
    """
    actor.require(*READERS)
    found = report_numbered(session, report_id)
    if found.state is not ReportState.FAILED:
        message = f"report {report_id} is {found.state}"
        raise NotFailed(message)
    _once_more(found)
    audit.log(session, actor, "report.tried_again", found)
    return found


def ask_for_due(session: Session, actor: Actor, zone: ZoneInfo) -> list[MadeReport]:
    """Ask for what schedules want by now, and again for what failed a while ago.

    Returns
    -------
    list of MadeReport
        All that wait to be made, also those asked for before: their jobs are put into the queue
        under the same id, so nothing is lost when that failed.
    """
    now = clock.now()
    for one in session.scalars(select(ReportSchedule).where(ReportSchedule.ended_at.is_(None))):
        since = one.created_at.astimezone(zone)
        day = last_due_on(Hours(one.weekdays, one.at_s), since, now.astimezone(zone))
        if day is not None and not _is_asked(session, one.id, day):
            _ask(session, actor, one.kind, day, one.id)
    for failed in session.scalars(
        select(MadeReport).where(MadeReport.state == ReportState.FAILED).order_by(MadeReport.id)
    ):
        at = next_try_at(failed.settled_at or failed.asked_at, failed.tries)
        if at is not None and at <= now:
            _once_more(failed)
    session.flush()
    waiting = select(MadeReport).where(MadeReport.state == ReportState.WAITING)
    return list(session.scalars(waiting.order_by(MadeReport.id)))


def keep_files(session: Session, report_id: int, files: dict[FileKind, str]) -> None:
    """Keep that a report was made, by the SHA-256 of its files; the same again changes nothing."""
    found = report_numbered(session, report_id)
    found.state, found.error, found.settled_at = ReportState.MADE, None, clock.now()
    found.pdf_sha256, found.xlsx_sha256 = files[FileKind.PDF], files[FileKind.XLSX]


def keep_failure(session: Session, report_id: int, error: str) -> None:
    """Keep why a report could not be made."""
    found = report_numbered(session, report_id)
    found.state, found.error, found.settled_at = ReportState.FAILED, error, clock.now()


def report_numbered(session: Session, report_id: int) -> MadeReport:
    """Return a report; raises `NotFound` when there is none."""
    found = session.get(MadeReport, report_id)
    if found is None:
        message = f"no report {report_id}"
        raise NotFound(message)
    return found


def _ask(
    session: Session, actor: Actor, kind: ReportKind, day: date, schedule_id: int | None = None
) -> MadeReport:
    made = MadeReport(
        kind=kind,
        day=day,
        schedule_id=schedule_id,
        asked_at=clock.now(),
        asked_by=actor.user_id,
        state=ReportState.WAITING,
        tries=1,
    )
    session.add(made)
    audit.log(session, actor, "report.asked", made, report=kind, day=day.isoformat())
    return made


def _once_more(report: MadeReport) -> None:
    report.state, report.tries = ReportState.WAITING, report.tries + 1


def _is_asked(session: Session, schedule_id: int, day: date) -> bool:
    found = select(MadeReport.id).where(
        MadeReport.schedule_id == schedule_id, MadeReport.day == day
    )
    return session.scalar(found) is not None
