"""A worker with made-up handlers: ``python -m tests.core.handlers_for_jobs FOLDER DATABASE_URL``.

Each handler leaves traces in the folder, so that the tests see what really ran.
"""

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from collector_app.core import clock, jobs
from collector_app.core.errors import InvalidInput
from collector_app.core.jobs import Recurring

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()


def _trace(name: str, line: str) -> None:
    with (FOLDER / name).open("a") as file:
        file.write(line + "\n")


def count(arguments, report):
    """Count to `to`, slowly; every start and every end leaves a line."""
    _trace(arguments["trace"], "start")
    for n in range(arguments["to"]):
        report(n / arguments["to"], f"{n} de {arguments['to']}")
        time.sleep(0.05)
    _trace(arguments["trace"], "end")
    return {"counted": arguments["to"], "next_url": "/despues"}


def read(arguments, report):
    """Say once what is done, then do it for long."""
    report(0.0, "Leyendo")
    time.sleep(arguments["seconds"])
    return {}


def fail(arguments, report):
    raise InvalidInput("hoja", "una columna con el saldo")


def crash(arguments, report):
    raise ZeroDivisionError


def with_child(arguments, report):
    """Wait for a child process that would sleep for long, as a solve does."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        _trace(arguments["trace"], str(child.pid))
        try:
            while child.poll() is None:
                report(0.5, "")
                time.sleep(0.05)
        finally:
            child.kill()
    return {}


def tick(arguments, report):
    """Come once a day by itself."""
    _trace("ticks", "tick")
    return {"ticked": True}


if __name__ == "__main__":
    jobs.keep_in(FOLDER, sys.argv[2])
    jobs.work(
        {
            "count": count,
            "read": read,
            "fail": fail,
            "crash": crash,
            "with_child": with_child,
            "tick": tick,
        },
        slot="1",
        folder=FOLDER,
        farewell=[lambda: _trace("farewell", "gone")],
        chores=[lambda: jobs.enqueue_due([Recurring("tick", timedelta(days=1))], clock.now())],
    )
