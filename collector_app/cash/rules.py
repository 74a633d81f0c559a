"""What should be in the collector's hands, and what was counted; exact to the cent.

float + cash received - deposits = expected        difference = counted - expected
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from collector_app.core.errors import InvalidInput, RuleBroken

COUNTED_CURRENCY = "MXN"  # that of the notes below, of floats, deposits and caps
# Mexican notes and coins in use, in cents, largest first. Source: Banco de México.
DENOMINATIONS = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50)
# Company policy: from the first on the collector is asked to deposit; the second is too much to
# carry. Money is taken all the same: a fact of the field is never refused.
WARN_FROM_CENTS = 500_000
CAP_CENTS = 1_000_000


class CashLevel(StrEnum):
    """How much a collector carries, against the house's cap."""

    FINE = "fine"
    DEPOSIT_SOON = "deposit_soon"
    OVER_CAP = "over_cap"


class SessionOpen(RuleBroken):
    """The collector's last session is still open."""

    code = "cash_session_open"


class MoneyForbidden(RuleBroken):
    """The law in force lets no collector take money, so nothing is opened to take it."""

    code = "cash_forbidden"


class NoSession(RuleBroken):
    """There is no open session to deposit from or to close."""

    code = "no_cash_session"


class SlipTaken(RuleBroken):
    """The reference of a slip stands on a deposit of another amount; `amount_cents` is that one."""

    code = "cash_slip_taken"

    def __init__(self, amount_cents: int) -> None:
        """Keep what is stored, so that the page can say it."""
        super().__init__(f"a deposit of {amount_cents} cents has this reference")
        self.amount_cents = amount_cents


class DifferenceUnexplained(InvalidInput):
    """What was counted differs from what should be there, and nobody says why."""

    code = "cash_difference_unexplained"


class OwnCount(RuleBroken):
    """Whoever counted can't be the one who confirms."""

    code = "own_cash_count"


class BadCount(InvalidInput):
    """A count of notes that can't be: negative, or of a note that does not exist."""

    code = "bad_cash_count"


def counted_cents(counts: Mapping[int, int]) -> int:
    """Return what notes and coins are worth.

    Parameters
    ----------
    counts : mapping of int to int
        How many there are of each denomination, in cents.

    Raises
    ------
    BadCount
        When a denomination is unknown, or there are less than none of it.
    """
    for denomination, count in counts.items():
        if denomination not in DENOMINATIONS or count < 0:
            raise BadCount("counts", "how many there are of each note and coin")
    return sum(denomination * count for denomination, count in counts.items())


def expected_cents(float_cents: int, received_cents: int, deposited_cents: int) -> int:
    """Return what should be in the collector's hands."""
    return float_cents + received_cents - deposited_cents


def cash_level(carried_cents: int) -> CashLevel:
    """Return how what is carried stands against the cap; the limits belong to the worse level."""
    if carried_cents >= CAP_CENTS:
        return CashLevel.OVER_CAP
    return CashLevel.DEPOSIT_SOON if carried_cents >= WARN_FROM_CENTS else CashLevel.FINE


def left_hands_at(
    received: Sequence[tuple[datetime, int]],
    deposits: Sequence[tuple[datetime, int]],
    handed_in_at: datetime | None,
) -> list[datetime | None]:
    """Return when each amount of a session had left the hands of whoever took it; None: not yet.

    What came first is deposited first; what no deposit took goes when the count is confirmed. A
    deposit of more than there was by then is of the float.

    Parameters
    ----------
    received, deposits : sequence of (datetime, int)
        Instants and cents, the earliest first.
    """
    left: list[datetime | None] = [handed_in_at] * len(received)
    rest, oldest = [cents for _at, cents in received], 0
    for made_at, deposited in deposits:
        cents = deposited
        while cents and oldest < len(received) and received[oldest][0] <= made_at:
            taken = min(cents, rest[oldest])
            rest[oldest] -= taken
            cents -= taken
            if rest[oldest] == 0:
                left[oldest] = made_at
                oldest += 1
    return left
