"""A receipt as a PDF the size of a paper ticket, with a code that anybody can verify."""

from io import BytesIO

from babel.numbers import get_currency_name
from flask_babel import gettext as _
from num2words import num2words
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from collector_app.core.money import CENTS_PER_PESO
from collector_app.payments.receipts import ReceiptRow
from collector_app.web.filters import fecha_completa, hora, pesos
from collector_app.web.words import label

WIDTH, HEIGHT = 80 * mm, 150 * mm
MARGIN = 6 * mm
QR = 32 * mm
LINE = 5 * mm
PESOS = "MXN"  # "pesos" alone, as Mexican papers say it
FONT, BOLD, SIZE = "Helvetica", "Helvetica-Bold", 9


def in_letters(cents: int, currency: str = PESOS) -> str:
    """Return an amount in Spanish letters as receipts write it: ``MIL PESOS 50/100``."""
    whole, rest = divmod(cents, CENTS_PER_PESO)
    name = "pesos" if currency == PESOS else get_currency_name(currency, count=2, locale="es_MX")
    return f"{num2words(whole, lang='es')} {name} {rest:02d}/100".upper()


def receipt_pdf(receipt: ReceiptRow, address: str) -> bytes:
    """Return the PDF; `address` is the public page on which the code is verified."""
    content = BytesIO()
    canvas = Canvas(content, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(_("Recibo %(folio)s", folio=receipt.folio))
    y = HEIGHT - MARGIN - LINE
    for text, font in _lines(receipt):
        canvas.setFont(font, SIZE)
        for part in simpleSplit(text, font, SIZE, WIDTH - 2 * MARGIN):
            canvas.drawString(MARGIN, y, part)
            y -= LINE
    _draw_qr(canvas, address, y - QR)
    canvas.setFont(FONT, 7)
    for n, part in enumerate(simpleSplit(address, FONT, 7, WIDTH - 2 * MARGIN)):
        canvas.drawString(MARGIN, y - QR - (n + 1) * 3.5 * mm, part)
    if receipt.is_void:
        _stamp(canvas)
    canvas.showPage()
    canvas.save()
    return content.getvalue()


def _lines(receipt: ReceiptRow) -> list[tuple[str, str]]:
    lines = [
        (_("Recibo de pago %(folio)s", folio=receipt.folio), BOLD),
        (f"{fecha_completa(receipt.received_at)} {hora(receipt.received_at)}", FONT),
        (_("Cliente %(number)s", number=receipt.client_number), FONT),
        (receipt.client_name, FONT),
        (pesos(receipt.amount_cents, receipt.currency), BOLD),
        (in_letters(receipt.amount_cents, receipt.currency), FONT),
        (_("Forma de pago: %(method)s", method=label(receipt.method)), FONT),
    ]
    if receipt.reference:
        lines.append((_("Referencia: %(text)s", text=receipt.reference), FONT))
    if receipt.collector_name:
        lines.append((_("Recibió: %(name)s", name=receipt.collector_name), FONT))
    lines.append((_("Verifica este recibo y a quien lo entregó:"), FONT))
    return lines


def _draw_qr(canvas: Canvas, address: str, y: float) -> None:
    widget = QrCodeWidget(address, barLevel="M")
    left, bottom, right, top = widget.getBounds()
    scale = (QR / (right - left), 0, 0, QR / (top - bottom), 0, 0)
    drawing = Drawing(QR, QR, transform=scale)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, (WIDTH - QR) / 2, y)


def _stamp(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(45)
    canvas.setFillGray(0.6)
    canvas.setFont(BOLD, 34)
    canvas.drawCentredString(0, 0, _("ANULADO"))
    canvas.restoreState()
