"""Forms to ask for a plan and to say how a collector works."""

from datetime import time

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from collector_app.planning.queries import WorkdayRow
from collector_app.planning.rules import AIMS, MOST_PERCENT, AimWeights, PlanAim, Vehicle
from collector_app.web.day_field import DayField
from collector_app.web.weekdays import WeekdaysField
from collector_app.web.words import label

DEFAULT_SECONDS = 15
DEFAULT_SEED = 1
PROOF_S = 60  # of a processor for each route
MOST_STOPS = 200


_PERCENT = [
    Optional(),
    NumberRange(0, MOST_PERCENT, _("Entre %(min)d y %(max)d, o vacío: lo de arriba.")),
]


class PlanForm(FlaskForm):
    day = DayField(_("Día"), [InputRequired(_("Elige el día."))])
    seconds = SelectField(
        _("¿Cuánto buscar?"),
        choices=[
            SelectChoice(5, _("Rápido: 5 segundos")),
            SelectChoice(DEFAULT_SECONDS, _("Normal: 15 segundos")),
            SelectChoice(60, _("Con calma: 1 minuto")),
        ],
        coerce=int,
        default=DEFAULT_SECONDS,
    )
    proof = BooleanField(_("Demostrar qué tan cerca queda de lo mejor posible"))

    lend = BooleanField(_("Prestar clientes al otro lado de la frontera de su zona"))
    aim = SelectField(_("¿Qué importa más?"), choices=[], default=PlanAim.BALANCED.value)

    travel_percent = IntegerField(_("El trayecto pesa (%)"), _PERCENT)
    unfairness_percent = IntegerField(_("Cada hora de más sobre el promedio pesa (%)"), _PERCENT)

    @property
    def weights(self) -> AimWeights:
        """Return the weights of the aim, with those typed in their place."""
        aim = AIMS[PlanAim(self.aim.data)]
        return aim.or_else(self.travel_percent.data, self.unfairness_percent.data)

    def offer(self) -> None:
        """Fill the list of aims, each with what it weighs."""
        self.aim.choices = [(one.value, f"{label(one)}: {_weights(one)}") for one in PlanAim]


def _weights(aim: PlanAim) -> str:
    weights = AIMS[aim]
    if weights.unfairness_percent:
        percent = weights.unfairness_percent
        return str(gettext("cada hora de más sobre el promedio pesa %(n)s %%", n=percent))
    return str(gettext("el trayecto pesa %(n)s %%", n=weights.travel_percent))


class WorkdayForm(FlaskForm):
    vehicle = SelectField(_("¿En qué se mueve?"), choices=[])
    starts = TimeField(_("Entra"), [InputRequired(_("Escribe la hora."))])
    ends = TimeField(_("Sale"), [InputRequired(_("Escribe la hora."))])
    weekdays = WeekdaysField(_("Días que trabaja"), default=range(7))
    start_point = StringField(
        _("Sale de (latitud, longitud)"),
        [InputRequired(_("Escribe de dónde sale.")), Length(max=60)],
    )
    end_point = StringField(_("Termina en (latitud, longitud)"), [Optional(), Length(max=60)])
    max_stops = IntegerField(
        _("Máximo de visitas al día"),
        [Optional(), NumberRange(1, MOST_STOPS, _("Entre %(min)d y %(max)d, o vacío."))],
    )

    def offer(self) -> None:
        """Fill the list to choose from."""
        self.vehicle.choices = [(one.value, label(one)) for one in Vehicle]

    def show(self, row: WorkdayRow) -> None:
        """Fill in how a collector works now."""
        self.vehicle.data = row.vehicle.value
        self.starts.data, self.ends.data = _as_time(row.starts_s), _as_time(row.ends_s)
        self.start_point.data = f"{row.start_lat}, {row.start_lon}"
        self.end_point.data = f"{row.end_lat}, {row.end_lon}"
        self.max_stops.data = row.max_stops
        self.weekdays.show(row.weekdays)

    def validate_weekdays(self, field: WeekdaysField) -> None:
        """Refuse a week without work: who doesn't work at all has no hours."""
        if not field.data:
            raise ValidationError(gettext("Elige al menos un día."))

    def validate_start_point(self, field: StringField) -> None:
        """Refuse what is no position."""
        position(field.data)

    def validate_end_point(self, field: StringField) -> None:
        """Refuse what is no position; empty is where the day starts."""
        position(field.data)

    def to_row(self, collector_id: int, name: str) -> WorkdayRow:
        start = position(self.start_point.data)
        end = position(self.end_point.data) if self.end_point.data else start
        return WorkdayRow(
            collector_id=collector_id,
            name=name,
            vehicle=Vehicle(self.vehicle.data),
            starts_s=_as_seconds(self.starts.data),
            ends_s=_as_seconds(self.ends.data),
            start_lat=start[0],
            start_lon=start[1],
            end_lat=end[0],
            end_lon=end[1],
            max_stops=self.max_stops.data,
            weekdays=self.weekdays.marks(),
        )


def position(text: str) -> tuple[float, float]:
    """Read a position as maps on the web copy it: ``-29.9027, -71.2519``.

    Raises
    ------
    ValidationError
        With what was expected, in Spanish.
    """
    parts = text.strip(" ()").split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        example = "-29.9027, -71.2519"
        wrong = gettext("Escribe latitud y longitud con una coma en medio: %(ex)s", ex=example)
        raise ValidationError(wrong) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        wrong = gettext("La latitud va de -90 a 90 y la longitud de -180 a 180.")
        raise ValidationError(wrong)
    return lat, lon


def _as_time(second_s: int) -> time:
    minutes = min(second_s // 60, 24 * 60 - 1)
    return time(minutes // 60, minutes % 60)


def _as_seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60
