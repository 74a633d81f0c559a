"""What is known of a job, and what its handler is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Report = Callable[[float, str], None]
"""``report(share, note)``: how far the job is, 0..1, and in which words; raises `Stopped`."""

Handler = Callable[[dict[str, Any], Report], dict[str, Any]]
"""Does the work; takes and returns what JSON can hold. ``next_url`` says where people go next."""


EndsEarly = Callable[[], bool]
"""Asked often by a search: whether somebody wants the best that it has by now."""


def never() -> bool:
    """Search to the end."""
    return False


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as it stands.

    Attributes
    ----------
    share : float, 0..1
        How much is done, as last reported.
    error : str or None
        Code of what failed, for `web.words.message`; `error_facts` fill its sentence.
    started_by : int or None
        The person who asked for it; None for the system.
    reported_at : datetime or None
        When the handler last told how far it is; a restart of the worker leaves a gap here.
    is_ending_early : bool
        Whether somebody asked for the best that it has by now.
    """

    job_id: str
    kind: str
    state: JobState
    share: float
    note: str
    result: dict[str, Any] | None
    error: str | None
    enqueued_at: datetime
    arguments: dict[str, Any] = field(default_factory=dict)
    error_facts: dict[str, Any] = field(default_factory=dict)
    started_by: int | None = None
    reported_at: datetime | None = None
    is_ending_early: bool = False

    @property
    def can_end_early(self) -> bool:
        """Tell whether it searches, and would give the best that it has when asked."""
        knows_how = bool(self.arguments.get("ends_early"))
        return knows_how and not (self.is_finished or self.is_ending_early)

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more will happen to it."""
        return self.state in FINISHED


class Stopped(BaseException):
    """Raised by `report`: somebody cancelled the job, or the worker is going down.

    Not an `Exception`, so that no handler takes it for a failure; it passes through ``finally``,
    where a handler ends its child processes.
    """
