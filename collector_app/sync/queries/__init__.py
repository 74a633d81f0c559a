"""What the office sees of phones: how each is, and what waits for a decision."""

from collector_app.sync.queries.devices import (
    DeviceRow,
    ReorderRow,
    devices,
    orders_of_day,
    reorders_since,
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
    "ReorderRow",
    "Version",
    "WaitingRow",
    "conflicts",
    "devices",
    "orders_of_day",
    "reorders_since",
    "waiting_count",
    "waiting_events",
]
