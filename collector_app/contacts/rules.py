"""What is told of a call, a message or a letter, and why a message may not leave."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from collector_app.compliance.rules import Block, Channel
from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.visits.rules import RESPONSIBLE, PersonMet

# A visit has a form of its own; nobody's e-mail address is kept yet.
CHANNELS = (Channel.CALL, Channel.WHATSAPP, Channel.SMS, Channel.LETTER)
WRITTEN = (Channel.WHATSAPP, Channel.SMS, Channel.LETTER)
# Who may have answered a call.
ANSWERED = (
    PersonMet.NOBODY,
    PersonMet.HOLDER,
    PersonMet.GUARANTOR,
    PersonMet.RELATIVE,
    PersonMet.MINOR,
)
ADDRESSEES = (PersonMet.HOLDER, PersonMet.GUARANTOR, PersonMet.RELATIVE)
CLOCK_TOLERANCE = timedelta(minutes=5)
LONGEST_TEXT = 1_000


class ContactInFuture(InvalidInput):
    """A contact is told for a time that has not come."""

    code = "contact_in_future"


class MessageEmpty(InvalidInput):
    """A message has no words, or too many."""

    code = "message_empty"


class MessageRefused(RuleBroken):
    """The law, the house or the client's wishes forbid this message now; `blocks` say why."""

    code = "message_refused"

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        """Keep every rule that forbids it."""
        super().__init__(", ".join(block.rule_id for block in blocks))
        self.blocks = blocks


@dataclass(frozen=True, slots=True)
class PromisedFact:
    """What somebody promised on the phone: cents, and until when."""

    amount_cents: int
    due_on: date


@dataclass(frozen=True, slots=True)
class ContactFact:
    """A call, a message or a letter as whoever made it tells it.

    ``person`` is who answered, or to whom it was written; ``at`` is of the teller's clock.
    """

    uuid: str
    client_id: int
    channel: Channel
    at: datetime
    person: PersonMet
    was_answered: bool
    spoke_of_debt: bool
    text: str | None = None
    note: str | None = None
    promise: PromisedFact | None = None


class PromiseUnanswered(InvalidInput):
    """A promise needs somebody who answers for the debt at the other end."""

    code = "promise_unanswered"


def is_contact(person: PersonMet, *, was_answered: bool) -> bool:
    """Tell whether somebody who answers for the debt was reached, as visits count it."""
    return was_answered and person in RESPONSIBLE


def app_url(channel: Channel, phone: str | None, text: str) -> str | None:
    """Return the link that opens the app with a message in it; None where there is none to open.

    Source: WhatsApp's "click to chat", and RFC 5724 for SMS.
    """
    if phone is None or channel is Channel.LETTER:
        return None
    if channel is Channel.WHATSAPP:
        return f"https://wa.me/{phone.lstrip('+')}?text={quote(text)}"
    return f"sms:{phone}?body={quote(text)}"
