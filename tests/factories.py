"""Plain functions that make rows with sensible defaults; each flushes and returns the row."""

from datetime import date, timedelta
from itertools import count
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.portfolio.models import Client, Credit, Invoice
from collector_app.portfolio.rules import LocationQuality

PASSWORD = "calle-larga-42"
# The cheapest Argon2 that verifies: tests hash many passwords.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_number = count(1)


def make_user(session: Session, role: Role = Role.COLLECTOR, **values: object) -> User:
    n = next(_number)
    user = User(
        **{
            "username": f"{role.value}{n}",
            "full_name": f"{role.value.title()} Prueba {n}",
            "role": role,
            "password": _HASH,
            "fs_uniquifier": uuid4().hex,
            "created_at": clock.now(),
            **values,
        }
    )
    session.add(user)
    session.flush()
    return user


def actor_of(user: User) -> Actor:
    return Actor(user_id=user.id, role=user.role, name=user.full_name)


def make_client(
    session: Session, *, overdue_cents: int = 150_000, days: int = 40, **values: object
) -> Client:
    """A client in the centre of La Serena with one credit and one overdue invoice."""
    n = next(_number)
    client = Client(
        **{
            "external_id": f"C-{n:05d}",
            "name": f"Clienta Prueba {n}",
            "phone": "+525512345678",
            "address": f"Calle Los Carrera {n}",
            "neighbourhood": "Centro",
            "municipality": "La Serena",
            "lat": -29.9027,
            "lon": -71.2519,
            "location_quality": LocationQuality.GIVEN,
            "created_at": clock.now(),
            **values,
        }
    )
    credit = Credit(client=client, external_id=f"CR-{n:05d}", product="Microcrédito")
    session.add_all([client, credit])
    if overdue_cents:
        session.add(
            Invoice(
                credit=credit,
                number=f"F-{n:05d}",
                issued_on=date(2026, 1, 1),
                due_on=clock.now().date() - timedelta(days=days),
                amount_cents=overdue_cents,
                balance_cents=overdue_cents,
                balance_at=clock.now() - timedelta(days=1),
            )
        )
    session.flush()
    return client


def owes_in(session: Session, client: Client, currency: str) -> None:
    """Let a client owe in a currency, ISO 4217."""
    for credit in session.scalars(select(Credit).where(Credit.client_id == client.id)):
        credit.currency = currency
    session.flush()
