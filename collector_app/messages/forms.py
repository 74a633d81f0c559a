"""The form of a message."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from collector_app.messages.rules import LONGEST
from collector_app.zones.queries import CollectorRow


class MessageForm(FlaskForm):
    collector_id = SelectField(_("Para"), choices=[], coerce=int)
    text = TextAreaField(
        _("Mensaje"), [InputRequired(_("Escribe el mensaje.")), Length(max=LONGEST)]
    )

    def offer(self, collectors: Iterable[CollectorRow]) -> None:
        """Fill the list to choose from."""
        self.collector_id.choices = [(one.id, one.name) for one in collectors]
