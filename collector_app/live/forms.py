"""The form with which somebody takes note of an alert."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from collector_app.live.rules import AlertKey, AlertKind

NOTE_LENGTH = 300


class NoteForm(FlaskForm):
    kind = SelectField(choices=[one.value for one in AlertKind], coerce=AlertKind)
    collector_id = IntegerField(validators=[InputRequired()])
    subject = HiddenField(validators=[Length(max=40)])
    level = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=10_000)])
    note = StringField(_("Nota"), [Length(max=NOTE_LENGTH)], filters=[lambda text: text or ""])

    def key(self) -> AlertKey:
        """Return which alert it speaks of."""
        return AlertKey(
            self.kind.data, self.collector_id.data, self.subject.data or "", self.level.data
        )
