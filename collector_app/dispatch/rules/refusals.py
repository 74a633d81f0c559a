"""Why an edit of the board is refused."""

from enum import StrEnum

from collector_app.core.errors import InvalidInput, RuleBroken


class Unfit(StrEnum):
    """What keeps a stop from fitting where it was put."""

    WINDOW = "window"  # the visit would begin after the hours in which it is legal or agreed
    SHIFT = "shift"  # the day would end after the collector's hours
    MAX_STOPS = "max_stops"  # the collector makes no more visits that day
    NO_WAY = "no_way"  # no street leads there


class NotOnTheBoard(InvalidInput):
    """The client or the collector is not part of this plan."""

    code = "not_on_the_board"


class StopHeld(RuleBroken):
    """The stop is pinned or locked: it stays until somebody lets it go.

    ``facts`` hold ``client``.
    """

    code = "stop_held"


class StopForbidden(RuleBroken):
    """The law, a ban, a promise or a missing datum keeps everybody from visiting the client.

    ``facts`` hold ``client``, ``cause`` and ``details``, worded by `planning.reasons`.
    """

    code = "stop_forbidden"


class StopDoesNotFit(RuleBroken):
    """The visit can't be made there in time.

    ``facts`` hold ``client``, ``collector``, ``why`` (`Unfit`), ``at_s`` (when the visit would
    begin, or the day end), ``until_s`` (the latest it may) and ``blocks`` (the law's).
    """

    code = "stop_does_not_fit"


class BoardUnderWay(RuleBroken):
    """The day of the published plan has begun: it is repaired, not edited."""

    code = "board_under_way"
