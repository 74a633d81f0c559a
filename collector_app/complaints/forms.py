"""What a client says, and what they are told."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from collector_app.complaints.rules import ComplaintKind
from collector_app.web.words import label

LONGEST = 4_000


class ComplaintForm(FlaskForm):
    number = StringField(
        _("Número de cliente"), [InputRequired(_("Escribe el número.")), Length(max=40)]
    )
    kind = SelectField(_("De qué se trata"), choices=[])
    about = SelectField(_("Sobre quién"), choices=[])
    text = TextAreaField(_("Qué dice, en sus palabras"), [Length(max=LONGEST)])

    def offer(self, people: list[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        self.kind.choices = [(one.value, label(one)) for one in ComplaintKind]
        self.about.choices = [("", str(_("Nadie en particular"))), *people]


class AnswerForm(FlaskForm):
    answer = TextAreaField(_("Qué se le responde"), [Length(max=LONGEST)])
    may_contact = BooleanField(_("Se le puede volver a visitar"))
