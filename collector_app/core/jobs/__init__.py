"""Durable work outside the request; the only package that knows the job engine, DBOS.

The web process puts jobs into the engine's own store and reads how far they are; `flask worker`
runs them. A job survives the death of its worker: it starts again from its beginning, so a handler
writes its result once, at its end, under the id of its job.
"""

from collector_app.core.jobs.client import (
    ahead_of,
    cancel,
    close,
    enqueue,
    finish_early,
    is_under_way,
    keep_in,
    last_run,
    prepare,
    status,
)
from collector_app.core.jobs.recurring import Recurring, enqueue_due
from collector_app.core.jobs.running import AlreadyRunning, early_end, work
from collector_app.core.jobs.states import (
    EndsEarly,
    Handler,
    JobState,
    JobStatus,
    Report,
    Stopped,
    never,
)

__all__ = [
    "AlreadyRunning",
    "EndsEarly",
    "Handler",
    "JobState",
    "JobStatus",
    "Recurring",
    "Report",
    "Stopped",
    "ahead_of",
    "cancel",
    "close",
    "early_end",
    "enqueue",
    "enqueue_due",
    "finish_early",
    "is_under_way",
    "keep_in",
    "last_run",
    "never",
    "prepare",
    "status",
    "work",
]
