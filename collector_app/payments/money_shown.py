"""The currency whose sums a page shows, and what is owed in the others that it leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.figures.keeping import kept
from collector_app.payments.queries import OwedIn, currencies, owed_by_currency


@dataclass(frozen=True, slots=True)
class MoneyShown:
    """One currency of the cartera; ``others`` is what clients owe in each of the rest.

    ``asked`` is what queries are asked for, None: the house's, whatever it is by then.
    """

    currency: str
    asked: str | None
    others: tuple[OwedIn, ...]


def money_shown(query: Mapping[str, str], today: date, zone: ZoneInfo) -> MoneyShown:
    """Read ``moneda``; one that the cartera does not know gives way to the house's."""
    known = kept(currencies)
    wanted = query.get("moneda", "").upper()
    currency = wanted if wanted in known else known[0]
    owed = kept(owed_by_currency, today, zone) if len(known) > 1 else []
    return MoneyShown(
        currency,
        None if currency == known[0] else currency,
        tuple(one for one in owed if one.currency != currency),
    )
