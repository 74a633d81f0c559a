"""`make bench-phone`: a thousand visits with photos over twenty phones, and two hundred faults.

Real Chromium with a profile on the disk for each phone, real gunicorn processes with SQLite, a
proxy between them as the network. At the end SQL of its own and the phones' own databases are
compared with what people were told to be saved: ends with 1 when anything is lost, doubled or
invisible.

    python -m scripts.bench_phone [--visits 1000] [--phones 20] [--faults 200] [--seed 1]
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.phone_proof.course import Evening, Scale, run
from scripts.phone_proof.office import Office
from scripts.phone_proof.verdict import Verdict, judge
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
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(arguments)
    scale = Scale(options.phones, options.visits, options.faults, options.seed)
    with tempfile.TemporaryDirectory(prefix="bench-phone-") as folder:
        verdict, evening = prove(scale, Path(folder), options.port)
    lines = list(_table(scale, verdict, evening))
    sys.stdout.write("\n".join(lines) + "\n")
    for kind in ("lost", "doubled", "invisible"):
        for one in getattr(verdict, kind):
            sys.stderr.write(f"{kind}: {one}\n")
    if options.write:
        _write(options.write, lines)
    return 0 if verdict.is_clean else 1


def prove(scale: Scale, folder: Path, port: int) -> tuple[Verdict, Evening]:
    """Let everything happen in a folder, and judge what is left of it."""
    instance, profiles = folder / "office", folder / "phones"
    profiles.mkdir()
    flask(instance, port, "db", "upgrade")
    os.environ["COLLECTOR_INSTANCE"] = str(instance)
    routes = create_company(scale.phones)
    office = Office(instance, port)
    with sync_playwright() as play:
        chrome = os.environ.get("CHROME") or shutil.which("chromium") or ""
        browser = play.chromium
        evening = run(scale, office, routes, profiles, browser, chrome, _say)
    evidence = instance / "evidence"
    return judge(evening.ledger, evening.stores, office.database, evidence), evening


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


def _write(path: Path, lines: list[str]) -> None:
    text = path.read_text()
    before, _, rest = text.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    path.write_text(f"{before}{MARKS[0]}\n\n" + "\n".join(lines) + f"\n\n{MARKS[1]}{after}")


if __name__ == "__main__":
    raise SystemExit(main())
