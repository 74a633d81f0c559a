"""Taking a mistaken payment, and with it its receipt, back."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired


class AnnulForm(FlaskForm):
    reason = StringField(_("¿Por qué se anula?"), [InputRequired(_("Escribe por qué."))])
