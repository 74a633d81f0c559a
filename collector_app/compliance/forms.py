"""Forms to choose the law and to forbid contact."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

REASON_LENGTH = 240


class ProfileForm(FlaskForm):
    profile_id = SelectField(_("Perfil"), choices=[])
    from_on = DateField(_("Desde"), [InputRequired(_("Elige el día."))])
    reason = TextAreaField(_("¿Por qué?"), [InputRequired(_("Escribe por qué lo decides."))])

    def offer(self, profiles: list[tuple[str, str]]) -> None:
        """Fill the list to choose from."""
        self.profile_id.choices = profiles


class BanForm(FlaskForm):
    external_id = StringField(_("Número de cliente"), [InputRequired(_("Escribe el número."))])
    reason = StringField(
        _("¿Por qué?"), [InputRequired(_("Escribe por qué.")), Length(max=REASON_LENGTH)]
    )
    to_on = DateField(_("Hasta (vacío: hasta que se levante)"), [Optional()])


class LiftForm(FlaskForm):
    reason = StringField(_("¿Por qué se levanta?"), [InputRequired(_("Escribe por qué."))])
