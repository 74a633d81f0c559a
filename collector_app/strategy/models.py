"""Segments in their order, and how each is treated at a stage; both sealed in the log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.portfolio.rules import Stage


class Segment(Model):
    """A part of the cartera; ``conditions`` are those of `rules.Condition` as JSON.

    What is removed stays, so that its history can be told.
    """

    __tablename__ = "segment"
    sealed_columns = ("name", "position", "conditions", "removed_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]


class TreatmentColumns:
    """What a treatment says, wherever it is stored."""

    channels: Mapped[list[str]] = mapped_column(JSON)
    cadence_days: Mapped[int]
    most_discount_percent: Mapped[int]
    most_instalments: Mapped[int]
    script: Mapped[Stage]
    opening: Mapped[str | None] = mapped_column(String(600))


TREATMENT_COLUMNS = (
    "channels",
    "cadence_days",
    "most_discount_percent",
    "most_instalments",
    "script",
    "opening",
)


class StageTreatment(TreatmentColumns, Model):
    """How a segment is treated at a stage; without a row the house rules alone hold."""

    __tablename__ = "stage_treatment"
    __table_args__ = (UniqueConstraint("segment_id", "stage"),)
    sealed_columns = ("segment_id", "stage", *TREATMENT_COLUMNS, "removed_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), index=True)
    stage: Mapped[Stage]
    removed_at: Mapped[datetime | None]
