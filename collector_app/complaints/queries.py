"""The register of complaints, and everything that is kept about one client."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import ComplaintKind, complaint_folio
from collector_app.compliance.models import ContactBan, ContactWish
from collector_app.contacts.models import Contact
from collector_app.core.orm import Model
from collector_app.payments.models import Payment
from collector_app.portfolio.models import Client, Credit, Invoice
from collector_app.promises.models import Promise
from collector_app.visits.models import Appointment, Visit

_OF_CLIENT: tuple[type[Model], ...] = (
    Credit,
    Visit,
    Contact,
    Appointment,
    Promise,
    Payment,
    ContactBan,
    ContactWish,
    Complaint,
)


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint as the register shows it."""

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
    pauses: bool

    @property
    def folio(self) -> str:
        """Return the folio that the client was told."""
        return complaint_folio(self.id)

    def is_late(self, day: date) -> bool:
        """Tell whether it still waits after its last day."""
        return self.answered_at is None and self.answer_by < day


def register(session: Session, limit: int = 200) -> list[ComplaintRow]:
    """Return complaints: those that wait first, the nearest deadline on top, then the newest."""
    about = aliased(User)
    found = session.execute(
        select(Complaint, Client.name, about.full_name)
        .join(Client, Client.id == Complaint.client_id)
        .outerjoin(about, about.id == Complaint.about)
        .order_by(Complaint.answered_at.is_not(None), Complaint.answer_by, Complaint.id.desc())
        .limit(limit)
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
            one.ban_id is not None and one.answered_at is None,
        )
        for one, name, person in found
    ]


def everything_about(session: Session, client_id: int) -> dict[str, list[dict[str, str]]] | None:
    """Return every row that is kept about a client, table by table, for the client themselves.

    Source: LFPDPPP, article 22 (access). None when there is no such client.
    """
    client = session.get(Client, client_id)
    if client is None:
        return None
    told = {"client": _plain([client])}
    for table in _OF_CLIENT:
        rows = session.scalars(select(table).filter_by(client_id=client_id).order_by("id"))
        told[table.__tablename__] = _plain(rows)
    invoices = session.scalars(
        select(Invoice).join(Credit).where(Credit.client_id == client_id).order_by(Invoice.id)
    )
    told["invoice"] = _plain(invoices)
    return told


def _plain(rows: Iterable[Model]) -> list[dict[str, str]]:
    return [
        {
            column.key: str(value)
            for column in inspect(type(row)).column_attrs
            if (value := getattr(row, column.key)) is not None
        }
        for row in rows
    ]
