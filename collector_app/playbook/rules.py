"""What a card and a script hold, and how often an answer was followed by money."""

from dataclasses import dataclass
from datetime import date, timedelta

from collector_app.compliance.rules import Block
from collector_app.strategy.rules import share_interval
from collector_app.visits.rules import Objection

FEW = 30  # times: below, the interval is wider than any answer differs from another
WORKED_WITHIN_DAYS = 7  # money that comes later is not the visit's doing; company policy


@dataclass(frozen=True, slots=True)
class Card:
    """How to answer one objection: listen, show, offer, close; and what never to say."""

    objection: Objection
    listen: str
    evidence: str
    offer: str
    close: str
    avoid: str


@dataclass(frozen=True, slots=True)
class Script:
    """What is said at a door: who we are, how to begin, what not to do wrong."""

    identification: tuple[str, ...]
    opening: str
    reason_blocks: tuple[Block, ...]  # rules under which nobody asks why the client did not pay
    neutral_notice: str
    neutral_rule: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """How often something was heard, and how often money came within a week."""

    heard: int
    paid: int

    @property
    def share(self) -> float:
        """Return how often money came; 0 where nothing was heard."""
        return self.paid / self.heard if self.heard else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return between what that share lies, with a confidence of 95 %."""
        return share_interval(self.paid, self.heard)

    @property
    def is_weak(self) -> bool:
        """Tell whether it was heard too seldom to say which answer works."""
        return self.heard < FEW


@dataclass(frozen=True, slots=True)
class CardResult:
    """What followed an objection: in all, and where its card was opened or not.

    Visits of which nobody can know, such as those typed in at the desk, count in all alone.
    """

    objection: Objection
    told: Followed
    opened: Followed
    unopened: Followed


def was_followed_by_money(visit_on: date, paid_on: list[date]) -> bool:
    """Tell whether a payment came on the day of the visit or in the days that count."""
    return any(visit_on <= one <= visit_on + timedelta(days=WORKED_WITHIN_DAYS) for one in paid_on)
