"""Sums of what somebody chose: in a large cartera the worker adds them up, and the page waits.

What is added up soon enough is read in the request, as `keeping.kept` does. What is not becomes a
job of the question's own, whoever asks and however often; its answer is kept for everybody, and
made anew when somebody looks at it after a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from collector_app.core import clock, jobs
from collector_app.core.jobs import JobState, JobStatus
from collector_app.figures import queries
from collector_app.figures.asked_job import KIND
from collector_app.figures.keeping import kept, tell_age
from collector_app.figures.rules import AT_ONCE_S, Chosen, Question, is_due, may_be_shown
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone

_GAVE_UP = frozenset({JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Pending:
    """What a page waits for: how many of its sums are there, and the job to tell people of."""

    done: int
    count: int
    expected_s: float
    job: JobStatus

    @property
    def has_failed(self) -> bool:
        """Tell whether nothing more will come unless somebody asks again."""
        return self.job.state in _GAVE_UP


def answers(chosen: Sequence[Chosen], retried_before: datetime | None = None) -> Any:
    """Return the answers to questions in their order, or `Pending`.

    Parameters
    ----------
    retried_before : datetime, optional
        Somebody wants to try again what failed and was asked for until this instant.
    """
    now = clock.now()
    keeps = bool(current_app.config["FIGURES_KEPT_S"])
    expected_s = queries.expected_s(db.session(), chosen, now) if keeps else 0.0
    if expected_s <= AT_ONCE_S:
        return [kept(one.question.read, *one.question.asked) for one in chosen]
    known, waiting = [], []
    for one in chosen:
        found = _answer(one.question, now, retried_before)
        if isinstance(found, JobStatus):
            waiting.append(found)
        else:
            known.append(found)
    if waiting:
        return Pending(len(known), len(chosen), expected_s, min(waiting, key=_urgency))
    for _figures, read_at in known:
        tell_age(read_at)
    return [figures for figures, _read_at in known]


def _answer(
    question: Question, now: datetime, retried_before: datetime | None
) -> tuple[Any, datetime] | JobStatus:
    """Return what is kept and when it was read, or the job that will keep it."""
    age = queries.age(db.session(), question)
    known = _known(db.session(), question, now)
    if known is not None and age is not None and not is_due([age], now):
        return known
    newest = jobs.last_run(_jobs_of(question))
    # What the job kept after this request began to read is not seen by its session.
    with Session(db.engine) as session:
        fresh = _known(session, question, now)
        age = queries.age(session, question)
    if fresh is not None and age is not None and not is_due([age], now):
        return fresh
    if newest is None or _may_begin(newest, now, retried_before):
        newest = _begin(question, newest)
    return newest if fresh is None else fresh


def _known(session: Session, question: Question, now: datetime) -> tuple[Any, datetime] | None:
    """Return a kept answer of this day: what a page shows of today is not of yesterday."""
    found = queries.answer(session, question, now)
    zone = local_zone()
    if found is None or found[1].astimezone(zone).date() != now.astimezone(zone).date():
        return None
    return found


def _may_begin(newest: JobStatus, now: datetime, retried_before: datetime | None) -> bool:
    """Tell whether to ask anew: what failed is left alone until somebody wants to try again."""
    if newest.state not in _GAVE_UP:
        return newest.is_finished
    if retried_before is not None and newest.enqueued_at <= retried_before:
        return True
    return not may_be_shown(newest.enqueued_at, now)


def _begin(question: Question, before: JobStatus | None) -> JobStatus:
    """Ask for an answer; two who do so at once have made one job, as its number is the same."""
    number = 0 if before is None else int(before.job_id.rpartition("-")[2]) + 1
    told = {"question": question.name, "asked": question.key}
    return jobs.status(jobs.enqueue(KIND, told, job_id=f"{_jobs_of(question)}-{number}"))


def _jobs_of(question: Question) -> str:
    """Return how the ids of all jobs of a question begin."""
    return f"{KIND}-{sha256(f'{question.name} {question.key}'.encode()).hexdigest()[:32]}"


def _urgency(job: JobStatus) -> tuple[bool, bool, datetime]:
    """Put first what failed, then what runs."""
    return job.state not in _GAVE_UP, job.state is not JobState.RUNNING, job.enqueued_at
