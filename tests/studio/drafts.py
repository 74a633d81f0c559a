"""Drafts as rows, begun with the zones in force, and shorthand for editing them."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.studio import queries, services
from collector_app.studio.models import ZoneDraft, ZoneDraftEdit
from collector_app.studio.rules import Order

ZONE = ZoneInfo("America/Mexico_City")

OFFICE = Actor.system("tests")


def make_draft(session: Session, name: str = "Ajustes") -> ZoneDraft:
    draft = services.begin_from_today(session, OFFICE, name, clock.now().date(), ZONE)
    session.flush()
    return draft


def follow(session: Session, draft: ZoneDraft, *orders: Order) -> ZoneDraftEdit:
    """Give orders one after the other, each on the newest version; returns the last edit."""
    for order in orders:
        seen = queries.history(session, draft.id).version
        edit = services.edit_draft(session, OFFICE, draft.id, seen, order)
        session.flush()
    return edit
