"""Who is told, and each telling."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.webhooks.rules import DeliveryState


class Webhook(Model):
    """An address that is told of some events, in order, from the entry of the log after `told`."""

    __tablename__ = "webhook"
    sealed_columns = (
        "url",
        "events",
        "salt",
        "created_by",
        "created_at",
        "disabled_at",
        "removed_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(64))  # its secret is made of it and of ours
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told: Mapped[int]  # position in the log up to which events became deliveries
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    next_try_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class WebhookDelivery(Model):
    """One event for one webhook, and how its last try went."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "uuid"),
        Index(None, "webhook_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    uuid: Mapped[str] = mapped_column(String(36))
    event: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(String(1000))  # JSON, as it is signed and sent
    made_at: Mapped[datetime]
    state: Mapped[DeliveryState]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]  # of the last answer
    error: Mapped[str | None] = mapped_column(String(60))  # when there was no answer
