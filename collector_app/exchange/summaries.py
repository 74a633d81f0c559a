"""What is kept of a previewed import: enough for its page, small enough for its row."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import msgspec

from collector_app.exchange.rules import (
    CellProblem,
    Facts,
    IgnoredBecause,
    Issue,
    SkippedBecause,
)
from collector_app.exchange.sheets import PortfolioReading, ReadSheet
from collector_app.portfolio.facts import (
    Difference,
    ImportConflict,
    ImportReport,
    PortfolioPart,
    Tally,
    Value,
)
from collector_app.portfolio.rules import Placement

SHOWN = 200  # issues and changes kept for the page; the file of observations has all
SHOWN_NAMES = 30
NOT_SHOWN = frozenset(
    {"balance_at", "location_quality", "location_confidence"}
)  # follow from what is shown


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A column that was read, and as what."""

    letter: str
    heading: str
    field: str


@dataclass(frozen=True, slots=True)
class ColumnIgnored:
    """A column that was not read, and why."""

    letter: str
    heading: str
    because: IgnoredBecause
    used: str


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """How one sheet was understood."""

    name: str
    heading_row: int
    row_count: int
    passed_over: list[int]
    read: list[ColumnRead]
    ignored: list[ColumnIgnored]


@dataclass(frozen=True, slots=True)
class SheetSkipped:
    """A sheet that was not read."""

    name: str
    because: SkippedBecause


@dataclass(frozen=True, slots=True)
class KeptIssue:
    """An `Issue` as JSON can hold it."""

    sheet: str
    row: int
    column: str
    heading: str
    value: str
    problem: str  # "CellProblem.no_date"
    facts: dict[str, str | int]
    is_refused: bool


@dataclass(frozen=True, slots=True)
class KeptChange:
    """One value that becomes another, as people read it."""

    part: PortfolioPart
    key: list[str]
    owner: str
    sheet: str
    row: int
    field: str
    old: str | int | float | None
    new: str | int | float | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """The rows with observations, ready to be downloaded and corrected."""

    xlsx_sha256: str
    csv_sha256: str


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import does, or would do."""

    fingerprint: str  # of every difference and finding: the same means the same import
    row_count: int
    refused_count: int  # rows
    noticed_count: int  # rows that come in all the same
    tallies: dict[PortfolioPart, Tally]
    absent_count: int
    balance_cents: dict[str, int]
    sheets: list[SheetSummary]
    skipped_sheets: list[SheetSkipped]
    encoding: str | None
    delimiter: str | None
    issues: list[KeptIssue]
    issue_count: int
    changes: list[KeptChange]
    change_count: int
    new_clients: list[str]
    observations: KeptFile | None = None
    placements: dict[Placement, int] = field(default_factory=dict)
    was_searched: bool = True  # False: there was no address book to look into
    changed_meanwhile: bool = False  # the cartera is no longer the one that was previewed

    @property
    def changes_something(self) -> bool:
        """Tell whether accepting it would write anything."""
        return any(one.created or one.changed for one in self.tallies.values())

    @property
    def is_usable(self) -> bool:
        """Tell whether at least one row could be taken."""
        return self.refused_count < self.row_count


def summarise(
    reading: PortfolioReading,
    report: ImportReport,
    observations: KeptFile | None,
    *,
    was_searched: bool = True,
) -> ImportSummary:
    """Return what is kept of an import."""
    issues = all_issues(reading, report)
    refused = {(one.sheet, one.row) for one in issues if one.is_refused}
    changes = list(_changes(report.differences))
    return ImportSummary(
        fingerprint=fingerprint(report),
        row_count=reading.row_count,
        refused_count=len(refused),
        noticed_count=len({(one.sheet, one.row) for one in issues if not one.is_refused}),
        tallies=dict(report.tallies),
        absent_count=report.absent_count,
        balance_cents=dict(report.balance_cents),
        sheets=[_sheet(one) for one in reading.sheets],
        skipped_sheets=[SheetSkipped(one.name, one.because) for one in reading.skipped_sheets],
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        issues=[_kept(one) for one in issues[:SHOWN]],
        issue_count=len(issues),
        changes=changes[:SHOWN],
        change_count=len(changes),
        new_clients=_new_clients(report)[:SHOWN_NAMES],
        observations=observations,
        placements={one: report.placements[one] for one in Placement if one in report.placements},
        was_searched=was_searched,
    )


def all_issues(reading: PortfolioReading, report: ImportReport) -> list[Issue]:
    """Return what the sheets and the cartera say about a file, that of refused rows first."""
    told = [*reading.issues, *(reading.issue_of(finding) for finding in report.findings)]
    refused = {(one.sheet, one.row) for one in told if one.is_refused}
    issues = [replace(one, is_refused=(one.sheet, one.row) in refused) for one in told]
    order = {sheet.name: number for number, sheet in enumerate(reading.sheets)}
    return sorted(issues, key=lambda one: (not one.is_refused, order[one.sheet], one.row))


def fingerprint(report: ImportReport) -> str:
    """Return what is equal for two reports exactly when they say the same."""
    digest = hashlib.sha256()
    for one in report.differences:
        changes = [(change.field, change.old, change.new) for change in one.changes]
        digest.update(repr((one.part, one.key, one.owner, one.id, changes)).encode())
    for found in report.findings:
        digest.update(repr(found).encode())
    return digest.hexdigest()


def problem_of(name: str) -> CellProblem | ImportConflict:
    """Return the member that `KeptIssue.problem` names."""
    kind, _, value = name.partition(".")
    return CellProblem(value) if kind == CellProblem.__name__ else ImportConflict(value)


def to_json(summary: ImportSummary) -> dict[str, Any]:
    """Return a summary as JSON can hold it."""
    built: dict[str, Any] = msgspec.to_builtins(summary)
    return built


def from_json(data: Mapping[str, Any]) -> ImportSummary:
    """Return the summary that `to_json` wrote."""
    return msgspec.convert(data, ImportSummary)


def _kept(issue: Issue) -> KeptIssue:
    return KeptIssue(
        sheet=issue.sheet,
        row=issue.row,
        column=issue.column,
        heading=issue.heading,
        value=issue.value[:200],
        problem=f"{type(issue.problem).__name__}.{issue.problem.value}",
        facts=_plain_facts(issue.facts),
        is_refused=issue.is_refused,
    )


def _plain_facts(facts: Facts) -> dict[str, str | int]:
    return {name: value[:200] if isinstance(value, str) else value for name, value in facts.items()}


def _sheet(sheet: ReadSheet) -> SheetSummary:
    read = sorted(sheet.headings.read.values(), key=lambda one: one.number)
    return SheetSummary(
        name=sheet.name,
        heading_row=sheet.headings.row + 1,
        row_count=sheet.row_count,
        passed_over=list(sheet.passed_over),
        read=[ColumnRead(one.letter, one.heading, one.field) for one in read],
        ignored=[
            ColumnIgnored(one.letter, one.heading, one.because, one.used)
            for one in sheet.headings.ignored
        ],
    )


def _changes(differences: Iterable[Difference]) -> Iterable[KeptChange]:
    for one in differences:
        for change in () if one.is_new else one.changes:
            if change.field not in NOT_SHOWN:
                yield KeptChange(
                    one.part,
                    list(one.key),
                    one.owner,
                    one.place.sheet,
                    one.place.row,
                    change.field,
                    _readable(change.old),
                    _readable(change.new),
                )


def _readable(value: Value) -> str | int | float | None:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value


def _new_clients(report: ImportReport) -> list[str]:
    return [
        f"{one.key[0]} {change.new}"
        for one in report.differences
        if one.part is PortfolioPart.CLIENT and one.is_new
        for change in one.changes
        if change.field == "name"
    ]
