"""The side of the web process: put a job into the store, ask how it goes, stop it."""

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from collector_app.core.errors import NotFound, Unavailable
from collector_app.core.jobs.states import FINISHED, JobState, JobStatus

APPLICATION = "ruta-del-gestor"
QUEUE = "jobs"
WORKFLOW = "run"
PROGRESS = "progress"
SQLITE_FILE = "jobs.sqlite3"
_MOST_AHEAD = 1_000  # nobody counts further
_EARLY = "finish_early"  # an attribute of the job in the store

_STATES = {
    "ENQUEUED": JobState.QUEUED,
    "DELAYED": JobState.QUEUED,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "ERROR": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
}


@dataclass
class _Store:
    """Where the jobs are, and this process's connection to them."""

    url: str | None = None
    client: Any = None
    process_id: int = 0


_store = _Store()
_opening = Lock()


def keep_in(instance: Path, database_url: str) -> None:
    """Say where jobs are kept: beside the data in PostgreSQL, else in a SQLite file of their own.

    A file of their own, so that progress being written never waits for the application's one
    writer, nor the other way round.
    """
    url = database_url
    if _is_file(database_url):
        url = f"sqlite:///{instance / SQLITE_FILE}"
    if url != _store.url:
        close()
        _store.url = url


def close() -> None:
    """Give the connections back; the next call opens them again."""
    with _opening:
        if _store.client is not None and _store.process_id == os.getpid():
            _store.client.destroy()
        _store.client = None


def store_url() -> str:
    """Return the address of the store.

    Raises
    ------
    RuntimeError
        Before `keep_in` was called.
    """
    if _store.url is None:
        message = "jobs: call keep_in() first, create_app() does"
        raise RuntimeError(message)
    return _store.url


def prepare() -> None:
    """Lay the tables of the store, or bring them up to date; the worker does it when it starts.

    In PostgreSQL never from inside a request: the tables are indexed concurrently, which waits for
    every open transaction of the database, that of the caller included.

    Raises
    ------
    Unavailable
        If the store can't be reached.
    """
    from dbos import DBOS  # noqa: PLC0415 - a second of imports that most commands don't need

    url = store_url()
    try:
        DBOS.migrate(url)
    except DBAPIError as error:
        raise _unreachable() from error
    if _is_file(url):
        _let_readers_read(url)


def open_client() -> Any:
    """Return this process's connection to the store.

    A store in SQLite is laid when it is first used; one in PostgreSQL by `prepare`, until then it
    counts as out of reach.

    Raises
    ------
    Unavailable
        If the store can't be reached.
    """
    from dbos import DBOSClient  # noqa: PLC0415 - as above

    url = store_url()
    with _opening:
        if _store.client is None or _store.process_id != os.getpid():  # a fork shares no sockets
            if _is_file(url):
                prepare()
            try:
                _store.client = DBOSClient(
                    system_database_url=url,
                    application_name=APPLICATION,
                    retry_connection_errors=False,
                )
            except DBAPIError as error:
                raise _unreachable() from error
            _store.process_id = os.getpid()
        return _store.client


def _is_file(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _let_readers_read(url: str) -> None:
    connection = sqlite3.connect(make_url(url).database or "")
    connection.execute("PRAGMA journal_mode=WAL")  # kept in the file from now on
    connection.close()


def enqueue(
    kind: str,
    arguments: dict[str, Any],
    *,
    job_id: str | None = None,
    started_by: int | None = None,
) -> str:
    """Put a job into the queue and return its id.

    Call it after the rows that the job will read are committed.

    Parameters
    ----------
    kind : str
        Key of a handler in `collector_app.worker.HANDLERS`.
    arguments : dict
        What JSON can hold; ids rather than data.
    job_id : str, optional
        The same id again starts nothing new.
    """
    job_id = job_id or uuid4().hex
    options = {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": job_id,
        "application_name": APPLICATION,
        "serialization_type": "portable",  # JSON: nothing unpickled from a database
    }
    try:
        open_client().enqueue(options, kind, arguments, started_by)
    except DBAPIError as error:
        raise _unreachable() from error
    return job_id


def status(job_id: str) -> JobStatus:
    """Return how a job stands.

    Raises
    ------
    NotFound
        If there is no such job.
    """
    found = _newest(workflow_ids=[job_id])
    if found is None:
        message = f"no job {job_id}"
        raise NotFound(message)
    return found


def last_run(kind: str) -> JobStatus | None:
    """Return how the newest job of a recurring kind stands; None when there was none yet.

    Raises
    ------
    Unavailable
        If the store can't be reached.
    """
    return _newest(workflow_id_prefix=f"{kind}-", sort_desc=True, limit=1)


def is_under_way(kind: str) -> bool:
    """Tell whether a job of a kind waits or runs, if its ids begin with its kind; one small read.

    Raises
    ------
    Unavailable
        If the store can't be reached.
    """
    return bool(_unfinished(limit=1, workflow_id_prefix=f"{kind}-"))


def ahead_of(job: JobStatus) -> int:
    """Return how many jobs run by now, or were put into the queue before a job that waits.

    A store in SQLite knows the second alone: those put in within the same are not counted.

    Raises
    ------
    Unavailable
        If the store can't be reached.
    """
    put_at_ms = round(job.enqueued_at.timestamp() * 1000)
    return sum(
        _STATES[one.status] is JobState.RUNNING or one.created_at < put_at_ms
        for one in _unfinished(limit=_MOST_AHEAD)
        if one.workflow_id != job.job_id
    )


def _unfinished(**wanted: Any) -> list[Any]:
    """Return jobs that wait or run, without what they were told and what they answered."""
    names = [name for name, state in _STATES.items() if state not in FINISHED]
    try:
        found = open_client().list_workflows(
            status=names, load_input=False, load_output=False, **wanted
        )
    except DBAPIError as error:
        raise _unreachable() from error
    return list(found)


def _newest(**wanted: Any) -> JobStatus | None:
    client = open_client()
    try:
        found = client.list_workflows(**wanted)
        if not found:
            return None
        progress = client.get_event(found[0].workflow_id, PROGRESS, timeout_seconds=0)
    except DBAPIError as error:
        raise _unreachable() from error
    return _as_status(found[0], progress or {})


def is_cancelled(job_id: str) -> bool:
    """Tell whether somebody stopped the job; one small read."""
    found = open_client().list_workflows(
        workflow_ids=[job_id], status="CANCELLED", load_input=False, load_output=False
    )
    return bool(found)


def cancel(job_id: str) -> None:
    """Stop a job: a queued one never starts, a running one stops at its next report.

    A finished job stays as it is.

    Raises
    ------
    NotFound
        If there is no such job.
    """
    if not status(job_id).is_finished:
        open_client().cancel_workflow(job_id)


def finish_early(job_id: str) -> None:
    """Ask a job to end soon with the best that it has; those that can't do so go on.

    A finished job stays as it is.

    Raises
    ------
    NotFound
        If there is no such job.
    """
    if not status(job_id).is_finished:
        open_client().update_workflow_attributes(job_id, {_EARLY: True}, merge=True)


def must_finish_early(job_id: str) -> bool:
    """Tell whether somebody wants the best that the job has by now; one small read."""
    found = open_client().list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
    return any(_is_early(one) for one in found)


def _is_early(found: Any) -> bool:
    return bool((found.attributes or {}).get(_EARLY))


def _as_status(found: Any, progress: dict[str, Any]) -> JobStatus:
    kind, arguments, started_by = found.input["args"]
    state = _STATES[found.status]
    outcome = found.output or {}
    error, facts = None, {}
    if "error" in outcome:
        state, error, facts = JobState.FAILED, outcome["error"], outcome["facts"]
    elif state == JobState.FAILED:  # the engine gave up: the worker died again and again
        error = "job_abandoned"
    return JobStatus(
        job_id=found.workflow_id,
        kind=kind,
        state=state,
        share=1.0 if state == JobState.DONE else float(progress.get("share", 0.0)),
        note=str(progress.get("note", "")),
        result=outcome.get("result"),
        error=error,
        error_facts=facts,
        enqueued_at=datetime.fromtimestamp(found.created_at / 1000, UTC),
        arguments=arguments,
        started_by=started_by,
        reported_at=datetime.fromisoformat(progress["at"]) if progress else None,
        is_ending_early=_is_early(found),
    )


def _unreachable() -> Unavailable:
    return Unavailable("the store of the jobs can't be reached", store=QUEUE)
