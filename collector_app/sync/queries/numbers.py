"""The numbers under which phones told anything, added up where they are stored."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from collector_app.sync.models import SyncConflict, SyncEvent, SyncRepeat


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is known of the numbers of one phone; ``gaps`` are missing runs, both ends inclusive."""

    last: int = 0
    gaps: tuple[tuple[int, int], ...] = ()

    def gaps_until(self, last_seq: int) -> tuple[tuple[int, int], ...]:
        """Return the missing runs when the phone says that it gave out numbers until this one."""
        tail = ((self.last + 1, last_seq),) if last_seq > self.last else ()
        return self.gaps + tail


def numbers_of_devices(session: Session) -> Mapping[int, Numbers]:
    """Return the last number of each phone and the runs before it that never came.

    The database looks at each number and gives back the runs only: a row for each phone and gap,
    not for each event.
    """
    told = union(
        select(SyncEvent.device_id, SyncEvent.seq),
        select(SyncConflict.device_id, SyncConflict.seq),
        select(SyncRepeat.device_id, SyncRepeat.seq),
    ).subquery()
    before_it = func.lag(told.c.seq, 1, 0).over(partition_by=told.c.device_id, order_by=told.c.seq)
    steps = select(told.c.device_id, told.c.seq, before_it.label("before")).subquery()
    gaps: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for device_id, before, seq in session.execute(
        select(steps.c.device_id, steps.c.before, steps.c.seq)
        .where(steps.c.seq > steps.c.before + 1)
        .order_by(steps.c.device_id, steps.c.seq)
    ):
        gaps[device_id].append((before + 1, seq - 1))
    last = session.execute(
        select(told.c.device_id, func.max(told.c.seq)).group_by(told.c.device_id)
    )
    return {device_id: Numbers(number, tuple(gaps[device_id])) for device_id, number in last}
