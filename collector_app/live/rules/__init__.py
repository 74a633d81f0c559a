"""How a day stands while it runs, and what of it somebody should look at."""

from collector_app.live.rules.alerts import (
    Alert,
    AlertKey,
    AlertKind,
    DayOfOne,
    OpenStop,
    Phone,
    Sighting,
    WrongNote,
    alerts_of,
    checked_note,
    covers,
    delay_s,
)
from collector_app.live.rules.figures import (
    LATE_AFTER_S,
    SILENT_AFTER_S,
    StopState,
    contact_rate,
    route_progress,
    share,
    silent_s,
    stop_state,
)

__all__ = [
    "LATE_AFTER_S",
    "SILENT_AFTER_S",
    "Alert",
    "AlertKey",
    "AlertKind",
    "DayOfOne",
    "OpenStop",
    "Phone",
    "Sighting",
    "StopState",
    "WrongNote",
    "alerts_of",
    "checked_note",
    "contact_rate",
    "covers",
    "delay_s",
    "route_progress",
    "share",
    "silent_s",
    "stop_state",
]
