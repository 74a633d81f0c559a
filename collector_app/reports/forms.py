"""The forms of reports: one now, or one on some days at an hour."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from collector_app.reports.rules import Hours, ReportKind
from collector_app.web.words import label

WEEKDAYS = (
    _("lunes"),
    _("martes"),
    _("miércoles"),
    _("jueves"),
    _("viernes"),
    _("sábado"),
    _("domingo"),
)


def _offer(field: SelectField) -> None:
    field.choices = [(one.value, label(one)) for one in ReportKind]


class AskForm(FlaskForm):
    kind = SelectField(_("Informe"), choices=[], coerce=ReportKind)
    day = DateField(_("Día"), [InputRequired(_("Elige un día."))])

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        _offer(self.kind)


class ScheduleForm(FlaskForm):
    scheduled_kind = SelectField(_("Informe"), choices=[], coerce=ReportKind)
    weekdays = SelectMultipleField(
        _("Días"),
        choices=[],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    at = TimeField(_("Hora"), [InputRequired(_("Elige una hora."))])

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        _offer(self.scheduled_kind)

    def hours(self) -> Hours:
        """Return when it is made."""
        chosen = set(self.weekdays.data or ())
        weekdays = "".join("1" if day in chosen else "0" for day in range(len(WEEKDAYS)))
        return Hours(weekdays, self.at.data.hour * 3600 + self.at.data.minute * 60)
