"""A field for an amount of money, as people write it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError

from collector_app.core.money import MOST_CENTS, parse_pesos


class PesosField(StringField):  # type: ignore[misc]  # WTForms has no types
    """An amount of zero or more; `cents` is what it says, and an empty field says nothing: 0."""

    cents = 0

    def pre_validate(self, _form: FlaskForm) -> None:
        """Read the amount, or say what was expected."""
        try:
            self.cents = parse_pesos(self.data) if (self.data or "").strip() else 0
        except ValueError as error:
            raise ValidationError(str(_("Escribe un importe, como 350 o 1,250.50."))) from error
        if self.cents < 0:
            raise ValidationError(str(_("Escribe un importe de cero o más.")))
        if self.cents > MOST_CENTS:
            raise ValidationError(str(_("Revisa la cantidad: es demasiado grande.")))
