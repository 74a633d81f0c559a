"""Form to say what happened: one kind of change, and only the fields that it needs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import time

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from collector_app.planning.forms import position
from collector_app.repairs.rules import DayChange, RepairKind
from collector_app.web.check_boxes import CheckBoxesField
from collector_app.web.long_select import LongSelect

RADII_M = (50, 100, 200, 500, 1_000)
DEFAULT_RADIUS_M = 100

FIELDS: Mapping[RepairKind, tuple[str, ...]] = {
    RepairKind.CANCELLED: ("cliente",),
    RepairKind.URGENT: ("cliente", "gestor"),
    RepairKind.LATE: ("gestor", "hasta"),
    RepairKind.SICK: ("gestor", "con"),
    RepairKind.APPOINTMENT_MOVED: ("cliente", "desde", "a"),
    RepairKind.STREET_CLOSED: ("lugar", "radio"),
}
"""Names of the fields of each kind, in the order of the page; they stand in the address."""

OPTIONAL = {(RepairKind.URGENT, "gestor"), (RepairKind.SICK, "con")}


class RepairForm(FlaskForm):
    """Read from the address for a preview, and from the body when it is applied."""

    found_nobody = False  # no client has what was searched for

    cambio = HiddenField(validators=[Length(max=40)])
    buscar = StringField(
        _("Busca al cliente por nombre, número o dirección"), [Optional(), Length(max=120)]
    )
    cliente = SelectField(_("Cliente"), [Optional()], choices=[], coerce=int, widget=LongSelect())
    gestor = SelectField(_("Gestor"), [Optional()], choices=[], coerce=int)
    hasta = TimeField(_("Sigue a partir de las"), [Optional()])
    con = CheckBoxesField(
        _("¿Entre quiénes se reparten sus paradas?"),
        [Optional()],
        choices=[],
        coerce=int,
    )
    desde = TimeField(_("Nueva cita, desde"), [Optional()])
    a = TimeField(_("Hasta"), [Optional()])
    lugar = StringField(
        _("¿Dónde está cerrado? (latitud, longitud, o una dirección)"),
        [Optional(), Length(max=240)],
    )
    radio = SelectField(
        _("¿Cuánto abarca el cierre?"),
        [Optional()],
        choices=[SelectChoice(one, _("%(m)s m a la redonda", m=one)) for one in RADII_M],
        coerce=int,
        default=DEFAULT_RADIUS_M,
    )

    @property
    def kind(self) -> RepairKind | None:
        """Return the kind of change, None while none is chosen."""
        chosen = self.cambio.data
        return RepairKind(chosen) if chosen in FIELDS else None

    def offer(
        self,
        collectors: Sequence[tuple[int, str]],
        helpers: Sequence[tuple[int, str]],
        clients: Sequence[SelectChoice],
    ) -> None:
        """Fill the lists to choose from; helpers may take the stops of who can't go on."""
        nobody = SelectChoice(0, _("Elige…"))
        if self.kind is RepairKind.URGENT:
            nobody = SelectChoice(0, _("El de su zona"))
        people = [SelectChoice(id_, name) for id_, name in collectors]
        self.gestor.choices = [nobody, *people]
        self.con.choices = [SelectChoice(id_, name) for id_, name in helpers]
        self.cliente.choices = [SelectChoice(0, _("Elige…")), *clients]

    def validate(self, extra_validators: object = None) -> bool:
        """Check the fields of the kind that was chosen, and no others."""
        if not super().validate(extra_validators) or self.kind is None:
            return False
        for name in FIELDS[self.kind]:
            if (self.kind, name) not in OPTIONAL and not self[name].data:
                self[name].errors = [self._missing(name)]
        begins, ends = self.desde.data, self.a.data
        if self.kind is RepairKind.APPOINTMENT_MOVED and begins and ends and begins >= ends:
            self.a.errors = [gettext("Debe ser después de la primera hora.")]
        if self.found_nobody:
            self.buscar.errors = [
                gettext("Ningún cliente tiene eso en su nombre, número o dirección.")
            ]
        return not any(field.errors for field in self)

    def _missing(self, name: str) -> str:
        """Return what to do about a field that is empty: choose, where a search found several."""
        found = len(self.cliente.choices or ()) - 1
        if name == "cliente" and self.buscar.data and found > 0:
            return str(
                ngettext(
                    "Se encontró %(num)s cliente: elígelo.",
                    "Se encontraron %(num)s clientes: elige uno.",
                    found,
                )
            )
        return str(gettext("Falta este dato."))

    def place(self) -> tuple[float, float] | None:
        """Return the place as latitude and longitude; None when it is written as an address."""
        try:
            return position(self.lugar.data or "")
        except ValidationError:
            return None

    def change(self, place: tuple[float, float] | None, pinned: Collection[int]) -> DayChange:
        """Return what happened; call it once `validate` has passed.

        Parameters
        ----------
        place : (lat, lon) or None
            Where the streets are closed.
        pinned : collection of int
            Clients who stay with their collector.
        """
        assert self.kind is not None  # noqa: S101 - `validate` saw to it
        used = FIELDS[self.kind]
        is_closed = self.kind is RepairKind.STREET_CLOSED and place is not None
        return DayChange(
            kind=self.kind,
            client_id=(self.cliente.data or None) if "cliente" in used else None,
            collector_id=(self.gestor.data or None) if "gestor" in used else None,
            free_at_s=_seconds(self.hasta.data) if "hasta" in used else None,
            shared_with=tuple(self.con.data or ()) if "con" in used else (),
            starts_s=_seconds(self.desde.data) if "desde" in used else None,
            ends_s=_seconds(self.a.data) if "a" in used else None,
            lat=place[0] if is_closed and place else None,
            lon=place[1] if is_closed and place else None,
            radius_m=self.radio.data if is_closed else None,
            pinned=tuple(sorted(set(pinned))),
        )


def _seconds(at: time | None) -> int | None:
    return None if at is None else at.hour * 3600 + at.minute * 60
