"""What-if: from the levers of field work to the money of a month and of thirteen weeks."""

from dataclasses import dataclass, replace

WEEKS = 13
WEEKS_IN_MONTH = 52 / 12
_STEP = 1.1  # how much a lever is moved to see what it yields


@dataclass(frozen=True, slots=True)
class Levers:
    """What a manager can move. Shares are 0 to 1; money in cents.

    ``pays_now_rate`` and ``promise_rate`` are shares of contacts; ``promise_lag_weeks`` is how long
    after the visit promised money comes in.
    """

    collectors: int
    days_a_month: float
    visits_a_day: float
    contact_rate: float
    pays_now_rate: float
    payment_cents: int
    promise_rate: float
    kept_rate: float
    promise_cents: int
    promise_lag_weeks: int
    day_cost_cents: int
    km_a_visit: float
    km_cost_cents: int


@dataclass(frozen=True, slots=True)
class Month:
    """What a month of work with some levers yields; counts are expectations, not whole numbers."""

    visits: float
    contacts: float
    promises: float
    kept: float
    now_cents: int
    promised_cents: int
    cost_cents: int

    @property
    def money_cents(self) -> int:
        """Return everything that comes in."""
        return self.now_cents + self.promised_cents

    @property
    def cost_per_peso(self) -> float | None:
        """Return what a recovered peso costs; None when nothing is recovered."""
        return self.cost_cents / self.money_cents if self.money_cents else None


def month_of(levers: Levers) -> Month:
    """Return the month that some levers yield.

    money = visits x contact rate x (pays now x payment + promises x kept x amount promised): the
    expected recovery of a visit without what is known about its client.
    """
    days = levers.collectors * levers.days_a_month
    visits = days * levers.visits_a_day
    contacts = visits * levers.contact_rate
    promises = contacts * levers.promise_rate
    kept = promises * levers.kept_rate
    return Month(
        visits=visits,
        contacts=contacts,
        promises=promises,
        kept=kept,
        now_cents=round(contacts * levers.pays_now_rate * levers.payment_cents),
        promised_cents=round(kept * levers.promise_cents),
        cost_cents=round(
            days * levers.day_cost_cents + visits * levers.km_a_visit * levers.km_cost_cents
        ),
    )


def weekly_cash(levers: Levers, before: Levers) -> list[int]:
    """Return the money of each of thirteen weeks, cents, when levers change today.

    Money of visits comes at once; that of promises follows their lag, so the first weeks still
    bring what was promised under the levers of before.
    """
    new, old = month_of(levers), month_of(before)
    return [
        round(
            (new.now_cents + (new if week >= levers.promise_lag_weeks else old).promised_cents)
            / WEEKS_IN_MONTH
        )
        for week in range(WEEKS)
    ]


def lever_gains(levers: Levers) -> dict[str, int]:
    """Return what a month gains net of cost when one lever is a tenth better, largest first.

    A share that can't grow a tenth grows to 1.
    """
    base = _net(levers)
    better = {
        "visits_a_day": levers.visits_a_day * _STEP,
        "contact_rate": min(1.0, levers.contact_rate * _STEP),
        "pays_now_rate": min(1.0, levers.pays_now_rate * _STEP),
        "promise_rate": min(1.0, levers.promise_rate * _STEP),
        "kept_rate": min(1.0, levers.kept_rate * _STEP),
        "km_a_visit": levers.km_a_visit / _STEP,
    }
    gains = {
        name: _net(replace(levers, **{name: value})) - base  # type: ignore[arg-type]
        for name, value in better.items()
    }
    return dict(sorted(gains.items(), key=lambda one: -one[1]))


def _net(levers: Levers) -> int:
    month = month_of(levers)
    return month.money_cents - month.cost_cents
