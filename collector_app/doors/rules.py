"""What is reported at a door, and the names of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from collector_app.core.errors import RuleBroken
from collector_app.payments.rules import PaymentFact
from collector_app.promises.rules import PromiseFact
from collector_app.visits import rules as visits
from collector_app.visits.rules import VisitFact

# How long a client is asked to wait for us: the window that the planner gets.
APPOINTMENT_LENGTH = timedelta(minutes=30)
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


def what_is_missing(
    person_met: visits.PersonMet, outcome: visits.Outcome, told: Mapping[visits.Field, object]
) -> tuple[str, str] | None:
    """Return the field of a visit that is missing or does not fit, None when it is whole.

    Parameters
    ----------
    told : mapping of Field to object
        What was told of each part, None of those that were not.

    Returns
    -------
    tuple of (str, str) or None
        The field, and what was expected there.
    """
    if outcome not in visits.offered(person_met):
        return "outcome", f"one that fits {person_met}: {', '.join(visits.offered(person_met))}"
    needed = visits.required(outcome)
    if needed is not None and told.get(needed) is None:
        return needed.value, f"what {outcome} can't be told without"
    return None


def part_uuid(visit_uuid: str, name: str) -> str:
    """Return the uuid of a part of a visit; the same visit always gives the same."""
    return str(uuid5(UUID(visit_uuid), name))
