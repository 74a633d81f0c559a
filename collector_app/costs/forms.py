"""The form to tell a cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired

from collector_app.accounts.queries import PersonRow
from collector_app.costs.rules import CostKind
from collector_app.web.day_field import DayField
from collector_app.web.money_field import PesosField
from collector_app.web.words import label

ALL = 0


@dataclass(frozen=True, slots=True)
class WantedCost:
    """What a cost shall be from a day on, of whom; None: of all."""

    kind: CostKind
    collector_id: int | None
    amount: int | None
    currency: str
    from_on: date


class CostForm(FlaskForm):
    kind = SelectField(_("Qué se paga"), choices=[])
    collector_id = SelectField(_("De quién"), choices=[], coerce=int)
    amount = PesosField(_("Cuánto"))
    currency = SelectField(_("Moneda"), choices=[])
    from_on = DayField(_("Vale desde"), [InputRequired(_("Elige desde qué día vale."))])

    def offer(self, collectors: Iterable[PersonRow], currencies: Sequence[str]) -> None:
        """Fill the lists to choose from; of one currency there is nothing to choose."""
        self.kind.choices = [(one.value, label(one)) for one in CostKind]
        people = [(one.id, one.full_name) for one in collectors]
        self.collector_id.choices = [(ALL, str(_("De todos"))), *people]
        self.currency.choices = list(currencies)
        self.only_currency = currencies[0]
        if len(currencies) == 1:
            del self.currency

    def to_command(self) -> WantedCost:
        # An amount and a percentage are kept alike, in hundredths of what people write.
        told = bool((self.amount.data or "").strip())
        return WantedCost(
            CostKind(self.kind.data),
            self.collector_id.data or None,
            self.amount.cents if told else None,
            self.currency.data if self.currency else self.only_currency,
            self.from_on.data,
        )
