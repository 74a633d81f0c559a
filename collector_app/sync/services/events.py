"""Takes in the events of a phone: each is kept once, applied once, and answered by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from collector_app.audit.batches import log_rows
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.bulk import insert_missing
from collector_app.core.selection import among_told
from collector_app.core.storage import FileStore
from collector_app.sync.models import Device, SyncConflict, SyncEvent, SyncRepeat
from collector_app.sync.rules import (
    AnswerState,
    Envelope,
    EventState,
    Malformed,
    Told,
    photos_in,
    receipt_in,
)
from collector_app.sync.services.applying import Applied, Fresh, apply_all
from collector_app.sync.services.devices import Caller, hear
from collector_app.sync.services.evidence import (
    ToldPhotos,
    expect_photos,
    missing_photos,
    missing_photos_of_conflict,
)
from collector_app.sync.services.recall import NOTHING, Recall, Thought, recall


@dataclass(frozen=True, slots=True)
class Answer:
    """What a phone is told about one of its events; ``missing`` are photos to send, by hash."""

    uuid: str | None
    state: AnswerState
    code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pushed:
    """The answers to a request, one for each event in its order, and whether to forget the route.

    A phone that was shut out forgets only when all that it had to tell is here. ``recall`` is what
    it must tell again, ``last_receipt`` the last folio of its ``receipt_series`` that we know of.
    """

    answers: tuple[Answer, ...]
    wipe: bool
    receipt_series: str
    last_receipt: int
    recall: Recall = NOTHING

    @property
    def kept(self) -> int:
        """Return how many events of the request are here now, applied or not."""
        return sum(one.state is not AnswerState.REJECTED for one in self.answers)


@dataclass(frozen=True, slots=True)
class _Stored:
    """An event that we have, as far as the next one is compared with it."""

    id: int | None  # None: it is of this request, and not stored yet
    uuid: str
    digest: str
    device_id: int
    seq: int
    user_id: int | None


_TOLD = select(
    SyncEvent.id,
    SyncEvent.uuid,
    SyncEvent.statement_hash,
    SyncEvent.device_id,
    SyncEvent.seq,
    Device.user_id,
).join(Device, Device.id == SyncEvent.device_id)
# Two statements in one: each uses its index, which an "or" of both would not.
_KNOWN = union_all(
    _TOLD.where(among_told(SyncEvent.uuid, "uuids")),
    _TOLD.where(
        SyncEvent.device_id == bindparam("device_id"), among_told(SyncEvent.seq, "numbers")
    ),
)


def push(
    session: Session, caller: Caller, envelope: Envelope, files: FileStore, *, zone: ZoneInfo
) -> Pushed:
    """Keep and apply the events of a request.

    An event that can't be applied is kept all the same and waits for a person. The same event
    again is a duplicate for ever; another one under its id or its number is kept as a conflict.
    Two requests of one phone at once follow one another: its row is locked.
    """
    device = session.get_one(Device, caller.device_id, with_for_update=True)
    offset = clock.now() - envelope.report.sent_at
    answers = take_in(session, caller, device, envelope.events, offset, files, zone=zone)
    hear(session, caller.actor, device, envelope.report, offset)
    pushed = _pushed(envelope, answers, device, is_revoked=caller.is_revoked)
    # The phone counts what it sends here among what is pending; what was kept is no longer.
    device.pending_events = max(0, envelope.report.pending_events - pushed.kept)
    thought = Thought(envelope.delivered, envelope.compared)
    asked = recall(session, caller.actor, device, thought, files)
    return replace(pushed, recall=asked)


def take_in(
    session: Session,
    caller: Caller,
    device: Device,
    events: Sequence[Told | Malformed],
    offset: timedelta,
    files: FileStore,
    *,
    zone: ZoneInfo,
) -> tuple[Answer, ...]:
    """Keep and apply events of a phone whose row is locked; ``offset`` is our clock minus its own.

    Returns the answer to each, in their order.
    """
    told = sorted((one for one in events if isinstance(one, Told)), key=lambda one: one.seq)
    intake = _Intake(session, caller, device, offset)
    fresh = intake.take(told)
    applied = apply_all(session, caller, fresh, zone=zone)
    log_rows(session, caller.actor, "sync_event.told", SyncEvent, [one.event_id for one in fresh])
    photos = [ToldPhotos(one.event_id, photos_in(one.told.kind, one.told.body)) for one in fresh]
    expect_photos(session, caller.actor, [*photos, *intake.photos_of_others], files)
    without = {one.event_id for one in photos if not one.photos}
    actor = caller.actor
    missing = missing_photos(session, actor, set(intake.ids.values()) - without, files)
    missing_of_others = {
        told_id: missing_photos_of_conflict(session, actor, conflict_id, files)
        for told_id, conflict_id in intake.conflicts.items()
    }
    _note_receipts(device, told)
    return _answers(events, intake, applied, missing, missing_of_others)


class _Intake:
    """Sorts the events of one request into new ones, duplicates and conflicts, and keeps them."""

    def __init__(self, session: Session, caller: Caller, device: Device, offset: timedelta) -> None:
        self._session = session
        self._caller = caller
        self._device_id = device.id
        self._offset_ms = round(offset.total_seconds() * 1000)
        self._received_at = clock.now()
        self.ids: dict[str, int] = {}  # of the event that is stored under a uuid
        self.verdicts: dict[int, AnswerState] = {}  # by the identity of what was told
        self.conflicts: dict[int, int] = {}  # id of the conflict, by the identity of what was told
        self.photos_of_others: list[ToldPhotos] = []

    def take(self, told: Sequence[Told]) -> list[Fresh]:
        """Store what is new; returns it in the order of its numbers."""
        left, fresh = list(told), []
        while left:
            new, others, repeats = self._sort(left)
            ids = insert_missing(self._session, SyncEvent, [self._row(one) for one in new])
            self.ids |= ids
            fresh += [
                Fresh(ids[one.uuid], one, self._received_at, self._offset_ms)
                for one in new
                if one.uuid in ids
            ]
            self._keep_others(others)
            self._note_repeats(repeats)
            # Somebody else stored the rest between our look and our insert: look again.
            left = [one for one in new if one.uuid not in ids]
        return fresh

    def _sort(
        self, told: Sequence[Told]
    ) -> tuple[list[Told], list[tuple[Told, str]], list[tuple[Told, int]]]:
        """Return what is new, what contradicts an event (by its uuid), and what repeats one."""
        by_uuid, by_seq = self._known(told)
        new: list[Told] = []
        others: list[tuple[Told, str]] = []
        repeats: list[tuple[Told, int]] = []
        for one in told:
            known = by_uuid.get(one.uuid)
            if known is not None and self._is_same(known, one):
                self.verdicts[id(one)] = AnswerState.DUPLICATE
                if known.id is not None and (known.device_id, known.seq) != (
                    self._device_id,
                    one.seq,
                ):
                    repeats.append((one, known.id))
            elif known := known or by_seq.get(one.seq):
                self.verdicts[id(one)] = AnswerState.CONFLICT
                others.append((one, known.uuid))
            else:
                self.verdicts[id(one)] = AnswerState.APPLIED
                by_uuid[one.uuid] = by_seq[one.seq] = _Stored(
                    None,
                    one.uuid,
                    one.statement_hash,
                    self._device_id,
                    one.seq,
                    self._caller.actor.user_id,
                )
                new.append(one)
        return new, others, repeats

    def _is_same(self, known: _Stored, told: Told) -> bool:
        is_own = known.user_id == self._caller.actor.user_id
        return is_own and known.digest == told.statement_hash

    def _known(self, told: Sequence[Told]) -> tuple[dict[str, _Stored], dict[int, _Stored]]:
        asked = {
            "uuids": [one.uuid for one in told],
            "device_id": self._device_id,
            "numbers": [one.seq for one in told],
        }
        stored = [_Stored(*row) for row in self._session.execute(_KNOWN, asked)]
        self.ids |= {one.uuid: one.id for one in stored if one.id is not None}
        return (
            {one.uuid: one for one in stored},
            {one.seq: one for one in stored if one.device_id == self._device_id},
        )

    def _row(self, told: Told) -> dict[str, object]:
        return {
            "uuid": told.uuid,
            "device_id": self._device_id,
            "seq": told.seq,
            "kind": told.kind,
            "statement": told.statement,
            "statement_hash": told.statement_hash,
            "made_at": told.made_at,
            "received_at": self._received_at,
            "clock_offset_ms": self._offset_ms,
            "state": EventState.APPLIED,  # until applying it shows otherwise
            "facts": {},
        }

    def _keep_others(self, others: Sequence[tuple[Told, str]]) -> None:
        """Keep each other statement once, for a person to compare; compared, it is no news."""
        for told, uuid in others:
            event_id, digest = self.ids[uuid], told.statement_hash
            wanted = select(SyncConflict).where(
                SyncConflict.event_id == event_id, SyncConflict.statement_hash == digest
            )
            known = self._session.scalar(wanted)
            if known is not None:
                self.conflicts[id(told)] = known.id
                if known.settled_at is not None:
                    self.verdicts[id(told)] = AnswerState.DUPLICATE
                continue
            conflict = SyncConflict(
                event_id=event_id,
                device_id=self._device_id,
                uuid=told.uuid,
                seq=told.seq,
                statement=told.statement,
                statement_hash=digest,
                received_at=self._received_at,
            )
            self._session.add(conflict)
            log(self._session, self._caller.actor, "sync_event.conflict", conflict, seq=told.seq)
            self.conflicts[id(told)] = conflict.id
            photos = photos_in(told.kind, told.body)
            self.photos_of_others.append(ToldPhotos(event_id, photos, conflict.id))

    def _note_repeats(self, repeats: Sequence[tuple[Told, int]]) -> None:
        """Note the numbers of a new registration that tells again what a former one told."""
        for told, event_id in repeats:
            key = {"device_id": self._device_id, "seq": told.seq}
            if self._session.get(SyncRepeat, key) is None:
                self._session.add(SyncRepeat(**key, event_id=event_id))
                self._session.flush()


def _note_receipts(device: Device, told: Sequence[Told]) -> None:
    """Note the last folio that a phone gave out, whatever becomes of what it came with.

    The phone is told it with each answer: an older copy of its storage then does not give out
    again what it forgot.
    """
    given = (receipt_in(one.kind, one.body) for one in told)
    own = [one.number for one in given if one and one.series == device.receipt_series]
    device.last_receipt = max([device.last_receipt, *own])


def _answers(
    events: Sequence[Told | Malformed],
    intake: _Intake,
    applied: Mapping[int, Applied],
    missing: Mapping[int, tuple[str, ...]],
    missing_of_others: Mapping[int, tuple[str, ...]],
) -> tuple[Answer, ...]:
    """Answer each event; missing photos are by event, those of others by what was told."""
    answers = []
    for one in events:
        if isinstance(one, Malformed):
            answers.append(_rejected(one))
            continue
        verdict = intake.verdicts[id(one)]
        event_id = intake.ids.get(one.uuid)
        photos = missing.get(event_id, ()) if event_id is not None else ()
        if id(one) in missing_of_others:
            photos = missing_of_others[id(one)]
        if verdict is AnswerState.CONFLICT:
            facts = {"seq": one.seq}
            answers.append(Answer(one.uuid, verdict, "sync_conflict", facts, photos))
        elif verdict is AnswerState.DUPLICATE or event_id is None:
            answers.append(Answer(one.uuid, verdict, missing=photos))
        else:
            became = applied[event_id]
            answers.append(Answer(one.uuid, became.answer, became.code, became.facts, photos))
    return tuple(answers)


def _pushed(
    envelope: Envelope, answers: tuple[Answer, ...], device: Device, *, is_revoked: bool
) -> Pushed:
    pushed = Pushed(answers, False, device.receipt_series, device.last_receipt)
    report = envelope.report
    is_told = report.pending_events <= pushed.kept and report.pending_photos == 0
    return replace(pushed, wipe=is_revoked and is_told)


def _rejected(one: Malformed) -> Answer:
    facts = {"field": f"events[{one.position}].{one.field}", "expected": one.expected}
    return Answer(one.uuid, AnswerState.REJECTED, "bad_envelope", facts)
