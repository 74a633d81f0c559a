"""Forms of the studio: begin a draft, edit it, choose clients, publish."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    FloatField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from collector_app.core import clock
from collector_app.core.errors import InvalidInput
from collector_app.studio.rules import (
    AssignCollector,
    BarStreet,
    BindClients,
    DivideAll,
    DivideByHours,
    DrawBarrier,
    EditKind,
    FreeClients,
    LiftBarrier,
    LockZone,
    MergeZones,
    MoveClients,
    Order,
    PlaceStrangers,
    Rebalance,
    Redo,
    RedrawZone,
    RenameZone,
    Ring,
    SplitZone,
    TakeBack,
    WriteNote,
)
from collector_app.web.day_field import DayField
from collector_app.web.filters import local_zone
from collector_app.zones.corners import corners_of
from collector_app.zones.rules import MAX_ZONES

NOTE_LENGTH = 500
NAME_LENGTH = 80
LEAST_DAY_H, MOST_DAY_H = 1.0, 16.0
NOBODY = 0


@dataclass(frozen=True, slots=True)
class WantedEdit:
    """An order, the version it was given on, and why."""

    seen: int
    order: Order
    note: str


@dataclass(frozen=True, slots=True)
class Publication:
    """From which day on, of which version, and why."""

    seen: int
    from_on: date
    note: str


@dataclass(frozen=True, slots=True)
class WantedBorders:
    """How the draft is called, and into how many zones its areas are joined; None: one each."""

    name: str
    zone_count: int | None


class EditForm(FlaskForm):
    """Any edit; which fields matter depends on its kind."""

    version = IntegerField(validators=[InputRequired()])
    kind = HiddenField(validators=[AnyOf([kind.value for kind in EditKind])])
    zone = IntegerField(_("Zona"), [Optional()])
    into = IntegerField(_("Con la zona"), [Optional()])
    name = StringField(_("Nombre"), [Optional(), Length(max=NAME_LENGTH)])
    collector_id = IntegerField(_("Gestor"), [Optional()])
    zone_count = IntegerField(_("Cuántas zonas"), [Optional()])
    most_day_h = FloatField(
        _("Horas al día, a lo más"),
        [Optional(), NumberRange(LEAST_DAY_H, MOST_DAY_H, _("De %(min)s a %(max)s horas."))],
    )
    whole_colonias = BooleanField(_("Sin partir colonias"))
    around_starts = BooleanField(_("Alrededor de donde sale cada gestor"))
    street = StringField(_("Calle"), [Optional(), Length(max=NAME_LENGTH)])
    position = IntegerField(_("Barrera"), [Optional()])
    client_ids = SelectMultipleField(_("Clientes"), coerce=int, validate_choice=False)
    # Clients chosen on the map, separated by commas: all of a large cartera.
    chosen = HiddenField(validators=[Length(max=500_000)])
    # A border drawn by hand: "lat,lon lat,lon ..."
    ring = HiddenField(validators=[Length(max=200_000)])
    note = StringField(_("Por qué (opcional)"), [Optional(), Length(max=NOTE_LENGTH)])

    def to_command(self) -> WantedEdit:
        """Return the edit.

        Raises
        ------
        InvalidInput
            When a field that this kind needs is missing or can't be read.
        """
        make = _ORDERS[EditKind(self.kind.data)]
        return WantedEdit(self.version.data, make(self), (self.note.data or "").strip())

    def key(self) -> int:
        return _needed(self.zone.data, _("la zona"))

    def clients(self) -> tuple[int, ...]:
        listed = list(self.client_ids.data or [])
        if self.chosen.data:
            listed += [_id(text) for text in self.chosen.data.split(",")]
        if not listed:
            raise InvalidInput(str(_("los clientes")), str(_("elige al menos uno")))
        return tuple(dict.fromkeys(listed))

    def corners(self, least: int = 3) -> Ring:
        return corners_of(self.ring.data or "", least)


def _needed(value: int | None, what: str) -> int:
    if value is None:
        raise InvalidInput(str(what), str(_("elígela de la lista")))
    return value


def _id(text: str) -> int:
    if not text.isdecimal():
        raise InvalidInput(str(_("los clientes")), str(_("elige al menos uno")))
    return int(text)


def _name(form: EditForm) -> str:
    name = (form.name.data or "").strip()
    if not name:
        raise InvalidInput(str(_("el nombre")), str(_("escríbelo")))
    return name


def _division(form: EditForm) -> DivideAll:
    if form.zone_count.data is None:
        raise InvalidInput(str(_("cuántas zonas")), str(_("escríbelo")))
    return DivideAll(form.zone_count.data, form.whole_colonias.data, form.around_starts.data)


def _by_hours(form: EditForm) -> DivideByHours:
    if form.most_day_h.data is None:
        raise InvalidInput(str(_("las horas al día")), str(_("escríbelas")))
    return DivideByHours(form.most_day_h.data, form.whole_colonias.data)


def _barrier(form: EditForm) -> BarStreet | DrawBarrier:
    if street := (form.street.data or "").strip():
        return BarStreet(street)
    line = tuple(form.corners(least=2))
    return DrawBarrier((form.name.data or "").strip() or str(_("Línea dibujada")), line)


def _note(form: EditForm) -> WriteNote:
    if not (form.note.data or "").strip():
        raise InvalidInput(str(_("la nota")), str(_("escríbela")))
    return WriteNote()


_ORDERS: Mapping[EditKind, Callable[[EditForm], Order]] = {
    EditKind.MOVE: lambda form: MoveClients(form.clients(), form.key()),
    EditKind.REDRAW: lambda form: RedrawZone(form.key(), form.corners()),
    EditKind.MERGE: lambda form: MergeZones(form.key(), _needed(form.into.data, _("la otra zona"))),
    EditKind.SPLIT: lambda form: SplitZone(form.key()),
    EditKind.PLACE: lambda form: PlaceStrangers(),
    EditKind.DIVIDE: _division,
    EditKind.FEWEST: _by_hours,
    EditKind.REBALANCE: lambda form: Rebalance(),
    EditKind.BIND: lambda form: BindClients(form.clients(), form.key()),
    EditKind.FREE: lambda form: FreeClients(form.clients()),
    EditKind.BARRIER: _barrier,
    EditKind.PASSAGE: lambda form: LiftBarrier(_needed(form.position.data, _("la barrera"))),
    EditKind.LOCK: lambda form: LockZone(form.key(), is_locked=True),
    EditKind.UNLOCK: lambda form: LockZone(form.key(), is_locked=False),
    EditKind.RENAME: lambda form: RenameZone(form.key(), _name(form)),
    EditKind.ASSIGN: lambda form: AssignCollector(form.key(), form.collector_id.data or None),
    EditKind.NOTE: _note,
    EditKind.UNDO: lambda form: TakeBack(),
    EditKind.REDO: lambda form: Redo(),
}


class PublishForm(FlaskForm):
    version = HiddenField(validators=[InputRequired(), Length(max=10)])
    from_on = DayField(_("A partir del"), [InputRequired(_("Elige el día."))])
    note = TextAreaField(_("Por qué (opcional)"), [Optional(), Length(max=NOTE_LENGTH)])

    def validate_from_on(self, field: DayField) -> None:
        if field.data and field.data < clock.today(local_zone()):
            raise ValidationError(str(_("Ese día ya pasó. Elige hoy o un día que viene.")))

    def validate_version(self, field: HiddenField) -> None:
        if not str(field.data).isdecimal():
            raise ValidationError(str(_("La página caducó. Vuelve a cargarla.")))

    def to_command(self) -> Publication:
        return Publication(
            int(self.version.data), self.from_on.data, (self.note.data or "").strip()
        )


class BordersForm(FlaskForm):
    """Borders that a draft begins with: of a file, or of the city in use."""

    name = StringField(
        _("Nombre del borrador"),
        [DataRequired(_("Ponle un nombre.")), Length(max=NAME_LENGTH)],
    )
    zone_count = IntegerField(
        _("Juntarlos en cuántas zonas (opcional)"),
        [Optional(), NumberRange(1, MAX_ZONES, _("Entre %(min)s y %(max)s zonas."))],
    )

    def to_command(self) -> WantedBorders:
        return WantedBorders(self.name.data.strip(), self.zone_count.data)


class BordersFileForm(BordersForm):
    file = FileField(_("Archivo"), [FileRequired(_("Elige el archivo con los polígonos."))])


class BeginForm(FlaskForm):
    name = StringField(
        _("Nombre del borrador"),
        [DataRequired(_("Ponle un nombre.")), Length(max=NAME_LENGTH)],
    )

    def to_command(self) -> str:
        name: str = self.name.data.strip()
        return name


@dataclass(frozen=True, slots=True)
class WantedClients:
    """Which clients of a draft to list; zone 0 stands for those without a zone."""

    zone: int | None
    neighbourhood: str
    search: str
    cell: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address; what can't be read filters nothing."""
        zone = query.get("zona", "")
        return cls(
            zone=int(zone) if zone.isdecimal() else None,
            neighbourhood=query.get("colonia", ""),
            search=query.get("q", "").strip(),
            cell=query.get("celda", ""),
        )
