"""Keys of other systems, and what their calls were answered."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class ApiKey(Model):
    """A key that another system calls with; only its hash is kept."""

    __tablename__ = "api_key"
    sealed_columns = (
        "name",
        "scopes",
        "created_by",
        "expires_at",
        "revoked_at",
        "hint",
        "key_hash",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    hint: Mapped[str] = mapped_column(String(12))  # how the key begins, to tell keys apart
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of a random secret
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiAnswer(Model):
    """What a call was answered that named itself with an Idempotency-Key; kept for some days."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("key_id", "call_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"))
    call_key: Mapped[str] = mapped_column(String(200))
    asked_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of operation, address and body
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)  # JSON
    made_at: Mapped[datetime] = mapped_column(index=True)
