"""What stands behind some credits of the demo, and what has been decided about a few of them."""

from datetime import date, timedelta
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.backing.rules import (
    DocumentData,
    DocumentKind,
    GuaranteeData,
    GuaranteeKind,
    ObligorData,
    ObligorKind,
)
from collector_app.backing.services import add_document, add_guarantee, add_obligor
from collector_app.core.actor import Actor
from collector_app.core.storage import FileStore
from collector_app.portfolio.models import Credit
from collector_app.stages.rules import PauseCause
from collector_app.stages.services import PauseData, pause

EVERY = 15  # of so many credits one has something behind it
GUARANTEES = (
    (GuaranteeKind.PLEDGE, "Moto de trabajo, modelo 2021", 18_000_00),
    (GuaranteeKind.LIQUID, "Ahorro en garantía, 10 % del crédito", 1_500_00),
    (GuaranteeKind.MOVABLE, "Refrigerador y vitrina del local", 9_500_00),
    (GuaranteeKind.MORTGAGE, "Casa habitación, escritura 4,512", 450_000_00),
)
PEOPLE = (
    (ObligorKind.GUARANTOR, "Elena Ríos Soto"),
    (ObligorKind.CO_DEBTOR, "Mario Vega Luna"),
    (ObligorKind.REFERENCE, "Julia Paz Mena"),
)
PAUSES = (PauseCause.HARDSHIP, PauseCause.DISPUTE, PauseCause.DISASTER)
PAUSE_DAYS = 7


def back_credits(session: Session, actor: Actor, files: FileStore, day: date) -> None:
    """Give some credits guarantees, people and papers, and let a few have been paused before."""
    credits = session.scalars(select(Credit).order_by(Credit.id)).all()[::EVERY]
    for n, credit in enumerate(credits):
        opened_on = credit.opened_on or day
        kind, description, cents = GUARANTEES[n % len(GUARANTEES)]
        guarantee = GuaranteeData(credit.id, kind, description, cents, opened_on)
        add_guarantee(session, actor, guarantee)
        for person, name in PEOPLE[: 1 + n % len(PEOPLE)]:
            phone = f"+1202555{100 + n % 100:04d}"  # a range that is nobody's, kept for fiction
            add_obligor(
                session,
                actor,
                ObligorData(credit.client_id, person, name, phone, None, opened_on, credit.id),
            )
        paper = DocumentData(
            credit.id, DocumentKind.PROMISSORY_NOTE, f"P-{n + 1:04d}", opened_on, "pagare.pdf"
        )
        stored = files.save(BytesIO(_paper(credit.external_id)))
        add_document(session, actor, paper, stored, "application/pdf")
        if n % 4 == 0:
            last = day - timedelta(days=1 + n)
            first = last - timedelta(days=PAUSE_DAYS - 1)
            cause = PAUSES[n // 4 % len(PAUSES)]
            ends_on = None if cause is PauseCause.HARDSHIP else last
            data = PauseData(credit.client_id, cause, "lo avisó el acreedor", first, ends_on)
            pause(session, actor, data, today=day)


def _paper(credit: str) -> bytes:
    """Return a promissory note that says that it is invented."""
    page = BytesIO()
    canvas = Canvas(page, invariant=True)
    canvas.drawString(72, 760, f"Pagaré del crédito {credit}")
    canvas.drawString(72, 740, "Datos inventados para la demostración.")
    canvas.save()
    return page.getvalue()
