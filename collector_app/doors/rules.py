"""What is reported at a door, and the names of its parts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from collector_app.core.errors import RuleBroken
from collector_app.payments.rules import PaymentFact
from collector_app.promises.rules import PromiseFact
from collector_app.visits.rules import VisitFact

# How long a client is asked to wait for us: the window that the planner gets.
APPOINTMENT_LENGTH = timedelta(minutes=30)
MOST_CENTS = 10**10 - 1  # 99,999,999.99: more is a slip of the finger
YEARS = range(2000, 2101)  # outside these it is a slip of the finger or of a clock


@dataclass(frozen=True, slots=True)
class DoorReport:
    """Everything told about one visit; promise and payment get their visit when it is stored."""

    visit: VisitFact
    promise: PromiseFact | None = None
    payment: PaymentFact | None = None
    appointment_at: datetime | None = None


class PaymentStands(RuleBroken):
    """A visit is to be taken back whose money was not: its receipt is out, the office annuls it."""

    code = "payment_stands"


def part_uuid(visit_uuid: str, name: str) -> str:
    """Return the uuid of a part of a visit; the same visit always gives the same."""
    return str(uuid5(UUID(visit_uuid), name))
