"""Segments in their order, how each is treated, and experiments; all sealed in the log."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.portfolio.rules import Stage
from collector_app.strategy.rules import Measure


class Segment(Model):
    """A part of the cartera; ``conditions`` are those of `rules.Condition` as JSON.

    What is removed stays, so that its history can be told.
    """

    __tablename__ = "segment"
    sealed_columns = ("name", "position", "conditions", "removed_at", "created_at", "created_by")

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
    # None in rows from before they could be chosen, so that their seals hold.
    visit_percent: Mapped[int | None]
    notice_days: Mapped[int | None]


TREATMENT_COLUMNS = (
    "channels",
    "cadence_days",
    "most_discount_percent",
    "most_instalments",
    "script",
    "opening",
    "visit_percent",
    "notice_days",
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


class Experiment(TreatmentColumns, Model):
    """A challenger against the treatment in force; its columns of treatment are the challenger's.

    Everything is fixed when it begins; a person may only stop it.
    """

    __tablename__ = "experiment"
    sealed_columns = (
        "name",
        "segment_id",
        "stage",
        "share_percent",
        "measure",
        "starts_on",
        "ends_on",
        *TREATMENT_COLUMNS,
        "stopped_at",
        "stop_reason",
        "started_by",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id"), index=True)
    stage: Mapped[Stage]
    share_percent: Mapped[int]
    measure: Mapped[Measure]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    stopped_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None] = mapped_column(String(240))


class ExperimentClient(Model):
    """Who was in the segment, at the stage, when an experiment began; the arm follows from the id.

    They stay in it whatever becomes of them: who leaves because they paid counts as well.
    """

    __tablename__ = "experiment_client"
    __table_args__ = (UniqueConstraint("experiment_id", "client_id"),)
    sealed_columns = ("experiment_id", "client_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiment.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
