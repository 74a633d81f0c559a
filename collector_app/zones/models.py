"""Zones, who answers for them, which clients they hold, and proposals to redraw them.

A period that was replaced before it began keeps its row, with a last day before its first one.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector_app.core.orm import Model

_STILL_OPEN = text("to_on IS NULL")


class Zone(Model):
    """A territory; closed when a new set of zones takes its place, never deleted."""

    __tablename__ = "zone"
    sealed_columns = ("name", "colour", "outline", "from_on", "to_on")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    colour: Mapped[str] = mapped_column(String(7))  # "#rrggbb"
    outline: Mapped[dict]  # type: ignore[type-arg]  # GeoJSON geometry, for drawing only
    from_on: Mapped[date]
    to_on: Mapped[date | None]  # last day, inclusive
    assignments: Mapped[list["ZoneAssignment"]] = relationship(back_populates="zone")


class ZoneAssignment(Model):
    """Which collector answered for a zone, from day to day (both inclusive)."""

    __tablename__ = "zone_assignment"
    sealed_columns = ("zone_id", "collector_id", "from_on", "to_on")
    __table_args__ = (
        Index(
            "uq_zone_assignment_open",
            "zone_id",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), index=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    zone: Mapped[Zone] = relationship(back_populates="assignments")


class ZoneMembership(Model):
    """Which zone a client belonged to, from day to day (both inclusive); this is the truth."""

    __tablename__ = "zone_membership"
    sealed_columns = ("zone_id", "client_id", "from_on", "to_on")
    __table_args__ = (
        Index(
            "uq_zone_membership_open",
            "client_id",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class ZoneProposal(Model):
    """A set of zones that a person may accept; nothing changes before that."""

    __tablename__ = "zone_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    job_id: Mapped[str | None] = mapped_column(String(64), unique=True)  # a job run twice is one
    accepted_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    # Set where today's zones were made even: a cold division beside them, to choose from.
    alternative_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("zone_proposal.id"), index=True
    )
    barriers: Mapped[list]  # type: ignore[type-arg]  # JSON: names and lines that zones do not cross
    zones: Mapped[list]  # type: ignore[type-arg]  # JSON: name, colour, outline, client ids, figures
    figures: Mapped[dict]  # type: ignore[type-arg]  # JSON: imbalance, pieces, clients left out
