"""A field for a day, where a year that can't be meant is told at once."""

from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, ValidationError

from collector_app.core.clock import FIRST_DAY

LAST_DAY = date(2099, 12, 31)  # beyond it, a year is a slip of the finger


def is_meant(day: date) -> bool:
    """Tell whether somebody can mean a day, by its year."""
    return FIRST_DAY <= day <= LAST_DAY


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """A day from `FIRST_DAY` to `LAST_DAY`: browsers hand out 0202 while 2026 is being typed."""

    def pre_validate(self, _form: FlaskForm) -> None:
        """Refuse a year that nobody means, and say which one was typed."""
        if self.data is not None and not is_meant(self.data):
            told = _(
                "Revisa el año: se leyó %(year)s y va del %(first)s al %(last)s.",
                year=f"{self.data.year:04d}",
                first=FIRST_DAY.year,
                last=LAST_DAY.year,
            )
            raise ValidationError(str(told))
