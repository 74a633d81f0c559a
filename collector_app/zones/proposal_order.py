"""What a job that draws zones is asked for; who runs it stands above, where money is known."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KIND = "zones_propose"


@dataclass(frozen=True, slots=True)
class ProposalOrder:
    """What somebody asked for; `job_id` makes a job that runs twice leave one proposal.

    Attributes
    ----------
    locked_zone_ids : tuple of int
        Zones in force that stay as they are.
    barred_streets : tuple of str
        Streets that zones shall not cross.
    barriers : tuple of dict
        Lines that zones shall not cross: a name and lines of corners, latitude and longitude.
    from_today : bool
        Make today's zones even with the fewest moves, and draw a cold division beside them.
    ends_early : bool
        The job knows how to end with the best zones that it has.
    """

    job_id: str
    user_id: int
    zone_count: int
    title: str
    back_url: str
    whole_colonias: bool = False
    around_starts: bool = False
    locked_zone_ids: tuple[int, ...] = ()
    barred_streets: tuple[str, ...] = ()
    barriers: tuple[Mapping[str, Any], ...] = ()
    from_today: bool = False
    ends_early: bool = True

    def as_arguments(self) -> dict[str, Any]:
        """Return what the queue keeps."""
        return asdict(self)
