"""When a worker counts as alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

START_COMMAND = "flask --app wsgi worker"  # docs/operations.md
SILENT_AFTER = timedelta(minutes=1)  # a sign comes every 15 s; three may be late or lost


@dataclass(frozen=True, slots=True)
class Workers:
    """How many workers are alive, and when the last of all was seen; None when there never was one.

    ``seen_at`` is the end of the last one that was told to stop, and the last sign of a killed one.
    """

    alive: int
    seen_at: datetime | None


def is_alive(seen_at: datetime, stopped_at: datetime | None, now: datetime) -> bool:
    """Tell whether a worker works, as far as its signs say."""
    return stopped_at is None and now - seen_at < SILENT_AFTER
