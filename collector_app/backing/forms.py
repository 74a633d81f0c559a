"""Forms to note a guarantee, a person, a paper."""

from collections.abc import Collection
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from collector_app.backing.rules import (
    DocumentData,
    DocumentKind,
    GuaranteeData,
    GuaranteeKind,
    ObligorData,
    ObligorKind,
)
from collector_app.web.day_field import DayField
from collector_app.web.money_field import PesosField
from collector_app.web.words import label

Choices = list[tuple[str, str]]


class GuaranteeForm(FlaskForm):
    guarantee_kind = SelectField(_("Tipo"))
    guarantee_credit = SelectField(_("Crédito"))
    description = StringField(_("Qué es"), [InputRequired(_("Escríbelo.")), Length(max=240)])
    value = PesosField(_("Valor"), [InputRequired(_("Escribe el valor."))])
    given_on = DayField(_("Desde"), [InputRequired(_("Elige el día."))])

    def offer(self, credits: Choices) -> None:
        """Fill the lists to choose from."""
        self.guarantee_kind.choices = [(one.value, label(one)) for one in GuaranteeKind]
        self.guarantee_credit.choices = credits

    def to_data(self) -> GuaranteeData:
        """Return what was typed."""
        return GuaranteeData(
            int(self.guarantee_credit.data),
            GuaranteeKind(self.guarantee_kind.data),
            self.description.data or "",
            self.value.cents,
            self.given_on.data,
        )


class ObligorForm(FlaskForm):
    obligor_kind = SelectField(_("Qué es"))
    obligor_credit = SelectField(_("Responde por"))
    name = StringField(_("Nombre"), [InputRequired(_("Escribe el nombre.")), Length(max=160)])
    phone = StringField(
        _("Teléfono, con + y el país"),
        [Optional(), Regexp(r"\+[1-9]\d{7,14}$", message=_("Con + y de 8 a 15 dígitos."))],
    )
    address = StringField(_("Domicilio"), [Optional(), Length(max=240)])

    def offer(self, credits: Choices) -> None:
        """Fill the lists to choose from."""
        self.obligor_kind.choices = [(one.value, label(one)) for one in ObligorKind]
        self.obligor_credit.choices = [("", _("Todo lo que debe")), *credits]

    def to_data(self, client_id: int, today: date) -> ObligorData:
        """Return what was typed."""
        return ObligorData(
            client_id=client_id,
            kind=ObligorKind(self.obligor_kind.data),
            name=self.name.data or "",
            phone=self.phone.data,
            address=self.address.data,
            since_on=today,
            credit_id=int(self.obligor_credit.data) if self.obligor_credit.data else None,
        )


class DocumentForm(FlaskForm):
    document_kind = SelectField(_("Tipo"))
    document_credit = SelectField(_("Crédito"))
    number = StringField(_("Folio"), [Optional(), Length(max=40)])
    bill = SelectField(_("De la factura"), default="")
    dated_on = DayField(_("Fecha"), [InputRequired(_("Elige el día."))])
    file = FileField(_("Archivo (PDF, JPG o PNG)"), [FileRequired(_("Elige el archivo."))])

    def offer(self, credits: Choices, bills: Collection[str] = ()) -> None:
        """Fill the lists to choose from."""
        self.bill.choices = [("", _("Ninguna")), *((one, one) for one in bills)]
        self.document_kind.choices = [(one.value, label(one)) for one in DocumentKind]
        self.document_credit.choices = credits

    def to_data(self) -> DocumentData:
        """Return what was typed."""
        name = (self.file.data.filename or "").replace("\\", "/").rpartition("/")[2]
        return DocumentData(
            int(self.document_credit.data),
            DocumentKind(self.document_kind.data),
            self.number.data,
            self.dated_on.data,
            name or "documento",
            self.bill.data or None,
        )
