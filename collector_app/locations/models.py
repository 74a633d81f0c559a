"""What people decided about where clients are: facts, one after the other, never edited."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.locations.rules import LocationDecisionKind
from collector_app.portfolio.rules import LocationQuality


class LocationDecision(Model):
    """A decision with the client's location before and after it."""

    __tablename__ = "location_decision"
    sealed_columns = (
        "client_id",
        "kind",
        "made_at",
        "made_by",
        "old_lat",
        "old_lon",
        "old_quality",
        "old_confidence",
        "lat",
        "lon",
        "quality",
        "confidence",
        "seen_visit_id",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[LocationDecisionKind]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    old_lat: Mapped[float | None]
    old_lon: Mapped[float | None]
    old_quality: Mapped[LocationQuality]
    old_confidence: Mapped[float | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    quality: Mapped[LocationQuality]
    confidence: Mapped[float | None]
    # Visits up to this one were before the eyes of whoever decided; only later ones count again.
    seen_visit_id: Mapped[int]
