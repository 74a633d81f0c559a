"""What an import would change behind credits: what a file tells against what the database holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from collector_app.backing.facts import BackingRow, ToldDocument, ToldGuarantee, ToldObligor
from collector_app.backing.known import Key, known_documents, known_guarantees, known_obligors
from collector_app.core.money import CENTS_PER_PESO
from collector_app.portfolio.differences import Compared, compare
from collector_app.portfolio.facts import (
    Finding,
    ImportConflict,
    ImportReport,
    Known,
    PortfolioPart,
    Statement,
    Value,
)
from collector_app.portfolio.gathering import plain
from collector_app.portfolio.known import known_credits

Told = dict[Key, Statement]


@dataclass(slots=True)
class _Gathered:
    """Everything that a file tells, each thing once, and since when it holds if it does not say."""

    guarantees: Told = field(default_factory=dict)
    obligors: Told = field(default_factory=dict)
    documents: Told = field(default_factory=dict)
    since_on: dict[Key, date] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def with_backing(
    session: Session, report: ImportReport, rows: Iterable[BackingRow], cut_on: date
) -> ImportReport:
    """Add to what an import does to the cartera what it does to guarantees, people and papers.

    Rows that the cartera refused are left out. What is known is only completed and corrected:
    nothing that a file no longer names is ended, and who was said to answer no longer stays so.

    Parameters
    ----------
    report
        Of the same file: which of its rows come in.
    cut_on
        From when on a guarantee or a person counts whose day neither the file nor the credit says.
    """
    refused = {one.place for one in report.findings if one.is_refused}
    told = _gather((one for one in rows if one.place not in refused), cut_on)
    parts = [one for one in _compared(session, told) if one.differences or one.tally.unchanged]
    if not parts:
        return report
    findings = [*report.findings, *told.findings]
    findings += [finding for one in parts for finding in one.findings]
    differences = tuple(difference for one in parts for difference in one.differences)
    return replace(
        report,
        tallies=dict(report.tallies) | {one.part: one.tally for one in parts},
        differences=report.differences + differences,
        findings=tuple(sorted(findings, key=lambda finding: finding.place)),
    )


def _compared(session: Session, told: _Gathered) -> list[Compared]:
    stated = (told.guarantees, told.obligors, told.documents)
    credits_ = known_credits(session, dict.fromkeys(key[0] for some in stated for key in some))
    guarantees, obligors, documents = (
        Compared(part)
        for part in (PortfolioPart.GUARANTEE, PortfolioPart.OBLIGOR, PortfolioPart.DOCUMENT)
    )
    compare(
        guarantees,
        told.guarantees,
        known_guarantees(session, credits_),
        lambda one, was: _since(one, was, "guaranteed_on", told.since_on),
    )
    compare(
        obligors,
        told.obligors,
        known_obligors(session, credits_),
        lambda one, was: _of_obligor(one, was, told.since_on, obligors),
    )
    compare(
        documents,
        told.documents,
        known_documents(session, credits_),
        lambda one, _was: dict(one.values),
    )
    return [guarantees, obligors, documents]


def _since(
    statement: Statement, was: Known | None, name: str, since_on: Mapping[Key, date]
) -> dict[str, Value]:
    default: dict[str, Value] = {} if was else {name: since_on[_key(statement)]}
    return default | statement.values


def _of_obligor(
    statement: Statement, was: Known | None, since_on: Mapping[Key, date], compared: Compared
) -> dict[str, Value]:
    """Leave out whoever was said to answer no longer: a file that still names them is older."""
    ended_on = was.values["ended_on"] if was else None
    if ended_on is None:
        return _since(statement, was, "since_on", since_on)
    kind, name = statement.key[1:]
    conflict = ImportConflict.ENDED_OBLIGOR
    facts = {"person": name, "ended_on": str(ended_on)}
    compared.findings.append(Finding(statement.place, kind, name, conflict, facts))
    return {}


def _gather(rows: Iterable[BackingRow], cut_on: date) -> _Gathered:
    gathered = _Gathered()
    for row in rows:
        if row.guarantee is not None:
            _take(gathered, gathered.guarantees, row, _guarantee(row.guarantee), cut_on)
        for person in row.obligors:
            _take(gathered, gathered.obligors, row, _obligor(person), cut_on)
        for paper in row.documents:
            _take(gathered, gathered.documents, row, _document(paper), cut_on)
    return gathered


# Kind, name, and the values by the fields of the file.
_Stated = tuple[str, str, dict[str, Value]]


def _guarantee(told: ToldGuarantee) -> _Stated:
    values: dict[str, Value] = {"guarantee_value_cents": told.value_cents}
    return told.kind.value, told.description, _given(values | {"guaranteed_on": told.given_on})


def _obligor(told: ToldObligor) -> _Stated:
    values = {f"{told.kind}_phone": told.phone, f"{told.kind}_address": told.address}
    return told.kind.value, told.name, _given(values)


def _document(told: ToldDocument) -> _Stated:
    name = told.number or told.dated_on.isoformat()
    values = {"document_on": told.dated_on, "bill_number": told.bill_number}
    return told.kind.value, name, _given(values)


def _given(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _take(gathered: _Gathered, into: Told, row: BackingRow, stated: _Stated, cut_on: date) -> None:
    """Keep what a row tells; what an earlier one told otherwise stays, and is found."""
    kind, name, values = stated
    statement = Statement((row.credit_id, kind, name), row.client_id, row.place, values)
    first = into.setdefault(_key(statement), statement)
    gathered.since_on.setdefault(_key(statement), row.opened_on or cut_on)
    for one, value in values.items():
        believed = first.values.setdefault(one, value)
        if believed != value:
            facts: dict[str, str | int] = {
                "client": row.client_id,
                "first_sheet": first.place.sheet,
                "first_row": first.place.row,
                "first_value": _shown(one, believed),
            }
            conflict = ImportConflict.OTHER_DETAIL
            gathered.findings.append(Finding(row.place, one, _shown(one, value), conflict, facts))


def _shown(name: str, value: Value) -> str:
    """Return a value as a file could say it: cents are written as an amount."""
    if name.endswith("_cents") and isinstance(value, int):
        return f"{value // CENTS_PER_PESO:,}.{value % CENTS_PER_PESO:02d}"
    return str(value)


def _key(statement: Statement) -> Key:
    credit, kind, name = statement.key
    return credit, kind, plain(name)
