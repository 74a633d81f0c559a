"""What the desk knows of the place where a client is visited."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField

from collector_app.portfolio.queries import ToldPlace
from collector_app.portfolio.rules import AddressOrigin, VisitPlaceKind
from collector_app.web.words import label

UNKNOWN = ""


class VisitPlaceForm(FlaskForm):
    place_kind = SelectField(_("¿Qué lugar es?"), choices=[])
    origin = SelectField(_("¿De dónde salió el domicilio?"), choices=[])
    is_authorised = BooleanField(_("El cliente autorizó que se le visite aquí"))

    def offer(self) -> None:
        """Fill the lists of kinds and origins."""
        kinds = [(one.value, label(one)) for one in VisitPlaceKind]
        origins = [(one.value, label(one)) for one in AddressOrigin]
        self.place_kind.choices = [(UNKNOWN, _("No se sabe")), *kinds]
        self.origin.choices = [(UNKNOWN, _("No se sabe")), *origins]

    def show(self, place: ToldPlace | None) -> None:
        """Begin with what is known."""
        self.place_kind.data = place.kind.value if place and place.kind else UNKNOWN
        self.origin.data = place.origin.value if place and place.origin else UNKNOWN
        self.is_authorised.data = place is not None and place.is_authorised

    def kind(self) -> VisitPlaceKind | None:
        """Return what was chosen; None when nobody knows."""
        chosen = self.place_kind.data
        return VisitPlaceKind(chosen) if chosen else None

    def told_origin(self) -> AddressOrigin | None:
        """Return who told the address; None when nobody knows."""
        chosen = self.origin.data
        return AddressOrigin(chosen) if chosen else None
