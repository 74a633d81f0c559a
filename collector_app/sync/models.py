"""Phones that were registered, and every event that they sent, as it came."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.sync.rules import EventState, SyncEventKind


class Device(Model):
    """A phone of one collector; another collector on the same phone is another row.

    The figures are what the phone said of itself the last time that it was heard.
    """

    __tablename__ = "sync_device"
    sealed_columns = (
        "uuid",
        "user_id",
        "revoked_at",
        "token_hash",
        "name",
        "registered_at",
        "receipt_series",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of a random secret
    name: Mapped[str] = mapped_column(String(80))
    registered_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    build: Mapped[str] = mapped_column(String(40), default="")
    is_installed: Mapped[bool] = mapped_column(default=False)
    last_seq: Mapped[int] = mapped_column(default=0)
    receipt_series: Mapped[str] = mapped_column(String(5), unique=True)
    last_receipt: Mapped[int] = mapped_column(default=0, server_default="0")  # that it told
    pending_events: Mapped[int] = mapped_column(default=0)
    pending_photos: Mapped[int] = mapped_column(default=0)
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)  # our clock minus theirs
    wrong_pins: Mapped[int] = mapped_column(default=0, server_default="0")  # in a row
    wrong_pins_at: Mapped[datetime | None]  # when we heard of the last of them
    rewound_at: Mapped[datetime | None]  # when it told a smaller last number than before
    revoked_at: Mapped[datetime | None]


class SyncEvent(Model):
    """A fact as a phone told it, byte for byte; stored before anything is made of it.

    When a client's data is erased the words go; the hash is that of the statement as it was told.
    The log answers for what was told and for what people made of it, not for why it waited.
    """

    __tablename__ = "sync_event"
    sealed_columns = (
        "uuid",
        "device_id",
        "seq",
        "kind",
        "statement",
        "statement_hash",
        "made_at",
        "received_at",
        "clock_offset_ms",
        "state",
        "settled_at",
        "settled_by",
        "settled_reason",
    )
    __table_args__ = (UniqueConstraint("device_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)  # also the cursor: the order of arrival
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("sync_device.id"))
    seq: Mapped[int]
    kind: Mapped[SyncEventKind]
    statement: Mapped[str] = mapped_column(Text)  # canonical JSON: type, made_at, body
    statement_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]  # by the phone's clock
    received_at: Mapped[datetime] = mapped_column(index=True)
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[EventState] = mapped_column(index=True)
    code: Mapped[str | None] = mapped_column(String(60))  # why it waits
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    settled_reason: Mapped[str | None] = mapped_column(String(200))


class SyncConflict(Model):
    """Another statement that came under the id, or under the number, of one that we have.

    ``visit_uuid`` is that of the visit that came of it when a person let it count.
    """

    __tablename__ = "sync_conflict"
    sealed_columns = (
        "event_id",
        "device_id",
        "uuid",
        "seq",
        "statement",
        "statement_hash",
        "received_at",
        "settled_at",
        "settled_by",
        "settled_reason",
        "visit_uuid",
    )
    __table_args__ = (UniqueConstraint("event_id", "statement_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("sync_event.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("sync_device.id"))
    uuid: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int]
    statement: Mapped[str] = mapped_column(Text)
    statement_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    settled_reason: Mapped[str | None] = mapped_column(String(200))
    visit_uuid: Mapped[str | None] = mapped_column(String(36), index=True)


class SyncRepeat(Model):
    """The number under which a phone told again what an earlier registration of it had told."""

    __tablename__ = "sync_repeat"

    device_id: Mapped[int] = mapped_column(ForeignKey("sync_device.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("sync_event.id"))


class Evidence(Model):
    """A photo or a signature: told with an event, stored when its bytes arrive.

    With ``conflict_id`` it was told with the other statement of that event, not with the event.
    """

    __tablename__ = "evidence"
    sealed_columns = (
        "event_id",
        "conflict_id",
        "sha256",
        "is_signature",
        "size_bytes",
        "stored_at",
        "media_type",
        "erased_at",
    )
    __table_args__ = (
        Index(
            "ix_evidence_event_id_sha256",
            "event_id",
            "sha256",
            unique=True,
            sqlite_where=text("conflict_id IS NULL"),
            postgresql_where=text("conflict_id IS NULL"),
        ),
        UniqueConstraint("conflict_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("sync_event.id"))
    conflict_id: Mapped[int | None] = mapped_column(ForeignKey("sync_conflict.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    is_signature: Mapped[bool]
    size_bytes: Mapped[int]  # as the phone said
    stored_at: Mapped[datetime | None]
    media_type: Mapped[str | None] = mapped_column(String(40))
    erased_at: Mapped[datetime | None]  # its bytes are gone for good; the hash is left as a proof
