"""What an import found, in Spanish sentences; the only place that turns its codes into words."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext

from collector_app.exchange.columns import column_field, column_of
from collector_app.exchange.rules import FileProblem, Issue
from collector_app.exchange.summaries import KeptChange, KeptIssue, problem_of
from collector_app.portfolio.facts import ImportConflict
from collector_app.portfolio.rules import AddressOrigin, ClientKind, VisitPlaceKind
from collector_app.web.filters import fecha, pesos
from collector_app.web.words import label


def issue_sentence(issue: Issue | KeptIssue) -> str:
    """Say what is wrong with a cell or a row, and what was expected."""
    problem = issue.problem if isinstance(issue, Issue) else problem_of(issue.problem)
    facts: dict[str, object] = dict(issue.facts)
    if problem is ImportConflict.OLDER_BALANCE:
        facts["known"] = pesos(int(str(facts["known_cents"])))
        facts["known_on"] = fecha(datetime.fromisoformat(str(facts["known_at"])))
    if problem is ImportConflict.ENDED_OBLIGOR:
        facts["ended_on"] = fecha(date.fromisoformat(str(facts["ended_on"])))
    return label(problem).format_map(_Blank(facts))


def file_sentence(problem: FileProblem, facts: Mapping[str, object]) -> str:
    """Say why a file can't be read."""
    return label(problem).format_map(_Blank(facts))


def field_title(name: str) -> str:
    """Return what people call a field of the cartera."""
    return column_of(column_field(name)).title


def change_value(change: KeptChange, value: str | int | float | None) -> str:
    """Show one side of a change as people read it."""
    if value is None or value == "":
        return "—"
    if change.field.endswith("_cents"):
        return pesos(int(value))
    if change.field.endswith("_on"):
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    return _word(change.field, value)


def _word(field: str, value: str | int | float) -> str:
    match field:
        case "kind":
            return label(ClientKind(str(value)))
        case "place_kind":
            return label(VisitPlaceKind(str(value)))
        case "place_origin":
            return label(AddressOrigin(str(value)))
        case "place_authorised":
            return str(gettext("Sí") if value else gettext("No"))
        case _:
            return str(value)


class _Blank(dict[str, object]):
    """Facts that a sentence names and a finding lacks become nothing, not an error."""

    def __missing__(self, key: str) -> str:
        return ""
