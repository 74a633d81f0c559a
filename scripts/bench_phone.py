"""`make bench-phone`: a thousand visits with photos over twenty phones, and two hundred faults.

Real Chromium with a profile on the disk for each phone, real gunicorn processes with SQLite, a
proxy between them as the network. At the end SQL of its own and the phones' own databases are
compared with what people were told to be saved: ends with 1 when anything is lost, doubled or
invisible.

    python -m scripts.bench_phone [--visits 1000] [--phones 20] [--faults 200] [--seed 1]
        [--minutes 60]

After so many minutes nothing new begins: what was saved until then is sent and judged, and the
table says that it was cut short.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from math import inf
from pathlib import Path

from playwright.sync_api import BrowserType, sync_playwright

from scripts.phone_proof.course import Evening, Scale, run
from scripts.phone_proof.figures import DAY, QUEUE, Day, calls_to_the_api, day_and_queue
from scripts.phone_proof.network import Traffic
from scripts.phone_proof.office import Office
from scripts.phone_proof.verdict import Verdict, judge, whereabouts
from scripts.serving import flask
from scripts.sync.company import create_company

PORT = 5986
BENCHMARKS = Path(__file__).parents[1] / "docs" / "benchmarks.md"
MARKS = ("<!-- phone:start -->", "<!-- phone:end -->")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove, print and keep."""
    parser = argparse.ArgumentParser(description="what becomes of visits when everything fails")
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--phones", type=int, default=20)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=inf)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(arguments)
    scale = Scale(options.phones, options.visits, options.faults, options.seed, options.minutes)
    with tempfile.TemporaryDirectory(prefix="bench-phone-") as folder, sync_playwright() as play:
        company = Company(Path(folder), options.port, max(1, scale.phones), play.chromium)
        day, queue_s = company.figures()
        figures = list(_figures(day, queue_s))
        _say("\n".join(figures))
        verdict, evening = company.prove(scale)
    lines = [*_table(scale, verdict, evening), "", *figures]
    sys.stdout.write("\n".join(lines) + "\n")
    for kind in ("lost", "doubled", "invisible"):
        for one in getattr(verdict, kind):
            uuid = one.partition(" ")[0]
            for line in whereabouts(uuid, evening.ledger, evening.stores):
                sys.stderr.write(f"{kind}: {one}; {line}\n")
    if options.write:
        _write(options.write, lines)
    return 0 if verdict.is_clean else 1


class Company:
    """An office with collectors in a folder, and the browser of their phones."""

    def __init__(self, folder: Path, port: int, collectors: int, browser: BrowserType) -> None:
        """Make the database with its people and routes."""
        self._instance, self._profiles = folder / "office", folder / "phones"
        self._profiles.mkdir()
        flask(self._instance, port, "db", "upgrade")
        os.environ["COLLECTOR_INSTANCE"] = str(self._instance)
        self._routes = create_company(collectors)
        self._office = Office(self._instance, port)
        self._browser = browser
        self._chrome = os.environ.get("CHROME") or shutil.which("chromium") or ""

    def figures(self) -> tuple[Day, float]:
        """Measure a day where nothing fails, and a queue over slow 3G."""
        stops = self._routes["gestor1"]
        return day_and_queue(self._office, stops, self._profiles, self._browser, self._chrome)

    def prove(self, scale: Scale) -> tuple[Verdict, Evening]:
        """Let everything happen, and judge what is left of it."""
        evening = run(
            scale, self._office, self._routes, self._profiles, self._browser, self._chrome, _say
        )
        database, evidence = self._office.database, self._instance / "evidence"
        return judge(evening.ledger, evening.stores, database, evidence), evening


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _table(scale: Scale, verdict: Verdict, evening: Evening) -> Iterator[str]:
    ledger = evening.ledger
    photos = sum(len(one.photos) for one in ledger.said.values())
    yield (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "  # noqa: DTZ011
        f"seed {scale.seed}, {evening.seconds / 60:.1f} minutes."
    )
    if evening.is_cut_short:
        yield ""
        yield (
            f"Cut short after {scale.minutes:g} minutes, before {scale.visits} visits and "
            f"{scale.faults} faults were reached."
        )
    yield ""
    yield "| what | count |"
    yield "| --- | --- |"
    yield f"| visits of which a phone said that they are saved | {len(ledger.said)} |"
    yield f"| their photos | {photos} |"
    yield f"| phones, copies of phones | {scale.phones}, {len(evening.stores) - scale.phones} |"
    yield f"| faults | {sum(ledger.faults.values())} |"
    yield from (f"| – {kind} | {count} |" for kind, count in sorted(ledger.faults.items()))
    yield f"| visits and photos refused aloud, for want of space | {ledger.refused} |"
    yield f"| visits that count at the office | {verdict.applied} |"
    yield f"| visits on the review page | {verdict.on_review} |"
    yield f"| visits on a phone's own list, as waiting or as a problem | {verdict.on_phones} |"
    here, there = verdict.photos_here, verdict.photos_on_phones
    yield f"| photos at the office, still on a phone | {here}, {there} |"
    yield f"| **lost** | **{len(verdict.lost)}** |"
    yield f"| **doubled** | **{len(verdict.doubled)}** |"
    yield f"| **invisible** | **{len(verdict.invisible)}** |"


def _figures(day: Day, queue_s: float) -> Iterator[str]:
    first, visits = day.first_load, day.visits
    rows = {
        f"{QUEUE} events over slow 3G (400 ms, 400 kbit/s), all acknowledged": f"{queue_s:.1f} s",
        "first load in the morning: sent, received": _kb(first),
        f"{DAY} visits with a photo: sent, received": _kb(visits),
        "– requests, of them to the API": f"{len(visits.calls)}, {calls_to_the_api(visits)}",
        "– wake-ups of the radio": f"{day.wake_ups}",
        "– energy of the radio, of 4,000 mAh": f"{day.joules:.0f} J, {day.battery_share:.1%}",
    }
    yield "| one phone where nothing fails | figure |"
    yield "| --- | --- |"
    yield from (f"| {what} | {figure} |" for what, figure in rows.items())


def _kb(traffic: Traffic) -> str:
    return f"{traffic.sent / 1000:,.0f} kB, {traffic.received / 1000:,.0f} kB"


def _write(path: Path, lines: list[str]) -> None:
    text = path.read_text()
    before, _, rest = text.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    path.write_text(f"{before}{MARKS[0]}\n\n" + "\n".join(lines) + f"\n\n{MARKS[1]}{after}")


if __name__ == "__main__":
    raise SystemExit(main())
