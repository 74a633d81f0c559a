"""What people choose: a period, what to split by, a target."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.money import parse_pesos
from collector_app.indicators.rules import (
    CATALOGUE,
    Dimension,
    Indicator,
    Period,
    Unit,
    checked_period,
    usual_period,
)
from collector_app.web.borders import LARGEST_ID

COMPANY = "company"
# What people type a target in, for one of what the indicator is measured in.
TYPED_SCALE = {
    Unit.SHARE: 100,
    Unit.CENTS: 0.01,
    Unit.SECONDS: 1 / 60,
    Unit.METRES: 0.001,
    Unit.DAYS: 1 / 86_400,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; ``problem`` is what was wrong with its period, if anything."""

    period: Period
    by: Dimension
    group: int | None
    problem: InvalidInput | None = None


def asked(args: MultiDict[str, str], today: date) -> Asked:
    """Read an address; a period that can't be used gives way to the usual one and says so.

    Raises
    ------
    NotFound
        If the number of its group is one that no row can have.
    """
    usual = usual_period(today)
    names = {one.value for one in Dimension}
    by = Dimension(args["por"]) if args.get("por") in names else Dimension.COLLECTOR
    group = args.get("grupo", type=int)
    if group is not None and abs(group) > LARGEST_ID:
        message = f"no group {group}"
        raise NotFound(message)
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
    """A target as people write it: ``52.5`` or ``52,5``, which a field of numbers takes for 525."""

    whose = SelectField(_("De quién"), choices=[], default=COMPANY)
    target = StringField(_("Meta"), [Optional(), Length(max=20)])

    def offer(self, groups: Iterable[tuple[int, str]]) -> None:
        """Fill the list of whose target it is."""
        company = (COMPANY, str(_("Toda la empresa")))
        self.whose.choices = [company, *((str(group), name) for group, name in groups)]

    @property
    def group(self) -> int | None:
        """Return whose target it is; None: the company's."""
        return None if self.whose.data in (None, COMPANY) else int(self.whose.data)

    def show(self, target: float, indicator: Indicator) -> None:
        """Fill in a target, so that sending the form as it is changes nothing."""
        typed = target * TYPED_SCALE.get(CATALOGUE[indicator].unit, 1)
        self.target.data = f"{typed:.2f}".rstrip("0").rstrip(".")

    def value(self, indicator: Indicator) -> float | None:
        """Return the target in the unit of an indicator; None when the field is empty."""
        if not (self.target.data or "").strip():
            return None
        hundredths = parse_pesos(self.target.data)
        return hundredths / 100 / TYPED_SCALE.get(CATALOGUE[indicator].unit, 1)

    def validate_target(self, field: StringField) -> None:
        """Refuse what is no number above 0."""
        try:
            is_right = parse_pesos(field.data) > 0
        except ValueError:
            is_right = False
        if not is_right:
            raise ValidationError(str(_("Escribe un número mayor que cero.")))
