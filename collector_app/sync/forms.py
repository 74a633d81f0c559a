"""What a person writes when they decide about an event."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class DismissForm(FlaskForm):
    reason = StringField(
        _("Por qué se descarta"), [InputRequired(_("Escribe por qué.")), Length(max=200)]
    )
