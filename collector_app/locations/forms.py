"""The pin that a person drops, and answers to what visits propose."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FloatField, HiddenField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange

from collector_app.locations.services import Pin


class PinForm(FlaskForm):
    lat = FloatField(
        _("Latitud"),
        [InputRequired(_("Escribe la latitud, como 19.4326.")), NumberRange(-90, 90)],
    )
    lon = FloatField(
        _("Longitud"),
        [InputRequired(_("Escribe la longitud, como -99.1332.")), NumberRange(-180, 180)],
    )
    was = HiddenField(validators=[Length(max=60)])  # "lat,lon" that the page showed, empty for none

    def to_command(self) -> Pin:
        """Return where the person puts the client."""
        lat, _comma, lon = (self.was.data or "").partition(",")
        try:
            was = (float(lat), float(lon))
        except ValueError:
            was = None
        return Pin(self.lat.data, self.lon.data, was)


class AnswerForm(FlaskForm):
    about = IntegerField(validators=[InputRequired()])  # the visit or the decision that was shown
