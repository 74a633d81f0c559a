"""The register of complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import (
    DATA_RIGHTS,
    ComplaintKind,
    complaint_folio,
    deadline,
)
from collector_app.compliance.law_book import read_laws
from collector_app.compliance.models import ContactBan
from collector_app.compliance.rules import Source
from collector_app.portfolio.models import Client


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint as the register shows it; it pauses while nobody may visit because of it."""

    id: int
    client_id: int
    client_name: str
    kind: ComplaintKind
    text: str
    about: str | None
    received_at: datetime
    answer_by: date
    answered_at: datetime | None
    answer: str | None
    has_ban: bool
    banned_to: date | None  # None: without end, when there is a ban
    basis: Source | None  # what set its last day; None where nobody can tell any more

    @property
    def folio(self) -> str:
        """Return the folio that the client was told."""
        return complaint_folio(self.id)

    def is_late(self, day: date) -> bool:
        """Tell whether it still waits after its last day."""
        return self.answered_at is None and self.answer_by < day

    def pauses(self, day: date) -> bool:
        """Tell whether nobody may visit the client on a day because of it."""
        return self.has_ban and (self.banned_to is None or self.banned_to >= day)


def register(session: Session, zone: ZoneInfo, limit: int | None = 200) -> list[ComplaintRow]:
    """Return complaints: those that wait first, the nearest deadline on top, then the newest.

    A limit of None returns all of them.
    """
    by_urgency = Complaint.answered_at.is_not(None), Complaint.answer_by, Complaint.id.desc()
    return _rows(session, zone, select(Complaint).order_by(*by_urgency).limit(limit))


def waiting_data_rights(session: Session, zone: ZoneInfo) -> list[ComplaintRow]:
    """Return what clients asked for about their data and waits, the nearest deadline first."""
    return _rows(
        session,
        zone,
        select(Complaint)
        .where(Complaint.kind.in_(DATA_RIGHTS), Complaint.answered_at.is_(None))
        .order_by(Complaint.answer_by, Complaint.id),
    )


def _rows(session: Session, zone: ZoneInfo, wanted: Select[Complaint]) -> list[ComplaintRow]:
    about = aliased(User)
    found = session.execute(
        wanted.add_columns(Client.name, about.full_name, ContactBan.to_on)
        .join(Client, Client.id == Complaint.client_id)
        .outerjoin(ContactBan, ContactBan.id == Complaint.ban_id)
        .outerjoin(about, about.id == Complaint.about)
    ).all()
    bases = _bases(session, zone, [one for one, *_rest in found])
    return [
        ComplaintRow(
            one.id,
            one.client_id,
            name,
            one.kind,
            one.text,
            person,
            one.received_at,
            one.answer_by,
            one.answered_at,
            one.answer,
            one.ban_id is not None,
            banned_to,
            bases.get(one.id),
        )
        for one, name, person, banned_to in found
    ]


def _bases(session: Session, zone: ZoneInfo, rows: Sequence[Complaint]) -> dict[int, Source]:
    """Return what set the last day of complaints: the article, and whose law it is.

    It is found again under what was decided and told when each came in. One whose day another
    version of these rules set is absent: no article is told that did not set it.
    """
    if not rows:
        return {}
    days = {one.id: one.received_at.astimezone(zone).date() for one in rows}
    clients = sorted({one.client_id for one in rows})
    book = read_laws(session, min(days.values()), max(days.values()), zone, clients)
    found = {}
    for one in rows:
        law = book.lasting_profile(one.client_id, days[one.id], one.received_at)
        set_by = deadline(days[one.id], one.kind, law)
        if set_by.day == one.answer_by:
            found[one.id] = set_by.source
    return found
