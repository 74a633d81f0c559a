"""Whoever is on no route of a board: taken off by hand, or left out when it was planned.

A plan of a large cartera leaves out a hundred thousand clients: the database filters and counts
them, and only those who are shown are read.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, not_, select
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.dispatch.queries.boards import BoardPage
from collector_app.planning.models import SkippedClient
from collector_app.planning.queries import SkippedRow
from collector_app.planning.rules import SkipCause
from collector_app.portfolio.models import Client
from collector_app.portfolio.queries import matching


@dataclass(frozen=True, slots=True)
class Unassigned:
    """The first of those asked for, and how many there are."""

    rows: tuple[SkippedRow, ...]
    count: int


def unassigned(
    session: Session,
    page: BoardPage,
    causes: Collection[SkipCause] = tuple(SkipCause),
    words: str = "",
    *,
    first: Collection[SkipCause] = (),
    limit: int | None = None,
) -> Unassigned:
    """Return whoever is on no route, those taken off by hand first, then as planned.

    Parameters
    ----------
    words : str
        Only clients in whose name, number, address or phone each of these words stands.
    first : collection of SkipCause
        Left out for one of these, a client comes before those of other causes.
    """
    taken = [one for one in page.taken_off if one.cause in causes]
    if words and taken:
        asked = among(Client.id, [one.client_id for one in taken])
        found = set(session.scalars(select(Client.id).where(asked, *matching(words))))
        taken = [one for one in taken if one.client_id in found]
    conditions = (*_left_out(page), SkippedClient.cause.in_(causes))
    planned = (
        select(
            SkippedClient.client_id,
            SkippedClient.collector_id,
            SkippedClient.cause,
            SkippedClient.facts,
        )
        .where(*conditions)
        .order_by(case((SkippedClient.cause.in_(first), 0), else_=1), SkippedClient.id)
    )
    counted = select(func.count(SkippedClient.id)).where(*conditions)
    if words:
        same = SkippedClient.client_id == Client.id
        planned = planned.join(Client, same).where(*matching(words))
        counted = counted.join(Client, same).where(*matching(words))
    room = None if limit is None else max(0, limit - len(taken))
    rows = [SkippedRow(*row) for row in session.execute(planned.limit(room))]
    return Unassigned((*taken, *rows)[:limit], len(taken) + (session.scalar(counted) or 0))


def unassigned_causes(session: Session, page: BoardPage) -> Counter[SkipCause]:
    """Return how many clients are on no route, by cause."""
    found = session.execute(
        select(SkippedClient.cause, func.count(SkippedClient.id))
        .where(*_left_out(page))
        .group_by(SkippedClient.cause)
    )
    counts: Counter[SkipCause] = Counter()
    for cause, number in found:
        counts[cause] = number
    counts.update(one.cause for one in page.taken_off)
    return counts


def _left_out(page: BoardPage) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a plan left a client out whom nobody put on a route since."""
    brought_in = page.state.visitors.keys() - page.start.visitors.keys()
    conditions = (SkippedClient.plan_id == page.plan.id,)
    if not brought_in:
        return conditions
    return (*conditions, not_(among(SkippedClient.client_id, brought_in)))
