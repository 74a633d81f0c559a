"""What `make bench-desk` found, as the tables of docs/benchmarks.md: each size, then its growth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scripts.large_company import CompanySize

MEDIAN_MS, P95_MS = 300, 1_000  # wanted of every page with twenty people
MAP_KB = 1024  # wanted of the map pages, transferred
MAPS = (  # each with what it draws, which comes after it
    ("/zonas", "/zonas/puntos"),
    ("/tablero", "/tablero/mapa.json"),
    ("/planes/1/tablero", "/planes/1/tablero/mapa.json"),
)
GROWING = 12  # pages whose growth is told: those that take the most at the largest size
FILES = (".csv", ".xlsx", ".pdf")
MARKS = ("<!-- desk:start -->", "<!-- desk:end -->")


@dataclass
class PageFigures:
    """What one page takes, milliseconds: alone (CPU and wall), and among twenty people.

    ``broken`` counts the answers with a status of 500 or more.
    """

    path: str
    person: str
    cpu_ms: float = 0.0
    alone_ms: float = 0.0
    kilobytes: float = 0.0
    taken_ms: list[float] = field(default_factory=list)
    broken: int = 0

    @property
    def p50_ms(self) -> float:
        """Return the median among many."""
        return float(np.median(self.taken_ms)) if self.taken_ms else float("nan")

    @property
    def p95_ms(self) -> float:
        """Return the 95th percentile among many."""
        return float(np.percentile(self.taken_ms, 95)) if self.taken_ms else float("nan")

    @property
    def is_file(self) -> bool:
        """Tell whether it is a file to keep, of as many rows as there are, and no page to read."""
        return self.path.endswith(FILES)

    @property
    def is_slow(self) -> bool:
        """Tell whether twenty people wait longer for it than is wanted."""
        return self.p50_ms > MEDIAN_MS or self.p95_ms > P95_MS


@dataclass(frozen=True)
class Measured:
    """One company on one database, with its pages; load is that of the machine at the start."""

    database: str
    size: CompanySize
    pages: Sequence[PageFigures]
    load: float

    @property
    def every_ms(self) -> list[float]:
        """Return the milliseconds of every click."""
        return [one for page in self.pages for one in page.taken_ms]


def lines_of(found: Sequence[Measured]) -> list[str]:
    """Return the tables: a line for each company, the pages that miss, and the growth."""
    return [*_companies(found), "", *_missed(found), "", *_growth(found)]


def write_down(page: Path, lines: Sequence[str]) -> None:
    """Put the lines between the marks of a page; its other words stay."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    body = "\n".join(lines)
    page.write_text(f"{before}{MARKS[0]}\n\n{body}\n\n{MARKS[1]}{after}", encoding="utf-8")


def _companies(found: Sequence[Measured]) -> Iterator[str]:
    yield (
        "| database | clients | visits | gestores | pages | clicks | p50 ms | p95 ms"
        " | slow pages | broken answers | largest map, KB | load |"
    )
    yield "|" + " --- |" * 12
    for one in found:
        weights = {page.path: page.kilobytes for page in one.pages}
        maps = [sum(weights.get(path, 0.0) for path in parts) for parts in MAPS]
        clicks = one.every_ms or [float("nan")]
        cells = (
            one.database,
            f"{one.size.clients:,}",
            f"{one.size.visits:,}",
            f"{one.size.collectors:,}",
            str(len(one.pages)),
            f"{len(one.every_ms):,}",
            f"{np.median(clicks):.0f}",
            f"{np.percentile(clicks, 95):.0f}",
            str(sum(page.is_slow and not page.is_file for page in one.pages)),
            str(sum(page.broken for page in one.pages)),
            f"{max(maps):,.0f}",
            f"{one.load:.1f}",
        )
        yield f"| {' | '.join(cells)} |"


def _missed(found: Sequence[Measured]) -> Iterator[str]:
    slow = [(one, page) for one in found for page in one.pages if page.is_slow]
    if not any(not page.is_file for _one, page in slow):
        yield f"No page took more than {MEDIAN_MS} ms at the median or {P95_MS:,} ms at p95."
        if not slow:
            return
    yield (
        f"More than {MEDIAN_MS} ms at the median or {P95_MS:,} ms at p95 took these; files of all"
        " rows are told as well, but not counted as slow pages:"
    )
    yield ""
    yield "| page | database | clients | clicks | p50 ms | p95 ms | CPU alone, ms |"
    yield "|" + " --- |" * 7
    for one, page in sorted(slow, key=lambda pair: -pair[1].p50_ms):
        yield (
            f"| `{page.path}` | {one.database} | {one.size.clients:,} | {len(page.taken_ms)}"
            f" | {page.p50_ms:.0f} | {page.p95_ms:.0f} | {page.cpu_ms:.0f} |"
        )


def _growth(found: Sequence[Measured]) -> Iterator[str]:
    """Yield CPU of a page alone at each size, for the pages that take the most at the largest."""
    yield "CPU of the web server for each page alone, ms, those that take the most first:"
    yield ""
    heads = [f"{one.database}, {one.size.clients:,}" for one in found]
    yield f"| page | {' | '.join(heads)} |"
    yield "|" + " --- |" * (1 + len(heads))
    largest = max(one.size.clients for one in found)
    known = [{page.path: page.cpu_ms for page in one.pages} for one in found]
    most: dict[str, float] = {}
    for one in found:
        for page in one.pages if one.size.clients == largest else ():
            most[page.path] = max(most.get(page.path, 0.0), page.cpu_ms)
    for path in sorted(most, key=lambda path: -most[path])[:GROWING]:
        cells = (f"{one[path]:.0f}" if path in one else "–" for one in known)
        yield f"| `{path}` | {' | '.join(cells)} |"
    medians = (f"{np.median(list(one.values())):.0f}" for one in known)
    yield f"| median of all pages | {' | '.join(medians)} |"
