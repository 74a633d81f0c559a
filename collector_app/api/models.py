"""Keys of other systems."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class ApiKey(Model):
    """A key that another system calls with; only its hash is kept."""

    __tablename__ = "api_key"
    sealed_columns = ("name", "scopes", "created_by", "expires_at", "revoked_at")

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
