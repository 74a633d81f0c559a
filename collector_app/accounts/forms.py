"""Forms of the login, the password and the people."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp

from collector_app.accounts.rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from collector_app.accounts.services import LOGS_IN, PersonData
from collector_app.core.actor import Role
from collector_app.web.words import label

# Letters and signs that people write in phone numbers; what is stored is what was written.
PHONE = r"[0-9+() .-]{7,20}"


class LoginForm(FlaskForm):
    username = StringField(_("Usuario"), [InputRequired(_("Escribe tu usuario.")), Length(max=64)])
    password = PasswordField(
        _("Contraseña"),
        [InputRequired(_("Escribe tu contraseña.")), Length(max=MAX_PASSWORD_LENGTH)],
    )
    next = HiddenField()


class PasswordForm(FlaskForm):
    old = PasswordField(
        _("Contraseña actual"),
        [InputRequired(_("Escribe la que usas hoy.")), Length(max=MAX_PASSWORD_LENGTH)],
    )
    password = PasswordField(
        _("Contraseña nueva"),
        [
            InputRequired(_("Escribe la nueva.")),
            Length(
                MIN_PASSWORD_LENGTH,
                MAX_PASSWORD_LENGTH,
                _("Entre %(min)d y %(max)d letras. Una frase corta sirve bien."),
            ),
        ],
    )
    again = PasswordField(
        _("Otra vez la nueva"),
        [EqualTo("password", _("No es igual a la de arriba.")), Length(max=MAX_PASSWORD_LENGTH)],
    )
    next = HiddenField()


class PersonForm(FlaskForm):
    full_name = StringField(
        _("Nombre completo"), [InputRequired(_("Escribe el nombre.")), Length(max=120)]
    )
    role = SelectField(_("Puesto"), choices=[])
    phone = StringField(
        _("Teléfono"), [Optional(), Regexp(f"^{PHONE}$", message=_("Escribe solo el número."))]
    )
    supervisor_id = SelectField(_("Supervisor"), coerce=int, choices=[])

    def offer(self, supervisors: list[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self.role.choices = [SelectChoice(role.value, label(role)) for role in LOGS_IN]
        self.supervisor_id.choices = [
            SelectChoice(0, str(_("Ninguno"))),
            *(SelectChoice(user_id, name) for user_id, name in supervisors),
        ]

    def to_command(self) -> PersonData:
        return PersonData(
            full_name=self.full_name.data,
            role=Role(self.role.data),
            phone=self.phone.data or None,
            supervisor_id=self.supervisor_id.data or None,
        )


class NewPersonForm(PersonForm):
    username = StringField(
        _("Usuario para entrar"),
        [
            InputRequired(_("Escribe el usuario.")),
            Regexp(
                r"^\s*[A-Za-z0-9][A-Za-z0-9._-]{2,31}\s*$",
                message=_("De 3 a 32 letras sin acento o números, sin espacios."),
            ),
        ],
    )
