"""What was tapped and typed in the form of a visit, read into values."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext
from markupsafe import Markup

from collector_app.core.money import MOST_CENTS, parse_pesos
from collector_app.doors.rules import YEARS
from collector_app.payments.queries import Debt
from collector_app.phone.offer import sentence
from collector_app.phone.rules import OTHER, PromiseDay, promise_days
from collector_app.web.filters import pesos
from collector_app.web.words import label

Chips = list[tuple[str, str]]  # value, words
Kind = TypeVar("Kind", bound=StrEnum)
_NEAR = (PromiseDay.TODAY, PromiseDay.TOMORROW)  # need no number


class Wrong(ValueError):
    """An answer can't be used; says beside which field and what to do."""

    def __init__(self, field: Any, text: str) -> None:
        """Keep the field; the text is for the gestor."""
        super().__init__(text)
        self.field = field


def labelled(members: Iterable[StrEnum]) -> Chips:
    """Return members of an enum as tiles."""
    return [(one.value, label(one)) for one in members]


def amount_chips(debt: Debt) -> Chips:
    """Return the chips for an amount; the cents are the value, so that what was read is stored.

    The sums are marked: the page shows them to those alone who may hear what is owed.
    """
    chips = []
    if debt.balance_cents:
        chips.append(
            (str(debt.balance_cents), _with_sum(gettext("Todo"), debt.balance_cents, debt.currency))
        )
    if 0 < debt.overdue_cents < debt.balance_cents:
        text = _with_sum(gettext("Lo vencido"), debt.overdue_cents, debt.currency)
        chips.append((str(debt.overdue_cents), text))
    return [*chips, (OTHER, gettext("Otra cantidad"))]


def _with_sum(text: str, cents: int, currency: str) -> str:
    return Markup('{}<span class="sum"> · {}</span>').format(text, pesos(cents, currency))


def day_chips(today: date) -> Chips:
    """Return the chips for a day from today on, the last one to type another."""
    chips = [
        (day.isoformat(), label(name) if name in _NEAR else f"{label(name)} {day.day}")
        for name, day in promise_days(today).items()
    ]
    return [*chips, (OTHER, gettext("Otro día"))]


def read_cents(choice: Any, typed: Any) -> int:
    """Return the amount of the chip that was tapped, or what was typed."""
    chosen = choice.data or ""
    text = (typed.data or "").strip()
    if not chosen and not text:
        raise Wrong(choice, sentence("choose_amount"))
    try:
        cents = parse_pesos(text) if chosen in ("", OTHER) else int(chosen)
    except ValueError:
        raise Wrong(typed, sentence("amount_unreadable")) from None
    if cents <= 0:
        raise Wrong(typed, sentence("amount_not_positive"))
    if cents > MOST_CENTS:
        raise Wrong(typed, sentence("amount_too_large"))
    return cents


def read_day(choice: Any, typed: Any) -> date:
    """Return the day of the chip that was tapped, or what was typed."""
    try:
        day: date | None = date.fromisoformat(choice.data or "")
    except ValueError:
        day = typed.data
    if day is None:
        if choice.data == OTHER:
            raise Wrong(typed, sentence("write_date"))
        raise Wrong(choice, sentence("choose_day"))
    if day.year not in YEARS:
        raise Wrong(typed, sentence("check_year"))
    return day


def member(kind: type[Kind], value: str | None) -> Kind | None:
    """Return the member that a tile stands for, None for none."""
    return kind(value) if value in list(kind) else None


def read_number(text: str | None) -> float | None:
    """Return a measurement of the phone, None when it is none."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None  # NaN and infinity fail this too


def read_place(text: str) -> tuple[float, float] | None:
    """Return a place written as ``lat,lon``, None when it is none on Earth."""
    lat, _comma, lon = text.partition(",")
    place = read_number(lat), read_number(lon)
    if place[0] is None or place[1] is None or abs(place[0]) > 90 or abs(place[1]) > 180:
        return None
    return place[0], place[1]


def read_instant(text: str | None) -> datetime | None:
    """Return what the phone's clock said, None when it says nothing that can be kept."""
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo and instant.year in YEARS else None
