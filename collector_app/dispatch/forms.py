"""The form of an edit: from the mouse, the keyboard or the fields below the board."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from collector_app.core.errors import InvalidInput
from collector_app.dispatch.rules import (
    BoardEditKind,
    LockStop,
    Optimise,
    Order,
    PinStop,
    PlaceStop,
    Redo,
    RemoveStop,
    SwapRoutes,
    TakeBack,
)

LAST_POSITION = 1_000


@dataclass(frozen=True, slots=True)
class WantedEdit:
    """An order, and the version of the board it was given on."""

    seen: int
    order: Order


class EditForm(FlaskForm):
    """Any edit; which fields matter depends on its kind."""

    version = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    kind = HiddenField(validators=[AnyOf([kind.value for kind in BoardEditKind])])
    client_id = IntegerField(validators=[Optional()])
    collector_id = IntegerField(validators=[Optional()])
    other_id = IntegerField(validators=[Optional()])
    position = IntegerField(validators=[Optional(), NumberRange(1, LAST_POSITION)])
    makes_room = BooleanField()

    def to_command(self) -> WantedEdit:
        """Return the edit.

        Raises
        ------
        InvalidInput
            When a field that this kind needs is missing.
        """
        return WantedEdit(self.version.data, _ORDERS[BoardEditKind(self.kind.data)](self))

    def client(self) -> int:
        return _needed(self.client_id.data, gettext("el cliente"))

    def collector(self) -> int:
        return _needed(self.collector_id.data, gettext("el gestor"))

    def other(self) -> int:
        return _needed(self.other_id.data, gettext("el otro gestor"))


class PublishForm(FlaskForm):
    """What a person saw when they decided to publish: the edits of the board, and the phones."""

    version = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    replaces = IntegerField(validators=[Optional(), NumberRange(min=0)])  # 0: phones saw no plan


def _needed(value: int | None, what: str) -> int:
    if value is None:
        raise InvalidInput(what, gettext("elígelo de la lista"))
    return value


def _place(form: EditForm) -> Order:
    return PlaceStop(
        form.client(), form.collector(), form.position.data, makes_room=form.makes_room.data
    )


_ORDERS: Mapping[BoardEditKind, Callable[[EditForm], Order]] = {
    BoardEditKind.MOVE: _place,
    BoardEditKind.ADD: _place,
    BoardEditKind.REMOVE: lambda form: RemoveStop(form.client()),
    BoardEditKind.PIN: lambda form: PinStop(form.client(), is_pinned=True),
    BoardEditKind.UNPIN: lambda form: PinStop(form.client(), is_pinned=False),
    BoardEditKind.LOCK: lambda form: LockStop(form.client(), is_locked=True),
    BoardEditKind.UNLOCK: lambda form: LockStop(form.client(), is_locked=False),
    BoardEditKind.SWAP: lambda form: SwapRoutes(form.collector(), form.other()),
    BoardEditKind.OPTIMISE: lambda form: Optimise(),
    BoardEditKind.UNDO: lambda form: TakeBack(),
    BoardEditKind.REDO: lambda form: Redo(),
}
