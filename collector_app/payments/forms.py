"""Taking a mistaken payment back, and which receipts are taken away as a file."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, ValidationError

from collector_app.web.day_field import DayField

MOST_DAYS = 366  # of one file: a year of receipts


class AnnulForm(FlaskForm):
    reason = StringField(
        _("¿Por qué se anula?"), [InputRequired(_("Escribe por qué.")), Length(max=240)]
    )


class ReceiptDaysForm(FlaskForm):
    class Meta:
        """It only asks, so that it needs no token and its address can be kept."""

        csrf = False

    first = DayField(_("Desde"), [InputRequired(_("Escribe un día."))])
    to = DayField(_("Hasta"), [InputRequired(_("Escribe un día."))])

    def validate_to(self, field: DayField) -> None:
        """Refuse days that end before they begin, and more than `MOST_DAYS`."""
        if self.first.data is None or field.data is None:
            return
        if not 0 <= (field.data - self.first.data).days < MOST_DAYS:
            raise ValidationError(
                str(_("De «Desde» a «Hasta» puede haber hasta %(n)s días.", n=MOST_DAYS))
            )
