"""The days of the week in words, and a field to choose some of them."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from collector_app.web.check_boxes import CheckBoxesField

WEEKDAYS = (
    _("lunes"),
    _("martes"),
    _("miércoles"),
    _("jueves"),
    _("viernes"),
    _("sábado"),
    _("domingo"),
)


def named(marks: str) -> str:
    """Return the days that seven letters mark, Monday first: "lunes, martes"."""
    return ", ".join(str(name) for name, mark in zip(WEEKDAYS, marks, strict=True) if mark == "1")


class WeekdaysField(CheckBoxesField):
    """Check boxes of the days of the week, 0 for Monday."""

    def __init__(self, label: object, **values: Any) -> None:
        choices = [SelectChoice(day, name) for day, name in enumerate(WEEKDAYS)]
        super().__init__(label, coerce=int, choices=choices, **values)

    def marks(self) -> str:
        """Return the days as seven letters, Monday first, "1" for those chosen."""
        chosen = set(self.data or ())
        return "".join("1" if day in chosen else "0" for day in range(len(WEEKDAYS)))

    def show(self, marks: str) -> None:
        """Choose the days that seven letters mark."""
        self.data = [day for day, mark in enumerate(marks) if mark == "1"]
