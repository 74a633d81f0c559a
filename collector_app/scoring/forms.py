"""Form to switch the scores of a client off or on."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

REASON_LENGTH = 240
ON, OFF = "on", "off"


class SwitchForm(FlaskForm):
    state = HiddenField(validators=[AnyOf((ON, OFF))])
    reason = StringField(
        _("¿Por qué?"), [InputRequired(_("Escribe por qué.")), Length(max=REASON_LENGTH)]
    )

    @property
    def is_scored(self) -> bool:
        """Tell whether the client is to be scored."""
        return bool(self.state.data == ON)
