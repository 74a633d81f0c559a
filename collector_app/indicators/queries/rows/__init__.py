"""The rows behind an indicator: what was counted, one line each."""

from sqlalchemy.orm import Session

from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.queries.placing import place
from collector_app.indicators.queries.rows import debts, money, work
from collector_app.indicators.queries.rows.behind import BehindRow, Part
from collector_app.indicators.rules import Dimension, Moved, RowKind

__all__ = ["BehindRow", "rows_behind"]

_BETWEEN_ENDS = frozenset({RowKind.MOVEMENTS, RowKind.CONFIRMED})  # a week is a period of its own


def rows_behind(  # noqa: PLR0913 - each says which rows
    session: Session,
    kind: RowKind,
    grouping: Grouping,
    group: int | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
    is_counted: bool = True,
    is_of_money: bool = False,
    moved: Moved | None = None,
) -> tuple[int, list[BehindRow]]:
    """Return how many rows there are behind a group, or behind all, and some of them.

    Parameters
    ----------
    group : int, optional
        One of the groups of `tallies` under the same grouping.
    offset, limit : int
        Which rows of the list, in its order.
    is_counted : bool
        False: the number is not asked for, which takes as long as the rows, and may be 0.
    is_of_money : bool
        True: of promises only those of the currency of the grouping, as where their money is added
        up. Payments and what clients owe always are.
    moved : Moved, optional
        Who moved between the ends of the period, or of the week that is the group; saves reading it
        anew for rows of movements.
    """
    reading = {
        RowKind.VISITS: work.visits,
        RowKind.PROMISES: money.promises,
        RowKind.STOPS: work.stops,
        RowKind.PAYMENTS: money.payments,
        RowKind.CLIENTS: debts.clients,
        RowKind.FIRST_CONTACTS: work.first_contacts,
        RowKind.COMPLAINTS: work.complaints,
        RowKind.FAULTS: work.faults,
        RowKind.COSTS: money.costs,
        RowKind.CASH_COUNTS: money.cash_counts,
        RowKind.DEPOSITS: money.deposits,
        RowKind.CONFIRMED: money.confirmed,
        RowKind.MOVEMENTS: debts.movements,
    }[kind]
    if group is not None and grouping.by is Dimension.WEEK and kind in _BETWEEN_ENDS:
        if group not in grouping.weeks:
            return 0, []
        grouping, group = grouping.in_week(group), None
    part = Part(offset, limit, is_counted, is_of_money, moved)
    return reading(session, place(session, grouping), group, part)
