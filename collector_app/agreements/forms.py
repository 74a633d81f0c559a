"""The terms of an agreement as people type them, and the client's signature."""

import base64
import binascii
import struct
from datetime import date, timedelta
from io import BytesIO

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from PIL import Image
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from collector_app.agreements.rules import MOST_INSTALMENTS, PERIODS_DAYS, Content
from collector_app.schedules.rules import Terms
from collector_app.web.day_field import DayField
from collector_app.web.money_field import PesosField

_PNG_URL = "data:image/png;base64,"
REASON_LENGTH = 240
# What becomes of the most bytes that are taken (`services.LARGEST_SIGNATURE_BYTES`), and a little.
LONGEST_SIGNATURE = 270_000
LARGEST_PICTURE = 4_000_000  # points: more than any phone draws, and little to unpack


class AgreementForm(FlaskForm):
    debt = PesosField(_("Deuda"))
    discount = DecimalField(
        _("Quita (%)"), [NumberRange(0, 99, _("De 0 a 99."))], default=0, places=2
    )
    down = PesosField(_("Enganche"))
    count = IntegerField(
        _("Número de pagos"),
        [InputRequired(_("Escribe cuántos.")), NumberRange(1, MOST_INSTALMENTS)],
        default=4,
    )
    every_days = SelectField(
        _("Cada cuánto"),
        choices=[
            SelectChoice(str(PERIODS_DAYS[0]), _("Cada semana")),
            SelectChoice(str(PERIODS_DAYS[1]), _("Cada catorce días")),
            SelectChoice(str(PERIODS_DAYS[2]), _("Cada quincena (15 días)")),
            SelectChoice(str(PERIODS_DAYS[3]), _("Cada 30 días")),
        ],
        default="15",
    )
    step = PesosField(_("Cada pago sube"), default="0")
    first_on = DayField(_("Día del enganche"), [InputRequired(_("Elige el día."))])
    principal = PesosField(_("Capital"))
    interest = PesosField(_("Interés ordinario"), default="0")
    default_interest = PesosField(_("Interés moratorio"), default="0")
    costs = PesosField(_("Otros cargos"), default="0")
    creditor = StringField(_("Acreedor (razón social)"), [Length(max=160)])
    creditor_account = StringField(_("Cuenta del acreedor, nunca de una persona"), [Length(max=60)])
    reference = StringField(_("Referencia del pago"), [Length(max=60)])
    settles_debt = BooleanField(_("Al cumplirse queda saldada la deuda"), default=True)

    def suggest(self, debt_cents: int, today: date, reference: str) -> None:
        """Fill in an offer to begin from: a tenth today, the rest in four payments."""
        whole = f"{debt_cents / 100:.2f}"
        self.debt.data, self.principal.data = whole, whole
        self.down.data = f"{debt_cents / 1000:.2f}"
        self.first_on.data = today + timedelta(days=1)
        self.reference.data = reference

    def terms(self) -> Terms:
        """Return what was typed as terms."""
        return Terms(
            self.debt.cents,
            int(self.discount.data * 100),
            self.down.cents,
            self.count.data,
            int(self.every_days.data),
            self.first_on.data,
            self.step.cents,
        )

    def content(self) -> Content:
        """Return what is to stand on the paper."""
        return Content(
            self.principal.cents,
            self.interest.cents,
            self.default_interest.cents,
            self.costs.cents,
            self.creditor.data or "",
            self.creditor_account.data or "",
            self.reference.data or "",
            self.settles_debt.data,
        )


class GrantForm(FlaskForm):
    creditor = StringField(_("Acreedor (razón social)"), [Length(max=160)])
    creditor_account = StringField(_("Cuenta del acreedor, nunca de una persona"), [Length(max=60)])
    reference = StringField(_("Referencia del pago"), [Length(max=60)])

    def paper(self) -> dict[str, str]:
        """Return what the paper of a request lacks."""
        return {name: one.data or "" for name, one in self._fields.items() if name != "csrf_token"}


class SignForm(FlaskForm):
    name = StringField(_("Nombre de quien firma"), [Length(max=160)])
    signature = HiddenField(_("Firma"), [Length(max=LONGEST_SIGNATURE)])

    def png(self) -> bytes:
        """Return the drawn signature; nothing when there is none, or none that can be printed."""
        text = self.signature.data or ""
        try:
            drawn = base64.b64decode(text.removeprefix(_PNG_URL), validate=True)
        except binascii.Error:
            return b""
        return drawn if _can_be_printed(drawn) else b""


def _can_be_printed(drawn: bytes) -> bool:
    try:
        with Image.open(BytesIO(drawn), formats=["PNG"]) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                return False
            picture.load()
    # What Pillow raises for bytes that are no picture, or of one that ends too soon.
    except (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError):
        return False
    return True


class CancelForm(FlaskForm):
    reason = StringField(_("¿Por qué se cancela?"), [Length(max=REASON_LENGTH)])
