"""What a person writes when they decide about an event, and the copy that a phone saved."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class DismissForm(FlaskForm):
    reason = StringField(
        _("Por qué se descarta"), [InputRequired(_("Escribe por qué.")), Length(max=200)]
    )


class CopyForm(FlaskForm):
    file = FileField(
        _("Archivo (pendientes-….json)"),
        [FileRequired(_("Elige el archivo que guardó el teléfono."))],
    )
