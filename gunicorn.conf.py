"""How the web server runs: a few processes, each with threads, on this machine only.

Plans are made by the worker. Only repairs of a day run here: a short search that, compiled, leaves
the interpreter to the other threads. Boards that are open hold a thread each, which sleeps: so many
that `collector_app/web/streams.py` has seats for, and eight remain for everything else.
"""

import gc
import os
import threading
import time
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


# Looking through all that is loaded to stay (streets, compiled code, words) took 0.25 s of CPU in
# the middle of some request (20 routes, a city pack). What a long look kept is taken from the
# garbage collector once the answer is sent; so few times that what leaks can't hide there.
OLDEST = 2
LONG_LOOK_S = 0.05
TIMES_SETTLED = 8
looks = {"began_s": 0.0, "long": 0, "settled": 0}


def post_fork(_server: object, _worker: object) -> None:
    """Time the looks of the garbage collector in this process."""
    gc.callbacks.append(time_look)


def post_worker_init(worker: Any) -> None:
    """Look at what people open first, beside the first requests."""
    from collector_app.first_looks import take_first_looks  # noqa: PLC0415 - with the application

    threading.Thread(target=take_first_looks, args=(worker.wsgi,), daemon=True).start()


def time_look(phase: str, info: dict[str, int]) -> None:
    """Note a look through everything that took long."""
    if info["generation"] != OLDEST:
        return
    if phase == "start":
        looks["began_s"] = time.thread_time()
    elif time.thread_time() - looks["began_s"] > LONG_LOOK_S:
        looks["long"] += 1


def post_request(_worker: Any, _request: object, _environ: object, _response: object) -> None:
    """Take what is there to stay from the garbage collector after a long look."""
    if looks["long"] and looks["settled"] < TIMES_SETTLED:
        looks.update(long=0, settled=looks["settled"] + 1)
        gc.collect()
        gc.freeze()
        looks["long"] = 0  # this look was long as well
