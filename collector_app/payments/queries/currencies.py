"""Which currencies the cartera owes in, and what keeps their sums apart."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.portfolio.models import Credit


@dataclass(frozen=True, slots=True)
class OneCurrency:
    """The currency that a sum is of; where the cartera knows no other, conditions ask nothing.

    Money of a client is of the currency of their credits, as `Debt` and `payment_currency` have it:
    of several the first by letters. What is owed is told apart credit by credit.
    """

    code: str
    is_house: bool = True
    is_only: bool = True

    def holds_credit(self, currency: Any) -> ColumnElement[bool]:
        """Return the condition on the currency of a credit."""
        if self.is_only:
            return true()
        is_ours: ColumnElement[bool] = currency == self.code
        return is_ours

    def holds_client(self, client_id: Any) -> ColumnElement[bool]:
        """Return the condition on whose money it is; who has no credit counts with the house's."""
        if self.is_only:
            return true()
        first = func.min(Credit.currency)
        owners = select(Credit.client_id).group_by(Credit.client_id)
        is_ours: ColumnElement[bool] = (
            client_id.not_in(owners.having(first != self.code))
            if self.is_house
            else client_id.in_(owners.having(first == self.code))
        )
        return is_ours


def currencies(session: Session) -> tuple[str, ...]:
    """Return the currencies of the cartera, that of most credits first: it is the house's."""
    found = session.execute(select(Credit.currency, func.count()).group_by(Credit.currency))
    in_order = sorted(found, key=lambda row: (-row[1], row[0]))
    return tuple(code for code, _count in in_order) or (USUAL_CURRENCY,)


def one_currency(session: Session, code: str | None = None) -> OneCurrency:
    """Return a currency as what sums are of; None: the house's."""
    house, *others = currencies(session)
    return OneCurrency(code or house, is_house=code in (None, house), is_only=not others)


def currencies_of(session: Session, client_ids: Collection[int]) -> dict[int, str]:
    """Return the currency of the money of some clients; those without credits are absent."""
    found = session.execute(
        select(Credit.client_id, func.min(Credit.currency))
        .where(among(Credit.client_id, client_ids))
        .group_by(Credit.client_id)
    )
    return dict(iter(found))


def clients_of_others(session: Session, money: OneCurrency) -> frozenset[int]:
    """Return the clients whose money is of another currency."""
    if money.is_only:
        return frozenset()
    first = func.min(Credit.currency)
    owners = select(Credit.client_id).group_by(Credit.client_id).having(first != money.code)
    return frozenset(session.scalars(owners))
