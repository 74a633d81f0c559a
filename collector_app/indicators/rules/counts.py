"""What is counted or added up, which indicators divide."""

from enum import StrEnum

from collector_app.indicators.rules.kinds import Dimension


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
    LOST_CENTS = "lost_cents"
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
    CLIENTS_WORKED = "clients_worked"
    DAYS_WORKED = "days_worked"
    DAYS_OUT = "days_out"
    DAYS_IN_FIELD = "days_in_field"
    PROMISES_OF_MONEY = "promises_of_money"
    PAYMENTS = "payments"
    COUNTS_OF_CASH = "counts_of_cash"
    CLIENTS_YOUNGER = "clients_younger"
    CLIENTS_COLLECTABLE = "clients_collectable"
    CLIENTS_EXPOSED = "clients_exposed"
    CLIENTS_OWING = "clients_owing"
    RECOVERED_PER_VISIT_ERROR = "recovered_per_visit_error"
    RECOVERED_PER_DAY_ERROR = "recovered_per_day_error"
    RECOVERED_PER_HOUR_ERROR = "recovered_per_hour_error"
    PRODUCTIVE_TIME_ERROR = "productive_time_error"
    KEPT_AMOUNT_ERROR = "kept_amount_error"
    ATTRIBUTED_ERROR = "attributed_error"
    CASH_OFF_ERROR = "cash_off_error"
    CURE_ERROR = "cure_error"
    ROLL_ERROR = "roll_error"
    LOSS_ERROR = "loss_error"
    EFFECTIVENESS_ERROR = "effectiveness_error"
    CONFIRMED_ERROR = "confirmed_error"
    OVERDUE_ERROR = "overdue_error"
    RISK_30_ERROR = "risk_30_error"
    RISK_60_ERROR = "risk_60_error"
    RISK_90_ERROR = "risk_90_error"

    @property
    def is_of_spread(self) -> bool:
        """Tell whether it only says how far cases lie apart, for the interval of their mean."""
        return self.value.endswith(("_squares", "_error"))


# What is counted once however often it was met, and so again in each group that met it.
_CLIENTS = frozenset({Count.CLIENTS_ATTEMPTED, Count.CLIENTS_CONTACTED, Count.CLIENTS_UNLOCATABLE})
# Balances of some day, and who had moved by then: each week has its own two ends.
_MOVED = frozenset(
    {
        Count.EXPOSED_CENTS,
        Count.OPEN_OVERDUE_CENTS,
        Count.CURED_CENTS,
        Count.YOUNGER_CENTS,
        Count.WORSENED_CENTS,
        Count.LOST_CENTS,
        Count.CLOSING_CENTS,
        Count.COLLECTABLE_CENTS,
        Count.CLIENTS_OVERDUE,
        Count.CLIENTS_CURED,
    }
)
_MET_AGAIN_BY = {
    **dict.fromkeys(_MOVED, frozenset({Dimension.WEEK})),
    **dict.fromkeys(_CLIENTS, frozenset({Dimension.COLLECTOR, Dimension.WEEK})),
    **dict.fromkeys(
        (Count.WORKDAYS, Count.FIELD_S, Count.WORKDAY_SQUARES),
        frozenset({Dimension.ZONE, Dimension.STAGE, Dimension.SEGMENT}),
    ),
}


def adds_up(count: Count, by: Dimension) -> bool:
    """Tell whether the groups of a dimension add up to the whole of a count."""
    return by not in _MET_AGAIN_BY.get(count, frozenset())
