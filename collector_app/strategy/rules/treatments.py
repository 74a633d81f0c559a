"""How a segment is treated at a stage; a treatment takes away, it never allows anything.

The law, the house rules, the client's wishes and the authority of whoever grants stay as they are:
what a treatment says is met with them, and the stricter wins.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector_app.compliance.rules import Block, Channel, Touch
from collector_app.core.errors import InvalidInput
from collector_app.portfolio.rules import Stage

MOST_CADENCE_DAYS = 90
MOST_NOTICE_DAYS = 60  # no older contact is read for a plan
LEAST_VISIT_PERCENT, USUAL_VISIT_PERCENT, MOST_VISIT_PERCENT = 10, 100, 300
MOST_PERCENT = 100
MOST_INSTALMENTS = 36
LONGEST_OPENING = 600
CHANNEL_RULE, CADENCE_RULE = "treatment_channel", "treatment_cadence"
HUNDREDTHS = 100  # of a percent: what agreements count a discount in


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with clients of a segment at a stage.

    Attributes
    ----------
    channels : frozenset of Channel
        How they may be contacted; without visits no plan takes them in.
    cadence_days : int, days
        A visit is planned only when the last contact, on any channel, lies that far back; 0 leaves
        it to the law and the house rules.
    most_discount_percent, most_instalments : int
        The most that may be offered; 0 offers none.
    script : Stage
        Of which stage the script is that is read at the door.
    opening : str or None
        What is said instead of that script's opening.
    visit_percent : int
        How a plan weighs a visit: 100 by what it is expected to bring, 50 by half of that.
    notice_days : int, days
        A visit is planned only when a call, a message or a letter was tried within that many days
        before; 0 asks for none.
    """

    channels: frozenset[Channel]
    cadence_days: int
    most_discount_percent: int
    most_instalments: int
    script: Stage
    opening: str | None = None
    visit_percent: int = USUAL_VISIT_PERCENT
    notice_days: int = 0

    @property
    def has_visits(self) -> bool:
        """Tell whether they may be visited at all."""
        return Channel.VISIT in self.channels


class BadTreatment(InvalidInput):
    """A treatment can't be used; the field is named."""

    code = "bad_treatment"


class OpeningForbidden(BadTreatment):
    """An opening says what the law of the house or that of a creditor forbids."""

    code = "opening_forbidden"


def check_treatment(treatment: Treatment) -> None:
    """Raise `BadTreatment` with the first field that can't be used; ranges speak any language."""
    discount, count = treatment.most_discount_percent, treatment.most_instalments
    checks = (
        (bool(treatment.channels), "channels", "≥ 1"),
        (
            0 <= treatment.cadence_days <= MOST_CADENCE_DAYS,
            "cadence_days",
            f"0–{MOST_CADENCE_DAYS} d",
        ),
        (0 <= discount <= MOST_PERCENT, "most_discount_percent", f"0–{MOST_PERCENT} %"),
        (0 <= count <= MOST_INSTALMENTS, "most_instalments", f"0–{MOST_INSTALMENTS}"),
        (
            LEAST_VISIT_PERCENT <= treatment.visit_percent <= MOST_VISIT_PERCENT,
            "visit_percent",
            f"{LEAST_VISIT_PERCENT}–{MOST_VISIT_PERCENT} %",
        ),
        (
            0 <= treatment.notice_days <= MOST_NOTICE_DAYS,
            "notice_days",
            f"0–{MOST_NOTICE_DAYS} d",
        ),
        (
            len(treatment.opening or "") <= LONGEST_OPENING,
            "opening",
            f"≤ {LONGEST_OPENING}",
        ),
    )
    for holds, field, expected in checks:
        if not holds:
            raise BadTreatment(field, expected)


def rests_until(
    treatment: Treatment, history: tuple[Touch, ...], day: date, zone: ZoneInfo
) -> date | None:
    """Return the first day on which the cadence allows a visit, when that is after a day.

    Parameters
    ----------
    history : tuple of Touch
        Everything that was tried before, on any channel, whoever answered.
    """
    last: datetime | None = max((one.at for one in history), default=None)
    if last is None:
        return None
    rested = last.astimezone(zone).date() + timedelta(days=treatment.cadence_days)
    return rested if rested > day else None


def lacks_notice(
    treatment: Treatment, history: tuple[Touch, ...], day: date, zone: ZoneInfo
) -> bool:
    """Tell whether a treatment wants a call, message or letter before a visit, and none was tried.

    Parameters
    ----------
    history : tuple of Touch
        Everything that was tried before, on any channel, whoever answered.
    """
    if not treatment.notice_days:
        return False
    first = day - timedelta(days=treatment.notice_days)
    return not any(
        one.channel is not Channel.VISIT and first <= one.at.astimezone(zone).date() <= day
        for one in history
    )


def message_blocks(
    treatment: Treatment,
    segment: str,
    channel: Channel,
    history: tuple[Touch, ...],
    day: date,
    zone: ZoneInfo,
    *,
    is_expected: bool,
) -> tuple[Block, ...]:
    """Return why a treatment keeps a message back: its channel, or a contact too near.

    Parameters
    ----------
    segment : str
        The name of the segment that the treatment is for.
    is_expected : bool
        The client gave a day themselves: a reminder of it does not wait for the cadence.
    """
    if channel not in treatment.channels:
        facts: dict[str, str | int] = {"segment": segment, "channel": channel.value}
        return (Block(CHANNEL_RULE, "", "treatment_channel", facts),)
    rested = None if is_expected else rests_until(treatment, history, day, zone)
    if rested is None:
        return ()
    facts = {"segment": segment, "days": treatment.cadence_days, "day": rested.isoformat()}
    return (Block(CADENCE_RULE, "", "treatment_cadence", facts),)


def is_within_offers(treatment: Treatment, discount_basis: int, instalments: int) -> bool:
    """Tell whether a treatment lets an agreement be offered.

    Parameters
    ----------
    discount_basis : int
        Hundredths of a percent of the debt.
    """
    return (
        discount_basis <= treatment.most_discount_percent * HUNDREDTHS
        and instalments <= treatment.most_instalments
    )
