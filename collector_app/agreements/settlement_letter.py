"""Carta finiquito: the creditor's word that nothing is owed any more."""

from datetime import date
from io import BytesIO

from flask_babel import gettext as _
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from collector_app.agreements.agreement_pdf import escaped
from collector_app.agreements.settlements import Settlement
from collector_app.payments.receipt_pdf import in_letters
from collector_app.web.filters import fecha_completa, pesos

GAP = 8 * mm


def settlement_pdf(told: Settlement, issued_on: date) -> bytes:
    """Return the letter as a PDF of one page."""
    content = BytesIO()
    title = _("Carta finiquito")
    document = SimpleDocTemplate(content, pagesize=letter, title=title, invariant=1)
    styles = getSampleStyleSheet()
    flow: list[Flowable] = [Paragraph(title, styles["Title"])]
    for line in _lines(told, issued_on):
        flow += [Spacer(1, GAP), Paragraph(escaped(line), styles["Normal"])]
    document.build([*flow, Spacer(1, 3 * GAP), Paragraph("_" * 40, styles["Normal"])])
    return content.getvalue()


def _lines(told: Settlement, issued_on: date) -> list[str]:
    lines = [
        fecha_completa(issued_on),
        _("%(name)s, cliente %(number)s", name=told.client_name, number=told.client_number),
        _(
            "Los créditos siguientes están liquidados y no se debe nada por ellos, ni por capital, "
            "ni por intereses, ni por gastos: %(credits)s.",
            credits=", ".join(told.credits),
        ),
    ]
    if told.paid_cents and told.last_paid_on:
        lines.append(
            _(
                "Se recibieron %(sum)s (%(letters)s); el último pago fue el %(day)s.",
                sum=pesos(told.paid_cents, told.currency),
                letters=in_letters(told.paid_cents, told.currency),
                day=fecha_completa(told.last_paid_on),
            )
        )
    if told.agreement_id is not None:
        lines.append(_("Se cumplió el convenio %(n)s, que salda la deuda.", n=told.agreement_id))
    lines.append(
        _(
            "Desde hoy nadie cobra estos créditos. El acreedor avisa a las sociedades de "
            "información crediticia."
        )
    )
    return [*lines, told.creditor or _("Por el acreedor")]
