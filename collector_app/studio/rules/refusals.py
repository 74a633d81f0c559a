"""Why a change of a draft is refused."""

from collector_app.core.errors import RuleBroken, StaleData


class DraftClosed(RuleBroken):
    """The draft was published or discarded before."""

    code = "draft_closed"


class StaleDraft(StaleData):
    """Somebody else changed the draft since this page was loaded."""

    code = "stale_draft"


class NothingToTakeBack(RuleBroken):
    """No edit of the draft is in force."""

    code = "nothing_to_take_back"


class NothingToRedo(RuleBroken):
    """No edit was taken back, or another one came after it."""

    code = "nothing_to_redo"


class NothingToMove(RuleBroken):
    """None of the chosen clients would change their zone."""

    code = "nothing_to_move"


class ZoneLocked(RuleBroken):
    """The zone is locked: it neither gives nor takes clients until it is unlocked."""

    code = "zone_locked"


class ZoneTooSmall(RuleBroken):
    """A zone whose clients share one location can't be split."""

    code = "zone_too_small"


class NothingToEven(RuleBroken):
    """The zones are as even as whole locations, locks and what was put by hand let them be."""

    code = "nothing_to_even"


class LocksTakeAllZones(RuleBroken):
    """Every zone that was asked for is one of those locked: nothing is left to divide into."""

    code = "locks_take_all_zones"


class DayTooShort(RuleBroken):
    """Not even many zones keep each below that many hours a day."""

    code = "day_too_short"


class DraftWithoutZones(RuleBroken):
    """A draft in which no zone has a client can't be published."""

    code = "draft_without_zones"


def check_version(seen: int, now: int) -> None:
    """Refuse an edit of somebody who looked at an older version of the draft.

    Raises
    ------
    StaleDraft
        When other edits came meanwhile; both versions are named.
    """
    if seen != now:
        message = f"version {seen} was changed, it is {now} now"
        raise StaleDraft(message, seen=seen, now=now)
