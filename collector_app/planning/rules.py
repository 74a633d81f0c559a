"""What planning decides by: vehicles, causes for leaving a client out, and the house's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from collector_app.core.errors import RuleBroken, StaleData, Unavailable

EVERY_DAY = "1111111"  # weekdays, Monday first, "1" where somebody works


class CertificateState(StrEnum):
    """What becomes of a certificate when its plan is checked again."""

    HOLDS = "holds"
    ALTERED = "altered"  # the plan is not the one that was certified
    UNREPEATABLE = "unrepeatable"  # the same plan, but facts of then are no longer what they were
    CHANGED_SINCE = "changed_since"  # it holds by what was known; the law or a ban came later


class Vehicle(StrEnum):
    """How a collector moves; the values are those of `routing.Profile`."""

    MOTORCYCLE = "motorcycle"
    CAR = "car"
    FOOT = "foot"


class SkipCause(StrEnum):
    """Why a client is in no route of the day, from the law to the clock."""

    NO_LEGAL_WINDOW = "no_legal_window"  # the law gives no moment that day
    CONTACT_CAP = "contact_cap"  # contacted as often as the law or the house allows
    BANNED = "banned"  # a ban on contact is in force
    SETTLED = "settled"  # a carta finiquito says that nothing is owed, and the creditor says it is
    PROMISE_NOT_DUE = "promise_not_due"  # promised a later day: leave them alone
    AGREEMENT_NOT_DUE = "agreement_not_due"  # keeps to an agreement: leave them alone
    NO_VISITS = "no_visits"  # the treatment of their segment has none
    CADENCE = "cadence"  # contacted more recently than the treatment of their segment wants
    NOTICE_FIRST = "notice_first"  # the treatment of their segment wants a message or call before
    NOTHING_OVERDUE = "nothing_overdue"
    NO_LOCATION = "no_location"
    NO_ZONE = "no_zone"
    NO_COLLECTOR = "no_collector"  # nobody answers for the zone, or works that day
    OUTSIDE_SHIFT = "outside_shift"
    UNREACHABLE = "unreachable"
    NOT_WORTH_THE_TRIP = "not_worth_the_trip"
    NO_TIME_LEFT = "no_time_left"
    MAX_STOPS = "max_stops"  # the collector makes no more visits that day
    CASH_LIMIT = "cash_limit"  # the collector would carry too much cash
    BREAKS = "breaks"  # the breaks of the day leave no room
    MISSING_SKILL = "missing_skill"
    NOT_ALLOWED = "not_allowed"  # only collectors that must not visit would be there
    RESTING = "resting"  # contacted too recently
    GROUP_TAKEN = "group_taken"  # somebody else of the same group is visited
    WAITS_FOR = "waits_for"  # somebody has to be visited before
    CANCELLED = "cancelled"  # the client can't see us that day after all
    TAKEN_OFF = "taken_off"  # a dispatcher took them off the plan on the board
    FITS = "fits"  # there is room: the route was made by hand, or the search ended too soon


class ReasonCode(StrEnum):
    """Why a stop is on a route; a stop has several, the most telling first."""

    APPOINTMENT = "appointment"  # facts: starts_s, ends_s
    PROMISE_TODAY = "promise_today"  # facts: amount_cents
    PROMISE_LATE = "promise_late"  # facts: amount_cents, due_on, days
    INSTALMENT_DUE = "instalment_due"  # facts: amount_cents, due_on, days
    AGREEMENT_BROKEN = "agreement_broken"  # facts: amount_cents, due_on, days
    DEBT = "debt"  # facts: overdue_cents, days
    TREATMENT = "treatment"  # facts: segment, percent
    LONG_SILENCE = "long_silence"  # facts: days without a contact, at least
    ON_THE_WAY = "on_the_way"  # facts: detour_s
    EXPECTED = "expected"  # facts: prize_cents
    CHANCES = "chances"  # facts: shares of contact, pays_now, ..., source, sample, parts
    BEST_HOUR = "best_hour"  # facts: part of the day
    EXPLORING = "exploring"  # no facts: visited to learn, too
    SCORING_OFF = "scoring_off"  # facts: by, why, worth_cents
    URGENT = "urgent"  # no facts: a dispatcher asked for it during the day
    TAKEN_OVER = "taken_over"  # facts: name of the collector who was to come
    LENT = "lent"  # facts: name of the collector of the zone across the border


class PlanAim(StrEnum):
    """What a plan is to be good at, beside the law that every plan keeps."""

    BALANCED = "balanced"
    MONEY = "money"
    KILOMETRES = "kilometres"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class AimWeights:
    """What an aim, or somebody who turned its knobs, makes of the house's prices.

    Attributes
    ----------
    travel_percent : int
        Price of an hour on the road in percent of the policy's: below 100 a far visit pays sooner.
    unfairness_percent : int
        Price of each hour that the collector with most hours works above the mean, in percent of
        an hour on the road; 0 lets the search leave it aside.
    """

    travel_percent: int = 100
    unfairness_percent: int = 0

    def or_else(self, travel_percent: int | None, unfairness_percent: int | None) -> Self:
        """Return these weights with those that somebody chose in their place."""
        chosen = {"travel_percent": travel_percent, "unfairness_percent": unfairness_percent}
        return replace(self, **{name: one for name, one in chosen.items() if one is not None})

    @classmethod
    def of_plan(cls, parameters: Mapping[str, Any]) -> Self:
        """Return what a plan was asked for with; the oldest ones had no weights."""
        return cls(**parameters.get("aim_weights", {}))


AIMS = {
    PlanAim.BALANCED: AimWeights(),
    PlanAim.MONEY: AimWeights(travel_percent=50),
    PlanAim.KILOMETRES: AimWeights(travel_percent=300),
    PlanAim.FAIR: AimWeights(unfairness_percent=200),
}


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    """The house's numbers for a day's plan.

    Attributes
    ----------
    person_service_s, firm_service_s : int, seconds
        Expected length of a visit. Source: 8 to 12 minutes are usual at the door; a business
        takes longer because somebody has to be fetched. To be measured from real visits.
    travel_cost_cents_per_hour : int, cents
        What an hour on the road costs: wage with benefits, and motorcycle. Source: company policy.
    on_the_way_s : int, seconds
        A stop whose detour is at most this is told to be on the way.
    history_days : int
        How far back visits are looked at.
    neutral_prize_cents : int, cents
        What clients whose scores are off are worth on a day without any scored client; on all
        other days it is the median of those. Source: the price of an hour on the road.
    lending_cents : int, cents
        What a visit by another collector than the zone's own has to bring more: the client is
        known by the other one. Source: company policy, a fifth of an hour on the road.
    """

    person_service_s: int = 8 * 60
    firm_service_s: int = 12 * 60
    travel_cost_cents_per_hour: int = 150_00
    on_the_way_s: int = 5 * 60
    history_days: int = 60
    neutral_prize_cents: int = 150_00
    lending_cents: int = 30_00


MOST_PERCENT = 1000  # of either weight: ten times the house's price


class NobodyToPlan(RuleBroken):
    """A plan needs somebody who works that day, zones with owners, and clients to visit.

    Subclasses say what is missing, so that the sentence can say what to do.
    """

    code = "nobody_to_plan"


class NoWorkdays(NobodyToPlan):
    """No collector has working hours."""

    code = "no_workdays"


class NoZones(NobodyToPlan):
    """No zone has an owner on that day."""

    code = "no_zones"


class NoDebts(NobodyToPlan):
    """No client owes anything overdue."""

    code = "no_debts"


class DayIsPast(RuleBroken):
    """A plan of a day that is over can't be published."""

    code = "plan_day_past"


class PublishedMeanwhile(StaleData):
    """Phones see another plan than the one they saw when this page was loaded."""

    code = "published_meanwhile"


class OutsideTheLaw(RuleBroken):
    """Some stops are outside the law as it stands now: plan again."""

    code = "plan_outside_law"


class PlanRejected(Unavailable):
    """The independent check refused what the solver gave; nothing was stored."""

    code = "plan_rejected"


class StreetsUnavailable(Unavailable):
    """The source of travel times gave no answer."""

    code = "streets_unavailable"


class SolverStopped(Unavailable):
    """The solver failed or died; nothing was stored."""

    code = "solver_failed"
