"""The form to tell an absence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from collector_app.absences.rules import AbsenceKind
from collector_app.web.day_field import DayField
from collector_app.web.words import label
from collector_app.zones.queries import CollectorRow

NOTE_LENGTH = 240


@dataclass(frozen=True, slots=True)
class WantedAbsence:
    """Who is away, why, and from which day to which, both inclusive."""

    collector_id: int
    kind: AbsenceKind
    from_on: date
    to_on: date
    note: str


class AbsenceForm(FlaskForm):
    collector_id = SelectField(_("Gestor"), choices=[], coerce=int)
    kind = SelectField(_("Motivo"), choices=[])
    from_on = DayField(_("Desde"), [InputRequired(_("Elige el primer día."))])
    to_on = DayField(_("Hasta, inclusive"), [InputRequired(_("Elige el último día."))])
    note = StringField(_("Nota (opcional)"), [Optional(), Length(max=NOTE_LENGTH)])

    def offer(self, collectors: Iterable[CollectorRow]) -> None:
        """Fill the lists to choose from."""
        self.collector_id.choices = [(one.id, one.name) for one in collectors]
        self.kind.choices = [(one.value, label(one)) for one in AbsenceKind]

    def to_command(self) -> WantedAbsence:
        return WantedAbsence(
            self.collector_id.data,
            AbsenceKind(self.kind.data),
            self.from_on.data,
            self.to_on.data,
            (self.note.data or "").strip(),
        )
