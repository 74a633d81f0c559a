"""Every client at both ends of some days, read at once for all lists of them."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from collector_app.indicators.queries.movement import age_of, invoiced_by_client
from collector_app.indicators.rules import NOWHERE, Moved
from collector_app.payments.queries import one_currency
from collector_app.payments.queries.as_of import owed_by_client
from collector_app.portfolio.models import Client


def moved(
    session: Session, opening: date, closing: date, zone: ZoneInfo, currency: str | None = None
) -> Moved:
    """Return who owed at the end of either day, or was invoiced after the first; most money first.

    Parameters
    ----------
    currency : str, optional
        Whose money is added up; None: the house's.
    """
    money = one_currency(session, currency)
    before = owed_by_client(session, opening, zone, money)
    after = owed_by_client(session, closing, zone, money)
    invoiced = invoiced_by_client(opening, closing, money)
    most = func.coalesce(before.c.balance_cents, after.c.balance_cents, 0)
    found = session.execute(
        select(
            Client.id,
            before.c.balance_cents,
            case((before.c.client_id.is_not(None), age_of(before, opening))),
            invoiced.c.cents,
            after.c.balance_cents.label("closing_cents"),
            case((after.c.client_id.is_not(None), age_of(after, closing))),
        )
        .outerjoin(before, before.c.client_id == Client.id)
        .outerjoin(after, after.c.client_id == Client.id)
        .outerjoin(invoiced, invoiced.c.client_id == Client.id)
        .where(or_(*(one.c.client_id.is_not(None) for one in (before, after, invoiced))))
        .order_by(most.desc(), Client.id)
    ).all()
    ids, owed, was, billed, left, now = zip(*found, strict=True) if found else ((),) * 6
    return Moved(
        np.array(ids, np.int64).tobytes(),
        _packed(owed, np.int64, 0),
        _packed(was, np.int8, NOWHERE),
        _packed(billed, np.int64, 0),
        _packed(left, np.int64, 0),
        _packed(now, np.int8, NOWHERE),
    )


def _packed(numbers: Iterable[int | None], kind: type[np.signedinteger], nothing: int) -> bytes:
    return np.array([nothing if one is None else int(one) for one in numbers], kind).tobytes()
