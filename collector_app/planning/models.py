"""Plans of a day, their routes and stops, and how each collector works."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector_app.core.orm import Model
from collector_app.planning.rules import EVERY_DAY, SkipCause, Vehicle


class Workday(Model):
    """How a collector works: vehicle, hours, where the day starts and ends."""

    __tablename__ = "workday"
    sealed_columns = (
        "vehicle",
        "starts_s",
        "ends_s",
        "weekdays",
        "start_lat",
        "start_lon",
        "end_lat",
        "end_lon",
        "max_stops",
    )
    __table_args__ = (
        CheckConstraint("0 <= starts_s AND starts_s < ends_s AND ends_s <= 86400", name="hours"),
    )

    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    vehicle: Mapped[Vehicle]
    starts_s: Mapped[int]  # seconds since local midnight
    ends_s: Mapped[int]
    weekdays: Mapped[str] = mapped_column(String(7), default=EVERY_DAY)
    start_lat: Mapped[float]
    start_lon: Mapped[float]
    end_lat: Mapped[float]
    end_lon: Mapped[float]
    max_stops: Mapped[int | None]


class Plan(Model):
    """The routes of one day as computed; published at most once, replaced by a newer plan.

    ``parameters`` keeps what is needed to compute it again: weights, seconds, seed, versions,
    law profile, source of the travel times.
    """

    __tablename__ = "plan"
    sealed_columns = (
        "day",
        "created_at",
        "created_by",
        "published_at",
        "published_by",
        "withdrawn_at",
        "travel_source",
        "is_estimate",
        "parameters",
    )
    __table_args__ = (Index(None, "day", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    job_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]  # set when a newer plan of the day is published
    travel_source: Mapped[str] = mapped_column(String(80))
    is_estimate: Mapped[bool]  # travel times are not of real streets: the screen says so
    parameters: Mapped[dict]  # type: ignore[type-arg]
    routes: Mapped[list["Route"]] = relationship(back_populates="plan")
    skipped: Mapped[list["SkippedClient"]] = relationship(back_populates="plan")


class Route(Model):
    """The day of one collector; times are seconds since local midnight.

    The log answers for routes and stops from the moment on that their plan is published.
    """

    __tablename__ = "route"
    sealed_columns = (
        "plan_id",
        "collector_id",
        "vehicle",
        "start_lat",
        "start_lon",
        "end_lat",
        "end_lon",
        "leaves_s",
        "returns_s",
        "travel_s",
        "travel_m",
        "path",
    )
    __table_args__ = (UniqueConstraint("plan_id", "collector_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    vehicle: Mapped[Vehicle]
    start_lat: Mapped[float]
    start_lon: Mapped[float]
    end_lat: Mapped[float]
    end_lon: Mapped[float]
    leaves_s: Mapped[int]
    returns_s: Mapped[int]
    travel_s: Mapped[int]
    travel_m: Mapped[int]
    path: Mapped[str] = mapped_column(Text)  # encoded polyline, 5 decimals, lat before lon
    plan: Mapped[Plan] = relationship(back_populates="routes")
    stops: Mapped[list["Stop"]] = relationship(back_populates="route", order_by="Stop.position")

    @classmethod
    def sealed_rows(cls) -> ColumnElement[bool]:
        """Return the routes of plans that were published."""
        return cls.plan_id.in_(select(Plan.id).where(Plan.published_at.is_not(None)))


class Stop(Model):
    """A planned visit; it is done when a visit points at it."""

    __tablename__ = "stop"
    sealed_columns = (
        "route_id",
        "position",
        "client_id",
        "arrives_s",
        "starts_s",
        "leaves_s",
        "travel_s",
        "travel_m",
        "detour_s",
        "prize_cents",
        "reasons",
    )
    __table_args__ = (UniqueConstraint("route_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey("route.id"), index=True)
    position: Mapped[int]  # from 1
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    arrives_s: Mapped[int]
    starts_s: Mapped[int]
    leaves_s: Mapped[int]
    travel_s: Mapped[int]
    travel_m: Mapped[int]
    detour_s: Mapped[int]
    prize_cents: Mapped[int]  # expected recovery of visiting today
    reasons: Mapped[list]  # type: ignore[type-arg]  # JSON: [{"code": ..., facts}], words at the edge
    route: Mapped[Route] = relationship(back_populates="stops")

    @classmethod
    def sealed_rows(cls) -> ColumnElement[bool]:
        """Return the stops of plans that were published."""
        return cls.route_id.in_(select(Route.id).where(Route.sealed_rows()))


class SkippedClient(Model):
    """A client of the day's candidates who is in no route, and why."""

    __tablename__ = "skipped_client"
    __table_args__ = (Index(None, "plan_id", "cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cause: Mapped[SkipCause]
    facts: Mapped[dict]  # type: ignore[type-arg]  # JSON: numbers behind the cause, law article
    plan: Mapped[Plan] = relationship(back_populates="skipped")
