"""What was done to clients over every channel, as the law asks for it and as people read it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.compliance.queries import bans_at, profile_at, terms_on
from collector_app.compliance.rules import (
    NO_TERMS,
    Block,
    Channel,
    ClientTerms,
    ContactFacts,
    PressureRule,
    Profile,
    Touch,
    beside,
    fact_blocks,
    pressure,
)
from collector_app.contacts.models import Contact
from collector_app.contacts.rules import is_contact
from collector_app.core.selection import among
from collector_app.payments.queries import promise_states
from collector_app.promises.rules import PromiseState
from collector_app.strategy.queries import treatment_of
from collector_app.strategy.rules import message_blocks
from collector_app.visits.models import Visit
from collector_app.visits.queries import ContactRow, contacts_since
from collector_app.visits.rules import Outcome, PersonMet, speaks_of_debt

HISTORY = timedelta(days=60)  # longer than any limit looks back


@dataclass(frozen=True, slots=True)
class DoneRow:
    """A call, a message or a letter as lists show it."""

    id: int
    channel: Channel
    at: datetime
    person: PersonMet
    was_answered: bool
    text: str | None
    note: str | None
    who: str | None


def touches_since(
    session: Session,
    since: datetime,
    client_ids: Collection[int] | None = None,
    received_before: datetime | None = None,
) -> dict[int, list[Touch]]:
    """Return every call, message and letter since an instant by client, oldest first.

    With `received_before` only what had come in by then, whenever it was done.
    """
    asked = (
        select(Contact.client_id, Contact.at, Contact.channel, Contact.person, Contact.was_answered)
        .where(Contact.at >= since, among(Contact.client_id, client_ids))
        .order_by(Contact.at, Contact.id)
    )
    if received_before is not None:
        asked = asked.where(Contact.received_at < received_before)
    found = session.execute(asked)
    by_client: defaultdict[int, list[Touch]] = defaultdict(list)
    for client_id, at, channel, person, was_answered in found:
        reached = is_contact(person, was_answered=was_answered)
        by_client[client_id].append(Touch(at, reached, channel))
    return dict(by_client)


def contact_facts(
    visits: Collection[ContactRow],
    touches: Collection[Touch],
    zone: ZoneInfo,
    ban: str | None,
    terms: ClientTerms = NO_TERMS,
) -> ContactFacts:
    """Return what the law counts, over every channel: a visit not made is no attempt."""
    made = (
        Touch(one.at, one.is_contact) for one in visits if one.outcome is not Outcome.NOT_VISITED
    )
    return ContactFacts(
        zone=terms.zone or zone,
        asked_in=zone,
        history=(*made, *touches),
        ban=ban,
        wishes=terms.wishes,
        overridden=terms.overridden,
        place=terms.place,
        creditors=terms.creditors,
    )


def law_for(
    session: Session, client_id: int, at: datetime, zone: ZoneInfo
) -> tuple[Profile, ContactFacts]:
    """Return the law of an instant, also their creditors', and what was done to a client before."""
    return laws_for(session, [client_id], at, zone)[client_id]


def laws_for(
    session: Session, client_ids: Collection[int], at: datetime, zone: ZoneInfo
) -> dict[int, tuple[Profile, ContactFacts]]:
    """Return `law_for` of some clients, in a fixed number of statements."""
    day, since = at.astimezone(zone).date(), at - HISTORY
    profile = profile_at(session, at, zone)
    terms, bans = (
        terms_on(session, day, zone, client_ids, at),
        bans_at(session, at, zone, client_ids),
    )
    visits = contacts_since(session, since, client_ids)
    touches = touches_since(session, since, client_ids)
    found = {}
    for client_id in client_ids:
        facts = contact_facts(
            [one for one in visits.get(client_id, ()) if one.at < at],
            [one for one in touches.get(client_id, ()) if one.at < at],
            zone,
            bans.get(client_id),
            terms.get(client_id, NO_TERMS),
        )
        found[client_id] = beside(profile, facts.creditors), facts
    return found


def treatment_blocks(
    session: Session, client_id: int, at: datetime, zone: ZoneInfo, channels: Collection[Channel]
) -> dict[Channel, tuple[Block, ...]]:
    """Return why the treatment of a client's segment keeps messages back, for each channel.

    That is the house's own plan, no rule that was broken: what was done all the same is no falta.
    """
    day = at.astimezone(zone).date()
    applied = treatment_of(session, day, zone, client_id)
    if applied is None:
        return dict.fromkeys(channels, ())
    history = law_for(session, client_id, at, zone)[1].history
    promises = promise_states(session, day, [client_id], zone=zone).get(client_id, ())
    is_expected = any(one.state is PromiseState.OPEN for one in promises)
    return {
        channel: message_blocks(
            applied.treatment,
            applied.segment,
            channel,
            history,
            day,
            zone,
            is_expected=is_expected,
        )
        for channel in channels
    }


def pressures(profile: Profile, facts: ContactFacts, day: date) -> list[tuple[PressureRule, int]]:
    """Return each limit on pressure with the points of a client so far."""
    rules = (rule for rule in profile.rules if isinstance(rule, PressureRule))
    return [(rule, pressure(rule, facts, day)) for rule in rules]


def faults_of_visit(session: Session, visit: Visit, zone: ZoneInfo) -> tuple[Block, ...]:
    """Return every rule that a visit broke; one that was not made broke none."""
    if visit.outcome is Outcome.NOT_VISITED:
        return ()
    profile, before = law_for(session, visit.client_id, visit.started_at, zone)
    talked = speaks_of_debt(visit.outcome, visit.objection)
    return fact_blocks(
        profile,
        before,
        visit.started_at,
        visit.person_met.value,
        talked=talked,
        said=(visit.note,),
    )


def contacts_of(session: Session, client_id: int, limit: int = 20) -> list[DoneRow]:
    """Return the last calls, messages and letters of a client, newest first."""
    found = session.execute(
        select(Contact, User.full_name)
        .outerjoin(User, User.id == Contact.made_by)
        .where(Contact.client_id == client_id)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(limit)
    )
    return [
        DoneRow(
            one.id,
            one.channel,
            one.at,
            one.person,
            one.was_answered,
            one.text,
            one.note,
            who,
        )
        for one, who in found
    ]
