"""Which law is in force here, and whom we may not contact."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.compliance.rules import BanKind, had_begun
from collector_app.core.orm import Model


class ProfileChoice(Model):
    """The compliance profile chosen from a day on; the newest choice in force applies."""

    __tablename__ = "compliance_profile_choice"
    sealed_columns = ("profile_id", "from_on", "reason", "chosen_by", "chosen_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chosen_at: Mapped[datetime]


class CreditorProfile(Model):
    """The profile of law under which a creditor's credits are collected, from a day on.

    It holds beside that of the house; the newest choice in force applies.
    """

    __tablename__ = "creditor_profile"
    sealed_columns = ("creditor_id", "profile_id", "from_on", "reason", "chosen_by", "chosen_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), index=True)
    profile_id: Mapped[str | None] = mapped_column(String(40))  # None: that of the house alone
    from_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(240))
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chosen_at: Mapped[datetime]


class _Lasting:
    """What holds for a client from day to day (both inclusive), until somebody lifts it.

    On the day on which somebody does, it holds until that instant, though its last day is the one
    before; ``planned_to_on`` keeps the last day that it had till then.
    """

    from_on: Mapped[date]
    to_on: Mapped[date | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    planned_to_on: Mapped[date | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None] = mapped_column(String(240))

    def holds_at(self, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether it held at an instant, whatever became of it since."""
        day = at.astimezone(zone).date()
        if day < self.from_on or not had_begun(self.from_on, self.created_at, at, zone):
            return False
        is_over = self.to_on is not None and self.to_on < day
        return not is_over or (self.lifted_at is not None and at < self.lifted_at)

    @property
    def told_to_on(self) -> date | None:
        """Return the last day that was decided at first, whatever became of it since."""
        return self.to_on if self.lifted_at is None else self.planned_to_on

    def lift(self, by: int | None, at: datetime, reason: str, *, today: date) -> None:
        """End it at an instant of today; what had not begun is left with no day at all."""
        self.planned_to_on, self.to_on = self.to_on, max(today, self.from_on) - timedelta(days=1)
        self.lifted_by, self.lifted_at, self.lift_reason = by, at, reason


class ContactBan(_Lasting, Model):
    """A client whom nobody may visit."""

    __tablename__ = "contact_ban"
    sealed_columns = (
        "client_id",
        "kind",
        "reason",
        "from_on",
        "to_on",
        "created_by",
        "created_at",
        "planned_to_on",
        "lifted_by",
        "lifted_at",
        "lift_reason",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[BanKind | None]  # None: put down before kinds were told
    reason: Mapped[str] = mapped_column(String(240))


class ContactWish(_Lasting, Model):
    """Hours to which a client asked us in writing to keep."""

    __tablename__ = "contact_wish"

    sealed_columns = (
        "client_id",
        "weekdays",
        "starts_s",
        "ends_s",
        "reason",
        "from_on",
        "to_on",
        "planned_to_on",
        "lifted_by",
        "lifted_at",
        "lift_reason",
        "created_by",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    weekdays: Mapped[str] = mapped_column(String(7))  # Monday first, "1" where the hours hold
    starts_s: Mapped[int]
    ends_s: Mapped[int]
    reason: Mapped[str] = mapped_column(String(240))


class RuleOverride(Model):
    """A rule lifted for one client until a day: asked for by one person, granted by another.

    It ends before its day when somebody takes it back: rejects what was asked for, or revokes what
    was granted.
    """

    __tablename__ = "rule_override"

    sealed_columns = (
        "client_id",
        "rule_id",
        "ground",
        "reason",
        "requested_by",
        "granted_by",
        "granted_at",
        "ended_by",
        "ended_at",
        "end_reason",
        "from_on",
        "to_on",
        "requested_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    rule_id: Mapped[str] = mapped_column(String(80))
    ground: Mapped[str | None] = mapped_column(String(60))  # which exception of the law
    reason: Mapped[str] = mapped_column(String(240))
    from_on: Mapped[date]
    to_on: Mapped[date]
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(240))

    def holds_at(self, at: datetime | None, zone: ZoneInfo | None = None) -> bool:
        """Tell whether it was granted, and not taken back, at an instant of its days or by now."""
        if at is None or zone is None or self.granted_at is None:
            return self.granted_at is not None and self.ended_at is None
        has_begun = had_begun(self.from_on, self.granted_at, at, zone)
        return has_begun and (self.ended_at is None or at < self.ended_at)
