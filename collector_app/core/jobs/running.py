"""The side of the worker: take jobs from the queue, run their handlers, survive being killed."""

import fcntl
import logging
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from threading import Event, Lock
from typing import IO, Any

from collector_app.core import clock
from collector_app.core.errors import CollectorError
from collector_app.core.jobs.client import (
    APPLICATION,
    PROGRESS,
    QUEUE,
    WORKFLOW,
    is_cancelled,
    must_finish_early,
    prepare,
    store_url,
)
from collector_app.core.jobs.states import Handler, Stopped

VERSION = "1"  # of the one workflow below; another number would orphan the jobs in the store
JOBS_AT_ONCE = 2  # an import need not wait for a plan; solvers run in processes of their own
POLL_S = 0.25  # from a click to the start of its job
REPORT_EVERY_S = 0.5  # progress is written, and a cancellation read, at most this often
STOP_WITHIN_S = 10.0  # what a running job gets to notice that the worker is going down
CHORES_EVERY_S = 15.0  # what is due at a minute begins within it
STARTS_PER_JOB = 5  # a job that keeps killing its worker is given up after that many starts

log = logging.getLogger(__name__)


class AlreadyRunning(CollectorError):
    """Another worker holds this slot; two would both take up its unfinished jobs."""

    code = "worker_already_running"
    status = 409


def work(
    handlers: Mapping[str, Handler],
    *,
    slot: str,
    folder: Path,
    chores: Iterable[Callable[[], None]] = (),
    farewell: Iterable[Callable[[], None]] = (),
) -> None:
    """Run jobs until SIGTERM or SIGINT; then leave unfinished ones to the next start.

    Parameters
    ----------
    handlers : mapping of kind to handler
        A handler may be run again from its beginning, and must do no harm by it.
    slot : str
        Name of this worker. The one that starts next under the same name takes up what this one
        left unfinished, so a machine keeps its names.
    folder : Path
        Where the lock of the slot lives.
    chores : iterable of functions
        Called one after the other every ``CHORES_EVERY_S``: they look whether something is due and
        put it into the queue. With several workers each calls them; a job's id keeps it one.
    farewell : iterable of functions
        Called once at the end, when the worker was told to stop; not for one that is killed.

    Raises
    ------
    AlreadyRunning
        If a worker with this slot is alive on this machine.
    """
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with _hold_slot(folder, slot):
        runner = _Runner(handlers, stopping)
        _launch(runner, slot)
        log.info("worker %s is ready for %s", slot, ", ".join(sorted(handlers)))
        _do(chores)
        while not stopping.wait(CHORES_EVERY_S):
            _do(chores)
        runner.wait_until_idle(STOP_WITHIN_S)
        _do(farewell)
        logging.shutdown()
        # Python would wait for the threads of the jobs that are left for the next start.
        os._exit(0)


def _do(chores: Iterable[Callable[[], None]]) -> None:
    for chore in chores:
        try:
            chore()
        except Exception:  # the next turn tries again; jobs go on meanwhile
            log.exception("chore %s failed", getattr(chore, "__name__", chore))


def _hold_slot(folder: Path, slot: str) -> IO[str]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / f"worker-{slot}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        message = f"a worker with the slot {slot!r} is running"
        raise AlreadyRunning(message, slot=slot) from error
    return lock


def _launch(runner: "_Runner", slot: str) -> None:
    from dbos import DBOS  # noqa: PLC0415 - only the worker pays for it

    prepare()
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": store_url(),
            "application_version": VERSION,
            "executor_id": f"worker-{slot}",
            "log_level": "WARNING",
            "enable_otlp": False,
        }
    )

    @DBOS.step(name="handle")  # type: ignore[untyped-decorator]  # dbos is not type-checked here
    def handle(kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return runner.outcome(str(DBOS.workflow_id), kind, arguments)

    @DBOS.workflow(  # type: ignore[untyped-decorator]  # dbos is not type-checked here
        name=WORKFLOW, max_recovery_attempts=STARTS_PER_JOB, serialization_type="portable"
    )
    def run(kind: str, arguments: dict[str, Any], started_by: int | None) -> dict[str, Any]:
        del started_by  # read by `status` from what was put into the queue
        outcome: dict[str, Any] = handle(kind, arguments)
        return outcome

    logging.getLogger("dbos").addFilter(_is_news)
    runner.publish = lambda progress: DBOS.set_event(PROGRESS, progress)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=JOBS_AT_ONCE,
        polling_interval_sec=POLL_S,
        on_conflict="always_update",
    )


def _is_news(record: logging.LogRecord) -> bool:
    """Drop what the engine logs as an error when a person cancels a job."""
    kind = record.exc_info[0] if record.exc_info else None
    is_cancellation = kind is not None and kind.__name__.endswith("CancelledError")
    return not is_cancellation and "no longer owned by this execution" not in record.getMessage()


def early_end(job_id: str) -> Callable[[], bool]:
    """Return what tells a handler whether to end with the best that it has; cheap to ask often."""
    is_asked, looked_s = False, -REPORT_EVERY_S

    def ends_early() -> bool:
        nonlocal is_asked, looked_s
        if not is_asked and time.monotonic() - looked_s >= REPORT_EVERY_S:
            looked_s = time.monotonic()
            is_asked = must_finish_early(job_id)
        return is_asked

    return ends_early


class _Runner:
    """Runs handlers and turns what comes of them into JSON."""

    def __init__(self, handlers: Mapping[str, Handler], stopping: Event) -> None:
        self._handlers = handlers
        self._stopping = stopping
        self._active = 0
        self._changing = Lock()
        self.publish: Any = None

    def outcome(self, job_id: str, kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Run one job to its end, whatever the end."""
        self._count(1)
        try:
            return self._run(job_id, kind, arguments)
        except Stopped:
            if self._stopping.is_set():
                self._count(-1)
                Event().wait()  # the job stays unfinished in the store, for the next start
            return {"result": None}  # cancelled: the store keeps that, not this
        finally:
            self._count(-1)

    def _run(self, job_id: str, kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
        begun = time.monotonic()
        try:
            result = self._handlers[kind](arguments, self._reporter(job_id))
        except CollectorError as error:
            log.warning("job %s %s failed: %s", kind, job_id, error)
            return {"error": error.code, "facts": _plain(error.facts)}
        except Exception as error:  # the border of the job: people get a reference
            reference = secrets.token_hex(4)
            log.error("job %s %s failed, reference %s", kind, job_id, reference, exc_info=error)
            return {"error": "internal", "facts": {"reference": reference}}
        log.info("job %s %s done in %.1f s", kind, job_id, time.monotonic() - begun)
        return {"result": result}

    def _reporter(self, job_id: str) -> Any:
        last_s = -REPORT_EVERY_S

        def report(share: float, note: str = "") -> None:
            nonlocal last_s
            if self._stopping.is_set():
                raise Stopped
            if time.monotonic() - last_s < REPORT_EVERY_S:
                return
            last_s = time.monotonic()
            if is_cancelled(job_id):
                raise Stopped
            at = clock.now().isoformat()
            self.publish({"share": min(1.0, max(0.0, share)), "note": note, "at": at})

        report(0.0)
        last_s = -REPORT_EVERY_S  # what the job says first is heard, however soon: reading is long
        return report

    def wait_until_idle(self, seconds: float) -> None:
        """Wait until no handler runs, at most that long."""
        until = time.monotonic() + seconds
        while self._active and time.monotonic() < until:
            time.sleep(0.05)

    def _count(self, change: int) -> None:
        with self._changing:
            self._active += change


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value if isinstance(value, str | int | float | bool | None) else str(value)
        for key, value in facts.items()
    }
