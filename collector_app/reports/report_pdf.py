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
_NUMBER_HEAD = ParagraphStyle("number-head", parent=_HEAD, alignment=2)
_TEXT_IS_WIDER = 1.25  # than a number
_LOOK = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
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
    rows = [row for row in sheet.rows if isinstance(row, Mapping)]
    numbers = {name for name in names if all(_is_number(row[name]) for row in rows)}
    lines = [
        [
            Paragraph(escaped(title), _NUMBER_HEAD if name in numbers else _HEAD)
            for name, title in sheet.columns.items()
        ]
    ]
    lines += [[_cell(row[name], is_number=name in numbers) for name in names] for row in rows]
    if sums:
        last = [_cell(sums.get(name)) for name in names]
        last[0] = Paragraph(_("Total"), _HEAD)
        lines.append(last)
    shares = [1.0 if name in numbers else _TEXT_IS_WIDER for name in names]
    widths = [width * share / sum(shares) for share in shares]
    made = Table(lines, colWidths=widths, repeatRows=1)
    made.setStyle(_LOOK)
    return made


def _is_number(value: Cell) -> bool:
    """Tell whether a cell is read as a number: shares come as text, ``47 %``."""
    if isinstance(value, str):
        return value == "–" or value.endswith(" %")
    return isinstance(value, int | float)


def _cell(value: Cell, *, is_number: bool = False) -> Paragraph:
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
            return Paragraph(escaped(str(value)), _NUMBER if is_number else _CELL)


def _number_page(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(MARGIN, MARGIN / 2, document.title)
    canvas.drawRightString(document.pagesize[0] - MARGIN, MARGIN / 2, str(document.page))
