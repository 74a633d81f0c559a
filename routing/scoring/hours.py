"""What the hour of a visit changes: which hours to prefer, and what a prize is at one of them.

Contact is learned by part of the day, and a prize is proportional to contact. A plan knows two
levels for each client: hours to prefer, and all others, at a price. The parts of the day are cut
in two where that tells most apart (the cut with the largest variance between both sides, as Otsu,
"A threshold selection method from gray-level histograms", 1979, cuts grey levels).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from routing.scoring.chances import (
    DAY_PARTS,
    DAY_S,
    PART_STARTS_S,
    DayPart,
    day_part,
    part_weights,
)
from routing.scoring.prizes import Prize, PrizeCode

MARKEDLY = 1.2  # times the contact of the other hours: from there on hours are worth preferring

_OF_ANY_HOUR = frozenset({PrizeCode.APPOINTMENT, PrizeCode.NEUTRAL})


class BestHours(NamedTuple):
    """When a visit brings most.

    Attributes
    ----------
    points : int, cents
        The prize of a visit in one of them.
    spans : tuple of (int, int)
        Seconds since local midnight, both ends inclusive, ascending.
    outside_price : int, cents
        How much less a visit at any other hour brings.
    """

    points: int
    spans: tuple[tuple[int, int], ...]
    outside_price: int


def best_hours(prize: Prize, windows: Sequence[tuple[int, int]]) -> BestHours | None:
    """Return which hours to prefer, None where the hour does not matter markedly.

    Parameters
    ----------
    prize : Prize
        Made with the mean contact over the windows.
    windows : sequence of (int, int)
        When the visit may start; seconds since local midnight, both ends inclusive.
    """
    contact = _contact_by_part(prize)
    weights = part_weights(tuple(windows))
    mean = sum(contact[part] * weight for part, weight in weights.items()) if contact else 0.0
    if len(weights) == 1 or mean <= 0:
        return None
    good = _best_side(contact, weights)
    inside = _mean(contact, weights, good)
    outside = _mean(contact, weights, weights.keys() - good)
    if inside < MARKEDLY * outside:
        return None
    points = int(prize.total * inside / mean)
    return BestHours(points, _spans(good), points - int(prize.total * outside / mean))


def at_hour(prize: Prize, starts_s: int) -> Prize:
    """Return the prize of a visit that starts then, seconds since local midnight.

    Each part is scaled as contact is; chances tell the contact of that hour. A prize that does not
    depend on the hour comes back as it is.
    """
    contact = _contact_by_part(prize)
    if not contact or prize.chances is None or prize.chances.contact.share <= 0:
        return prize
    mean = prize.chances.contact
    share = contact[day_part(starts_s)]
    parts = tuple(
        replace(part, cents=cents)
        for part in prize.parts
        if (cents := int(part.cents * share / mean.share)) != 0
    )
    chances = replace(prize.chances, contact=replace(mean, share=share))
    return Prize(sum(part.cents for part in parts), parts, chances)


def _contact_by_part(prize: Prize) -> Mapping[DayPart, float]:
    """Return contact by part of the day, nothing where the prize does not depend on it."""
    if prize.chances is None or any(part.code in _OF_ANY_HOUR for part in prize.parts):
        return {}
    return prize.chances.by_part


def _best_side(
    contact: Mapping[DayPart, float], weights: Mapping[DayPart, float]
) -> frozenset[DayPart]:
    """Return the parts of the day above the cut that tells most apart."""
    falling = sorted(weights, key=lambda part: -contact[part])

    def between(cut: int) -> float:
        best, rest = falling[:cut], falling[cut:]
        share = sum(weights[part] for part in best)
        apart = _mean(contact, weights, best) - _mean(contact, weights, rest)
        return share * (1 - share) * apart**2

    return frozenset(falling[: max(range(1, len(falling)), key=between)])


def _mean(
    contact: Mapping[DayPart, float],
    weights: Mapping[DayPart, float],
    parts: Collection[DayPart],
) -> float:
    total = sum(weights[part] for part in parts)
    return sum(contact[part] * weights[part] for part in parts) / total


def _spans(parts: frozenset[DayPart]) -> tuple[tuple[int, int], ...]:
    """Return these parts of the day as seconds, neighbours made one."""
    ends_s = (*PART_STARTS_S[1:], DAY_S)
    spans: list[tuple[int, int]] = []
    for part, start_s, end_s in zip(DAY_PARTS, PART_STARTS_S, ends_s, strict=True):
        if part not in parts:
            continue
        if spans and spans[-1][1] == start_s - 1:
            spans[-1] = (spans[-1][0], end_s - 1)
        else:
            spans.append((start_s, end_s - 1))
    return tuple(spans)
