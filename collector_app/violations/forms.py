"""Which faltas are shown, and what is decided about one."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from collector_app.violations.rules import CaseState
from collector_app.web.day_field import DayField
from collector_app.web.words import label

LONGEST_REASON = 1_000
LONGEST_REFERENCE = 200
DECISIONS = (CaseState.CONFIRMED, CaseState.JUSTIFIED)


class CaseFilterForm(FlaskForm):
    class Meta:
        """It only asks, so that it needs no token and its address can be kept."""

        csrf = False

    first = DayField(_("Desde"), [Optional()])
    to = DayField(_("Hasta"), [Optional()])
    state = SelectField(_("Estado"), [Optional()], choices=[])
    collector = SelectField(_("Gestor"), [Optional()], choices=[])

    def offer(self, people: list[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        self.state.choices = [
            ("", str(_("Todas"))),
            *((one.value, label(one)) for one in CaseState),
        ]
        self.collector.choices = [("", str(_("Todos"))), *people]


class DaysForm(FlaskForm):
    first = DayField(_("Desde"), [InputRequired()])
    to = DayField(_("Hasta"), [InputRequired()])


class DecisionForm(FlaskForm):
    state = RadioField(_("Qué fue"), [InputRequired(_("Elige una."))], choices=[])
    reason = TextAreaField(_("Por qué"), [Length(max=LONGEST_REASON)])

    def offer(self) -> None:
        """Fill the list to choose from."""
        self.state.choices = [(one.value, label(one)) for one in DECISIONS]


class SanctionForm(FlaskForm):
    law = SelectField(_("Ley"), choices=[])
    final_on = DateField(_("Quedó firme el"), [InputRequired(_("Elige el día."))])
    reference = StringField(
        _("Autoridad y expediente"),
        [InputRequired(_("Escribe cuál es.")), Length(max=LONGEST_REFERENCE)],
    )

    def offer(self, laws: list[tuple[str, str]]) -> None:
        """Fill the list to choose from."""
        self.law.choices = laws
