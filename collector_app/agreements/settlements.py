"""Whether a client has settled everything, what the letter about it says, and that it was given."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.agreements.models import SettlementLetter
from collector_app.agreements.queries import AgreementRow, agreements
from collector_app.agreements.rules import DebtNotSettled
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.money import USUAL_CURRENCY
from collector_app.payments.models import Payment
from collector_app.payments.queries import debts
from collector_app.portfolio.erasures import is_kept_out
from collector_app.portfolio.models import Client, Credit
from collector_app.promises.rules import ReasonMissing
from collector_app.schedules.rules import AgreementState

LONGEST_REASON = 240


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was settled: whose credits, what was paid here, and under which agreement, if any.

    What was paid is not told, as 0, where the credits are in several currencies: it is no one sum.
    """

    client_name: str
    client_number: str
    credits: tuple[str, ...]
    paid_cents: int
    last_paid_on: date | None
    agreement_id: int | None
    creditor: str
    currency: str = USUAL_CURRENCY


def issue_letter(
    session: Session, actor: Actor, client_id: int, *, today: date, zone: ZoneInfo
) -> SettlementLetter:
    """Give a client the letter of settlement; twice the same is one letter.

    Raises
    ------
    DebtNotSettled
        While something is owed, or when there never was a credit.
    NotFound
        When there is no such client, or their data was erased.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    client = session.scalars(
        select(Client).where(Client.id == client_id).with_for_update(key_share=True)
    ).one_or_none()
    if client is None or is_kept_out(session, client_id):
        message = f"no client {client_id}, or nobody whose name a letter could say"
        raise NotFound(message)
    content = msgspec.to_builtins(settlement(session, client, today, zone))
    last = session.scalars(
        select(SettlementLetter)
        .where(SettlementLetter.client_id == client_id, SettlementLetter.annulled_at.is_(None))
        .order_by(SettlementLetter.id.desc())
        .limit(1)
    ).first()
    if last is not None and last.content == content:
        return last
    letter = SettlementLetter(
        client_id=client_id,
        content=content,
        issued_on=today,
        issued_by=actor.user_id,
        issued_at=clock.now(),
    )
    session.add(letter)
    log(session, actor, "settlement.issued", letter, client_id=client_id)
    return letter


def annul_letter(session: Session, actor: Actor, letter_id: int, reason: str) -> SettlementLetter:
    """Take back a letter that was given by mistake. Twice changes nothing.

    Raises
    ------
    ReasonMissing
        When there are no words in the reason.
    NotFound
        When there is no such letter.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    if not reason.strip():
        raise ReasonMissing("reason", "why the letter is annulled")
    letter = session.get(SettlementLetter, letter_id, with_for_update={"key_share": True})
    if letter is None:
        message = f"no letter {letter_id}"
        raise NotFound(message)
    if letter.annulled_at is None:
        letter.annulled_at, letter.annulled_because = clock.now(), reason.strip()[:LONGEST_REASON]
        log(session, actor, "settlement.annulled", letter, reason=letter.annulled_because)
    return letter


def letter_of(session: Session, letter_id: int) -> tuple[Settlement, date]:
    """Return what a letter said, and its day.

    Raises
    ------
    NotFound
        When there is no such letter, it was annulled, or its words were erased.
    """
    letter = session.get(SettlementLetter, letter_id)
    if letter is None or letter.annulled_at is not None or not letter.content:
        message = f"no letter {letter_id}"
        raise NotFound(message)
    return msgspec.convert(letter.content, Settlement), letter.issued_on


def settlement(session: Session, client: Client, day: date, zone: ZoneInfo) -> Settlement:
    """Return what a client settled: all of it paid, or an agreement kept that settles the debt.

    Raises
    ------
    DebtNotSettled
        While something is owed, or when there never was a credit.
    """
    kept = _kept(session, client.id, day, zone)
    credits = session.execute(
        select(Credit.external_id, Credit.currency)
        .where(Credit.client_id == client.id)
        .order_by(Credit.external_id)
    ).all()
    currencies = {currency for _id, currency in credits}
    if not credits or debts(session, day, zone, [client.id]):
        raise DebtNotSettled
    paid, last = session.execute(
        select(func.sum(Payment.amount_cents), func.max(Payment.received_at)).where(
            Payment.client_id == client.id, Payment.annulled_at.is_(None)
        )
    ).one()
    return Settlement(
        client_name=client.name,
        client_number=client.external_id,
        credits=tuple(external_id for external_id, _currency in credits),
        paid_cents=int(paid or 0) if len(currencies) == 1 else 0,
        last_paid_on=last.astimezone(zone).date() if last else None,
        agreement_id=kept.id if kept else None,
        creditor=kept.content.creditor if kept else "",
        currency=max(currencies),
    )


def _kept(session: Session, client_id: int, day: date, zone: ZoneInfo) -> AgreementRow | None:
    """Return the newest agreement that was kept and settles the debt, if there is one."""
    system = Actor.system("settlement")
    return next(
        (
            one
            for one in agreements(session, system, day, zone, client_id=client_id)
            if one.state is AgreementState.KEPT and one.content.settles_debt
        ),
        None,
    )
