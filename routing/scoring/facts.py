"""What is known about a client on the morning of a visit."""

from dataclasses import dataclass, fields

from routing.scoring.weights import expect


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is known about a client on the morning of a visit.

    Attributes
    ----------
    overdue_cents : int >= 0
        Past its due date, promised or not.
    days_past_due : int >= 0
        Of the oldest unpaid part.
    days_since_contact : int >= 0 or None
        Since anybody spoke with the client; None means never.
    attempts_without_contact : int >= 0
        Since then.
    broken_promises : int >= 0
        In the last six months.
    promise_due_cents : int >= 0
        Promised for today or before and not paid yet.
    promise_days_late : int >= 0
        0 when due today.
    has_appointment : bool
        The client expects us today.
    """

    overdue_cents: int
    days_past_due: int = 0
    days_since_contact: int | None = None
    attempts_without_contact: int = 0
    broken_promises: int = 0
    promise_due_cents: int = 0
    promise_days_late: int = 0
    has_appointment: bool = False

    def __post_init__(self) -> None:
        """Check that nothing is negative.

        Raises
        ------
        InvalidProblem
            With the field as its place.
        """
        for one in fields(self):
            value = getattr(self, one.name)
            expect(value is None or value >= 0, f"facts.{one.name}", f"expected >= 0, got {value}")
