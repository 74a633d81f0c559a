"""The form of a visit: who was met, what came of it, and only what that outcome needs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Length, Optional

from collector_app.core import clock
from collector_app.doors.rules import DoorReport, part_uuid
from collector_app.payments.queries import Debt
from collector_app.payments.rules import IN_HAND, PaymentFact, PaymentMethod
from collector_app.phone.answers import (
    Wrong,
    amount_chips,
    day_chips,
    labelled,
    member,
    read_cents,
    read_day,
    read_instant,
    read_number,
)
from collector_app.phone.offer import NOTE_LENGTH, REFERENCE_LENGTH, SENTENCES, sentence
from collector_app.promises.rules import PromiseFact
from collector_app.visits import rules
from collector_app.visits.rules import Objection, Outcome, PersonMet, VisitFact

MACHINE_LENGTH = 40  # of what the phone itself fills in


class VisitForm(FlaskForm):
    """One page for the whole visit; fields that the outcome does not need are not read."""

    uuid = HiddenField(validators=[Length(max=36)], default=lambda: str(uuid4()))
    started_at = HiddenField(
        validators=[Length(max=MACHINE_LENGTH)], default=lambda: clock.now().isoformat()
    )
    ended_at = HiddenField(validators=[Length(max=MACHINE_LENGTH)])
    lat = HiddenField(validators=[Length(max=MACHINE_LENGTH)])
    lon = HiddenField(validators=[Length(max=MACHINE_LENGTH)])
    accuracy_m = HiddenField(validators=[Length(max=MACHINE_LENGTH)])
    no_gps_reason = HiddenField(validators=[Length(max=MACHINE_LENGTH)], default="no_script")

    person_met = RadioField(
        _("¿Quién te atendió?"), choices=lambda: labelled(PersonMet), validate_choice=False
    )
    outcome = RadioField(
        _("¿Qué pasó?"), choices=lambda: labelled(rules.TILES), validate_choice=False
    )
    objection = RadioField(
        _("¿Qué dijo?"), choices=lambda: labelled(Objection), validate_choice=False
    )
    promise_choice = RadioField(_("¿Cuánto promete pagar?"), validate_choice=False)
    promise_amount = StringField(
        _("Cantidad que promete"), [Length(max=20, message=SENTENCES["too_long"])]
    )
    promise_day = RadioField(_("¿Qué día va a pagar?"), validate_choice=False)
    promise_date = DateField(_("Fecha en que paga"), validators=[Optional()])
    payment_choice = RadioField(_("¿Cuánto recibiste?"), validate_choice=False)
    payment_amount = StringField(
        _("Cantidad que recibiste"), [Length(max=20, message=SENTENCES["too_long"])]
    )
    payment_method = RadioField(
        _("¿Cómo pagó?"),
        choices=lambda: labelled(PaymentMethod),
        default=PaymentMethod.CASH.value,
        validate_choice=False,
    )
    payment_reference = StringField(
        _("Folio o referencia (opcional)"),
        [Length(max=REFERENCE_LENGTH, message=SENTENCES["too_long"])],
    )
    also_promises = BooleanField(_("Promete pagar el resto"))
    appointment_day = RadioField(_("¿Qué día regresas?"), validate_choice=False)
    appointment_date = DateField(_("Fecha de la cita"), validators=[Optional()])
    appointment_time = TimeField(_("¿A qué hora?"), validators=[Optional()])
    note = TextAreaField(_("Nota"), [Length(max=NOTE_LENGTH, message=SENTENCES["too_long"])])

    def offer(self, debt: Debt, today: date, *, may_take_money: bool = True) -> None:
        """Fill the chips with the amounts of this client and the days from today on.

        Where nobody may take money in hand, that is not offered; who took it all the same and says
        so is heard, since facts are never refused.
        """
        if not may_take_money:
            self.payment_method.choices = labelled(
                one for one in PaymentMethod if one not in IN_HAND
            )
            if not self.is_submitted():
                self.payment_method.data = PaymentMethod.DEPOSIT.value
        amounts = amount_chips(debt)
        self.promise_choice.choices = self.payment_choice.choices = amounts
        days = day_chips(today)
        self.promise_day.choices = days
        self.appointment_day.choices = [*days[:2], days[-1]]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what the chosen outcome needs; every error says what to do."""
        is_valid = bool(super().validate(extra_validators))
        for read in (self._identity, self._person, *self._readers()):
            try:
                read()
            except Wrong as wrong:
                self._blame(wrong.field, str(wrong))
                is_valid = False
        return is_valid

    def blame(self, name: str, text: str) -> None:
        """Put what a service refused beside the field that it came from."""
        is_promise = self.outcome.data == Outcome.PROMISED
        fields = {
            "amount": self.promise_choice if is_promise else self.payment_choice,
            "due_on": self.promise_day,
            "starts_at": self.appointment_day,
        }
        self._blame(fields.get(name, self.outcome), text)

    def to_report(self, client_id: int, stop_id: int | None, zone: ZoneInfo) -> DoorReport:
        """Return what was told; only for a form that is valid.

        The visit keeps the phone's clock. Money and promises get ours: debts are counted by it,
        and a phone that lives in last week must not undo a payment.
        """
        outcome = self._outcome()
        visit = self._visit(client_id, stop_id, outcome)
        needs, now = rules.required(outcome), clock.now()
        report: dict[str, Any] = {}
        if needs is rules.Field.PROMISE or self._adds_promise():
            report["promise"] = PromiseFact(
                uuid=part_uuid(visit.uuid, "promise"),
                client_id=client_id,
                visit_id=None,
                amount_cents=self._promise_amount(),
                due_on=self._promise_day(),
                made_at=now,  # what was paid at that moment is no part of what is promised
            )
        if needs is rules.Field.PAYMENT:
            report["payment"] = PaymentFact(
                uuid=part_uuid(visit.uuid, "payment"),
                client_id=client_id,
                visit_id=None,
                method=self._method(),
                amount_cents=self._payment_amount(),
                received_at=now,
                reference=(self.payment_reference.data or "").strip() or None,
            )
        elif needs is rules.Field.APPOINTMENT:
            wall = datetime.combine(self._appointment_day(), self._appointment_time())
            report["appointment_at"] = wall.replace(tzinfo=zone).astimezone(UTC)
        return DoorReport(visit, **report)

    def _visit(self, client_id: int, stop_id: int | None, outcome: Outcome) -> VisitFact:
        now = clock.now()
        objection = member(Objection, self.objection.data) if rules.may_argue(outcome) else None
        lat, lon = read_number(self.lat.data), read_number(self.lon.data)
        accuracy_m = read_number(self.accuracy_m.data)
        return VisitFact(
            uuid=self._identity(),
            client_id=client_id,
            stop_id=stop_id,
            started_at=read_instant(self.started_at.data) or now,
            ended_at=read_instant(self.ended_at.data) or now,
            person_met=self._person(),
            outcome=outcome,
            objection=objection or rules.implied_objection(outcome),
            note=(self.note.data or "").strip() or None,
            lat=lat,
            lon=lon,
            accuracy_m=round(accuracy_m) if accuracy_m is not None else None,
            no_gps_reason=self.no_gps_reason.data or None,
        )

    def _readers(self) -> tuple[Callable[[], object], ...]:
        """Return the answers that the chosen outcome can't do without."""
        if member(PersonMet, self.person_met.data) is None:
            return ()  # which outcomes fit is not known yet
        outcome = member(Outcome, self.outcome.data)
        by_field: dict[rules.Field | None, tuple[Callable[[], object], ...]] = {
            rules.Field.PROMISE: (self._promise_amount, self._promise_day),
            rules.Field.PAYMENT: (self._payment_amount, self._method),
            rules.Field.APPOINTMENT: (self._appointment_day, self._appointment_time),
            rules.Field.OBJECTION: (self._needed_objection,),
            rules.Field.NOTE: (self._needed_note,),
        }
        needed = by_field.get(rules.required(outcome), ()) if outcome else ()
        more = by_field[rules.Field.PROMISE] if self._adds_promise() else ()
        return (self._outcome, *needed, *more)

    def _adds_promise(self) -> bool:
        person, outcome = (
            member(PersonMet, self.person_met.data),
            member(Outcome, self.outcome.data),
        )
        is_offered = person and outcome and rules.may_add_promise(person, outcome)
        return bool(is_offered and self.also_promises.data)

    def _identity(self) -> str:
        try:
            return str(UUID(self.uuid.data or ""))
        except ValueError:
            text = sentence("stale_page")
            raise Wrong(self.outcome, text) from None

    def _person(self) -> PersonMet:
        person = member(PersonMet, self.person_met.data)
        if person is None:
            raise Wrong(self.person_met, sentence("choose_person"))
        return person

    def _outcome(self) -> Outcome:
        outcome = member(Outcome, self.outcome.data)
        if outcome is None:
            raise Wrong(self.outcome, sentence("choose_outcome"))
        if outcome not in rules.offered(self._person()):
            text = sentence("outcome_misfit")
            raise Wrong(self.outcome, text)
        return outcome

    def _promise_amount(self) -> int:
        return read_cents(self.promise_choice, self.promise_amount)

    def _promise_day(self) -> date:
        return read_day(self.promise_day, self.promise_date)

    def _payment_amount(self) -> int:
        return read_cents(self.payment_choice, self.payment_amount)

    def _method(self) -> PaymentMethod:
        method = member(PaymentMethod, self.payment_method.data)
        if method is None:
            raise Wrong(self.payment_method, sentence("choose_method"))
        return method

    def _appointment_day(self) -> date:
        return read_day(self.appointment_day, self.appointment_date)

    def _appointment_time(self) -> time:
        at: time | None = self.appointment_time.data
        if at is None:
            raise Wrong(self.appointment_time, sentence("write_time"))
        return at

    def _needed_objection(self) -> Objection:
        objection = member(Objection, self.objection.data)
        if objection is None:
            raise Wrong(self.objection, sentence("choose_objection"))
        return objection

    def _needed_note(self) -> str:
        text = (self.note.data or "").strip()
        if not text:
            raise Wrong(self.note, sentence("write_note"))
        return text

    def _blame(self, field: Any, text: str) -> None:
        field.errors = [*field.errors, text]
