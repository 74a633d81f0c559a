"""Facts from the field as whoever saw them tells them."""

from dataclasses import dataclass
from datetime import datetime

from collector_app.core.errors import InvalidInput
from collector_app.visits.rules.catalogue import Objection, Outcome, PersonMet


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit as the phone or the desk tells it; the same door for both.

    ``started_at`` and ``ended_at`` are of the clock of whoever tells it; ``card_opened`` tells
    whether the card of the objection was opened on the phone before, None where nobody can know.
    """

    uuid: str
    client_id: int
    stop_id: int | None
    started_at: datetime
    ended_at: datetime
    person_met: PersonMet
    outcome: Outcome
    objection: Objection | None = None
    card_opened: bool | None = None
    note: str | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    no_gps_reason: str | None = None


@dataclass(frozen=True, slots=True)
class AppointmentFact:
    """A time the client asked us to come back, as it was agreed in a visit."""

    client_id: int
    visit_id: int
    starts_at: datetime
    ends_at: datetime


class AnnulmentWithoutReason(InvalidInput):
    """A visit was to be annulled without saying why."""

    code = "annulment_without_reason"


class AppointmentInPast(InvalidInput):
    """An appointment was made for a time that had passed when it was made."""

    code = "appointment_in_past"
