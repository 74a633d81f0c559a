"""The segments in their order with whom they hold, and the treatment of each client."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core.errors import NotFound
from collector_app.portfolio.models import Client, Credit
from collector_app.portfolio.rules import Stage
from collector_app.strategy.models import Segment, StageTreatment
from collector_app.strategy.queries.clients import client_traits
from collector_app.strategy.queries.columns import read_treatment
from collector_app.strategy.queries.experiments import challengers
from collector_app.strategy.rules import (
    ClientTraits,
    Condition,
    SegmentRule,
    Share,
    Trait,
    TraitColumns,
    Treatment,
    segment_of,
    shares,
)
from collector_app.zones.queries import zones_on


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment with whom it holds after those before it, and its treatment of each stage."""

    rule: SegmentRule
    share: Share
    treatments: dict[Stage, Treatment]


@dataclass(frozen=True, slots=True)
class AppliedTreatment:
    """The treatment that holds for a client, and the segment that it comes from."""

    segment: str
    treatment: Treatment


def segment_rules(session: Session) -> list[SegmentRule]:
    """Return the segments in force in the order in which they are tried."""
    found = session.scalars(
        select(Segment).where(Segment.removed_at.is_(None)).order_by(Segment.position, Segment.id)
    )
    return [_rule(one) for one in found]


def segment_named(session: Session, segment_id: int) -> SegmentRule:
    """Return a segment in force.

    Raises
    ------
    NotFound
        When there is none with that id.
    """
    rule = next((one for one in segment_rules(session) if one.id == segment_id), None)
    if rule is None:
        message = f"no segment {segment_id}"
        raise NotFound(message)
    return rule


def segment_board(session: Session, clients: TraitColumns) -> tuple[list[SegmentRow], Share]:
    """Return the segments with whom of some clients they hold, and whoever falls into none."""
    rules = segment_rules(session)
    found = shares(rules, clients)
    treatments = _treatments(session)
    rows = [
        SegmentRow(
            one,
            found[one.id],
            {stage: what for (id_, stage), what in treatments.items() if id_ == one.id},
        )
        for one in rules
    ]
    return rows, found[None]


def members(session: Session, day: date, zone: ZoneInfo, segment_id: int) -> set[int]:
    """Return the clients who are of a segment on a day; none when there is no such segment."""
    return clients_of_segments(session, day, zone).get(segment_id, set())


def clients_of_segments(session: Session, day: date, zone: ZoneInfo) -> dict[int, set[int]]:
    """Return who is of each segment on a day, of all who owe something; empty ones are absent."""
    rules = segment_rules(session)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one in client_traits(session, day, zone) if rules else ():
        rule = segment_of(rules, one)
        if rule is not None:
            found[rule.id].add(one.client_id)
    return dict(found)


def treatment_at(session: Session, segment_id: int, stage: Stage) -> Treatment | None:
    """Return how a segment is treated at a stage, None where the house rules alone hold."""
    return _treatments(session).get((segment_id, stage))


def treatments_of_clients(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int] | None = None
) -> dict[int, AppliedTreatment]:
    """Return the treatment of each client who has one on a day; two statements while none has.

    Who is in an experiment that runs, and in its arm, gets the challenger.
    """
    tried = {
        client_id: AppliedTreatment(segment, treatment)
        for client_id, (segment, treatment) in challengers(session, day, client_ids).items()
    }
    treatments = _treatments(session)
    if not treatments:
        return tried
    rules = segment_rules(session)
    applied = (
        (one.client_id, _applied(one, rules, treatments))
        for one in client_traits(session, day, zone, client_ids)
    )
    return {client_id: found for client_id, found in applied if found is not None} | tried


def treatment_of(
    session: Session, day: date, zone: ZoneInfo, client_id: int
) -> AppliedTreatment | None:
    """Return the treatment of a client on a day, None where the house rules alone hold."""
    return treatments_of_clients(session, day, zone, [client_id]).get(client_id)


def known_words(session: Session, day: date) -> dict[Trait, list[str]]:
    """Return the names that the house gives, to be offered while somebody writes a condition."""
    products = session.scalars(select(Credit.product).where(Credit.product.is_not(None)).distinct())
    towns = session.scalars(
        select(Client.municipality).where(Client.municipality.is_not(None)).distinct()
    )
    return {
        Trait.PRODUCT: sorted(one for one in products if one),
        Trait.ZONE: sorted(one.name for one in zones_on(session, day)),
        Trait.MUNICIPALITY: sorted(one for one in towns if one),
    }


def _treatments(session: Session) -> dict[tuple[int, Stage], Treatment]:
    found = session.scalars(
        select(StageTreatment)
        .join(Segment, Segment.id == StageTreatment.segment_id)
        .where(StageTreatment.removed_at.is_(None), Segment.removed_at.is_(None))
    )
    return {(one.segment_id, one.stage): read_treatment(one) for one in found}


def _applied(
    traits: ClientTraits,
    rules: list[SegmentRule],
    treatments: dict[tuple[int, Stage], Treatment],
) -> AppliedTreatment | None:
    rule = segment_of(rules, traits)
    treatment = treatments.get((rule.id, traits.stage)) if rule else None
    return AppliedTreatment(rule.name, treatment) if rule and treatment else None


def _rule(one: Segment) -> SegmentRule:
    return SegmentRule(one.id, one.name, msgspec.convert(one.conditions, tuple[Condition, ...]))
