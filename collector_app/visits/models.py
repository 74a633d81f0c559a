"""Visits and appointments: facts from the field, corrected by new facts, never edited."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.visits.rules import Objection, Outcome, PersonMet


class Visit(Model):
    """An attempt made in the field.

    ``uuid`` is made when the form opens, so that sending it twice changes nothing.
    ``started_at`` and ``ended_at`` are of the phone's clock, ``received_at`` of ours.
    """

    __tablename__ = "visit"
    __table_args__ = (Index(None, "client_id", "started_at"),)
    sealed_columns = (
        "uuid",
        "client_id",
        "collector_id",
        "stop_id",
        "started_at",
        "ended_at",
        "received_at",
        "lat",
        "lon",
        "accuracy_m",
        "no_gps_reason",
        "person_met",
        "outcome",
        "objection",
        "note",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, insert_sentinel=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    stop_id: Mapped[int | None] = mapped_column(ForeignKey("stop.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[int | None]
    no_gps_reason: Mapped[str | None] = mapped_column(String(40))
    person_met: Mapped[PersonMet]
    outcome: Mapped[Outcome]
    objection: Mapped[Objection | None]
    card_opened: Mapped[
        bool | None
    ]  # that of the objection, on the phone, before the visit was saved
    note: Mapped[str | None] = mapped_column(Text)


class Appointment(Model):
    """A time the client asked us to come back: a hard window for the planner."""

    __tablename__ = "appointment"
    sealed_columns = ("client_id", "visit_id", "starts_at", "ends_at", "cancelled_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), unique=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class VisitAnnulment(Model):
    """A visit that should not have been recorded: it stays, and counts for nothing but the law.

    See `annulments`, which leaves such visits out of every read that does not ask for them.
    """

    __tablename__ = "visit_annulment"
    sealed_columns = ("visit_id", "reason", "annulled_at", "annulled_by")

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    annulled_at: Mapped[datetime]
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
