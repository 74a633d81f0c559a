"""A new key, and what a call asks for."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MIMEAccept, MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from collector_app.api.queries import Asked
from collector_app.api.rules import (
    MEDIA_TYPES,
    MOST_ROWS,
    USUAL_ROWS,
    BadCall,
    FileFormat,
    PlanState,
    Scope,
)
from collector_app.core.errors import InvalidInput
from collector_app.web.check_boxes import CheckBoxesField
from collector_app.web.day_field import DayField
from collector_app.web.words import label

_JSON = "application/json"
# How msgspec tells of fields; tests/api/test_bodies.py holds it to these words.
_NAMED = re.compile(r"Object (?:contains )?(missing required|unknown) field `(.*)`", re.DOTALL)
Body = TypeVar("Body")


class KeyForm(FlaskForm):
    name = StringField(
        _("¿Qué sistema la usará?"),
        [InputRequired(_("Escribe para qué es la clave.")), Length(max=80)],
    )
    scopes = CheckBoxesField(
        _("¿Qué puede hacer?"),
        [InputRequired(_("Elige al menos una cosa que la clave pueda hacer."))],
        choices=lambda: [(one.value, label(one)) for one in Scope],
    )
    expires_on = DayField(_("Último día en que sirve (opcional)"), [Optional()])


def read_format(
    args: MultiDict[str, str], accept: MIMEAccept, offered: Sequence[FileFormat]
) -> FileFormat | None:
    """Return as which file a list is wanted, None for pages of JSON; ``format`` wins over Accept.

    Raises
    ------
    InvalidInput
        When ``format`` is none that this list can be had as.
    """
    text = args.get("format")
    if text is None:
        by_type = {MEDIA_TYPES[one]: one for one in offered}
        best = accept.best_match([_JSON, *by_type])
        return by_type.get(best) if best else None
    known = {"json": None} | {one.value: one for one in offered}
    if text not in known:
        raise InvalidInput("format", f"one of {', '.join(known)}")
    return known[text]


def read_call(
    args: MultiDict[str, str],
    filters: tuple[str, ...],
    today: date,
    zone: ZoneInfo,
    *,
    is_whole: bool = False,
) -> Asked:
    """Read the address of a call; ``is_whole``: of a whole list as a file, which has no pages.

    Raises
    ------
    InvalidInput
        Naming the parameter that can't be used, or that the list does not know.
    """
    known = ("after", *(() if is_whole else ("limit",)), "format", *filters)
    unknown = sorted(set(args) - set(known))
    if unknown:
        raise InvalidInput(unknown[0], f"one of {', '.join(known)}")
    return Asked(
        after=_whole(args, "after", 0, 0, 2**31 - 1),
        limit=_whole(args, "limit", USUAL_ROWS, 1, MOST_ROWS),
        since=_instant(args, "since"),
        from_on=_day(args, "from"),
        to_on=_day(args, "to"),
        today=today,
        zone=zone,
        state=_state(args),
    )


def read_body(told: bytes, kind: type[Body]) -> Body:
    """Read the JSON of a call.

    Raises
    ------
    BadCall
        When it is no JSON.
    InvalidInput
        Naming the field that is missing, unknown or of another kind than it should be.
    """
    try:
        return msgspec.json.decode(told, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidInput(*_place_of(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = f"no JSON: {error}"
        raise BadCall(text) from None


def _place_of(text: str) -> tuple[str, str]:
    """Return the field that msgspec names, ``clients[2].name``, and what it expected there."""
    what, _, path = text.partition(" - at `")
    place = path.rstrip("`").removeprefix("$").removeprefix(".")
    named = _NAMED.fullmatch(what)
    if named is None:
        return place or "body", what
    problem, name = named.groups()
    field = f"{place}.{name}" if place else name
    return field, "a value" if problem == "missing required" else "no field of this name"


def _state(args: MultiDict[str, str]) -> PlanState:
    text = args.get("state", PlanState.PUBLISHED.value)
    if text not in list(PlanState):
        raise InvalidInput("state", f"one of {', '.join(PlanState)}")
    return PlanState(text)


def _whole(args: MultiDict[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = args.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise InvalidInput(name, f"a whole number from {least} to {most}")
    return int(text)


def _instant(args: MultiDict[str, str], name: str) -> datetime | None:
    text = args.get(name)
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput(name, "an instant with its zone, such as 2026-11-28T15:00:00Z")


def _day(args: MultiDict[str, str], name: str) -> date | None:
    text = args.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(name, "a day such as 2026-11-28") from None
