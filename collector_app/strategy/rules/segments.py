"""Segments in their order: a client belongs to the first whose conditions all hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np

from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.strategy.rules.columns import Mask, TraitColumns, those_who_hold
from collector_app.strategy.rules.conditions import (
    ClientTraits,
    Condition,
    Trait,
    check_condition,
    holds,
)

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


def shares(rules: Sequence[SegmentRule], clients: TraitColumns) -> dict[int | None, Share]:
    """Return who falls into each segment, by its id; under None who falls into no segment."""
    rest = np.ones(clients.count, dtype=bool)
    found: dict[int | None, Share] = {}
    for one in rules:
        members = rest & _members(one, clients)
        found[one.id] = _share(members, clients)
        rest &= ~members
    return found | {None: _share(rest, clients)}


def share_alone(rule: SegmentRule, clients: TraitColumns) -> Share:
    """Return who a segment would hold if it came first."""
    return _share(_members(rule, clients), clients)


def _members(rule: SegmentRule, clients: TraitColumns) -> Mask:
    everybody = np.ones(clients.count, dtype=bool)
    return reduce(and_, (those_who_hold(one, clients) for one in rule.conditions), everybody)


def _share(chosen: Mask, clients: TraitColumns) -> Share:
    balance, overdue = (
        int(clients.numbers[one].numbers[chosen].sum(dtype=np.int64))
        for one in (Trait.BALANCE, Trait.OVERDUE)
    )
    return Share(int(chosen.sum()), balance, overdue)
