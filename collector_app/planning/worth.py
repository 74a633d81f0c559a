"""What a stop brings, in parts, and costs, in minutes; how near a plan is to the best possible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from collector_app.core.money import USUAL_CURRENCY
from collector_app.planning.rules import PlanPolicy, ReasonCode
from routing.explain import travel_cost
from routing.scoring import PrizeCode, day_part

# What a plan keeps of a client that it weighed and left out, cents.
EXPECTED_FACT = "expected_cents"
WEIGHED_FACT = "prize"  # with urgency and exploration, as `routing.explain` names it


class PlannedVisit(Protocol):
    """A stop as it was planned, however it was read."""

    @property
    def arrives_s(self) -> int:
        """Return when the collector is there, seconds since local midnight."""

    @property
    def starts_s(self) -> int:
        """Return when the visit begins."""

    @property
    def leaves_s(self) -> int:
        """Return when the visit is over."""

    @property
    def detour_s(self) -> int:
        """Return how much shorter the ride would be without it."""

    @property
    def prize_cents(self) -> int:
        """Return the money that it is expected to bring."""

    @property
    def reasons(self) -> Sequence[Mapping[str, Any]]:
        """Return why it is on the route, as codes with facts."""


@dataclass(frozen=True, slots=True)
class StopWorth:
    """One stop on the scales.

    Attributes
    ----------
    parts : tuple of (PrizeCode, cents)
        They add up to ``total_cents``; empty for plans that did not keep them.
    total_cents : int
        What the search weighed: the expected money, with urgency and exploration.
    detour_s, waits_s, visit_s : int
        The three kinds of time that it takes.
    detour_cents : int
        What the detour costs on the road.
    currency : str
        Of the money, ISO 4217.
    """

    parts: tuple[tuple[PrizeCode, int], ...]
    total_cents: int
    detour_s: int
    waits_s: int
    visit_s: int
    detour_cents: int
    currency: str

    @property
    def takes_s(self) -> int:
        """Return how much of the day the stop takes."""
        return self.detour_s + self.waits_s + self.visit_s


@dataclass(frozen=True, slots=True)
class Nearness:
    """How far routes are at most below the best possible, in percent, where that was proved.

    Attributes
    ----------
    whole : float
        Of all these routes together.
    by_collector : mapping of collector id to float
    """

    whole: float
    by_collector: Mapping[int, float]


def nearness_of(parameters: Mapping[str, Any]) -> Nearness | None:
    """Return what was proved when a plan was made, None if nothing was."""
    bounds = parameters.get("bounds")
    if not bounds:
        return None
    most = sum(one["upper_cents"] for one in bounds.values())
    made = sum(one["made_cents"] for one in bounds.values())
    by_collector = {
        int(shift): _below(one["made_cents"], one["upper_cents"]) for shift, one in bounds.items()
    }
    return Nearness(_below(made, most), by_collector)


def _below(made_cents: int, most_cents: int) -> float:
    return 100 * (1 - made_cents / most_cents) if most_cents > made_cents else 0.0


def worth_of(stop: PlannedVisit, policy: PlanPolicy, currency: str = USUAL_CURRENCY) -> StopWorth:
    """Return what a stop brings and costs, from what the plan keeps of it."""
    total = worth_cents(stop, policy)
    return StopWorth(
        parts=_parts(stop, total),
        total_cents=total,
        detour_s=stop.detour_s,
        waits_s=stop.starts_s - stop.arrives_s,
        visit_s=stop.leaves_s - stop.starts_s,
        detour_cents=travel_cost(stop.detour_s, policy.travel_cost_cents_per_hour),
        currency=currency,
    )


def worth_cents(stop: PlannedVisit, policy: PlanPolicy) -> int:
    """Return what a stop was worth to the plan: its prize with urgency, not the money alone."""
    for reason in stop.reasons:
        if "worth_cents" in reason:
            return int(reason["worth_cents"])
        if reason["code"] == ReasonCode.SCORING_OFF:
            return policy.neutral_prize_cents
    return stop.prize_cents


def expected_if_left_out(facts: Mapping[str, Any]) -> int | None:
    """Return the money that a visit to a client left out was expected to bring; None if unknown.

    Only a plan knows what visits taught. Plans of before kept what the search weighed alone.
    """
    cents = facts.get(EXPECTED_FACT, facts.get(WEIGHED_FACT))
    return None if cents is None else int(cents)


def cents_at(stop: PlannedVisit, starts_s: int) -> int:
    """Return the money that a stop is expected to bring when its visit begins at another hour."""
    return int(stop.prize_cents * _contact_ratio(stop, starts_s))


def reasons_at(stop: PlannedVisit, starts_s: int) -> list[dict[str, Any]]:
    """Return why a stop is on the route, with chances and money of another hour of beginning."""
    ratio = _contact_ratio(stop, starts_s)
    if ratio == 1.0:
        return [dict(one) for one in stop.reasons]
    return [_scaled(one, ratio) for one in stop.reasons]


def _contact_ratio(stop: PlannedVisit, starts_s: int) -> float:
    """Return contact at an hour over that at the planned one; 1 where the hour does not matter.

    A prize is proportional to contact (`routing.scoring.at_hour`), which the plan keeps by part of
    the day for the stops whose worth depends on it.
    """
    before, after = day_part(stop.starts_s), day_part(starts_s)
    for reason in stop.reasons:
        by_part = reason.get("by_part") or {}
        if before != after and by_part.get(before.value) and after.value in by_part:
            return float(by_part[after.value]) / float(by_part[before.value])
    return 1.0


def _scaled(reason: Mapping[str, Any], ratio: float) -> dict[str, Any]:
    if reason["code"] == ReasonCode.EXPECTED:
        return {**reason, "prize_cents": int(reason["prize_cents"] * ratio)}
    if reason["code"] != ReasonCode.CHANCES:
        return dict(reason)
    parts = {code: int(cents * ratio) for code, cents in reason["parts"].items()}
    contact = round(reason["contact"] * ratio, 4)
    return {**reason, "contact": contact, "parts": parts, "worth_cents": sum(parts.values())}


def _parts(stop: PlannedVisit, total_cents: int) -> tuple[tuple[PrizeCode, int], ...]:
    for reason in stop.reasons:
        if "parts" in reason:
            return tuple((PrizeCode(code), cents) for code, cents in reason["parts"].items())
        if reason["code"] == ReasonCode.SCORING_OFF:
            return ((PrizeCode.NEUTRAL, total_cents),)
    return ()
