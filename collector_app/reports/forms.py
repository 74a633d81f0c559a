"""The forms of reports: one now, or one on some days at an hour."""

from datetime import time

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, TimeField
from wtforms.validators import InputRequired

from collector_app.reports.rules import Hours, ReportKind
from collector_app.web.day_field import DayField
from collector_app.web.weekdays import WeekdaysField
from collector_app.web.words import label

EVENING = time(19)  # the day's visits are in by then


def _offer(field: SelectField) -> None:
    field.choices = [(one.value, label(one)) for one in ReportKind]


class AskForm(FlaskForm):
    kind = SelectField(_("Informe"), choices=[], coerce=ReportKind)
    day = DayField(_("Día"), [InputRequired(_("Elige un día."))])

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        _offer(self.kind)


class ScheduleForm(FlaskForm):
    scheduled_kind = SelectField(_("Informe"), choices=[], coerce=ReportKind)
    weekdays = WeekdaysField(_("Días"), validate_choice=False)
    at = TimeField(_("Hora"), [InputRequired(_("Elige una hora."))], default=EVENING)

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        _offer(self.scheduled_kind)

    def hours(self) -> Hours:
        """Return when it is made."""
        return Hours(self.weekdays.marks(), self.at.data.hour * 3600 + self.at.data.minute * 60)
