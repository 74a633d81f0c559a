"""The days to compare, and the levers of the simulator as people type them."""

import re
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField
from wtforms.validators import InputRequired, NumberRange

from collector_app.analysis.rules import MONTHS_IN_QUARTER, Levers
from collector_app.core import clock
from collector_app.indicators.rules import Dimension
from collector_app.portfolio.rules import AgingBucket
from collector_app.web.borders import LARGEST_ID

USUAL_DAYS = 30
LONGEST_DAYS = 731
VINTAGE_SPLITS = (Dimension.ZONE, Dimension.SEGMENT)


@dataclass(frozen=True, slots=True)
class Span:
    """Two days between which the cartera is compared; ``problem`` says why others were not used."""

    opening: date
    closing: date
    problem: str | None = None


def usual_span(today: date) -> Span:
    """Return the last month."""
    return Span(today - timedelta(days=USUAL_DAYS), today)


def span_of(args: MultiDict[str, str], today: date) -> Span:
    """Read ``desde`` and ``hasta``; days that can't be used give way to the last month."""
    usual = usual_span(today)
    try:
        opening = date.fromisoformat(args["desde"]) if args.get("desde") else None
        closing = date.fromisoformat(args["hasta"]) if args.get("hasta") else today
    except ValueError:
        return Span(usual.opening, today, gettext("Escribe los días como 2026-11-28."))
    opening = opening or max(clock.FIRST_DAY, closing) - timedelta(days=USUAL_DAYS)
    is_meant = clock.FIRST_DAY <= opening < closing <= today
    if not is_meant or (closing - opening).days > LONGEST_DAYS:
        text = gettext("Elige un primer día anterior al último, y el último a más tardar hoy.")
        return Span(usual.opening, today, text)
    return Span(opening, closing)


def bucket_of(args: MultiDict[str, str], name: str) -> AgingBucket | None:
    """Read a bucket; a name that is none asks for all."""
    known = {one.value for one in AgingBucket}
    return AgingBucket(args[name]) if args.get(name) in known else None


def quarter_of(args: MultiDict[str, str], today: date) -> tuple[int, int]:
    """Read ``trimestre``, such as 2026-1; what is none gives way to the present one."""
    found = re.fullmatch(r"(\d{4})-([1-4])", args.get("trimestre", ""))
    if found is None:
        return today.year, (today.month - 1) // MONTHS_IN_QUARTER + 1
    return int(found[1]), int(found[2])


@dataclass(frozen=True, slots=True)
class Split:
    """What vintages are told apart by, if anything, and the one group that is meant, if any."""

    by: Dimension | None = None
    group: int | None = None


def split_of(args: MultiDict[str, str]) -> Split:
    """Read ``por`` and ``grupo``; what is none tells nothing apart."""
    known = {one.value: one for one in VINTAGE_SPLITS}
    by, group = known.get(args.get("por", "")), args.get("grupo", type=int)
    is_meant = by is not None and group is not None and abs(group) <= LARGEST_ID
    return Split(by, group if is_meant else None)


def _number(label: Any, most: int, places: int = 1) -> DecimalField:
    text = _("Escribe un número de 0 a %(most)s.", most=most)
    return DecimalField(label, [InputRequired(text), NumberRange(0, most, text)], places=places)


# What people type for one of what `Levers` holds.
_SCALE: dict[str, int | Decimal] = {
    "contact_rate": 100,
    "pays_now_rate": 100,
    "promise_rate": 100,
    "kept_rate": 100,
    "payment_cents": Decimal("0.01"),
    "promise_cents": Decimal("0.01"),
    "day_cost_cents": Decimal("0.01"),
    "km_cost_cents": Decimal("0.01"),
}
_WHOLE = {"collectors", "promise_lag_weeks", "payment_cents", "promise_cents", "day_cost_cents"} | {
    "km_cost_cents"
}


class LeversForm(FlaskForm):
    """One field for each lever; shares in percent, money in pesos. Nothing is stored."""

    collectors = _number(_("Gestores"), 10_000, 0)
    days_a_month = _number(_("Días de trabajo al mes"), 31)
    visits_a_day = _number(_("Visitas por gestor al día"), 500)
    contact_rate = _number(_("Contacto (% de visitas)"), 100)
    pays_now_rate = _number(_("Pagan en la visita (% de contactos)"), 100)
    payment_cents = _number(_("Pago promedio"), 10_000_000, 2)
    promise_rate = _number(_("Prometen (% de contactos)"), 100)
    kept_rate = _number(_("Promesas que se cumplen (% del dinero)"), 100)
    promise_cents = _number(_("Promesa promedio"), 10_000_000, 2)
    promise_lag_weeks = _number(_("Semanas hasta que pagan lo prometido"), 13, 0)
    day_cost_cents = _number(_("Costo de un gestor al día"), 1_000_000, 2)
    km_a_visit = _number(_("Kilómetros por visita"), 1_000)
    km_cost_cents = _number(_("Costo por kilómetro"), 10_000, 2)

    class Meta:
        """It only reads: no token is needed, and the address can be shared."""

        csrf = False

    def levers(self) -> Levers:
        """Return the levers; only for a form that is valid."""
        typed: dict[str, Any] = {}
        for one in fields(Levers):
            value = self[one.name].data / _SCALE.get(one.name, 1)
            typed[one.name] = round(value) if one.name in _WHOLE else float(value)
        return Levers(**typed)


def form_of(levers: Levers, typed: MultiDict[str, str]) -> LeversForm:
    """Return the form of the simulator: what was typed, and for the rest what holds now."""
    now = {
        one.name: round(Decimal(getattr(levers, one.name)) * Decimal(_SCALE.get(one.name, 1)), 2)
        for one in fields(Levers)
    }
    return LeversForm(typed if typed else None, data=now)
