"""Which objections were heard, and after which of them, and of their cards, money came."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.playbook.rules import CardResult, Followed, was_followed_by_money
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import ClientKind
from collector_app.visits.models import Visit
from collector_app.visits.rules import Objection

DAYS_BACK = 90


def card_results(
    session: Session,
    day: date,
    zone: ZoneInfo,
    kind: ClientKind | None = None,
    client_ids: Collection[int] | None = None,
) -> list[CardResult]:
    """Return each objection of the last ninety days with what followed, most heard first.

    Parameters
    ----------
    kind : ClientKind, optional
        Only of persons, or only of firms.
    client_ids : collection of int, optional
        Only of these clients, such as those of a segment.
    """
    since = clock.local_midnight(day - timedelta(days=DAYS_BACK), zone)
    heard_at = select(Visit.client_id, Visit.objection, Visit.card_opened, Visit.started_at).where(
        Visit.objection.is_not(None), Visit.started_at >= since, among(Visit.client_id, client_ids)
    )
    if kind is not None:
        heard_at = heard_at.join(Client, Client.id == Visit.client_id).where(Client.kind == kind)
    paid_on: defaultdict[int, list[date]] = defaultdict(list)
    for client_id, at in session.execute(
        select(Payment.client_id, Payment.received_at).where(
            Payment.annulled_at.is_(None),
            Payment.received_at >= since,
            among(Payment.client_id, client_ids),
        )
    ):
        paid_on[client_id].append(at.astimezone(zone).date())
    heard: Counter[tuple[Objection, bool | None]] = Counter()
    paid: Counter[tuple[Objection, bool | None]] = Counter()
    for client_id, objection, card_opened, at in session.execute(heard_at):
        assert objection is not None  # noqa: S101 - the statement leaves those out
        key = objection, card_opened
        heard[key] += 1
        paid[key] += was_followed_by_money(at.astimezone(zone).date(), paid_on[client_id])

    def followed(objection: Objection, *card_opened: bool | None) -> Followed:
        keys = [(objection, one) for one in card_opened]
        return Followed(sum(heard[key] for key in keys), sum(paid[key] for key in keys))

    found = [
        CardResult(one, followed(one, True, False, None), followed(one, True), followed(one, False))
        for one in dict.fromkeys(objection for objection, _opened in heard)
    ]
    return sorted(found, key=lambda one: -one.told.heard)
