"""Where each client stands today: the stages and segments that counts are split by."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, literal
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.indicators.queries.grouping import NOBODY, Grouping
from collector_app.indicators.rules import Dimension
from collector_app.portfolio.rules import Stage
from collector_app.stages.queries import client_stages
from collector_app.strategy.queries.segments import clients_of_segments

Clients = Mapping[int, tuple[int, ...]]
STAGES = tuple(Stage)  # a stage is the group of its place here
OF_TODAY = frozenset({Dimension.STAGE, Dimension.SEGMENT})


@dataclass(frozen=True, slots=True)
class Placed(Grouping):
    """A grouping whose groups are sets of clients; whoever is in none belongs to nobody."""

    clients: Clients = field(default_factory=dict)

    def group_of(self, collector: Any, client: Any, day: Any) -> ColumnElement[int]:
        """Return the group of a row by its client alone."""
        del collector, day
        found = [(among(client, ids), group) for group, ids in self.clients.items()]
        return case(*found, else_=NOBODY) if found else literal(NOBODY)

    def group_of_debtor(self, client: Any) -> ColumnElement[int]:
        """Return the group of what a client owes."""
        return self.group_of(NOBODY, client, 0)


def clients_in_groups(
    session: Session, by: Dimension, today: date, zone: ZoneInfo
) -> dict[int, tuple[int, ...]]:
    """Return who is in each stage or segment with what is known now; only who owes something."""
    if by is Dimension.SEGMENT:
        found = clients_of_segments(session, today, zone)
        return {segment: tuple(sorted(clients)) for segment, clients in found.items()}
    stages: defaultdict[int, list[int]] = defaultdict(list)
    for client_id, stage in sorted(client_stages(session, today, zone).items()):
        stages[STAGES.index(stage)].append(client_id)
    return {group: tuple(clients) for group, clients in stages.items()}


def place(session: Session, grouping: Grouping) -> Grouping:
    """Return a grouping that knows the clients of its groups, where groups are sets of clients."""
    if grouping.by not in OF_TODAY or isinstance(grouping, Placed):
        return grouping
    today = clock.today(grouping.zone)
    return placed(grouping, clients_in_groups(session, grouping.by, today, grouping.zone))


def placed(grouping: Grouping, clients: Clients) -> Placed:
    """Return a grouping with the clients of its groups."""
    return Placed(grouping.period, grouping.zone, grouping.by, grouping.currency, clients)


def places(grouping: Grouping) -> dict[int, int]:
    """Return the group of each client, where groups are sets of clients."""
    clients = grouping.clients if isinstance(grouping, Placed) else {}
    return {client_id: group for group, ids in clients.items() for client_id in ids}
