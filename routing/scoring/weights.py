"""The numbers that are assumed until a company's own visits say otherwise."""

from dataclasses import dataclass, fields

from routing.errors import InvalidProblem


@dataclass(frozen=True, slots=True)
class PrizeWeights:
    """The numbers of the model; shares are 0..1.

    None of them was measured: each is an assumption of the authors, chosen so that the order of
    clients agrees with what collection courses and field products teach (promises due first, fresh
    debt before old, no door knocked on in vain again and again). Fit them to your own visits.

    Attributes
    ----------
    contact_share : share of visits
        That meet the client when the last visit did too.
    repeated_miss_factor : share
        By which each attempt without contact, since the last contact, lowers that.
    appointment_contact_share : share of visits
        That meet the client who gave an appointment for today.
    pays_now_share : share of contacts
        In which the client pays on the spot, for debt due today.
    promises_share : share of contacts
        In which the client promises, for debt due today.
    keeps_share : share of promises
        Kept by a client who never broke one.
    broken_promise_factor : share
        By which each broken promise lowers that.
    amount_share : share of the overdue debt
        That a payment or a promise covers on average.
    half_life_days : days > 0
        In which debt loses half of its chance to be paid or promised.
    due_promise_share : share of contacts
        In which a promise due today is collected, by a client who never broke one.
    late_promise_factor : share
        By which each day after its due date lowers that.
    silence_gain : share >= 0
        By which a visit gains when the client was not seen for `silence_days` or ever.
    silence_days : days > 0
        After which the gain is full; it grows evenly until then.
    """

    contact_share: float = 0.45
    repeated_miss_factor: float = 0.8
    appointment_contact_share: float = 0.85
    pays_now_share: float = 0.2
    promises_share: float = 0.4
    keeps_share: float = 0.6
    broken_promise_factor: float = 0.75
    amount_share: float = 0.25
    half_life_days: float = 90.0
    due_promise_share: float = 0.6
    late_promise_factor: float = 0.9
    silence_gain: float = 0.5
    silence_days: float = 30.0

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises
        ------
        InvalidProblem
            With the field as its place.
        """
        for one in fields(self):
            value = getattr(self, one.name)
            place = f"weights.{one.name}"
            if one.name.endswith("_days"):
                expect(0 < value < float("inf"), place, f"expected days > 0, got {value}")
            elif one.name == "silence_gain":
                expect(0 <= value < float("inf"), place, f"expected >= 0, got {value}")
            else:
                expect(0 <= value <= 1, place, f"expected a share 0..1, got {value}")


def expect(holds: bool, place: str, expected: str) -> None:
    """Raise `InvalidProblem` at a place unless something holds."""
    if not holds:
        raise InvalidProblem(place, expected)
