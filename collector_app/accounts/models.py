"""People who log in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.actor import Role
from collector_app.core.orm import Model


class User(Model):
    """A person with one role; deactivated, never deleted, because facts point at them."""

    __tablename__ = "user_account"  # "user" is a reserved word in PostgreSQL
    sealed_columns = (
        "username",
        "role",
        "active",
        "supervisor_id",
        "full_name",
        "phone",
        "password",
        "password_set_at",
        "must_change_password",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(20))
    role: Mapped[Role]
    password: Mapped[str] = mapped_column(
        String(255)
    )  # Argon2id hash; the name Flask-Security uses
    password_set_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)  # a one-time password
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)  # changing it ends sessions
    created_at: Mapped[datetime]
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class LoginAttempt(Model):
    """A try to log in, kept for a day so that guessing passwords takes too long.

    In the database and not in memory, so that all processes count together.
    """

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "account_key", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_key: Mapped[str] = mapped_column(
        String(64)
    )  # hash: people type passwords in the wrong field
    address: Mapped[str] = mapped_column(String(64))
    succeeded: Mapped[bool] = mapped_column(default=False)
