"""What a benchmark found: rows for machines, a table for people."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one instance with one seed.

    Attributes
    ----------
    m : int
        Routes.
    cpu_seconds, cpu_used : float
        The budget, and what the method took of it, loading not counted.
    score : int
        Prizes; less travel where the instance counts it off.
    travel : int
        Seconds on the road, or the units of a published instance.
    violations : int
        Rules that the verifier found broken.
    best_known : int or None
        From the literature.
    metres : int
        On the road; of a published instance the same as `travel`.
    memory_mb : float
        Most memory the process of the method held, MiB, libraries and instance included.
    """

    instance: str
    m: int
    method: str
    cpu_seconds: float
    seed: int
    score: int
    travel: int
    violations: int
    visits: int
    cpu_used: float
    best_known: int | None
    made_by: str
    metres: int = 0
    memory_mb: float = 0.0

    @property
    def gap(self) -> float | None:
        """Return how far below the best known score, as a share of it."""
        return None if not self.best_known else 1 - self.score / self.best_known


@dataclass(frozen=True, slots=True)
class Summary:
    """One method with one budget, over all instances and seeds.

    Attributes
    ----------
    mean_gap, worst_gap : float
        To the best known score, or where there is none to the best score of the run. The worst is
        of an instance, its seeds averaged.
    wins : int
        Instances and seeds where nobody was better.
    """

    method: str
    cpu_seconds: float
    rows: int
    mean_gap: float
    worst_gap: float
    worst_instance: str
    wins: int
    violations: int
    cpu_used: float


def summaries(rows: Sequence[Row]) -> list[Summary]:
    """Return one summary per budget and method, in the order they were run."""
    best = _best_scores(rows)
    groups: dict[tuple[float, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.cpu_seconds, row.method].append(row)
    made = []
    for (cpu_s, method), group in groups.items():
        gaps: dict[str, list[float]] = defaultdict(list)
        for row in group:
            gaps[row.instance].append(_gap(row, row.best_known or best[_case(row)]))
        means = {name: mean(values) for name, values in gaps.items()}
        worst = max(means, key=lambda name: means[name])
        made.append(
            Summary(
                method=method,
                cpu_seconds=cpu_s,
                rows=len(group),
                mean_gap=mean(means.values()),
                worst_gap=means[worst],
                worst_instance=worst,
                wins=sum(row.score >= best[_case(row)] for row in group),
                violations=sum(row.violations for row in group),
                cpu_used=mean(row.cpu_used for row in group),
            )
        )
    return made


def _case(row: Row) -> tuple[str, float, int]:
    return row.instance, row.cpu_seconds, row.seed


def _best_scores(rows: Iterable[Row]) -> dict[tuple[str, float, int], int]:
    best: dict[tuple[str, float, int], int] = {}
    for row in rows:
        best[_case(row)] = max(row.score, best.get(_case(row), row.score))
    return best


def _gap(row: Row, reference: int) -> float:
    return (reference - row.score) / abs(reference) if reference else 0.0


def document_of(title: str, rows: Sequence[Row]) -> str:
    """Return the rows of a set and their summaries as JSON."""
    document = {
        "set": title,
        "rows": [asdict(row) for row in rows],
        "summaries": [asdict(one) for one in summaries(rows)],
    }
    return json.dumps(document, indent=1) + "\n"


def save(file: Path, title: str, rows: Sequence[Row]) -> None:
    """Write the rows so far as one whole document: an interrupt leaves this one or the one before.

    Called after every row, so that nothing measured is lost.
    """
    unfinished = file.with_name(file.name + ".part")
    unfinished.write_text(document_of(title, rows), "utf-8")
    unfinished.replace(file)


def table(rows: Sequence[Row]) -> str:
    """Return the summaries as Markdown, worst gaps named."""
    lines = [
        "| method | CPU s | used | runs | mean gap | worst gap (instance) "
        "| best of the run | broken rules |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.method} | {one.cpu_seconds:g} | {one.cpu_used:.2f} | {one.rows} "
        f"| {one.mean_gap:.2%} | {one.worst_gap:.2%} ({one.worst_instance}) "
        f"| {one.wins} of {one.rows} | {one.violations} |"
        for one in summaries(rows)
    ]
    return "\n".join(lines)
