"""Writes of an import: what stands behind credits, in bulk, each row with its entry in the log."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.services import log_each
from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.backing.rules import DocumentKind, GuaranteeKind, GuaranteeState, ObligorKind
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.orm import Model
from collector_app.core.selection import among
from collector_app.portfolio.facts import Difference, Known, PortfolioPart
from collector_app.portfolio.known import known_clients, known_credits

# Fields of a file -> columns, where they are called otherwise.
_COLUMNS = {
    "guarantee_value_cents": "value_cents",
    "guaranteed_on": "given_on",
    "document_on": "dated_on",
    **{f"{kind}_{name}": name for kind in ObligorKind for name in ("phone", "address")},
}
_TABLES: Mapping[PortfolioPart, type[Model]] = {
    PortfolioPart.GUARANTEE: Guarantee,
    PortfolioPart.OBLIGOR: Obligor,
    PortfolioPart.DOCUMENT: CreditDocument,
}


def write_backing(session: Session, actor: Actor, differences: Sequence[Difference]) -> None:
    """Insert and correct what a report foretold; its clients and credits are there already."""
    wanted = [one for one in differences if one.part in _TABLES]
    credits_ = known_credits(session, dict.fromkeys(one.key[0] for one in wanted))
    clients = known_clients(session, dict.fromkeys(one.owner for one in wanted))
    for part, table in _TABLES.items():
        of_part = [one for one in wanted if one.part is part]
        fresh = [
            _new_row(one, credits_[one.key[0]].id, clients, actor) for one in of_part if one.is_new
        ]
        session.add_all(fresh)
        noun = table.__tablename__.removeprefix("credit_")
        log_each(session, actor, f"{noun}.added", [(row, {"by": "import"}) for row in fresh])
        _correct(session, actor, table, f"{noun}.corrected", of_part)


def _new_row(
    one: Difference, credit_id: int, clients: Mapping[str, Known], actor: Actor
) -> Guarantee | Obligor | CreditDocument:
    _credit, kind, name = one.key
    values: dict[str, Any] = _values(one)
    values |= {"credit_id": credit_id, "created_by": actor.user_id, "created_at": clock.now()}
    match one.part:
        case PortfolioPart.GUARANTEE:
            state = {"state": GuaranteeState.IN_FORCE, "state_on": values["given_on"]}
            return Guarantee(kind=GuaranteeKind(kind), description=name, **values, **state)
        case PortfolioPart.OBLIGOR:
            client_id = clients[one.owner].id
            return Obligor(client_id=client_id, kind=ObligorKind(kind), name=name, **values)
        case _:
            number = None if _is_day(name, values["dated_on"]) else name
            return CreditDocument(kind=DocumentKind(kind), number=number, **values)


def _correct(
    session: Session,
    actor: Actor,
    table: type[Model],
    event: str,
    differences: Iterable[Difference],
) -> None:
    changed = {one.id: _values(one) for one in differences if one.id is not None}
    if not changed:
        return
    key = table.id  # type: ignore[attr-defined]  # each of these tables has one
    done = []
    for row in session.scalars(select(table).where(among(key, changed.keys()))):
        for name, value in changed[row.id].items():  # type: ignore[attr-defined]
            setattr(row, name, value)
        done.append((row, {"fields": ", ".join(sorted(changed[row.id]))}))  # type: ignore[attr-defined]
    log_each(session, actor, event, done)


def _values(one: Difference) -> dict[str, Any]:
    return {_COLUMNS.get(change.field, change.field): change.new for change in one.changes}


def _is_day(name: str, day: date) -> bool:
    """Tell whether a paper goes by its day because it has no number."""
    return name == day.isoformat()
