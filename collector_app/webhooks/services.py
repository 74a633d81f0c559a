"""Give and take webhooks, turn the log into deliveries, and keep how each went."""

import json
import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.audit.chain import head_of
from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.webhooks.models import Webhook, WebhookDelivery
from collector_app.webhooks.rules import (
    DeliveryState,
    NoEvents,
    WebhookEvent,
    checked_url,
    is_given_up,
    pause_after,
)

ENTRIES_AT_ONCE = 1000
TEST_EVENT = "test"


def add_webhook(
    session: Session,
    actor: Actor,
    url: str,
    events: Collection[WebhookEvent],
    *,
    may_be_private: bool,
) -> Webhook:
    """Tell an address of some events from now on.

    Raises
    ------
    NotAllowed, WrongAddress, NoEvents
        If the actor may not, nothing may be sent there, or no event is chosen.
    """
    actor.require(Role.ADMIN)
    if not events:
        raise NoEvents("events", "at least one event")
    made = Webhook(
        url=checked_url(url, may_be_private=may_be_private),
        events=sorted(one.value for one in events),
        salt=secrets.token_hex(32),
        created_at=clock.now(),
        created_by=actor.user_id,
        told=head_of(session).position,
    )
    session.add(made)
    audit.log(session, actor, "webhook.added", made, events=made.events)
    return made


def remove_webhook(session: Session, actor: Actor, webhook_id: int) -> None:
    """Tell an address nothing any more; what it was told stays in the list.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not, or there is no such webhook.
    """
    actor.require(Role.ADMIN)
    found = webhook_numbered(session, webhook_id)
    found.removed_at = clock.now()
    audit.log(session, actor, "webhook.removed", found)


def turn_on(session: Session, actor: Actor, webhook_id: int) -> None:
    """Send again, from now on, what waits for a webhook that was turned off or pauses.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not, or there is no such webhook.
    """
    actor.require(Role.ADMIN)
    found = webhook_numbered(session, webhook_id)
    found.disabled_at, found.failures, found.next_try_at = None, 0, None
    audit.log(session, actor, "webhook.turned_on", found)


def send_test(session: Session, actor: Actor, webhook_id: int) -> WebhookDelivery:
    """Have a webhook told that this is a test.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not, or there is no such webhook.
    """
    actor.require(Role.ADMIN)
    return _deliver(session, webhook_numbered(session, webhook_id), TEST_EVENT, {}, clock.now())


def webhook_numbered(session: Session, webhook_id: int) -> Webhook:
    """Return a webhook in use; raises `NotFound` when there is none."""
    found = session.get(Webhook, webhook_id)
    if found is None or found.removed_at is not None:
        message = f"no webhook {webhook_id}"
        raise NotFound(message)
    return found


def prepare_deliveries(session: Session) -> None:
    """Make deliveries of what was logged since the last time, for each webhook in use.

    In the order of the log's positions, which are given at commit and under a lock: nothing that
    commits late is left out.
    """
    for webhook in session.scalars(select(Webhook).where(Webhook.removed_at.is_(None))):
        entries = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.position > webhook.told)
            .order_by(AuditEntry.position)
            .limit(ENTRIES_AT_ONCE)
        ).all()
        for entry in entries:
            if entry.event in webhook.events:
                about = {"type": entry.subject_type, "id": int(entry.subject_id)}
                _deliver(session, webhook, entry.event, about, entry.at)
            webhook.told = entry.position or webhook.told


def keep_answer(session: Session, delivery_id: int, status: int | None, error: str | None) -> None:
    """Keep how a try went; 2xx is taken, all else is tried again later or given up."""
    delivery = session.get_one(WebhookDelivery, delivery_id)
    webhook = session.get_one(Webhook, delivery.webhook_id)
    now = clock.now()
    delivery.tries, delivery.tried_at = delivery.tries + 1, now
    delivery.status, delivery.error = status, error
    if status is not None and 200 <= status < 300:
        delivery.state = DeliveryState.DELIVERED
        webhook.failures, webhook.next_try_at = 0, None
        return
    webhook.failures += 1
    webhook.next_try_at = now + pause_after(webhook.failures)
    if is_given_up(webhook.failures):
        webhook.disabled_at = now
        audit.log(session, Actor.system("webhooks"), "webhook.turned_off", webhook)


def _deliver(
    session: Session, webhook: Webhook, event: str, about: dict[str, object], at: datetime
) -> WebhookDelivery:
    uuid = str(uuid4())
    told = {"id": uuid, "event": event, "at": at.isoformat(), "subject": about}
    made = WebhookDelivery(
        webhook_id=webhook.id,
        uuid=uuid,
        event=event,
        body=json.dumps(told, separators=(",", ":")),
        made_at=clock.now(),
        state=DeliveryState.WAITING,
    )
    session.add(made)
    return made
