"""The rows of the supervisor's desk, as the pages read them."""

from dataclasses import dataclass
from datetime import date, datetime

from collector_app.core.money import Sums
from collector_app.live.queries.money import MoneyRow
from collector_app.live.rules import StopState
from collector_app.promises.rules import PromiseFlag
from collector_app.visits.rules import Outcome, PersonMet, VisitFlag


@dataclass(frozen=True, slots=True)
class CollectorDay:
    """What one collector did today; money by currency.

    ``returns_s`` is when the plan lets them return, ``ends_s`` the end of their shift, both seconds
    since midnight and None without a route or hours.
    ``delay_s`` is how far behind the plan they are, ``silent_s`` for how long nothing was heard,
    when that is longer than it should be, ``pending`` what their phones said they keep unsent.
    """

    collector_id: int
    name: str
    planned: int
    done: int
    late: int
    visits: int
    contacts: int
    promises: int
    promised: Sums
    paid: Sums
    returns_s: int | None
    ends_s: int | None
    delay_s: int
    silent_s: int | None
    last_visit_id: int | None
    last_client_id: int | None
    last_at: datetime | None
    last_lat: float | None
    last_lon: float | None
    pending: int = 0


@dataclass(frozen=True, slots=True)
class DayTotals:
    """The sum over all collectors; ``contact_rate`` is None before the first visit."""

    planned: int
    done: int
    visits: int
    contact_rate: float | None
    promises: int
    promised: Sums
    paid: Sums


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A visit as it came in, with the promise and the payment that were born in it."""

    visit_id: int
    ended_at: datetime
    received_at: datetime
    collector_name: str
    client_id: int
    client_name: str
    person_met: PersonMet
    outcome: Outcome
    promised_cents: int | None
    promised_for: date | None
    paid_cents: int | None
    currency: str
    flags: tuple[VisitFlag | PromiseFlag, ...]


@dataclass(frozen=True, slots=True)
class StopDot:
    """A stop of today's routes on the map; times are seconds since local midnight."""

    stop_id: int
    client_id: int
    client_name: str
    collector_id: int
    collector_name: str
    position: int
    lat: float
    lon: float
    arrives_s: int
    starts_s: int
    leaves_s: int
    state: StopState


@dataclass(frozen=True, slots=True)
class Today:
    """Everything the supervisor's page shows, read once; ``now_s`` is seconds since midnight."""

    day: date
    now_s: int
    has_plan: bool
    is_estimate: bool
    collectors: tuple[CollectorDay, ...]
    totals: DayTotals
    activity: tuple[ActivityRow, ...]
    money: tuple[MoneyRow, ...]
    stops: tuple[StopDot, ...]
    newest_visit_id: int
    version: str
