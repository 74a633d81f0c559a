"""Takes in what a phone saved into a file, where it can't send any more."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.core.actor import Actor
from collector_app.core.storage import FileStore
from collector_app.sync.models import Device
from collector_app.sync.rules import MOST_EVENTS, AnswerState, PhoneCopy
from collector_app.sync.services.devices import phone_of_copy
from collector_app.sync.services.events import take_in
from collector_app.sync.services.evidence import photo_stored
from collector_app.sync.services.review import WHO_REVIEWS


@dataclass(frozen=True, slots=True)
class TakenCopy:
    """Whose copy it was, how many of its events became what, and how many photos it had."""

    collector: str
    states: Counter[AnswerState]
    photos: int
    broken_photos: int


def take_copy(
    session: Session, actor: Actor, copy: PhoneCopy, files: FileStore, *, zone: ZoneInfo
) -> TakenCopy:
    """Keep and apply the events and photos of a copy, as if its phone had sent them.

    Events that came another way already are duplicates, so the same file twice changes nothing, nor
    does a phone that sends them later. Nothing is known of the phone's clock but what it told last.

    Raises
    ------
    UnknownPhone
        When no phone was registered with the number in the copy.
    """
    actor.require(*WHO_REVIEWS)
    caller = phone_of_copy(session, copy.device)
    device = session.get_one(Device, caller.device_id, with_for_update=True)
    offset = timedelta(milliseconds=device.clock_offset_ms)
    states: Counter[AnswerState] = Counter()
    for first in range(0, len(copy.events), MOST_EVENTS):
        some = copy.events[first : first + MOST_EVENTS]
        answers = take_in(session, caller, device, some, offset, files, zone=zone)
        states.update(one.state for one in answers)
    for photo in copy.photos:
        if not files.holds(photo.sha256):
            files.save(BytesIO(photo.data))
        photo_stored(session, caller, photo.sha256, photo.media_type)
    told = {state.value: count for state, count in states.items()}
    phone, photos = f"sync_device:{device.id}", len(copy.photos)
    log(session, actor, "device.copy_taken", phone, events=told, photos=photos)
    return TakenCopy(caller.actor.name, states, len(copy.photos), copy.broken_photos)
