"""Asks phones again for what was here and is gone, after the database came from a backup.

A phone keeps what the office acknowledged for a week and says by numbers what that is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, union_all
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.core.actor import Actor
from collector_app.core.storage import FileStore
from collector_app.sync.models import Device, Evidence, SyncConflict, SyncEvent, SyncRepeat
from collector_app.sync.rules import Run, run_digest
from collector_app.sync.services.evidence import not_on_disk

MOST_PHOTOS_ASKED = 100  # in one answer; the rest at the next greeting


@dataclass(frozen=True, slots=True)
class Thought:
    """What a phone thinks is here: ``delivered``, or ``compared`` with what was here before."""

    delivered: tuple[Run, ...]
    compared: tuple[Run, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """Return all of it."""
        return self.delivered + self.compared


@dataclass(frozen=True, slots=True)
class Recall:
    """What a phone must tell again: runs of numbers, both ends inclusive, and hashes of photos."""

    lost: tuple[tuple[int, int], ...] = ()
    photos: tuple[str, ...] = ()


NOTHING = Recall()


def recall(
    session: Session, actor: Actor, device: Device, thought: Thought, files: FileStore
) -> Recall:
    """Return what of that which a phone thinks is here is not.

    A run is asked for whole: what is here all the same is a duplicate when it comes. Photos whose
    bytes are on the disk, although the database forgot it, are noted instead of asked for.
    """
    if not thought.runs:
        return NOTHING
    lost = tuple((run.first, run.last) for run in _gone(session, device.id, thought))
    if lost:
        numbers = [list(one) for one in lost]
        log(session, actor, "device.asked_again", f"sync_device:{device.id}", numbers=numbers)
    return Recall(lost, _missing_photos(session, actor, device.id, thought.runs, files))


def _gone(session: Session, device_id: int, thought: Thought) -> Iterator[Run]:
    compared = _compared(session, device_id, thought.runs)
    if thought.delivered:
        held = _held(session, device_id, thought.delivered)
        settled = {seq: one.uuid for seq, one in compared.items() if one.settled_at is not None}
        for run in thought.delivered:
            if not (_is_here(run, held) or _is_here(run, held | settled)):
                yield run
    kept = {seq: one.uuid for seq, one in compared.items()}
    yield from (run for run in thought.compared if not _is_here(run, kept))


def _held(session: Session, device_id: int, delivered: Sequence[Run]) -> dict[int, str]:
    """Return the ids of the events that this phone told, by its numbers for them."""
    first, last = _ends(delivered)
    told = select(SyncEvent.seq, SyncEvent.uuid).where(
        SyncEvent.device_id == device_id, SyncEvent.seq.between(first, last)
    )
    repeated = (
        select(SyncRepeat.seq, SyncEvent.uuid)
        .join(SyncEvent, SyncEvent.id == SyncRepeat.event_id)
        .where(SyncRepeat.device_id == device_id, SyncRepeat.seq.between(first, last))
    )
    return {row.seq: row.uuid for row in session.execute(union_all(told, repeated))}


def _compared(session: Session, device_id: int, runs: Sequence[Run]) -> dict[int, SyncConflict]:
    """Return what this phone told under numbers or ids taken, by its numbers.

    A copy of a phone holds these under its numbers, the phone itself what came first.
    """
    first, last = _ends(runs)
    others = select(SyncConflict).where(
        SyncConflict.device_id == device_id, SyncConflict.seq.between(first, last)
    )
    return {one.seq: one for one in session.scalars(others)}


def _is_here(run: Run, held: dict[int, str]) -> bool:
    if run.last - run.first >= len(held):
        return False
    uuids = [held.get(number, "") for number in range(run.first, run.last + 1)]
    return run_digest(uuids) == run.digest


def _missing_photos(
    session: Session, actor: Actor, device_id: int, runs: Sequence[Run], files: FileStore
) -> tuple[str, ...]:
    """Return the hashes of photos of what this phone told, also as the second one to tell it."""
    first, last = _ends(runs)

    def told(table: type[SyncEvent | SyncRepeat | SyncConflict]) -> ColumnElement[bool]:
        return and_(table.device_id == device_id, table.seq.between(first, last))

    events = union_all(
        select(SyncEvent.id).where(told(SyncEvent)),
        select(SyncRepeat.event_id).where(told(SyncRepeat)),
    )
    others = select(SyncConflict.id).where(told(SyncConflict))
    of_phone = or_(
        and_(Evidence.conflict_id.is_(None), Evidence.event_id.in_(events)),
        Evidence.conflict_id.in_(others),
    )
    gone = not_on_disk(session, actor, of_phone, files)
    return tuple(dict.fromkeys(one.sha256 for one in gone))[:MOST_PHOTOS_ASKED]


def _ends(runs: Sequence[Run]) -> tuple[int, int]:
    return min(run.first for run in runs), max(run.last for run in runs)
