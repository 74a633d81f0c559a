"""Webhooks and their log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from collector_app.webhooks.models import Webhook, WebhookDelivery
from collector_app.webhooks.rules import DeliveryState, is_sent_now

SHOWN = 100


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook in use, with what waits for it."""

    id: int
    url: str
    events: tuple[str, ...]
    waiting: int
    failures: int
    next_try_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueRow:
    """A webhook for which something may be sent now: its first delivery, and how often tried."""

    webhook_id: int
    delivery_id: int
    tries: int


def webhooks(session: Session) -> list[WebhookRow]:
    """Return the webhooks in use, oldest first."""
    waits = case((WebhookDelivery.state == DeliveryState.WAITING, 1))
    found = session.execute(
        select(Webhook, func.count(waits))
        .outerjoin(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
        .where(Webhook.removed_at.is_(None))
        .group_by(Webhook.id)
        .order_by(Webhook.id)
    )
    return [
        WebhookRow(
            one.id,
            one.url,
            tuple(one.events),
            waiting,
            one.failures,
            one.next_try_at,
            one.disabled_at,
        )
        for one, waiting in found
    ]


def turned_off(session: Session) -> int:
    """Return how many webhooks in use were given up after failing too often."""
    given_up = select(func.count(Webhook.id)).where(
        Webhook.removed_at.is_(None), Webhook.disabled_at.is_not(None)
    )
    return session.scalar(given_up) or 0


def deliveries(session: Session, webhook_id: int) -> Sequence[WebhookDelivery]:
    """Return the last tellings of a webhook, newest first."""
    return session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(SHOWN)
    ).all()


def due(session: Session, now: datetime) -> list[DueRow]:
    """Return the webhooks for which something may be sent now."""
    rows = []
    for webhook in session.scalars(
        select(Webhook).where(Webhook.removed_at.is_(None), Webhook.disabled_at.is_(None))
    ):
        first = next_waiting(session, webhook.id)
        if first is not None and is_sent_now(webhook.next_try_at, now):
            rows.append(DueRow(webhook.id, first.id, first.tries))
    return rows


def next_waiting(session: Session, webhook_id: int) -> WebhookDelivery | None:
    """Return the first telling of a webhook that waits; they are sent in order."""
    return session.scalars(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.state == DeliveryState.WAITING,
        )
        .order_by(WebhookDelivery.id)
        .limit(1)
    ).one_or_none()
