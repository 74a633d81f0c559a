"""Forms to choose the law and to forbid contact."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from collector_app.compliance.rules import BanKind
from collector_app.web.day_field import DayField
from collector_app.web.words import label

REASON_LENGTH = 240
NUMBER_LENGTH = 40  # of a client or a credit, as in their tables
CREDITOR_LENGTH = 160


class ProfileForm(FlaskForm):
    profile_id = SelectField(_("Perfil"), choices=[])
    from_on = DayField(_("Desde"), [InputRequired(_("Elige el día."))])
    reason = TextAreaField(
        _("¿Por qué?"),
        [InputRequired(_("Escribe por qué lo decides.")), Length(max=REASON_LENGTH)],
        id="profile-reason",
    )

    def offer(self, profiles: list[tuple[str, str]]) -> None:
        """Fill the list to choose from."""
        self.profile_id.choices = profiles


class CreditorForm(FlaskForm):
    name = StringField(
        _("Nombre"), [InputRequired(_("Escribe el nombre.")), Length(max=CREDITOR_LENGTH)]
    )
    profile_id = SelectField(_("Ley del acreedor"), choices=[])
    reason = StringField(
        _("¿Por qué?"),
        [InputRequired(_("Escribe por qué lo decides.")), Length(max=REASON_LENGTH)],
        id="creditor-reason",
    )

    def offer(self, profiles: list[tuple[str, str]]) -> None:
        """Fill the list of laws to choose from."""
        self.profile_id.choices = profiles


class CreditorLawForm(FlaskForm):
    profile_id = SelectField(_("Ley del acreedor"), choices=[])
    from_on = DayField(_("Desde"), [InputRequired(_("Elige el día."))])
    reason = StringField(
        _("¿Por qué?"),
        [InputRequired(_("Escribe por qué lo decides.")), Length(max=REASON_LENGTH)],
    )

    def offer(self, profiles: list[tuple[str, str]]) -> None:
        """Fill the list of laws to choose from."""
        self.profile_id.choices = profiles


class CreditForm(FlaskForm):
    credit_number = StringField(
        _("Número de crédito"),
        [InputRequired(_("Escribe el número.")), Length(max=NUMBER_LENGTH)],
    )
    creditor_id = SelectField(_("Acreedor"), choices=[])

    def offer(self, creditors: list[tuple[str, str]]) -> None:
        """Fill the list of creditors to choose from."""
        self.creditor_id.choices = creditors


class BanForm(FlaskForm):
    external_id = StringField(
        _("Número de cliente"),
        [InputRequired(_("Escribe el número.")), Length(max=NUMBER_LENGTH)],
    )
    kind = SelectField(
        _("Motivo"),
        choices=lambda: [(one.value, label(one)) for one in BanKind],
        default=BanKind.DO_NOT_CONTACT.value,
        id="ban-kind",
    )
    reason = StringField(
        _("¿Por qué?"),
        [InputRequired(_("Escribe por qué.")), Length(max=REASON_LENGTH)],
        id="ban-reason",
    )
    to_on = DayField(_("Hasta (vacío: hasta que se levante)"), [Optional()], id="ban-to_on")


class LiftForm(FlaskForm):
    reason = StringField(
        _("¿Por qué se levanta?"),
        [InputRequired(_("Escribe por qué.")), Length(max=REASON_LENGTH)],
    )


class EndForm(FlaskForm):
    reason = StringField(
        _("¿Por qué?"),
        [InputRequired(_("Escribe por qué.")), Length(max=REASON_LENGTH)],
        id="end-reason",
    )


class WishForm(FlaskForm):
    wish_number = StringField(
        _("Número de cliente"),
        [InputRequired(_("Escribe el número.")), Length(max=NUMBER_LENGTH)],
    )
    weekdays = SelectMultipleField(
        _("Días"),
        choices=[
            SelectChoice("0", _("lunes")),
            SelectChoice("1", _("martes")),
            SelectChoice("2", _("miércoles")),
            SelectChoice("3", _("jueves")),
            SelectChoice("4", _("viernes")),
            SelectChoice("5", _("sábado")),
            SelectChoice("6", _("domingo")),
        ],
        default=["0", "1", "2", "3", "4"],
    )
    starts_at = TimeField(_("Desde las"), [InputRequired(_("Escribe la hora."))])
    ends_at = TimeField(_("Hasta las"), [InputRequired(_("Escribe la hora."))])
    reason = StringField(
        _("¿Dónde consta?"),
        [InputRequired(_("Escribe dónde consta.")), Length(max=REASON_LENGTH)],
        id="wish-reason",
    )

    def marks(self) -> str:
        """Return the days as seven letters, Monday first, "1" where the hours hold."""
        chosen = self.weekdays.data or []
        return "".join("1" if str(day) in chosen else "0" for day in range(7))


class OverrideForm(FlaskForm):
    override_number = StringField(
        _("Número de cliente"),
        [InputRequired(_("Escribe el número.")), Length(max=NUMBER_LENGTH)],
    )
    rule = SelectField(_("Regla"), choices=[])
    reason = StringField(
        _("¿Por qué?"),
        [InputRequired(_("Escribe por qué.")), Length(max=REASON_LENGTH)],
        id="override-reason",
    )
    to_on = DayField(_("Hasta"), [InputRequired(_("Elige el último día."))], id="override-to_on")

    def offer(self, rules: list[tuple[str, str]]) -> None:
        """Fill the list of rules that may be lifted: id and ground joined by "|", and text."""
        self.rule.choices = rules
