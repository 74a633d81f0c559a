"""The agreement on paper: parties, breakdown, schedule, effect of breach, signature."""

from io import BytesIO

from flask_babel import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from collector_app.agreements.queries import AgreementRow
from collector_app.payments.receipt_pdf import in_letters
from collector_app.schedules.rules import AgreementState
from collector_app.web.filters import fecha_completa, pesos

GAP = 5 * mm
FOOT = 15 * mm  # from the edges to the line that numbers the pages
FOOT_FONT, FOOT_SIZE = "Helvetica", 8
SIGNATURE = (60 * mm, 25 * mm)
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
        ("ALIGN", (-1, 0), (-1, -1), "RIGHT"),
        ("FONTSIZE", (0, 0), (-1, -1), 9),
    ]
)


# What a paper says of itself when it does not hold.
_STANDING = frozenset({AgreementState.PROPOSED, AgreementState.BROKEN, AgreementState.CANCELLED})


def agreement_pdf(row: AgreementRow) -> bytes:
    """Return the PDF; without a signature it is a proposal to be signed."""
    title = _("Convenio de pago %(n)s", n=row.id)
    _draft, count = _built(row, title, 0)
    paper, _count = _built(row, title, count)
    return paper


def _built(row: AgreementRow, title: str, count: int) -> tuple[bytes, int]:
    """Return the PDF and how many pages it has; `count` is what each page says of that."""
    content = BytesIO()
    document = SimpleDocTemplate(content, pagesize=letter, title=title, invariant=1)
    # What is signed stands on one page with what it means: a signature alone could be of anything.
    signed = KeepTogether([*_clauses(row), *_signature(row)])

    def number(canvas: Canvas, _document: object) -> None:
        told = _(
            "%(title)s · página %(n)s de %(count)s",
            title=title,
            n=canvas.getPageNumber(),
            count=count,
        )
        canvas.setFont(FOOT_FONT, FOOT_SIZE)
        canvas.drawRightString(letter[0] - FOOT, FOOT, told)

    flow = [*_head(row, title), *_figures(row), signed]
    document.build(flow, onFirstPage=number, onLaterPages=number)
    return content.getvalue(), document.page


def _head(row: AgreementRow, title: str) -> list[Flowable]:
    normal = getSampleStyleSheet()
    said = _(
        "%(creditor)s y %(client)s (cliente %(number)s) acuerdan que %(client)s pague %(sum)s "
        "(%(letters)s).",
        creditor=row.content.creditor,
        client=row.client_name,
        number=row.client_number,
        sum=pesos(row.terms.total_cents, row.currency),
        letters=in_letters(row.terms.total_cents, row.currency),
    )
    flow: list[Flowable] = [Paragraph(title, normal["Title"])]
    if row.state in _STANDING:
        flow += [Paragraph(f"<b>{escaped(_standing(row.state))}</b>", normal["Normal"])]
    return [*flow, Paragraph(escaped(said), normal["Normal"])]


def _standing(state: AgreementState) -> str:
    """Return why the paper does not hold, so that nobody takes it for one that does."""
    if state is AgreementState.PROPOSED:
        return str(
            _("Propuesta: falta que la apruebe quien puede otorgar la quita. No vale todavía.")
        )
    if state is AgreementState.BROKEN:
        return str(_("Este convenio se rompió: la quita dejó de valer."))
    return str(_("Este convenio se canceló: no vale."))


def _figures(row: AgreementRow) -> list[Flowable]:
    terms, paper = row.terms, row.content
    parts = [
        (_("Concepto"), _("Importe")),
        (_("Capital"), pesos(paper.principal_cents, row.currency)),
        (_("Interés ordinario"), pesos(paper.interest_cents, row.currency)),
        (_("Interés moratorio"), pesos(paper.default_interest_cents, row.currency)),
        (_("Otros cargos"), pesos(paper.costs_cents, row.currency)),
        (_("Deuda"), pesos(terms.debt_cents, row.currency)),
        (_("Quita"), pesos(-terms.discount_cents, row.currency)),
        (_("Total a pagar"), pesos(terms.total_cents, row.currency)),
    ]
    payments = [(_("Pago"), _("Vence"), _("Importe"))] + [
        (
            str(one.number) if one.number else _("Enganche"),
            fecha_completa(one.due_on),
            pesos(one.amount_cents, row.currency),
        )
        for one in row.schedule
    ]
    tables = (
        Table(parts, colWidths=(90 * mm, 45 * mm)),
        Table(payments, colWidths=45 * mm, repeatRows=1),
    )
    flow: list[Flowable] = []
    for table in tables:
        table.setStyle(_GRID)
        flow += [Spacer(1, GAP), table]
    return flow


def _clauses(row: AgreementRow) -> list[Flowable]:
    paper = row.content
    settles = _("Al cumplirse el total, la deuda queda saldada y se entrega carta finiquito.")
    partial = _("El pago es parcial: al cumplirse queda pendiente el resto de la deuda.")
    clauses = (
        _(
            "Los pagos se hacen solo a la cuenta %(account)s de %(creditor)s, referencia %(ref)s.",
            account=paper.creditor_account,
            creditor=paper.creditor,
            ref=paper.reference,
        ),
        settles if paper.settles_debt else partial,
        _("Si un pago no se cubre en su fecha, el convenio termina y la quita deja de valer."),
    )
    normal = getSampleStyleSheet()["Normal"]
    return [Spacer(1, GAP), *(Paragraph(escaped(one), normal) for one in clauses)]


def _signature(row: AgreementRow) -> list[Flowable]:
    normal = getSampleStyleSheet()["Normal"]
    flow: list[Flowable] = [Spacer(1, GAP)]
    if row.signature:
        drawn = BytesIO(row.signature)
        flow.append(Image(drawn, *SIGNATURE, kind="proportional", hAlign="LEFT"))
        flow.append(Paragraph(escaped(row.signed_by or ""), normal))
        if row.signed_at:
            signed = _("Firmado el %(day)s", day=fecha_completa(row.signed_at))
            flow.append(Paragraph(escaped(signed), normal))
    else:
        flow.append(Spacer(1, SIGNATURE[1]))
        flow.append(Paragraph("_" * 40, normal))
        flow.append(Paragraph(_("Nombre y firma del cliente"), normal))
    return flow


def escaped(text: str) -> str:
    """Return a text that reportlab does not take for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
