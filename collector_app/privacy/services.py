"""Correcting a client's data, and letting it go: names, places and words; never the figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.agreements.models import SettlementLetter
from collector_app.audit.services import log
from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.complaints.models import Complaint
from collector_app.compliance.models import ContactBan, ContactWish, RuleOverride
from collector_app.compliance.rules import BAN_RULE
from collector_app.contacts.models import Contact
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.orm import Model
from collector_app.locations.models import LocationDecision
from collector_app.payments.models import Payment
from collector_app.payments.queries import debts
from collector_app.planning.models import SkippedClient
from collector_app.portfolio.erasures import is_kept_out, remember_erased
from collector_app.portfolio.models import Client, Credit, ErasedPerson
from collector_app.portfolio.queries import told_places
from collector_app.portfolio.rules import SEARCHED_LOCATIONS, AddressOrigin, LocationQuality
from collector_app.portfolio.services import tell_visit_place
from collector_app.privacy.queries import retention
from collector_app.privacy.rules import (
    ERASED,
    Correction,
    DataStillNeeded,
    ErasureUnexplained,
    check_correction,
)
from collector_app.schedules.models import Agreement
from collector_app.scoring.models import ScoringDecision
from collector_app.stages.models import CollectionPause, StageMove
from collector_app.sync.services.erasure import erase_told
from collector_app.violations.models import ViolationCase
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Visit, VisitAnnulment

# What becomes of the columns that tell who somebody is, or what they said.
_WORDS: tuple[tuple[type[Model], dict[str, object]], ...] = (
    (Visit, {"note": None, "lat": None, "lon": None, "accuracy_m": None}),
    (Contact, {"text": None, "note": None}),
    (Payment, {"reference": None}),
    (Agreement, {"signed_by": None, "signature": None, "cancelled_because": None}),
    (SettlementLetter, {"content": {}, "annulled_because": None}),
    (ContactBan, {"reason": ERASED, "lift_reason": None}),
    (ContactWish, {"reason": ERASED, "lift_reason": None}),
    (RuleOverride, {"reason": ERASED, "end_reason": None}),
    (ScoringDecision, {"reason": ERASED}),
    (Complaint, {"text": ERASED, "answer": None}),
    (CollectionPause, {"reason": ERASED}),
    (Obligor, {"name": ERASED, "phone": None, "address": None, "end_reason": None}),
    (ViolationCase, {"reason": None}),
    (LocationDecision, {"old_lat": None, "old_lon": None, "lat": None, "lon": None}),
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many clients' data went, and how many wait for a decision because they still owe."""

    count: int
    owing: int


def correct(session: Session, actor: Actor, client_id: int, data: Correction) -> list[str]:
    """Put a client's data right, as they asked for; returns the names of the fields that changed.

    A place that came from the address goes with the old address, and so does the authorisation to
    visit there; the new address is one that the client gave.

    Raises
    ------
    BadCorrection
        With the first field that can't be used.
    NotFound
        When there is no such client, or their data was erased.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    check_correction(data)
    client = _client(session, client_id)
    if is_kept_out(session, client_id):
        message = f"the data of client {client_id} was erased: there is nothing to put right"
        raise NotFound(message)
    wanted = {
        "name": data.name.strip(),
        "phone": data.phone or None,
        "address": data.address.strip(),
        "neighbourhood": data.neighbourhood.strip() or None,
        "municipality": data.municipality.strip() or None,
    }
    changed = [name for name, value in wanted.items() if getattr(client, name) != value]
    for name in changed:
        setattr(client, name, wanted[name])
    has_moved = {"address", "neighbourhood", "municipality"} & set(changed)
    if has_moved and client.location_quality in SEARCHED_LOCATIONS:
        _forget_place(client)
    told = told_places(session, [client_id]).get(client_id)
    if "address" in changed:
        kind = told.kind if told is not None else None
        given = AddressOrigin.CLIENT
        tell_visit_place(session, actor, client_id, kind, is_authorised=False, origin=given)
    if changed:
        log(session, actor, "client.corrected", client, fields=", ".join(changed))
    return changed


def erase(
    session: Session, actor: Actor, client_id: int, reason: str, *, day: date, zone: ZoneInfo
) -> None:
    """Let go of who a client is and of what they said; amounts and dates stay, for the accounts.

    Kinds and hours of contacts stay, too: the law wants them kept. Twice changes nothing.

    Raises
    ------
    ErasureUnexplained
        Without a reason.
    DataStillNeeded
        While the client owes something or waits for an answer to a complaint.
    NotFound
        When there is no such client.
    """
    actor.require(Role.ADMIN, Role.SYSTEM)
    if not reason.strip():
        raise ErasureUnexplained("reason", "why the data goes")
    client = _client(session, client_id)
    waits = select(Complaint.id).where(
        Complaint.client_id == client_id, Complaint.answered_at.is_(None)
    )
    if debts(session, day, zone, [client_id]) or session.scalars(waits).first() is not None:
        raise DataStillNeeded
    if client.name == ERASED:
        return
    kept_out = remember_erased(session, client)
    client.name = client.address = ERASED
    client.phone = client.neighbourhood = client.municipality = client.note = None
    _forget_place(client)
    log(session, actor, "client.erased", client, reason=reason.strip())
    log(session, actor, "erased_person.kept_out", kept_out)
    for table, values in _WORDS:
        rows = select(table).filter_by(client_id=client_id).execution_options(**WITH_ANNULLED)
        for row in session.scalars(rows):
            _clear(session, actor, row, values)
    _erase_of_credits(session, actor, client_id)
    _erase_annulments(session, actor, client_id)
    _erase_quoted_bans(session, actor, client_id)
    erase_told(session, actor, client_id)


def readmit(session: Session, actor: Actor, client_id: int, reason: str) -> None:
    """Let the creditor's files tell of somebody again whose data was erased. Twice changes nothing.

    Raises
    ------
    ErasureUnexplained
        Without a reason.
    NotFound
        When no data of such a client was erased.
    """
    actor.require(Role.ADMIN)
    if not reason.strip():
        raise ErasureUnexplained("reason", "why they come back")
    _client(session, client_id)
    erased = session.get(ErasedPerson, client_id, with_for_update={"key_share": True})
    if erased is None:
        message = f"no data of client {client_id} was erased"
        raise NotFound(message)
    if erased.readmitted_at is None:
        erased.readmitted_at = clock.now()
        log(session, actor, "client.readmitted", f"client:{client_id}", reason=reason.strip())
        log(session, actor, "erased_person.let_in", erased)


def apply_retention(session: Session, actor: Actor, *, day: date, zone: ZoneInfo) -> Erased:
    """Erase everybody whose time is over and who owes nothing."""
    found = retention(session, day, zone)
    erased = 0
    for client_id in found.over:
        try:
            why = f"retention: last default before {found.by_client[client_id].limit_on}"
            erase(session, actor, client_id, why, day=day, zone=zone)
        except DataStillNeeded:  # a complaint waits: next time
            continue
        erased += 1
    return Erased(erased, len(found.owing))


def _clear(session: Session, actor: Actor, row: Model, values: dict[str, object]) -> None:
    changed = [name for name, value in values.items() if getattr(row, name) not in (None, value)]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        log(session, actor, f"{type(row).__tablename__}.erased", row, fields=", ".join(changed))


def _erase_of_credits(session: Session, actor: Actor, client_id: int) -> None:
    """Let go of what is told of credits, their guarantees and papers.

    The bytes of papers go after the commit (`erased_files`).
    """
    own = select(Credit.id).where(Credit.client_id == client_id)
    for guarantee in session.scalars(select(Guarantee).where(Guarantee.credit_id.in_(own))):
        _clear(session, actor, guarantee, {"description": ERASED})
    for move in session.scalars(select(StageMove).where(StageMove.credit_id.in_(own))):
        _clear(session, actor, move, {"reason": ERASED})
    for paper in session.scalars(select(CreditDocument).where(CreditDocument.credit_id.in_(own))):
        paper.erased_at, paper.number, paper.bill_number = clock.now(), None, None
        paper.file_name = ERASED if paper.file_name is not None else None
        log(session, actor, "credit_document.erased", paper, sha256=paper.sha256)


def _erase_annulments(session: Session, actor: Actor, client_id: int) -> None:
    visits = select(Visit.id).where(Visit.client_id == client_id)
    of_visits = select(VisitAnnulment).where(
        VisitAnnulment.visit_id.in_(visits.execution_options(**WITH_ANNULLED))
    )
    for one in session.scalars(of_visits.execution_options(**WITH_ANNULLED)):
        _clear(session, actor, one, {"reason": ERASED})


def _erase_quoted_bans(session: Session, actor: Actor, client_id: int) -> None:
    """Let go of the words of a ban where plans and faltas say them again."""
    for case in session.scalars(select(ViolationCase).filter_by(client_id=client_id)):
        _clear(session, actor, case, {"blocks": _without_bans(case.blocks)})
    for skipped in session.scalars(select(SkippedClient).filter_by(client_id=client_id)):
        if blocks := skipped.facts.get("blocks"):
            skipped.facts = skipped.facts | {"blocks": _without_bans(blocks)}


def _without_bans(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        one | {"facts": one["facts"] | {"reason": ERASED}} if one["rule_id"] == BAN_RULE else one
        for one in blocks
    ]


def _forget_place(client: Client) -> None:
    client.lat = client.lon = client.location_confidence = None
    client.location_quality = LocationQuality.NONE


def _client(session: Session, client_id: int) -> Client:
    client = session.get(Client, client_id, with_for_update={"key_share": True})
    if client is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    return client
