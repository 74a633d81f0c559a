"""What past weeks say about money to come: when promised money arrives, what nobody promised.

Weeks are counted back from the day of the forecast: week k is the seven days that begin 7k days
before it. Money of a week is "said" h weeks ahead when it fills a promise or an instalment that
stood when those h weeks began; the rest could not be seen coming from there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector_app.promises.rules import PromisePolicy, PromiseTerms, Receipt, fillings

WEEK = timedelta(days=7)
HISTORY_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Said:
    """All promises and instalments of one client, and all their money since the first of them."""

    terms: Sequence[PromiseTerms]
    receipts: Sequence[Receipt]


@dataclass(frozen=True, slots=True)
class CashHistory:
    """What is known of past weeks.

    Attributes
    ----------
    unsaid_cents : tuple of tuple of int
        For each week ahead (0: the coming seven days), the money of each past week, the oldest
        first, that nobody had said so long before.
    delays_days : tuple of int
        Of each part of a promise that was paid, the days from the due day on; ahead is negative.
    """

    unsaid_cents: tuple[tuple[int, ...], ...]
    delays_days: tuple[int, ...]


def history_of(
    day: date,
    received: Mapping[date, int],
    said: Iterable[Said],
    *,
    ahead: int,
    zone: ZoneInfo,
    policy: PromisePolicy,
) -> CashHistory:
    """Return what the `HISTORY_WEEKS` before a day say.

    Weeks before the first money do not count: the company was not collecting yet.

    Parameters
    ----------
    received : mapping of date to int
        All money by local day, cents; what came on `day` or later is left out.
    said : iterable of Said
        One for each client who promised or agreed to something.
    ahead : int
        For how many weeks ahead.
    """
    known = _weeks_known(day, received)
    whole = [0] * (known + 1)  # by k; k = 0 is not over
    for on, cents in received.items():
        k = _week_of(day, on)
        if 1 <= k <= known:
            whole[k] += cents
    filled = [[0] * (known + 1) for _ in range(ahead)]
    delays = []
    for client in said:
        for one in fillings(client.terms, client.receipts, policy):
            k = _week_of(day, one.receipt.on)
            if 1 <= k <= known:
                delays.append((one.receipt.on - one.promise.due_on).days)
                seen = _weeks_seen(day - k * WEEK, one.promise.made_at, zone)
                for h in range(min(seen, ahead)):
                    filled[h][k] += one.amount_cents
    return CashHistory(
        tuple(tuple(whole[k] - one[k] for k in range(known, 0, -1)) for one in filled),
        tuple(delays),
    )


def _weeks_known(day: date, received: Mapping[date, int]) -> int:
    past = [on for on in received if on < day]
    return min(HISTORY_WEEKS, (day - min(past)).days // 7) if past else 0


def _week_of(day: date, on: date) -> int:
    """Return how many weeks before a day the week of another began; 0 or less: not over."""
    return -((on - day).days // 7)


def _weeks_seen(start: date, made_at: datetime, zone: ZoneInfo) -> int:
    """Return for how many horizons what was said then could be seen from before a week's start.

    From the start of the week itself (h = 0) and from each full week before it.
    """
    days = (start - made_at.astimezone(zone).date()).days
    return 0 if days <= 0 else (days - 1) // 7 + 1
