"""The upload of a file of payments, and why what came of it is taken back."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class PaymentFileForm(FlaskForm):
    file = FileField(_("Archivo"), [FileRequired(_("Elige el archivo de pagos."))])


class TakeBackForm(FlaskForm):
    reason = StringField(
        _("¿Por qué se deshace?"),
        [InputRequired(_("Escribe por qué, en pocas palabras.")), Length(max=200)],
    )
