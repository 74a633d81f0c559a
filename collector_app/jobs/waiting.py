"""Why a job does not get on."""

from datetime import datetime, timedelta
from enum import StrEnum

from collector_app.core.jobs import JobState, JobStatus
from collector_app.jobs.rules import Workers

STARTS_WITHIN = timedelta(seconds=20)  # an idle worker takes a job within a second
REPORTS_WITHIN = timedelta(minutes=2)  # said in `jobs/_progress.html`


class Waiting(StrEnum):
    """What a job waits for; each is a sentence of `jobs/_progress.html`."""

    NOTHING = "nothing"
    NO_WORKER = "no_worker"  # it waits until one is started
    WORKER_LOST = "worker_lost"  # it was begun; one that is started begins it again
    BUSY = "busy"  # others are before it
    SLOW_START = "slow_start"
    SILENT = "silent"


def waits_for(job: JobStatus, workers: Workers, ahead: int, now: datetime) -> Waiting:
    """Return why a job does not get on.

    Parameters
    ----------
    ahead : int
        How many jobs run or were put into the queue before this one.
    """
    if job.state is JobState.QUEUED:
        if not workers.alive:
            return Waiting.NO_WORKER
        if ahead:
            return Waiting.BUSY
        return Waiting.SLOW_START if now - job.enqueued_at > STARTS_WITHIN else Waiting.NOTHING
    if job.state is JobState.RUNNING:
        if not workers.alive:
            return Waiting.WORKER_LOST
        since = job.reported_at or job.enqueued_at
        return Waiting.SILENT if now - since > REPORTS_WITHIN else Waiting.NOTHING
    return Waiting.NOTHING
