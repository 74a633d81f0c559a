"""A real web server on a folder of its own, people who log in to it, and the CPU that it takes.

For benchmarks: nothing here touches the instance folder of `make run`.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from collector_app.demo.people import PASSWORD

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def environment(instance: Path, port: int) -> dict[str, str]:
    """Return what a server on this folder and port reads from the environment."""
    own = {
        "COLLECTOR_ENV": "development",
        "COLLECTOR_INSTANCE": str(instance),
        "PORT": str(port),
    }
    return {**os.environ, **own}


def flask(instance: Path, port: int, *words: str) -> None:
    """Run a command of the application on this folder."""
    subprocess.run(
        [BIN / "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=environment(instance, port),
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def serving(instance: Path, port: int, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server, such as ``("gunicorn", "wsgi:app")``, and stop it at the end."""
    with subprocess.Popen(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        env=environment(instance, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            wait_for_server(home(port))
            yield server
        finally:
            server.terminate()


def home(port: int) -> str:
    """Return the address of a server on this machine."""
    return f"http://127.0.0.1:{port}"


def wait_for_server(address: str) -> None:
    """Wait until a server answers; raises RuntimeError when it does not in a minute."""
    for _ in range(120):
        try:
            httpx.get(f"{address}/entrar")
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            return
    message = "the server did not start"
    raise RuntimeError(message)


def logged_in(port: int, username: str) -> httpx.Client:
    """Return a browser-like client of one of the demo's people."""
    client = httpx.Client(base_url=home(port), timeout=60, follow_redirects=True)
    token = csrf_token(client.get("/entrar").text)
    client.post(
        "/entrar", data={"csrf_token": token, "username": username, "password": PASSWORD}
    ).raise_for_status()
    return client


def csrf_token(page: str) -> str:
    """Return what a form of this page has to send."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found  # noqa: S101 - every form of ours has one
    return found[1]


def cpu_s(root: int) -> float:
    """Return the CPU seconds of a process and all below it (Linux)."""
    parents: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks = int(words[11]) + int(words[12])
        parents[int(stat.parent.name)] = (int(words[1]), ticks / os.sysconf("SC_CLK_TCK"))
    family, total = {root}, 0.0
    grew = True
    while grew:
        more = {pid for pid, (parent, _) in parents.items() if parent in family} - family
        family |= more
        grew = bool(more)
    for pid in family & parents.keys():
        total += parents[pid][1]
    return total
