"""How a job stands, in what pages say of it."""

from typing import Any

from collector_app.core import clock, jobs
from collector_app.core.jobs import JobState, JobStatus
from collector_app.jobs.queries import workers
from collector_app.jobs.rules import START_COMMAND
from collector_app.jobs.waiting import waits_for
from collector_app.web.extensions import db
from collector_app.web.words import message


def standing(status: JobStatus) -> dict[str, Any]:
    """Return what `jobs/_held_up.html` shows: what failed, and what a job waits for."""
    ahead = jobs.ahead_of(status) if status.state is JobState.QUEUED else 0
    alive = workers(db.session(), clock.now())
    return {
        "job": status,
        "failure": message(status.error, status.error_facts) if status.error else None,
        "waiting": waits_for(status, alive, ahead, clock.now()),
        "workers": alive,
        "ahead": ahead,
        "start_command": START_COMMAND,
    }
