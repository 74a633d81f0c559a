"""Whoever is on no route of a board: taken off by hand, or left out when it was planned.

A plan of a large cartera leaves out a hundred thousand clients: the database filters and counts
them, and only those who are shown are read.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, not_, select, union_all
from sqlalchemy.orm import Session

from collector_app.audit.kept import KeptUntilDone
from collector_app.core.selection import among
from collector_app.dispatch.queries.boards import BoardPage
from collector_app.planning.models import SkippedClient
from collector_app.planning.queries import SkippedRow, is_field_work
from collector_app.planning.rules import SkipCause
from collector_app.portfolio.models import Client
from collector_app.portfolio.queries import matching

_MOST_SHOWN = 64  # boards
_shown: KeptUntilDone[Counter[SkipCause]] = KeptUntilDone(_MOST_SHOWN)
_COLUMNS = (
    SkippedClient.id,
    SkippedClient.client_id,
    SkippedClient.collector_id,
    SkippedClient.cause,
    SkippedClient.facts,
)


@dataclass(frozen=True, slots=True)
class Unassigned:
    """The first of those asked for, how many there are, and how many of each cause at all."""

    rows: tuple[SkippedRow, ...]
    count: int
    causes: Counter[SkipCause]


def unassigned(
    session: Session,
    page: BoardPage,
    causes: Collection[SkipCause] = tuple(SkipCause),
    words: str = "",
    *,
    first: Collection[SkipCause] = (),
    limit: int | None = None,
    planned: Counter[SkipCause] | None = None,
) -> Unassigned:
    """Return whoever is on no route, those taken off by hand first, then as planned.

    Parameters
    ----------
    words : str
        Only clients in whose name, number, address or phone each of these words stands.
    first : collection of SkipCause
        Left out for one of these, a client comes before those of other causes.
    planned : Counter, optional
        What `shown_causes` says of the board, where it was asked already.
    """
    if planned is None:
        planned = _planned_causes(session, page)
    taken = [one for one in page.taken_off if one.cause in causes]
    off = Counter(one.cause for one in page.taken_off)
    if words and taken:
        asked = among(Client.id, [one.client_id for one in taken])
        found = set(session.scalars(select(Client.id).where(asked, *matching(words))))
        taken = [one for one in taken if one.client_id in found]
    room = None if limit is None else max(0, limit - len(taken))
    if words or room is None:
        rows, count = _every(session, page, causes, words, first, room)
    else:
        rows, count = _first_of(session, page, planned, causes, first, room)
    return Unassigned((*taken, *rows)[:limit], len(taken) + count, planned + off)


def facts_of_left_out(
    session: Session, plan_id: int, client_ids: Collection[int]
) -> dict[int, dict[str, Any]]:
    """Return what a plan kept of some of the clients that it left out."""
    found = session.execute(
        select(SkippedClient.client_id, SkippedClient.facts).where(
            SkippedClient.plan_id == plan_id, among(SkippedClient.client_id, client_ids)
        )
    )
    return dict(found.all())


def _every(
    session: Session,
    page: BoardPage,
    causes: Collection[SkipCause],
    words: str,
    first: Collection[SkipCause],
    room: int | None,
) -> tuple[list[SkippedRow], int]:
    conditions = (*_left_out(page), SkippedClient.cause.in_(causes))
    planned = (
        select(*_COLUMNS)
        .where(*conditions)
        .order_by(case((SkippedClient.cause.in_(first), 0), else_=1), SkippedClient.id)
    )
    counted = select(func.count(SkippedClient.id)).where(*conditions)
    if words:
        same = SkippedClient.client_id == Client.id
        planned = planned.join(Client, same).where(*matching(words))
        counted = counted.join(Client, same).where(*matching(words))
    rows = [SkippedRow(*row) for _id, *row in session.execute(planned.limit(room))]
    return rows, session.scalar(counted) or 0


def _first_of(
    session: Session,
    page: BoardPage,
    planned: Counter[SkipCause],
    causes: Collection[SkipCause],
    first: Collection[SkipCause],
    room: int,
) -> tuple[list[SkippedRow], int]:
    """Return the first of each cause until the room is full: an index leads to them.

    Sorted as one, all hundred thousand would be read for the sixty that a page shows.
    """
    counts = {cause: count for cause, count in planned.items() if cause in causes}
    parts: list[Select[Any]] = []
    wanted = 0
    for cause in sorted(counts, key=lambda one: (one not in first, one.value)):
        if wanted >= room:
            break
        part = select(*_COLUMNS).where(*_left_out(page), SkippedClient.cause == cause)
        part = part.order_by(SkippedClient.id).limit(room - wanted)
        parts.append(select(literal(len(parts)).label("place"), *part.subquery().c))
        wanted += counts[cause]
    if not parts:
        return [], sum(counts.values())
    whole = union_all(*parts).subquery()
    _place, id_, *columns = whole.c
    found = session.execute(select(*columns).order_by(whole.c.place, id_))
    return [SkippedRow(*row) for row in found], sum(counts.values())


def shown_causes(session: Session, page: BoardPage) -> Counter[SkipCause]:
    """Return how many clients each cause left out of a board, for a page, which writes nothing."""
    return _shown.of(
        session, (page.plan.id, page.version), lambda: _planned_causes(session, page), is_field_work
    )


def _planned_causes(session: Session, page: BoardPage) -> Counter[SkipCause]:
    found = session.execute(
        select(SkippedClient.cause, func.count(SkippedClient.id))
        .where(*_left_out(page))
        .group_by(SkippedClient.cause)
    )
    counts: Counter[SkipCause] = Counter()
    for cause, number in found:
        counts[cause] = number
    return counts


def _left_out(page: BoardPage) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a plan left a client out whom nobody put on a route since."""
    brought_in = page.state.visitors.keys() - page.start.visitors.keys()
    conditions = (SkippedClient.plan_id == page.plan.id,)
    if not brought_in:
        return conditions
    return (*conditions, not_(among(SkippedClient.client_id, brought_in)))
