"""How a job goes: one page for all kinds of long work."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.core import clock, jobs
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.jobs import JobState, JobStatus
from collector_app.jobs.queries import workers
from collector_app.jobs.rules import START_COMMAND
from collector_app.jobs.waiting import waits_for
from collector_app.web.extensions import db
from collector_app.web.words import message

bp = Blueprint("jobs", __name__)

SEES_ALL = (Role.DISPATCHER, Role.ADMIN)


@bp.get("/<job_id>")
@allow(Role.SUPERVISOR, *SEES_ALL)
def progress(job_id: str) -> str | Response:
    return show(visible_job(current_actor(), job_id), is_fragment=_is_fragment())


@bp.post("/<job_id>/cancelar")
@allow(Role.SUPERVISOR, *SEES_ALL)
def cancel(job_id: str) -> Response:
    visible_job(current_actor(), job_id)
    jobs.cancel(job_id)
    return redirect(url_for(".progress", job_id=job_id))


@bp.post("/<job_id>/terminar")
@allow(Role.SUPERVISOR, *SEES_ALL)
def finish_early(job_id: str) -> Response:
    visible_job(current_actor(), job_id)
    jobs.finish_early(job_id)
    return redirect(url_for(".progress", job_id=job_id))


def visible_job(actor: Actor, job_id: str) -> JobStatus:
    """Return a job that this person may see: one's own; dispatchers and admins see all.

    Raises
    ------
    NotFound
        If there is none.
    """
    status = jobs.status(job_id)
    if actor.role not in SEES_ALL and status.started_by != actor.user_id:
        text = f"job {job_id} was started by somebody else"
        raise NotFound(text)
    return status


def show(status: JobStatus, *, is_fragment: bool) -> str | Response:
    """Show how a job stands, or go on to where its result is."""
    next_url = (status.result or {}).get("next_url")
    if status.state == JobState.DONE and next_url:
        return _go(str(next_url), is_fragment=is_fragment)
    alive, ahead = workers(db.session(), clock.now()), _ahead(status)
    return render_template(
        "jobs/_progress.html" if is_fragment else "jobs/progress.html",
        job=status,
        is_fragment=is_fragment,
        title=status.arguments.get("title"),
        back_url=status.arguments.get("back_url", "/"),
        failure=message(status.error, status.error_facts) if status.error else None,
        waiting=waits_for(status, alive, ahead, clock.now()),
        workers=alive,
        ahead=ahead,
        start_command=START_COMMAND,
    )


def _ahead(status: JobStatus) -> int:
    return jobs.ahead_of(status) if status.state is JobState.QUEUED else 0


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"


def _go(url: str, *, is_fragment: bool) -> Response:
    if not is_fragment:
        return redirect(url)
    answer = make_response("")
    answer.headers["HX-Redirect"] = url
    return answer
