"""How a job goes: one page for all kinds of long work."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.core import jobs
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.jobs import JobState, JobStatus
from collector_app.jobs.standing import standing

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
    return render_template(
        "jobs/_progress.html" if is_fragment else "jobs/progress.html",
        **standing(status),
        is_fragment=is_fragment,
        title=status.arguments.get("title"),
        back_url=status.arguments.get("back_url", "/"),
    )


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"


def _go(url: str, *, is_fragment: bool) -> Response:
    if not is_fragment:
        return redirect(url)
    answer = make_response("")
    answer.headers["HX-Redirect"] = url
    return answer
