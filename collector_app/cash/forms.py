"""What a collector types about the cash in their hands."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from collector_app.cash.rules import DENOMINATIONS
from collector_app.web.money_field import PesosField


class OpenForm(FlaskForm):
    float_amount = PesosField(_("Fondo que te entregaron"), default="0")


class DepositForm(FlaskForm):
    deposit_amount = PesosField(_("Importe depositado"))
    reference = StringField(
        _("Referencia de la ficha"), [InputRequired(_("Escribe la referencia.")), Length(max=60)]
    )


class CountForm(FlaskForm):
    explanation = StringField(_("Si no cuadra, ¿por qué?"), [Optional(), Length(max=240)])

    def notes(self) -> list[tuple[int, Field]]:
        """Return the fields of notes and coins with what each is worth, largest first."""
        return [(one, self[f"n{one}"]) for one in DENOMINATIONS]

    def counts(self) -> dict[int, int]:
        """Return how many there are of each; an empty field is none."""
        return {one: field.data or 0 for one, field in self.notes()}


for _denomination in DENOMINATIONS:
    _field = IntegerField(
        f"${_denomination / 100:,.2f}",
        [Optional(), NumberRange(0, 100_000, _("Cuántos hay: cero o más."))],
    )
    setattr(CountForm, f"n{_denomination}", _field)


class ConfirmForm(FlaskForm):
    confirmed = PesosField(
        _("Lo que contaste tú"), [InputRequired(_("Escribe lo que contaste, aunque sea 0."))]
    )
