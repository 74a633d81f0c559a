"""What a job that draws zones is asked for; who runs it stands above, where money is known."""

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

    def as_arguments(self) -> dict[str, Any]:
        """Return what the queue keeps."""
        return asdict(self)
