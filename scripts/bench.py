"""`make bench`: the figures of the whole application, measured on real processes, in one table.

Works in a temporary instance folder; needs the set-up of `make run`, touches nothing else.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from collector_app.app import create_app
from collector_app.core.actor import Actor
from collector_app.demo import cartera
from collector_app.demo.addresses import Address
from collector_app.exchange.sheets import ReadOptions, read_portfolio
from collector_app.portfolio.services import import_clients
from collector_app.web.extensions import db, transaction
from config import DevConfig
from routing.geo import Point
from scripts.serving import cpu_s, csrf_token, flask, home, logged_in, serving

PORT = 5987
ROWS = 20_000
READERS = 4
READING_S = 6.0
WEIGHED = (
    ("gestor1", "/phone/", "lista de hoy"),
    ("gestor1", "/phone/mapa", "mapa de la ruta"),
    ("supervisor1", "/tablero", "tablero"),
    ("despacho1", "/planes", "planes"),
    ("despacho1", "/zonas", "zonas"),
)


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    what: str
    value: str
    note: str = ""


def import_figures(instance: Path) -> Iterator[Figure]:
    """Measure reading, previewing and applying a cartera of 20,000 rows, and doing it again."""
    addresses = [
        Address(Point(19.0 + n / 100_000, -98.2), "Calle Larga", n, "Centro", "Puebla")
        for n in range(1, 12_000)
    ]
    rows = list(cartera.rows(addresses, date(2026, 3, 10), 1))[:ROWS]
    sheet = instance / "cartera.xlsx"
    cartera.write(sheet, iter(rows))
    app = create_app(DevConfig())
    with app.app_context():
        db.create_all()  # the benchmark's own empty database
        actor, now = Actor.system("bench"), datetime.now(UTC)
        with timed() as reading:
            read = read_portfolio(sheet, sheet.name, ReadOptions(date(2026, 3, 10)))
        yield Figure(f"leer XLSX de {len(read.rows):,} filas", reading.text())
        for name, dry_run in (
            ("simular", True),
            ("aplicar", False),
            ("repetir sin cambios", False),
        ):
            with timed() as step, transaction() as session:
                report = import_clients(session, actor, read.rows, balance_at=now, dry_run=dry_run)
            yield Figure(
                f"importar: {name}", step.text(), f"cambia algo: {report.changes_something}"
            )
        db.engine.dispose()
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("importar: memoria del proceso", f"{memory_mb:.0f} MB")


class Timer:
    """Wall and CPU seconds of a stretch of code."""

    wall = cpu = 0.0

    def text(self) -> str:
        """Return both, for the table."""
        return f"{self.wall:.2f} s  (CPU {self.cpu:.2f} s)"


@contextmanager
def timed() -> Iterator[Timer]:
    """Measure what happens inside."""
    timer, wall, cpu = Timer(), time.perf_counter(), time.process_time()
    yield timer
    timer.wall, timer.cpu = time.perf_counter() - wall, time.process_time() - cpu


@contextmanager
def served(instance: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Load the demo and serve it with a worker, as `make run` does."""
    flask(instance, PORT, "db", "upgrade")
    flask(instance, PORT, "demo", "load")
    with serving(instance, PORT, ("honcho", "start")) as server:
        yield server


def plan_figures(client: httpx.Client) -> Iterator[Figure]:
    """Measure from the click on "Planear" to the published plan, solve included."""
    page = client.get("/planes").text
    day = re.search(r'type="date"[^>]*value="([^"]+)"', page) or re.search(
        r'value="(20\d\d-\d\d-\d\d)"', page
    )
    assert day  # noqa: S101
    for seconds in (5, 15):
        start = time.perf_counter()
        answer = client.post(
            "/planes", data={"csrf_token": csrf_token(page), "day": day[1], "seconds": str(seconds)}
        )
        while "/trabajos/" in str(answer.url):
            time.sleep(0.2)
            answer = client.get(str(answer.url))
        planned = time.perf_counter() - start
        plan_url = str(answer.url)
        client.post(
            f"{plan_url}/publicar", data={"csrf_token": csrf_token(answer.text), "version": "0"}
        ).raise_for_status()
        whole = time.perf_counter() - start
        yield Figure(
            f"planear 8 gestores, búsqueda de {seconds} s",
            f"{whole:.1f} s",
            f"del clic al plan {planned:.1f} s, publicarlo {whole - planned:.1f} s",
        )


def weight_figures(clients: dict[str, httpx.Client]) -> Iterator[Figure]:
    """Weigh pages as a browser gets them the first time: compressed, with styles and scripts."""
    for username, path, name in WEIGHED:
        client = clients[username]
        page, text = _weigh(client, path)
        parts = sorted(set(re.findall(r'(?:src|href)="(/static/[^"#]+\.(?:css|js)[^"#]*)"', text)))
        shared = sum(_weigh(client, part.replace("&amp;", "&"))[0] for part in parts)
        yield Figure(
            f"peso de {name} ({path})",
            f"{page / 1024:.1f} KB",
            f"con estilos y scripts {(page + shared) / 1024:.1f} KB",
        )


def _weigh(client: httpx.Client, path: str) -> tuple[int, str]:
    with client.stream("GET", path, headers={"Accept-Encoding": "br, gzip"}) as answer:
        answer.raise_for_status()
        text = "".join(answer.iter_text())
        return answer.num_bytes_downloaded, text


def reading_figures(client: httpx.Client, server: subprocess.Popen[bytes]) -> Iterator[Figure]:
    """Ask for today's list from several threads at once."""
    taken: list[float] = []
    until = time.perf_counter() + READING_S
    cookies = dict(client.cookies)

    def read() -> None:
        with httpx.Client(base_url=home(PORT), cookies=cookies, timeout=60) as reader:
            while (now := time.perf_counter()) < until:
                reader.get("/phone/").raise_for_status()
                taken.append(time.perf_counter() - now)

    before = cpu_s(server.pid)
    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = cpu_s(server.pid) - before
    taken.sort()
    yield Figure(
        f"lista de hoy, {READERS} a la vez",
        f"{len(taken) / READING_S:.0f} por segundo",
        f"p50 {1000 * taken[len(taken) // 2]:.0f} ms,"
        f" p95 {1000 * taken[int(len(taken) * 0.95)]:.0f} ms,"
        f" CPU del servidor {1000 * cpu / len(taken):.1f} ms cada una",
    )


def machine() -> str:
    """Say what this was measured on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    gib = int(memory[1]) / 1024**2 if memory else 0
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {model[1] if model else 'CPU'}, {gib:.0f} GiB, Python"
        f" {sys.version.split()[0]}, SQLite WAL+FULL, load {load:.1f} at the start"
    )


def measure() -> list[Figure]:
    """Measure everything."""
    folder = Path(tempfile.mkdtemp(prefix="ruta-bench-"))
    figures: list[Figure] = []
    try:
        with Progress(transient=True) as bar:
            task = bar.add_task("importación", total=5)
            (folder / "import").mkdir()
            os.environ["COLLECTOR_INSTANCE"] = str(folder / "import")
            figures += import_figures(folder / "import")
            bar.update(task, completed=1, description="demostración")
            with served(folder / "demo") as server:
                clients = {name: logged_in(PORT, name) for name in {name for name, *_ in WEIGHED}}
                bar.update(task, completed=2, description="pesos")
                figures += weight_figures(clients)
                bar.update(task, completed=3, description="lecturas")
                figures += reading_figures(clients["gestor1"], server)
                bar.update(task, completed=4, description="planes")
                figures += plan_figures(clients["despacho1"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return figures


def main() -> None:
    """Print the table, and write it down when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table into this page")
    options = parser.parse_args()
    where = machine()
    figures = measure()
    table = Table(box=box.SIMPLE, title=where)
    for head in ("qué", "cuánto", "detalle"):
        table.add_column(head)
    for figure in figures:
        table.add_row(figure.what, figure.value, figure.note)
    Console(width=140).print(table)
    if options.write:
        lines = [f"| {one.what} | {one.value} | {one.note} |" for one in figures]
        page = options.write.read_text(encoding="utf-8")
        begin, end = "<!-- bench -->\n", "<!-- /bench -->"
        before, after = page.partition(begin)[0], page.partition(end)[2]
        body = "\n".join(["| figure | value | detail |", "| --- | --- | --- |", *lines])
        text = f"{before}{begin}\n{datetime.now(UTC):%Y-%m-%d}, {where}.\n\n{body}\n\n{end}{after}"
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
