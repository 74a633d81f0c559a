"""The days of which faults are shown."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import Optional


class DaysForm(FlaskForm):
    class Meta:
        """It only asks, so that it needs no token and its address can be kept."""

        csrf = False

    first = DateField(_("Desde"), [Optional()])
    to = DateField(_("Hasta"), [Optional()])
