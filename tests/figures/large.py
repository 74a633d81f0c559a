"""A cartera whose sums are long, and a worker who adds up what is asked for when a test says so."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import update

from collector_app.core import jobs
from collector_app.core.jobs import JobState, JobStatus, client
from collector_app.figures import asked_job, renewal_job
from collector_app.figures.models import KeptFigures
from collector_app.indicators.questions import CHOSEN
from collector_app.web.extensions import db, transaction
from collector_app.worker import USUAL


def say_that_sums_are_long(took_s: float = 5.0) -> None:
    """Keep the usual sums as if each had taken so long."""
    renewal_job.renew_all(USUAL)
    with transaction() as session:
        session.execute(update(KeptFigures).values(took_s=took_s))


class Worker:
    """Takes jobs out of the real store, and remembers how each ended."""

    def __init__(self, last_run) -> None:
        self._last_run = last_run
        self._ended: dict[str, JobStatus] = {}
        self._before = {one.workflow_id for one in self._in_store()}  # of other tests

    def last_run(self, kind: str) -> JobStatus | None:
        status = self._last_run(kind)
        return status and self._ended.get(status.job_id, status)

    def waiting(self) -> list[JobStatus]:
        """The jobs of questions that nobody has taken yet."""
        ids = [one.workflow_id for one in self._in_store()]
        return [jobs.status(one) for one in ids if one not in self._ended.keys() | self._before]

    def work(self) -> int:
        """Do all that waits; return how many."""
        todo = self.waiting()
        for one in todo:
            asked_job.answer_asked(CHOSEN, one.arguments, lambda _share, _note="": None)
            self._ended[one.job_id] = replace(one, state=JobState.DONE, share=1.0)
        db.session.rollback()
        return len(todo)

    def fail(self) -> None:
        """Break down at all that waits."""
        for one in self.waiting():
            error = {"error": "internal", "error_facts": {"reference": "abc123"}}
            self._ended[one.job_id] = replace(one, state=JobState.FAILED, **error)

    def stop(self) -> None:
        """Take what waits out of the store, for the next test."""
        for one in self.waiting():
            jobs.cancel(one.job_id)

    def _in_store(self) -> Iterable:
        return client._unfinished(limit=1000, workflow_id_prefix=f"{asked_job.KIND}-")
