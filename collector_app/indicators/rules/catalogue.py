"""The catalogue of indicators: one quotient of two counts each, and nothing else.

Formulas follow those of collection offices and of published guides (contact rate, promises kept,
route completion, portfolio at risk); `words.es.toml` says what each count counts.
"""

from dataclasses import dataclass
from enum import StrEnum

from collector_app.core.money import CENTS_PER_PESO

PER_HOUR = 3600
PER_THOUSAND = 1000
PER_PESO = CENTS_PER_PESO


class Section(StrEnum):
    """The part of the work that an indicator speaks of."""

    CONTACT = "contact"
    PROMISES = "promises"
    ROUTE = "route"
    RECOVERY = "recovery"
    COST = "cost"
    CASH = "cash"
    CONDUCT = "conduct"
    MOVEMENT = "movement"
    PORTFOLIO = "portfolio"


class Unit(StrEnum):
    """What the value of an indicator is measured in."""

    SHARE = "share"  # 0 to 1
    CENTS = "cents"
    COUNT = "count"
    SECONDS = "seconds"
    METRES = "metres"
    DAYS = "days"  # seconds, shown as days
    WHOLE_DAYS = "whole_days"


class Aim(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class RowKind(StrEnum):
    """The rows that an indicator is made of."""

    VISITS = "visits"
    PROMISES = "promises"
    STOPS = "stops"
    PAYMENTS = "payments"
    CLIENTS = "clients"
    FIRST_CONTACTS = "first_contacts"
    COMPLAINTS = "complaints"
    FAULTS = "faults"
    COSTS = "costs"
    CASH_COUNTS = "cash_counts"
    DEPOSITS = "deposits"
    CONFIRMED = "confirmed"
    MOVEMENTS = "movements"


class Dimension(StrEnum):
    """What an indicator is split by."""

    COLLECTOR = "collector"
    ZONE = "zone"
    STAGE = "stage"
    SEGMENT = "segment"
    WEEK = "week"


class Count(StrEnum):
    """What is counted or added up over a period; money in cents, times in seconds."""

    VISITS = "visits"
    CONTACTS = "contacts"
    CLIENTS_ATTEMPTED = "clients_attempted"
    CLIENTS_CONTACTED = "clients_contacted"
    CLIENTS_UNLOCATABLE = "clients_unlocatable"
    WORKDAYS = "workdays"
    VISIT_S = "visit_s"
    PROMISES = "promises"
    DUE = "due"
    KEPT = "kept"
    PARTIAL = "partial"
    BROKEN = "broken"
    DUE_CENTS = "due_cents"
    KEPT_CENTS = "kept_cents"
    PLANNED = "planned"
    PLANNED_VISITED = "planned_visited"
    PLANNED_M = "planned_m"
    PAIRS = "pairs"
    PAIRS_IN_ORDER = "pairs_in_order"
    RECOVERED_CENTS = "recovered_cents"
    ATTRIBUTED_CENTS = "attributed_cents"
    BALANCE_CENTS = "balance_cents"
    OVERDUE_CENTS = "overdue_cents"
    RISK_30_CENTS = "risk_30_cents"
    RISK_60_CENTS = "risk_60_cents"
    RISK_90_CENTS = "risk_90_cents"
    FIELD_S = "field_s"
    RIDES = "rides"
    RIDDEN_M = "ridden_m"
    FIRST_CONTACTS = "first_contacts"
    WAITED_DAYS = "waited_days"
    COMPLAINTS = "complaints"
    FAULTS = "faults"
    COST_CENTS = "cost_cents"
    CASH_COUNTS = "cash_counts"
    CASH_OFF = "cash_off"
    CASH_EXPECTED_CENTS = "cash_expected_cents"
    CASH_OFF_CENTS = "cash_off_cents"
    CASH_PAYMENTS = "cash_payments"
    CARRIED_S = "carried_s"
    EXPOSED_CENTS = "exposed_cents"
    CONFIRMED_CENTS = "confirmed_cents"
    OPEN_OVERDUE_CENTS = "open_overdue_cents"
    CURED_CENTS = "cured_cents"
    CLIENTS_OVERDUE = "clients_overdue"
    CLIENTS_CURED = "clients_cured"
    YOUNGER_CENTS = "younger_cents"
    WORSENED_CENTS = "worsened_cents"
    CLOSING_CENTS = "closing_cents"
    INVOICED_CENTS = "invoiced_cents"
    COLLECTED_CENTS = "collected_cents"
    COLLECTABLE_CENTS = "collectable_cents"
    PERIOD_DAYS = "period_days"
    VISIT_SQUARES = "visit_squares"
    WORKDAY_SQUARES = "workday_squares"
    PLANNED_SQUARES = "planned_squares"
    RIDDEN_SQUARES = "ridden_squares"
    WAITED_SQUARES = "waited_squares"
    CARRIED_SQUARES = "carried_squares"

    @property
    def is_of_squares(self) -> bool:
        """Tell whether it only says how far cases lie apart, for the interval of their mean."""
        return self.value.endswith("_squares")


class Indicator(StrEnum):
    """Every indicator of the product, in the order in which pages show them."""

    CONTACT_RATE = "contact_rate"
    CONTACTABILITY = "contactability"
    UNLOCATABLE_RATE = "unlocatable_rate"
    DAYS_TO_CONTACT = "days_to_contact"
    PROMISE_RATE = "promise_rate"
    KEPT_RATE = "kept_rate"
    KEPT_AMOUNT_RATE = "kept_amount_rate"
    PARTIAL_RATE = "partial_rate"
    BROKEN_RATE = "broken_rate"
    ROUTE_COMPLETION = "route_completion"
    ROUTE_ADHERENCE = "route_adherence"
    VISITS_PER_DAY = "visits_per_day"
    TIME_PER_VISIT = "time_per_visit"
    PRODUCTIVE_TIME = "productive_time"
    DISTANCE_PER_STOP = "distance_per_stop"
    DISTANCE_PER_RIDE = "distance_per_ride"
    RECOVERED_PER_VISIT = "recovered_per_visit"
    RECOVERED_PER_DAY = "recovered_per_day"
    RECOVERED_PER_HOUR = "recovered_per_hour"
    ATTRIBUTED_RATE = "attributed_rate"
    COST_PER_PESO = "cost_per_peso"
    COST_PER_VISIT = "cost_per_visit"
    CASH_DIFFERENCE_RATE = "cash_difference_rate"
    CASH_DIFFERENCE_SHARE = "cash_difference_share"
    DAYS_TO_DEPOSIT = "days_to_deposit"
    COMPLAINTS_PER_1000 = "complaints_per_1000"
    FAULTS_PER_1000 = "faults_per_1000"
    CONFIRMED_RATE = "confirmed_rate"
    CURE_RATE = "cure_rate"
    CURED_CLIENTS_RATE = "cured_clients_rate"
    ROLL_RATE = "roll_rate"
    SALES_OUTSTANDING = "sales_outstanding"
    EFFECTIVENESS = "effectiveness"
    DELINQUENCY_RATIO = "delinquency_ratio"
    RISK_30 = "risk_30"
    RISK_60 = "risk_60"
    RISK_90 = "risk_90"


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator as data: ``part / whole``, or of ``per`` of what the whole counts.

    ``squares`` says how far the cases of a mean lie apart, ``times`` what it is multiplied by.
    """

    section: Section
    part: Count
    whole: Count
    unit: Unit
    aim: Aim
    rows: RowKind
    per: int = 1
    squares: Count | None = None
    times: Count | None = None

    @property
    def is_sampled(self) -> bool:
        """Tell whether the value is a share of counted things, so that it has an interval."""
        return self.unit is Unit.SHARE and not self.part.value.endswith(("_cents", "_s"))

    @property
    def is_rate(self) -> bool:
        """Tell whether rare events are counted beside something else: as Poisson's are."""
        return self.per == PER_THOUSAND

    @property
    def is_of_money(self) -> bool:
        """Tell whether money is added up for it, which is of one currency then."""
        return any(one.value.endswith("_cents") for one in (self.part, self.whole))

    @property
    def is_told(self) -> bool:
        """Tell whether its part is known only where somebody told it: nothing is not zero then."""
        return self.part in {Count.COST_CENTS, Count.CONFIRMED_CENTS}

    @property
    def is_of_costs(self) -> bool:
        """Tell whether it comes from what the company told of its costs."""
        return self.part is Count.COST_CENTS

    @property
    def splits(self) -> tuple[Dimension, ...]:
        """Return what it can be split by: a month's wage is not paid for a zone or a stage."""
        if self.is_of_today or self.section is Section.MOVEMENT:
            return tuple(one for one in Dimension if one is not Dimension.WEEK)
        if self.section in {Section.COST, Section.CASH}:
            return (Dimension.COLLECTOR, Dimension.WEEK)
        return tuple(Dimension)

    @property
    def is_of_today(self) -> bool:
        """Tell whether it describes the cartera as it stands now, whatever the period."""
        return self.section is Section.PORTFOLIO


def _contact(part: Count, whole: Count, aim: Aim = Aim.HIGHER) -> Definition:
    return Definition(Section.CONTACT, part, whole, Unit.SHARE, aim, RowKind.VISITS)


def _promise(part: Count, whole: Count, aim: Aim = Aim.HIGHER) -> Definition:
    return Definition(Section.PROMISES, part, whole, Unit.SHARE, aim, RowKind.PROMISES)


def _conduct(part: Count, rows: RowKind) -> Definition:
    return Definition(
        Section.CONDUCT, part, Count.CONTACTS, Unit.COUNT, Aim.LOWER, rows, per=PER_THOUSAND
    )


def _cost(whole: Count, per: int = 1) -> Definition:
    return Definition(
        Section.COST, Count.COST_CENTS, whole, Unit.CENTS, Aim.LOWER, RowKind.COSTS, per=per
    )


def _moved(part: Count, whole: Count, aim: Aim = Aim.HIGHER) -> Definition:
    return Definition(Section.MOVEMENT, part, whole, Unit.SHARE, aim, RowKind.MOVEMENTS)


def _risk(part: Count) -> Definition:
    return Definition(
        Section.PORTFOLIO, part, Count.BALANCE_CENTS, Unit.SHARE, Aim.LOWER, RowKind.CLIENTS
    )


# What is counted once however often it was met, and so again in each group that met it.
_CLIENTS = frozenset({Count.CLIENTS_ATTEMPTED, Count.CLIENTS_CONTACTED, Count.CLIENTS_UNLOCATABLE})
_MET_AGAIN_BY = {
    **dict.fromkeys(_CLIENTS, frozenset({Dimension.COLLECTOR, Dimension.WEEK})),
    **dict.fromkeys(
        (Count.WORKDAYS, Count.FIELD_S, Count.WORKDAY_SQUARES),
        frozenset({Dimension.ZONE, Dimension.STAGE, Dimension.SEGMENT}),
    ),
}


def adds_up(count: Count, by: Dimension) -> bool:
    """Tell whether the groups of a dimension add up to the whole of a count."""
    return by not in _MET_AGAIN_BY.get(count, frozenset())


CATALOGUE: dict[Indicator, Definition] = {
    Indicator.CONTACT_RATE: _contact(Count.CONTACTS, Count.VISITS),
    Indicator.CONTACTABILITY: _contact(Count.CLIENTS_CONTACTED, Count.CLIENTS_ATTEMPTED),
    Indicator.UNLOCATABLE_RATE: _contact(
        Count.CLIENTS_UNLOCATABLE, Count.CLIENTS_ATTEMPTED, Aim.LOWER
    ),
    Indicator.DAYS_TO_CONTACT: Definition(
        Section.CONTACT,
        Count.WAITED_DAYS,
        Count.FIRST_CONTACTS,
        Unit.COUNT,
        Aim.LOWER,
        RowKind.FIRST_CONTACTS,
        squares=Count.WAITED_SQUARES,
    ),
    Indicator.PROMISE_RATE: Definition(
        Section.PROMISES,
        Count.PROMISES,
        Count.CONTACTS,
        Unit.SHARE,
        Aim.HIGHER,
        RowKind.VISITS,
    ),
    Indicator.KEPT_RATE: _promise(Count.KEPT, Count.DUE),
    Indicator.KEPT_AMOUNT_RATE: _promise(Count.KEPT_CENTS, Count.DUE_CENTS),
    Indicator.PARTIAL_RATE: _promise(Count.PARTIAL, Count.DUE, Aim.LOWER),
    Indicator.BROKEN_RATE: _promise(Count.BROKEN, Count.DUE, Aim.LOWER),
    Indicator.ROUTE_COMPLETION: Definition(
        Section.ROUTE,
        Count.PLANNED_VISITED,
        Count.PLANNED,
        Unit.SHARE,
        Aim.HIGHER,
        RowKind.STOPS,
    ),
    Indicator.ROUTE_ADHERENCE: Definition(
        Section.ROUTE, Count.PAIRS_IN_ORDER, Count.PAIRS, Unit.SHARE, Aim.HIGHER, RowKind.STOPS
    ),
    Indicator.VISITS_PER_DAY: Definition(
        Section.ROUTE,
        Count.VISITS,
        Count.WORKDAYS,
        Unit.COUNT,
        Aim.HIGHER,
        RowKind.VISITS,
        squares=Count.WORKDAY_SQUARES,
    ),
    Indicator.TIME_PER_VISIT: Definition(
        Section.ROUTE,
        Count.VISIT_S,
        Count.VISITS,
        Unit.SECONDS,
        Aim.LOWER,
        RowKind.VISITS,
        squares=Count.VISIT_SQUARES,
    ),
    Indicator.PRODUCTIVE_TIME: Definition(
        Section.ROUTE, Count.VISIT_S, Count.FIELD_S, Unit.SHARE, Aim.HIGHER, RowKind.VISITS
    ),
    Indicator.DISTANCE_PER_STOP: Definition(
        Section.ROUTE,
        Count.PLANNED_M,
        Count.PLANNED,
        Unit.METRES,
        Aim.LOWER,
        RowKind.STOPS,
        squares=Count.PLANNED_SQUARES,
    ),
    Indicator.DISTANCE_PER_RIDE: Definition(
        Section.ROUTE,
        Count.RIDDEN_M,
        Count.RIDES,
        Unit.METRES,
        Aim.LOWER,
        RowKind.VISITS,
        squares=Count.RIDDEN_SQUARES,
    ),
    Indicator.RECOVERED_PER_VISIT: Definition(
        Section.RECOVERY,
        Count.RECOVERED_CENTS,
        Count.VISITS,
        Unit.CENTS,
        Aim.HIGHER,
        RowKind.PAYMENTS,
    ),
    Indicator.RECOVERED_PER_DAY: Definition(
        Section.RECOVERY,
        Count.RECOVERED_CENTS,
        Count.WORKDAYS,
        Unit.CENTS,
        Aim.HIGHER,
        RowKind.PAYMENTS,
    ),
    Indicator.RECOVERED_PER_HOUR: Definition(
        Section.RECOVERY,
        Count.RECOVERED_CENTS,
        Count.FIELD_S,
        Unit.CENTS,
        Aim.HIGHER,
        RowKind.PAYMENTS,
        per=PER_HOUR,
    ),
    Indicator.ATTRIBUTED_RATE: Definition(
        Section.RECOVERY,
        Count.ATTRIBUTED_CENTS,
        Count.RECOVERED_CENTS,
        Unit.SHARE,
        Aim.HIGHER,
        RowKind.PAYMENTS,
    ),
    Indicator.COST_PER_PESO: _cost(Count.RECOVERED_CENTS, PER_PESO),
    Indicator.COST_PER_VISIT: _cost(Count.VISITS),
    Indicator.CASH_DIFFERENCE_RATE: Definition(
        Section.CASH,
        Count.CASH_OFF,
        Count.CASH_COUNTS,
        Unit.SHARE,
        Aim.LOWER,
        RowKind.CASH_COUNTS,
    ),
    Indicator.CASH_DIFFERENCE_SHARE: Definition(
        Section.CASH,
        Count.CASH_OFF_CENTS,
        Count.CASH_EXPECTED_CENTS,
        Unit.SHARE,
        Aim.LOWER,
        RowKind.CASH_COUNTS,
    ),
    Indicator.DAYS_TO_DEPOSIT: Definition(
        Section.CASH,
        Count.CARRIED_S,
        Count.CASH_PAYMENTS,
        Unit.DAYS,
        Aim.LOWER,
        RowKind.DEPOSITS,
        squares=Count.CARRIED_SQUARES,
    ),
    Indicator.CONFIRMED_RATE: Definition(
        Section.MOVEMENT,
        Count.CONFIRMED_CENTS,
        Count.EXPOSED_CENTS,
        Unit.SHARE,
        Aim.HIGHER,
        RowKind.CONFIRMED,
    ),
    Indicator.CURE_RATE: _moved(Count.CURED_CENTS, Count.OPEN_OVERDUE_CENTS),
    Indicator.CURED_CLIENTS_RATE: _moved(Count.CLIENTS_CURED, Count.CLIENTS_OVERDUE),
    Indicator.ROLL_RATE: _moved(Count.WORSENED_CENTS, Count.YOUNGER_CENTS, Aim.LOWER),
    Indicator.SALES_OUTSTANDING: Definition(
        Section.MOVEMENT,
        Count.CLOSING_CENTS,
        Count.INVOICED_CENTS,
        Unit.WHOLE_DAYS,
        Aim.LOWER,
        RowKind.MOVEMENTS,
        times=Count.PERIOD_DAYS,
    ),
    Indicator.EFFECTIVENESS: _moved(Count.COLLECTED_CENTS, Count.COLLECTABLE_CENTS),
    Indicator.COMPLAINTS_PER_1000: _conduct(Count.COMPLAINTS, RowKind.COMPLAINTS),
    Indicator.FAULTS_PER_1000: _conduct(Count.FAULTS, RowKind.FAULTS),
    Indicator.DELINQUENCY_RATIO: _risk(Count.OVERDUE_CENTS),
    Indicator.RISK_30: _risk(Count.RISK_30_CENTS),
    Indicator.RISK_60: _risk(Count.RISK_60_CENTS),
    Indicator.RISK_90: _risk(Count.RISK_90_CENTS),
}
