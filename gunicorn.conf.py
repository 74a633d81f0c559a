"""How the web server runs: a few processes, each with threads, on this machine only.

Plans are made by the worker. Only repairs of a day run here: a short search that, compiled, leaves
the interpreter to the other threads. Boards that are open hold a thread each, which sleeps: so many
that `collector_app/web/streams.py` has seats for, and eight remain for everything else.
"""

import gc
import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '5000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 32
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20
keepalive = 5
# Heartbeat files on a disk that is slow to sync would stop workers that are well.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
loglevel = os.environ.get("COLLECTOR_LOG_LEVEL", "warning")


def when_ready(_server: object) -> None:
    """Say where to look."""
    print(f"Listo: http://{bind}  (Ctrl+C para terminar)", flush=True)  # noqa: T201


# After so many requests of a process; by the first of them streets and compiled code are loaded.
SETTLED_AFTER = frozenset({10, 100, 1000})


def post_request(worker: Any, _request: object, _environ: object, _response: object) -> None:
    """Take what was loaded to stay from the garbage collector, once the answer is sent.

    Looking through all of it took 0.2 s (20 routes, a city pack), in the middle of some request.
    """
    if worker.nr in SETTLED_AFTER:
        gc.collect()
        gc.freeze()
