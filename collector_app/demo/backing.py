"""What people add behind credits of the demo, and what was decided about a few of them."""

from datetime import date, timedelta
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.backing.models import CreditDocument
from collector_app.backing.rules import DocumentData, DocumentKind, ObligorData, ObligorKind
from collector_app.backing.services import add_document, add_obligor
from collector_app.core.actor import Actor
from collector_app.core.storage import FileStore
from collector_app.portfolio.models import Credit
from collector_app.stages.rules import PauseCause
from collector_app.stages.services import PauseData, pause

REFERENCE = "Julia Paz Mena"
REFERENCES_EVERY = 3  # of so many credits with a paper one has a reference, too
WITHOUT_FILE = 5  # of so many papers one waits for its file
PAUSES_EVERY = 4
PAUSES = (PauseCause.HARDSHIP, PauseCause.DISPUTE, PauseCause.DISASTER)
PAUSE_DAYS = 7


def back_credits(session: Session, actor: Actor, files: FileStore, day: date) -> None:
    """Bring the notes that the cartera names, add references, and let a few have been paused."""
    rows = session.execute(
        select(CreditDocument, Credit)
        .join(Credit, Credit.id == CreditDocument.credit_id)
        .where(CreditDocument.kind == DocumentKind.PROMISSORY_NOTE)
        .order_by(CreditDocument.id)
    ).all()
    for n, (paper, credit) in enumerate(rows):
        if n % WITHOUT_FILE:
            data = DocumentData(credit.id, paper.kind, paper.number, paper.dated_on, "pagare.pdf")
            stored = files.save(BytesIO(_paper(credit.external_id)))
            add_document(session, actor, data, stored, "application/pdf")
        if n % REFERENCES_EVERY == 0:
            _add_reference(session, actor, credit, n, day)
        if n % PAUSES_EVERY == 0:
            _pause_before(session, actor, credit.client_id, n, day)


def _add_reference(session: Session, actor: Actor, credit: Credit, n: int, day: date) -> None:
    phone = f"+1202555{100 + n % 100:04d}"  # a range that is nobody's, kept for fiction
    since_on = credit.opened_on or day
    person = ObligorData(
        credit.client_id, ObligorKind.REFERENCE, REFERENCE, phone, None, since_on, credit.id
    )
    add_obligor(session, actor, person)


def _pause_before(session: Session, actor: Actor, client_id: int, n: int, day: date) -> None:
    last = day - timedelta(days=1 + n)
    first = last - timedelta(days=PAUSE_DAYS - 1)
    cause = PAUSES[n // PAUSES_EVERY % len(PAUSES)]
    ends_on = None if cause is PauseCause.HARDSHIP else last
    data = PauseData(client_id, cause, "lo avisó el acreedor", first, ends_on)
    pause(session, actor, data, today=day)


def _paper(credit: str) -> bytes:
    """Return a promissory note that says that it is invented."""
    page = BytesIO()
    canvas = Canvas(page, invariant=True)
    canvas.drawString(72, 760, f"Pagaré del crédito {credit}")
    canvas.drawString(72, 740, "Datos inventados para la demostración.")
    canvas.save()
    return page.getvalue()
