"""The form of a new webhook."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from collector_app.web.check_boxes import CheckBoxesField
from collector_app.web.words import label
from collector_app.webhooks.rules import LONGEST_URL, WebhookEvent


class WebhookForm(FlaskForm):
    url = StringField(
        _("Dirección que recibe"),
        [InputRequired(_("Escribe la dirección.")), Length(max=LONGEST_URL)],
    )
    events = CheckBoxesField(
        _("¿De qué se le avisa?"),
        [InputRequired(_("Elige al menos una cosa."))],
        choices=lambda: [(one.value, label(one)) for one in WebhookEvent],
    )
