"""Drafts of zones: where they began, and every edit since; what they are now is derived."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector_app.core.orm import Model
from collector_app.studio.rules import DraftOrigin, EditKind


class ZoneDraft(Model):
    """Zones that somebody works on; they change nothing until they are published."""

    __tablename__ = "zone_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    origin: Mapped[DraftOrigin]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    places: Mapped[dict]  # type: ignore[type-arg]  # JSON: the clients as they were, `Places`
    start: Mapped[dict]  # type: ignore[type-arg]  # JSON: the zones it began with, `DraftState`
    findings: Mapped[list]  # type: ignore[type-arg]  # JSON: what was odd in the file it came from
    published_at: Mapped[datetime | None]
    published_from_on: Mapped[date | None]
    discarded_at: Mapped[datetime | None]
    edits: Mapped[list["ZoneDraftEdit"]] = relationship(
        back_populates="draft", order_by="ZoneDraftEdit.number"
    )


class ZoneDraftEdit(Model):
    """One edit of a draft; rows are only added: taking one back is an edit, too."""

    __tablename__ = "zone_draft_edit"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("zone_draft.id"))
    number: Mapped[int]  # 1, 2, ... within the draft; the last one is the draft's version
    kind: Mapped[EditKind]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str | None] = mapped_column(String(500))
    job_id: Mapped[str | None] = mapped_column(String(64), unique=True)  # a job run twice is one
    effect: Mapped[dict]  # type: ignore[type-arg]  # JSON: what it changed, `Effect`
    draft: Mapped[ZoneDraft] = relationship(back_populates="edits")
