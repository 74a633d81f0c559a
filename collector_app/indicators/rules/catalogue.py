"""The catalogue of indicators: one quotient of two counts each, and nothing else.

Formulas follow those of collection offices and of published guides (contact rate, promises kept,
route completion, portfolio at risk); `words.es.toml` says what each count counts.
"""

from dataclasses import replace
from enum import StrEnum

from collector_app.indicators.rules.counts import Count
from collector_app.indicators.rules.definition import Definition
from collector_app.indicators.rules.kinds import (
    PER_HOUR,
    PER_PESO,
    PER_THOUSAND,
    Aim,
    RowKind,
    Section,
    Unit,
)


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
    LOSS_FLOW = "loss_flow"
    SALES_OUTSTANDING = "sales_outstanding"
    EFFECTIVENESS = "effectiveness"
    DELINQUENCY_RATIO = "delinquency_ratio"
    RISK_30 = "risk_30"
    RISK_60 = "risk_60"
    RISK_90 = "risk_90"


def _contact(part: Count, whole: Count, aim: Aim = Aim.HIGHER) -> Definition:
    return Definition(Section.CONTACT, part, whole, Unit.SHARE, aim, RowKind.VISITS)


def _promise(part: Count, whole: Count, aim: Aim = Aim.HIGHER) -> Definition:
    return Definition(Section.PROMISES, part, whole, Unit.SHARE, aim, RowKind.PROMISES)


def _recovered(whole: Count, cases: Count, error: Count, per: int = 1) -> Definition:
    return Definition(
        Section.RECOVERY,
        Count.RECOVERED_CENTS,
        whole,
        Unit.CENTS,
        Aim.HIGHER,
        RowKind.PAYMENTS,
        per=per,
        cases=cases,
        error=error,
    )


def _conduct(part: Count, rows: RowKind) -> Definition:
    return Definition(
        Section.CONDUCT, part, Count.CONTACTS, Unit.COUNT, Aim.LOWER, rows, per=PER_THOUSAND
    )


def _cost(whole: Count, per: int = 1) -> Definition:
    return Definition(
        Section.COST, Count.COST_CENTS, whole, Unit.CENTS, Aim.LOWER, RowKind.COSTS, per=per
    )


def _moved(
    part: Count,
    whole: Count,
    cases: Count | None = None,
    error: Count | None = None,
    aim: Aim = Aim.HIGHER,
    rows: RowKind = RowKind.MOVEMENTS,
) -> Definition:
    return Definition(
        Section.MOVEMENT, part, whole, Unit.SHARE, aim, rows, cases=cases, error=error
    )


def _risk(part: Count, error: Count) -> Definition:
    return Definition(
        Section.PORTFOLIO,
        part,
        Count.BALANCE_CENTS,
        Unit.SHARE,
        Aim.LOWER,
        RowKind.CLIENTS,
        cases=Count.CLIENTS_OWING,
        error=error,
    )


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
    Indicator.KEPT_AMOUNT_RATE: replace(
        _promise(Count.KEPT_CENTS, Count.DUE_CENTS),
        cases=Count.PROMISES_OF_MONEY,
        error=Count.KEPT_AMOUNT_ERROR,
    ),
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
        Section.ROUTE,
        Count.VISIT_S,
        Count.FIELD_S,
        Unit.SHARE,
        Aim.HIGHER,
        RowKind.VISITS,
        cases=Count.DAYS_OUT,
        error=Count.PRODUCTIVE_TIME_ERROR,
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
    Indicator.RECOVERED_PER_VISIT: _recovered(
        Count.VISITS, Count.CLIENTS_WORKED, Count.RECOVERED_PER_VISIT_ERROR
    ),
    Indicator.RECOVERED_PER_DAY: _recovered(
        Count.WORKDAYS, Count.DAYS_WORKED, Count.RECOVERED_PER_DAY_ERROR
    ),
    Indicator.RECOVERED_PER_HOUR: _recovered(
        Count.FIELD_S, Count.DAYS_IN_FIELD, Count.RECOVERED_PER_HOUR_ERROR, PER_HOUR
    ),
    Indicator.ATTRIBUTED_RATE: Definition(
        Section.RECOVERY,
        Count.ATTRIBUTED_CENTS,
        Count.RECOVERED_CENTS,
        Unit.SHARE,
        Aim.HIGHER,
        RowKind.PAYMENTS,
        cases=Count.PAYMENTS,
        error=Count.ATTRIBUTED_ERROR,
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
        cases=Count.COUNTS_OF_CASH,
        error=Count.CASH_OFF_ERROR,
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
    Indicator.CONFIRMED_RATE: _moved(
        Count.CONFIRMED_CENTS,
        Count.EXPOSED_CENTS,
        Count.CLIENTS_EXPOSED,
        Count.CONFIRMED_ERROR,
        rows=RowKind.CONFIRMED,
    ),
    Indicator.CURE_RATE: _moved(
        Count.CURED_CENTS, Count.OPEN_OVERDUE_CENTS, Count.CLIENTS_OVERDUE, Count.CURE_ERROR
    ),
    Indicator.CURED_CLIENTS_RATE: _moved(Count.CLIENTS_CURED, Count.CLIENTS_OVERDUE),
    Indicator.ROLL_RATE: _moved(
        Count.WORSENED_CENTS,
        Count.YOUNGER_CENTS,
        Count.CLIENTS_YOUNGER,
        Count.ROLL_ERROR,
        Aim.LOWER,
    ),
    # Nothing is written off here: what is later than all buckets is taken for it.
    Indicator.LOSS_FLOW: _moved(
        Count.LOST_CENTS,
        Count.YOUNGER_CENTS,
        Count.CLIENTS_YOUNGER,
        Count.LOSS_ERROR,
        Aim.LOWER,
    ),
    Indicator.SALES_OUTSTANDING: Definition(
        Section.MOVEMENT,
        Count.CLOSING_CENTS,
        Count.INVOICED_CENTS,
        Unit.WHOLE_DAYS,
        Aim.LOWER,
        RowKind.MOVEMENTS,
        times=Count.PERIOD_DAYS,
    ),
    Indicator.EFFECTIVENESS: _moved(
        Count.COLLECTED_CENTS,
        Count.COLLECTABLE_CENTS,
        Count.CLIENTS_COLLECTABLE,
        Count.EFFECTIVENESS_ERROR,
    ),
    Indicator.COMPLAINTS_PER_1000: _conduct(Count.COMPLAINTS, RowKind.COMPLAINTS),
    Indicator.FAULTS_PER_1000: _conduct(Count.FAULTS, RowKind.FAULTS),
    Indicator.DELINQUENCY_RATIO: _risk(Count.OVERDUE_CENTS, Count.OVERDUE_ERROR),
    Indicator.RISK_30: _risk(Count.RISK_30_CENTS, Count.RISK_30_ERROR),
    Indicator.RISK_60: _risk(Count.RISK_60_CENTS, Count.RISK_60_ERROR),
    Indicator.RISK_90: _risk(Count.RISK_90_CENTS, Count.RISK_90_ERROR),
}
