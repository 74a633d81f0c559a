"""The upload of a cartera."""

from babel import Locale
from flask import current_app
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectChoice, SelectField
from wtforms.validators import Optional

from collector_app.exchange.rules import CURRENCY_OF
from collector_app.exchange.services import ImportTerms
from collector_app.web.day_field import DayField


class UploadForm(FlaskForm):
    file = FileField(_("Archivo"), [FileRequired(_("Elige el archivo de tu cartera."))])
    cut_on = DayField(
        _("¿De qué día son los saldos?"),
        [Optional()],
        format="%Y-%m-%d",
    )
    country = SelectField(_("País de los teléfonos y ubicaciones"), choices=[])

    def offer(self, country: str) -> None:
        """Fill the list of countries and choose one."""
        names = Locale.parse(current_app.config["LOCALE"]).territories
        self.country.choices = [
            SelectChoice(code, name)
            for code, name in sorted(
                ((code, names[code]) for code in CURRENCY_OF), key=lambda one: one[1]
            )
        ]
        if not self.is_submitted():
            self.country.data = country

    def to_command(self) -> ImportTerms:
        """Return what the file does not say itself."""
        return ImportTerms(cut_on=self.cut_on.data, country=self.country.data)
