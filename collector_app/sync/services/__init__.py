"""Registers phones, takes in what they send, and settles what waits."""

from collector_app.sync.services.copies import TakenCopy, take_copy
from collector_app.sync.services.devices import (
    Caller,
    known_device,
    register_device,
    revoke_device,
)
from collector_app.sync.services.events import Answer, Pushed, push
from collector_app.sync.services.evidence import photo_stored
from collector_app.sync.services.review import (
    WHO_REVIEWS,
    apply_again,
    apply_other,
    dismiss_conflict,
    dismiss_event,
)

__all__ = [
    "WHO_REVIEWS",
    "Answer",
    "Caller",
    "Pushed",
    "TakenCopy",
    "apply_again",
    "apply_other",
    "dismiss_conflict",
    "dismiss_event",
    "known_device",
    "photo_stored",
    "push",
    "register_device",
    "revoke_device",
    "take_copy",
]
