"""A message to send, and a contact that was made, as people type them."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    TextAreaField,
)
from wtforms.validators import UUID, InputRequired, Length, Optional

from collector_app.compliance.rules import Channel
from collector_app.contacts.message_texts import MessageText
from collector_app.contacts.rules import (
    ADDRESSEES,
    ANSWERED,
    CHANNELS,
    LONGEST_TEXT,
    WRITTEN,
    ContactFact,
    PromisedFact,
)
from collector_app.core import clock
from collector_app.visits.rules import PersonMet
from collector_app.web.day_field import DayField
from collector_app.web.money_field import PesosField
from collector_app.web.words import label


class MessageForm(FlaskForm):
    uuid = HiddenField(validators=[UUID()])
    channel = RadioField(_("Cómo se envía"), [InputRequired(_("Elige cómo."))])
    person = RadioField(_("Para quién"), [InputRequired(_("Elige para quién."))])
    text = TextAreaField(_("Mensaje"), [Length(max=LONGEST_TEXT)])
    is_neutral = BooleanField(_("No habla de la deuda"))

    def offer(self, channel: Channel) -> None:
        """Fill the choices; the channel that was asked for comes first chosen."""
        self.channel.choices = [(one.value, label(one)) for one in WRITTEN]
        self.person.choices = [(one.value, label(one)) for one in ADDRESSEES]
        self.uuid.data = self.uuid.data or str(uuid4())
        self.channel.data = self.channel.data or channel.value
        self.person.data = self.person.data or PersonMet.HOLDER.value

    def suggest(self, text: MessageText) -> None:
        """Begin with a message of the house."""
        self.text.data = text.text
        self.is_neutral.data = not text.speaks_of_debt

    def fact(self, client_id: int) -> ContactFact:
        """Return the message as a fact of this moment."""
        return ContactFact(
            uuid=self.uuid.data or "",
            client_id=client_id,
            channel=Channel(self.channel.data),
            at=clock.now(),
            person=PersonMet(self.person.data),
            was_answered=False,
            spoke_of_debt=not self.is_neutral.data,
            text=self.text.data,
        )


class ContactForm(FlaskForm):
    uuid = HiddenField(validators=[UUID()])
    channel = RadioField(_("Qué fue"), [InputRequired(_("Elige qué fue."))])
    person = RadioField(_("Quién contestó"), [InputRequired(_("Elige quién contestó."))])
    spoke_of_debt = BooleanField(_("Se habló de la deuda"))
    at = DateTimeLocalField(_("Cuándo, si no fue ahora"), [Optional()], format="%Y-%m-%dT%H:%M")
    amount = PesosField(_("Prometió pagar"), [Optional()])
    due_on = DayField(_("A más tardar el"), [Optional()])
    note = TextAreaField(_("Nota"), [Length(max=LONGEST_TEXT)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that a promise has an amount and a day, or nothing."""
        is_valid = bool(super().validate(extra_validators))
        if is_valid and bool(self.amount.cents) != bool(self.due_on.data):
            field = self.due_on if self.amount.cents else self.amount
            field.errors = [_("Una promesa lleva cantidad y día.")]
            return False
        return is_valid

    def offer(self, channel: Channel) -> None:
        """Fill the choices; the channel that was asked for comes first chosen."""
        self.channel.choices = [(one.value, label(one)) for one in CHANNELS]
        self.person.choices = [(one.value, label(one)) for one in ANSWERED]
        self.uuid.data = self.uuid.data or str(uuid4())
        self.channel.data = self.channel.data or channel.value

    def fact(self, client_id: int, zone: ZoneInfo) -> ContactFact:
        """Return what was told; without an hour it was now."""
        local: datetime | None = self.at.data
        return ContactFact(
            uuid=self.uuid.data or "",
            client_id=client_id,
            channel=Channel(self.channel.data),
            at=local.replace(tzinfo=zone) if local else clock.now(),
            person=PersonMet(self.person.data),
            was_answered=self.person.data != PersonMet.NOBODY.value,
            spoke_of_debt=self.spoke_of_debt.data,
            note=(self.note.data or "").strip() or None,
            promise=self._promised(),
        )

    def _promised(self) -> PromisedFact | None:
        cents, due_on = self.amount.cents, self.due_on.data
        return PromisedFact(cents, due_on) if cents and due_on else None
