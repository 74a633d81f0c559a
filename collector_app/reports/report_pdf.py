"""A report on paper: its tables one after the other, heads repeated, pages numbered."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from collector_app.agreements.agreement_pdf import escaped
from collector_app.core.spreadsheets import Cell, Sheet
from collector_app.reports.documents import Document
from collector_app.web.filters import fecha

GAP = 6 * mm
MARGIN = 15 * mm
_CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=8.5, leading=10.5)
_HEAD = ParagraphStyle("head", parent=_CELL, fontName="Helvetica-Bold")
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=2)
_LOOK = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)


def report_pdf(report: Document) -> bytes:
    """Return the PDF, landscape letter."""
    content = BytesIO()
    title = f"{report.title}, {report.period}"
    document = SimpleDocTemplate(
        content,
        pagesize=landscape(letter),
        title=title,
        invariant=1,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    styles = getSampleStyleSheet()
    flow: list[Flowable] = [Paragraph(escaped(title), styles["Title"])]
    for sheet in report.sheets:
        flow += [Spacer(1, GAP), Paragraph(escaped(sheet.name), styles["Heading2"])]
        flow.append(_table(sheet, report.sums.get(sheet.name, {}), document.width))
    document.build(flow, onFirstPage=_number_page, onLaterPages=_number_page)
    return content.getvalue()


def _table(sheet: Sheet, sums: Mapping[str, Cell], width: float) -> Flowable:
    if not sheet.rows:
        return Paragraph(_("Nada en estos días."), _CELL)
    names = list(sheet.columns)
    lines = [[Paragraph(escaped(title), _HEAD) for title in sheet.columns.values()]]
    lines += [
        [_cell(row[name]) for name in names] for row in sheet.rows if isinstance(row, Mapping)
    ]
    if sums:
        last = [_cell(sums.get(name)) for name in names]
        last[0] = Paragraph(_("Total"), _HEAD)
        lines.append(last)
    made = Table(lines, colWidths=[width / len(names)] * len(names), repeatRows=1)
    made.setStyle(_LOOK)
    return made


def _cell(value: Cell) -> Paragraph:
    match value:
        case None:
            return Paragraph("", _CELL)
        case date():
            return Paragraph(fecha(value), _CELL)
        case float():
            return Paragraph(f"{value:,.2f}", _NUMBER)
        case int():
            return Paragraph(f"{value:,}", _NUMBER)
        case _:
            return Paragraph(escaped(str(value)), _CELL)


def _number_page(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(document.pagesize[0] - MARGIN, MARGIN / 2, str(document.page))
