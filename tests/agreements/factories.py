"""Terms and papers of agreements, whole and within a collector's own authority."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.agreements.rules import Content
from collector_app.agreements.services import propose
from collector_app.core.actor import Actor
from collector_app.portfolio.models import Client
from collector_app.schedules.models import Agreement
from collector_app.schedules.rules import Terms

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)


def terms(**values: Any) -> Terms:
    """1,500 pesos, a tenth forgiven, 150 down and four payments every fortnight."""
    return Terms(
        **{
            "debt_cents": 150_000,
            "discount_basis": 1_000,
            "down_cents": 15_000,
            "count": 4,
            "every_days": 15,
            "first_on": TODAY,
            **values,
        }
    )


def content(**values: Any) -> Content:
    return Content(
        **{
            "principal_cents": 120_000,
            "interest_cents": 20_000,
            "default_interest_cents": 10_000,
            "costs_cents": 0,
            "creditor": "Financiera de Prueba, S.A.",
            "creditor_account": "012180001234567899",
            "reference": "C-00001",
            "settles_debt": True,
            **values,
        }
    )


def make_agreement(session: Session, actor: Actor, client: Client, **values: Any) -> Agreement:
    return propose(session, actor, client.id, terms(**values), content(), today=TODAY, zone=ZONE)
