"""Forms of the zones: how many to propose, and who answers for each from which day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from collector_app.core import clock
from collector_app.core.errors import InvalidInput
from collector_app.web.check_boxes import CheckBoxesField
from collector_app.web.day_field import DayField
from collector_app.web.filters import local_zone
from collector_app.web.long_select import SharedSelect
from collector_app.zones.corners import corners_of
from collector_app.zones.queries import CollectorRow, ZoneRow
from collector_app.zones.rules import MAX_ZONES

NOBODY = 0
LONGEST_BARRED = 400  # letters
LONGEST_LINES = 200_000  # letters
LONGEST_NAME = 80  # letters
LEAST_OF_A_LINE = 2  # corners
LONGEST_ID = 10  # digits; more would not fit the column


def _may_be_id(text: str) -> bool:
    return text.isdecimal() and len(text) < LONGEST_ID


def _rows(text: str | None) -> Iterator[tuple[str, str]]:
    """Yield name and corners of each row, "Río: lat,lon lat,lon"; who has no name gets a number."""
    for number, row in enumerate((text or "").splitlines(), start=1):
        if not row.strip():
            continue
        name, colon, corners = row.rpartition(":")
        called = name.strip() if colon else ""
        yield called[:LONGEST_NAME] or str(_("Línea %(number)s", number=number)), corners


@dataclass(frozen=True, slots=True)
class Assignments:
    """Who answers for which zone from a day on."""

    from_on: date
    collector_of: Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class DayOfClients:
    """Whose zone is asked for, by a part of their data, and on which day."""

    search: str
    day: date

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> Self:
        """Read the query of an address; a day that can't be read is today."""
        try:
            day = date.fromisoformat(query.get("dia", ""))
        except ValueError:
            day = today
        return cls(query.get("q", "").strip(), day)


@dataclass(frozen=True, slots=True)
class WantedProposal:
    """How many zones, and what else they shall keep to."""

    zone_count: int
    whole_colonias: bool
    around_starts: bool
    locked_zone_ids: tuple[int, ...]
    barred_streets: tuple[str, ...]
    barriers: tuple[dict[str, object], ...]
    from_today: bool


class ProposeForm(FlaskForm):
    from_today = BooleanField(_("Partir de las zonas de hoy, con los menos cambios de gestor"))
    zone_count = IntegerField(
        _("¿Cuántas zonas?"),
        [
            InputRequired(_("Escribe cuántas zonas quieres.")),
            NumberRange(1, MAX_ZONES, _("Entre %(min)s y %(max)s zonas.")),
        ],
    )

    whole_colonias = BooleanField(_("Sin partir colonias"))
    around_starts = BooleanField(_("Cada zona alrededor de donde sale su gestor"))
    locked = CheckBoxesField(
        _("Se quedan como están"),
        coerce=int,
        choices=[],
    )
    barred = StringField(
        _("Calles que no se cruzan (separadas por comas)"), [Optional(), Length(max=LONGEST_BARRED)]
    )
    lines = TextAreaField(
        _("Líneas que no se cruzan, una por renglón"), [Optional(), Length(max=LONGEST_LINES)]
    )

    def offer(self, zones: Sequence[ZoneRow]) -> Self:
        """Fill the list of zones that may stay."""
        self.locked.choices = [SelectChoice(one.id, one.name) for one in zones]
        return self

    def validate_zone_count(self, field: IntegerField) -> None:
        today = len(self.locked.choices)
        if self.from_today.data and field.data and field.data != today:
            raise ValidationError(
                str(
                    ngettext(
                        "Hoy hay %(num)s zona: para partir de ella pide una.",
                        "Hoy hay %(num)s zonas: para partir de ellas pide las mismas.",
                        today,
                    )
                )
            )

    def validate_lines(self, field: TextAreaField) -> None:
        wrong = []
        for name, corners in _rows(field.data):
            try:
                corners_of(corners, LEAST_OF_A_LINE, name)
            except InvalidInput as error:
                wrong.append(f"{error.field}: {error.expected}")
        if wrong:
            raise ValidationError(". ".join(wrong) + ".")

    def to_command(self) -> WantedProposal:
        return WantedProposal(
            self.zone_count.data,
            whole_colonias=self.whole_colonias.data,
            around_starts=self.around_starts.data,
            locked_zone_ids=tuple(self.locked.data or ()),
            barred_streets=tuple(
                name.strip() for name in (self.barred.data or "").split(",") if name.strip()
            ),
            barriers=tuple(
                {"name": name, "lines": [corners_of(corners, LEAST_OF_A_LINE)]}
                for name, corners in _rows(self.lines.data)
            ),
            from_today=self.from_today.data,
        )


class ZoneChoiceForm(Form):
    zone_id = HiddenField()
    collector_id = SelectField(coerce=int, choices=[], widget=SharedSelect())


class AssignmentsForm(FlaskForm):
    """Of the zones in force, by id, or of those of a proposal, by position."""

    from_on = DayField(_("A partir del"), [InputRequired(_("Elige el día."))])
    zones = FieldList(FormField(ZoneChoiceForm))

    @classmethod
    def filled(cls, from_on: date, collector_of: Mapping[int, int | None]) -> "AssignmentsForm":
        """Return the form as it is first shown."""
        choices = [
            {"zone_id": zone_id, "collector_id": collector_id or NOBODY}
            for zone_id, collector_id in collector_of.items()
        ]
        return cls(formdata=None, data={"from_on": from_on, "zones": choices})

    def offer(self, staff: Sequence[CollectorRow]) -> "AssignmentsForm":
        """Fill the lists to choose from."""
        choices = [(NOBODY, str(_("Sin gestor"))), *((one.id, one.name) for one in staff)]
        for entry in self.zones:
            entry.form.collector_id.choices = choices
        self.names = dict(choices)
        return self

    def validate_from_on(self, field: DayField) -> None:
        if field.data and field.data < clock.today(local_zone()):
            raise ValidationError(str(_("Ese día ya pasó. Elige hoy o un día que viene.")))

    def zone_ids(self) -> list[str]:
        return [str(entry.form.zone_id.data) for entry in self.zones]

    def collector_of(self) -> dict[int, int | None]:
        return {
            int(entry.form.zone_id.data): entry.form.collector_id.data or None
            for entry in self.zones
            if _may_be_id(str(entry.form.zone_id.data))
        }

    def to_command(self) -> Assignments:
        return Assignments(self.from_on.data, self.collector_of())
