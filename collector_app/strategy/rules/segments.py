"""Segments in their order: a client belongs to the first whose conditions all hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.strategy.rules.conditions import ClientTraits, Condition, check_condition, holds

MOST_CONDITIONS = 6
MOST_SEGMENTS = 40
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """A named list of conditions, all of which must hold; without any, everybody is in it."""

    id: int
    name: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many clients, and how much they owe, cents."""

    clients: int = 0
    balance_cents: int = 0
    overdue_cents: int = 0


class BadSegment(InvalidInput):
    """A segment has no name, or too many conditions."""

    code = "bad_segment"


class TooManySegments(RuleBroken):
    """There are as many segments as anybody can oversee."""

    code = "too_many_segments"


def check_segment(name: str, conditions: Sequence[Condition]) -> None:
    """Raise `BadSegment` or `BadCondition` with the first thing that can't be used."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise BadSegment("name", f"1 to {LONGEST_NAME} letters")
    if len(conditions) > MOST_CONDITIONS:
        raise BadSegment("conditions", f"at most {MOST_CONDITIONS}")
    for one in conditions:
        check_condition(one)


def is_member(rule: SegmentRule, traits: ClientTraits) -> bool:
    """Tell whether all conditions of a segment hold for a client, whatever comes before it."""
    return all(holds(one, traits) for one in rule.conditions)


def segment_of(rules: Sequence[SegmentRule], traits: ClientTraits) -> SegmentRule | None:
    """Return the first segment that a client belongs to, or None; so segments never overlap."""
    return next((one for one in rules if is_member(one, traits)), None)


def shares(
    rules: Sequence[SegmentRule], clients: Iterable[ClientTraits]
) -> dict[int | None, Share]:
    """Return who falls into each segment, by its id; under None who falls into no segment."""
    found: dict[int | None, Share] = {one.id: Share() for one in rules} | {None: Share()}
    for traits in clients:
        rule = segment_of(rules, traits)
        key = rule.id if rule else None
        found[key] = _and(found[key], traits)
    return found


def share_alone(rule: SegmentRule, clients: Iterable[ClientTraits]) -> Share:
    """Return who a segment would hold if it came first."""
    found = Share()
    for traits in clients:
        if is_member(rule, traits):
            found = _and(found, traits)
    return found


def _and(share: Share, traits: ClientTraits) -> Share:
    return Share(
        share.clients + 1,
        share.balance_cents + traits.balance_cents,
        share.overdue_cents + traits.overdue_cents,
    )
