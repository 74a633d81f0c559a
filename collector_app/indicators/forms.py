"""What people choose: a period, what to split by, a target."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField
from wtforms.validators import NumberRange, Optional

from collector_app.core.errors import InvalidInput
from collector_app.indicators.rules import (
    CATALOGUE,
    Dimension,
    Indicator,
    Period,
    Unit,
    checked_period,
    usual_period,
)

# What people type a target in, for one of what the indicator is measured in.
TYPED_SCALE = {Unit.SHARE: 100, Unit.CENTS: 0.01, Unit.SECONDS: 1 / 60, Unit.METRES: 0.001}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; ``problem`` is what was wrong with its period, if anything."""

    period: Period
    by: Dimension
    group: int | None
    problem: InvalidInput | None = None


def asked(args: MultiDict[str, str], today: date) -> Asked:
    """Read an address; a period that can't be used gives way to the usual one and says so."""
    usual = usual_period(today)
    names = {one.value for one in Dimension}
    by = Dimension(args["por"]) if args.get("por") in names else Dimension.COLLECTOR
    group = args.get("grupo", type=int)
    try:
        period = checked_period(
            _day(args, "from_on", "desde") or usual.from_on,
            _day(args, "to_on", "hasta") or usual.to_on,
            today,
        )
    except InvalidInput as error:
        return Asked(usual, by, group, error)
    return Asked(period, by, group)


def _day(args: MultiDict[str, str], field: str, name: str) -> date | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(field, "a day such as 2026-11-28") from None


class TargetForm(FlaskForm):
    target = DecimalField(
        _("Meta"), [Optional(), NumberRange(min=0, message=_("Escribe un número mayor que cero."))]
    )

    def value(self, indicator: Indicator) -> float | None:
        """Return the target in the unit of an indicator; None when the field is empty."""
        if self.target.data is None:
            return None
        return float(self.target.data) / TYPED_SCALE.get(CATALOGUE[indicator].unit, 1)
