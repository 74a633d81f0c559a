"""Calls and messages as rows and as facts; sensible defaults."""

from uuid import uuid4

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.compliance.rules import Channel
from collector_app.contacts.models import Contact
from collector_app.contacts.rules import ContactFact
from collector_app.core import clock
from collector_app.portfolio.models import Client
from collector_app.visits.rules import PersonMet


def contact_fact(client: Client, **values: object) -> ContactFact:
    """A call that nobody answered, just now."""
    return ContactFact(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "channel": Channel.CALL,
            "at": clock.now(),
            "person": PersonMet.NOBODY,
            "was_answered": False,
            "spoke_of_debt": False,
            **values,
        }
    )


def make_contact(session: Session, client: Client, user: User, **values: object) -> Contact:
    """A message that was sent to the holder, just now."""
    contact = Contact(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "made_by": user.id,
            "channel": Channel.WHATSAPP,
            "at": clock.now(),
            "received_at": clock.now(),
            "person": PersonMet.HOLDER,
            "was_answered": False,
            "spoke_of_debt": True,
            "text": "Hola, buen día.",
            **values,
        }
    )
    session.add(contact)
    session.flush()
    return contact
