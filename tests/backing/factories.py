"""Guarantees, people and papers as they were noted; sensible defaults."""

from io import BytesIO
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from collector_app.backing.document_files import document_store
from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.backing.rules import (
    DocumentData,
    DocumentKind,
    GuaranteeData,
    GuaranteeKind,
    ObligorData,
    ObligorKind,
)
from collector_app.backing.services import add_document, add_guarantee, add_obligor
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.portfolio.models import Client
from tests.stages.factories import credit_of

CONTRACT = b"%PDF-1.7 contrato"
TESTER = Actor.system("test")


def make_guarantee(session: Session, client: Client, **values: object) -> Guarantee:
    """A motorbike given in pledge today."""
    data = {
        "credit_id": credit_of(session, client).id,
        "kind": GuaranteeKind.PLEDGE,
        "description": "Moto Italika 2021",
        "value_cents": 1_500_000,
        "given_on": clock.now().date(),
    }
    return add_guarantee(session, TESTER, GuaranteeData(**(data | values)))


def make_obligor(
    session: Session, client: Client, kind: ObligorKind = ObligorKind.GUARANTOR, **values: object
) -> Obligor:
    """Somebody who answers for all that the client owes, since today."""
    data = {
        "client_id": client.id,
        "kind": kind,
        "name": "Luz Vera",
        "phone": "+525512340000",
        "address": "Calle Sur 4",
        "since_on": clock.now().date(),
    }
    return add_obligor(session, TESTER, ObligorData(**(data | values)))


def make_document(session: Session, client: Client, content: bytes) -> CreditDocument:
    """A contract with its bytes in the store."""
    stored = document_store(Path(current_app.instance_path)).save(BytesIO(content))
    credit, today = credit_of(session, client).id, clock.now().date()
    data = DocumentData(credit, DocumentKind.CONTRACT, "K-1", today, "contrato.pdf")
    return add_document(session, TESTER, data, stored, "application/pdf")
