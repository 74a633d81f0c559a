"""`python -m scripts.bench_lighthouse`: what Lighthouse says of the phone's pages.

Serves the demo from a folder of its own and runs Lighthouse (scripts/lighthouse, installed by its
lock) as a slow phone (its mobile setting: 4 times slower, slow 4G, simulated) on each page, logged
in and with an empty cache. Figures are medians of several runs: that of performance depends on what
else the machine does. What costs a page points is named below the table.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from scripts.bench_phone_pages import PHONE_PAGES
from scripts.serving import ROOT, flask, home, logged_in, serving

FOLDER = ROOT / "scripts" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROME_FLAGS = "--headless=new --no-sandbox --disable-gpu"
ATTEMPTS = 3
Report = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5352)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pages", nargs="+", help="instead of all, with those of a stop")
    options = parser.parse_args(arguments)
    if not PROGRAM.exists():
        npm = ["scripts/npm.sh", "ci", "--prefix", str(FOLDER), "--ignore-scripts"]
        subprocess.run(npm, cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory(prefix="bench-lighthouse-") as folder:
        instance = Path(folder)
        flask(instance, options.port, "db", "upgrade")
        flask(instance, options.port, "demo", "load")
        with serving(instance, options.port, ("gunicorn", "wsgi:app")):
            for line in _table(options.port, options.pages, options.runs, instance):
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()


def _table(port: int, pages: Sequence[str] | None, runs: int, folder: Path) -> Iterator[str]:
    yield f"| page | {' | '.join(CATEGORIES)} |"
    yield f"| --- |{' --- |' * len(CATEGORIES)}"
    browser = logged_in(port, "gestor1")
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    pages = pages or (*PHONE_PAGES, *_pages_of_a_stop(browser.get(f"{home(port)}/phone/").text))
    browser.close()
    losses = []
    for path in pages:
        reports = [_report(home(port) + path, cookie, folder) for _ in range(runs)]
        scores = [round(100 * median(_score(one, name) for one in reports)) for name in CATEGORIES]
        yield f"| {path} | {' | '.join(map(str, scores))} |"
        losses += [f"{path}: {name}" for name in sorted(set(_losses(reports[-1])))]
    yield ""
    yield from losses


def _pages_of_a_stop(today: str) -> tuple[str, ...]:
    """Return the card, the form and the way to the first stop of the list, from its page."""
    found = re.search(r"/phone/parada/\d+", today)
    path = found.group() if found else "/phone/parada/1"
    return path, f"{path}/registrar", f"{path}/como-llegar"


def _report(address: str, cookie: str, folder: Path) -> Report:
    """Run Lighthouse once."""
    path = folder / "lighthouse.json"
    headers = json.dumps({"Cookie": cookie})
    told = ["--quiet", "--output=json", f"--output-path={path}", "--extra-headers", headers]
    chrome = os.environ.get("CHROME", "/usr/bin/chromium")
    node = shutil.which("node") or str(Path(sys.executable).with_name("node"))
    command = [node, PROGRAM, address, *told, f"--chrome-flags={CHROME_FLAGS}"]
    for _ in range(ATTEMPTS):  # on a busy machine Chromium now and then loses its own trace
        ended = subprocess.run(
            command,
            env={**os.environ, "CHROME_PATH": chrome},
            check=False,
            capture_output=True,
            text=True,
        )
        if ended.returncode == 0:
            report: Report = json.loads(path.read_text())
            return report
    message = f"Lighthouse could not judge {address}: {ended.stderr.strip()}"
    raise RuntimeError(message)


def _score(report: Report, category: str) -> float:
    return float(report["categories"][category]["score"])


def _losses(report: Report) -> Iterator[str]:
    """Yield the audits that count and did not give all their points."""
    for category in CATEGORIES:
        for asked in report["categories"][category]["auditRefs"]:
            audit = report["audits"][asked["id"]]
            if asked["weight"] and audit["score"] is not None and audit["score"] < 1:
                said = audit.get("displayValue", "")
                yield f"{category}, {audit['id']} {audit['score']} {said}".strip()


if __name__ == "__main__":
    main()
