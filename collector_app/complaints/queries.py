"""The register of complaints."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import DATA_RIGHTS, ComplaintKind, complaint_folio
from collector_app.compliance.models import ContactBan
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


def register(session: Session, limit: int | None = 200) -> list[ComplaintRow]:
    """Return complaints: those that wait first, the nearest deadline on top, then the newest.

    A limit of None returns all of them.
    """
    by_urgency = Complaint.answered_at.is_not(None), Complaint.answer_by, Complaint.id.desc()
    return _rows(session, select(Complaint).order_by(*by_urgency).limit(limit))


def waiting_data_rights(session: Session) -> list[ComplaintRow]:
    """Return what clients asked for about their data and waits, the nearest deadline first."""
    return _rows(
        session,
        select(Complaint)
        .where(Complaint.kind.in_(DATA_RIGHTS), Complaint.answered_at.is_(None))
        .order_by(Complaint.answer_by, Complaint.id),
    )


def _rows(session: Session, wanted: Select[Complaint]) -> list[ComplaintRow]:
    about = aliased(User)
    found = session.execute(
        wanted.add_columns(Client.name, about.full_name, ContactBan.to_on)
        .join(Client, Client.id == Complaint.client_id)
        .outerjoin(ContactBan, ContactBan.id == Complaint.ban_id)
        .outerjoin(about, about.id == Complaint.about)
    )
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
        )
        for one, name, person, banned_to in found
    ]
