"""When a phone needs a look: facts may be missing, or it will lose them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PENDING_TOO_LONG = timedelta(hours=4)  # half a working day
CLOCK_OFF = timedelta(minutes=2)
MOST_WRONG_PINS = 10  # that a phone allows, see static/phone/vault/pin.js
SUSPECT_PINS = 3  # in a row: more than fingers that slip
WRONG_PINS_SHOWN = timedelta(days=1)
COPY_SHOWN = timedelta(days=30)


class DeviceAlert(StrEnum):
    """What is wrong with a phone, the worst first."""

    WRONG_PINS = "wrong_pins"  # somebody guesses
    DUPLICATED = "duplicated"  # two copies of it tell different things under one number
    GAPS = "gaps"  # it gave out numbers whose events never came
    EVENTS_PENDING = "events_pending"  # it said so hours ago, and was not heard again
    PHOTOS_MISSING = "photos_missing"  # told of hours ago, and never came
    NOT_INSTALLED = "not_installed"  # the browser may clear what waits in it
    CLOCK_OFF = "clock_off"


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What is known of a phone."""

    last_seen_at: datetime
    pending_events: int
    missing_numbers: int  # given out, not here, and not said to be pending
    oldest_missing_photo_at: datetime | None  # when the event that told of it came
    is_installed: bool
    clock_offset_ms: int
    is_revoked: bool
    wrong_pins: int = 0  # in a row
    wrong_pins_at: datetime | None = None
    copy_seen_at: datetime | None = None  # when two copies of it were told apart last


def device_alerts(state: DeviceState, now: datetime) -> tuple[DeviceAlert, ...]:
    """Return what is wrong with a phone; of one that was shut out only what it still owes."""
    long_ago = now - PENDING_TOO_LONG
    photo_at = state.oldest_missing_photo_at
    is_guessed = state.wrong_pins >= SUSPECT_PINS and _is_recent(
        state.wrong_pins_at, WRONG_PINS_SHOWN, now
    )
    suspect = (
        (DeviceAlert.WRONG_PINS, is_guessed),
        (DeviceAlert.DUPLICATED, _is_recent(state.copy_seen_at, COPY_SHOWN, now)),
    )
    owes = (
        (DeviceAlert.GAPS, state.missing_numbers > 0),
        (DeviceAlert.EVENTS_PENDING, state.pending_events > 0 and state.last_seen_at < long_ago),
        (DeviceAlert.PHOTOS_MISSING, photo_at is not None and photo_at < long_ago),
    )
    is_off = abs(state.clock_offset_ms) > CLOCK_OFF / timedelta(milliseconds=1)
    lives = ((DeviceAlert.NOT_INSTALLED, not state.is_installed), (DeviceAlert.CLOCK_OFF, is_off))
    checks = owes if state.is_revoked else (*suspect, *owes, *lives)
    return tuple(alert for alert, is_wrong in checks if is_wrong)


def _is_recent(at: datetime | None, most: timedelta, now: datetime) -> bool:
    return at is not None and now - at <= most
