"""What the office sees of phones: how each is, and what waits for a decision."""

from collector_app.sync.queries.devices import (
    DeviceRow,
    ReorderRow,
    devices,
    orders_of_day,
    reorders_since,
)
from collector_app.sync.queries.evidence import (
    Picture,
    is_picture_of,
    is_picture_to_review,
    pictures_of,
)
from collector_app.sync.queries.review import (
    ConflictRow,
    Version,
    WaitingRow,
    conflicts,
    waiting_count,
    waiting_events,
)

__all__ = [
    "ConflictRow",
    "DeviceRow",
    "Picture",
    "ReorderRow",
    "Version",
    "WaitingRow",
    "conflicts",
    "devices",
    "is_picture_of",
    "is_picture_to_review",
    "orders_of_day",
    "pictures_of",
    "reorders_since",
    "waiting_count",
    "waiting_events",
]
