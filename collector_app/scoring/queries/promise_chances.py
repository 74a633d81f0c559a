"""The chance that each client keeps what they promised, learned from promises that are over."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.payments.queries import debts
from collector_app.scoring.queries.asked import Asked, ages_of
from collector_app.scoring.queries.promise_ends import ends_of, promises_told, receipts_of
from routing.scoring import Chance, Keeping, PrizeWeights


@dataclass(frozen=True, slots=True)
class PromiseChances:
    """What promises taught.

    Attributes
    ----------
    ages : mapping of int to int
        Days past due by client.
    broken : mapping of int to int
        Promises of half a year of which nothing was paid, by client.
    promises_over : int
        From how many promises the chances were learned.
    """

    keeping: Keeping
    ages: Mapping[int, int]
    broken: Mapping[int, int]
    promises_over: int

    def of(self, client_id: int) -> Chance:
        """Return the chance that a client keeps what they promise now."""
        age, broken = self.ages.get(client_id, 0), self.broken.get(client_id, 0)
        return self.keeping.chance(client_id, age, broken)


def promise_chances(
    session: Session, before: datetime, zone: ZoneInfo, client_ids: Collection[int]
) -> PromiseChances:
    """Return what was learned before a moment, for some clients; no visit is read."""
    asked = Asked(before, zone)
    promises = promises_told(session, asked)
    everybody = {*promises, *client_ids}
    asked = replace(asked, client_ids=everybody)
    ages = ages_of(session, asked, debts(session, asked.today, zone, everybody))
    ends = ends_of(asked, promises, receipts_of(session, asked), ages)
    broken = Counter(one.client_id for one in ends if not one.kept_share)
    return PromiseChances(Keeping(ends, PrizeWeights()), ages, broken, len(ends))
