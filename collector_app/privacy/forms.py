"""A client's data as it should be, and why it goes."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from collector_app.portfolio.queries import ClientCard
from collector_app.privacy.rules import Correction


class CorrectionForm(FlaskForm):
    name = StringField(_("Nombre"), [Length(max=160)])
    phone = StringField(_("Teléfono, con + y el país"), [Length(max=20)])
    address = StringField(_("Domicilio"), [Length(max=240)])
    neighbourhood = StringField(_("Colonia"), [Length(max=120)])
    municipality = StringField(_("Municipio"), [Length(max=120)])

    def show(self, card: ClientCard) -> None:
        """Begin with the data as it is."""
        for field in self:
            if hasattr(card, field.name):
                field.data = getattr(card, field.name)

    def correction(self) -> Correction:
        """Return what was typed."""
        return Correction(
            name=self.name.data or "",
            phone=(self.phone.data or "").replace(" ", ""),
            address=self.address.data or "",
            neighbourhood=self.neighbourhood.data or "",
            municipality=self.municipality.data or "",
        )


class ErasureForm(FlaskForm):
    reason = StringField(_("Por qué"), [Length(max=240)])
