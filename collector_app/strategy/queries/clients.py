"""What is known of clients on a day, as segments ask for it; a fixed number of statements."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.payments.queries import NO_DEBT, PromiseRow, debts, promise_states
from collector_app.portfolio.models import Client, Credit
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import PromiseState
from collector_app.stages.queries import client_stages
from collector_app.strategy.rules import ClientTraits, TraitColumns, columns_of
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.visits.rules import Outcome
from collector_app.zones.models import Zone
from collector_app.zones.queries import zone_of_client


@dataclass(frozen=True, slots=True)
class _Tried:
    """The last outcome at a client's door, and when somebody was last reached there."""

    outcome: Outcome | None = None
    contact_at: datetime | None = None


def client_traits(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int] | None = None
) -> list[ClientTraits]:
    """Return what is known of clients by id; without ids, of everybody who owes something."""
    owed, stages = (
        debts(session, day, zone, client_ids),
        client_stages(session, day, zone, client_ids),
    )
    wanted = sorted(owed if client_ids is None else client_ids)
    about = {
        id_: (kind, municipality)
        for id_, kind, municipality in session.execute(
            select(Client.id, Client.kind, Client.municipality).where(among(Client.id, wanted))
        )
    }
    products, tried = _products(session, wanted), _tried(session, wanted)
    promises = promise_states(session, day, wanted, zone=zone)
    zone_of = zone_of_client(session, day, client_ids)
    names = dict(session.execute(select(Zone.id, Zone.name)).all())
    found = []
    for id_ in wanted:
        if id_ not in about:
            continue
        debt, last = owed.get(id_, NO_DEBT), tried.get(id_, _Tried())
        kind, municipality = about[id_]
        found.append(
            ClientTraits(
                client_id=id_,
                days_past_due=debt.days_past_due,
                balance_cents=debt.balance_cents,
                overdue_cents=debt.overdue_cents,
                stage=stages.get(id_, Stage.PREVENTIVE),
                kind=kind,
                broken_promises=_count(promises.get(id_, ()), PromiseState.BROKEN),
                kept_promises=_count(promises.get(id_, ()), PromiseState.KEPT),
                days_since_contact=_days_since(last.contact_at, day, zone),
                last_outcome=last.outcome,
                products=frozenset(products.get(id_, ())),
                zone=names.get(zone_of.get(id_, 0)),
                municipality=municipality,
            )
        )
    return found


def trait_columns(session: Session, day: date, zone: ZoneInfo) -> TraitColumns:
    """Return the traits of everybody who owes something, trait by trait."""
    return columns_of(client_traits(session, day, zone))


def _count(promises: Sequence[PromiseRow], state: PromiseState) -> int:
    return sum(one.state is state for one in promises)


def _days_since(at: datetime | None, day: date, zone: ZoneInfo) -> int | None:
    return None if at is None else max(0, (day - at.astimezone(zone).date()).days)


def _products(session: Session, client_ids: Collection[int]) -> dict[int, set[str]]:
    by_client: defaultdict[int, set[str]] = defaultdict(set)
    found = session.execute(
        select(Credit.client_id, Credit.product)
        .where(Credit.product.is_not(None), among(Credit.client_id, client_ids))
        .distinct()
    )
    for client_id, product in found:
        by_client[client_id].add(product or "")
    return by_client


def _tried(session: Session, client_ids: Collection[int]) -> dict[int, _Tried]:
    newest_first = func.row_number().over(
        partition_by=Visit.client_id, order_by=(Visit.started_at.desc(), Visit.id.desc())
    )
    contact_at = func.max(case((contact_condition(), Visit.started_at))).over(
        partition_by=Visit.client_id
    )
    visits = (
        select(
            Visit.client_id,
            Visit.outcome,
            contact_at.label("contact_at"),
            newest_first.label("place"),
        )
        .where(Visit.outcome != Outcome.NOT_VISITED, among(Visit.client_id, client_ids))
        .subquery()
    )
    found = session.execute(
        select(visits.c.client_id, visits.c.outcome, visits.c.contact_at).where(visits.c.place == 1)
    )
    return {client_id: _Tried(outcome, at) for client_id, outcome, at in found}
