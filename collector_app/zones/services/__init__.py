"""What people decide about zones: propose them, accept them, put a collector in charge."""

from collector_app.zones.services.assignments import assign_collector
from collector_app.zones.services.newcomers import Placement, place_new_clients
from collector_app.zones.services.proposals import (
    accept_proposal,
    discard_proposal,
    record_proposal,
)
from collector_app.zones.services.refusals import WRITERS, check_collectors
from collector_app.zones.services.succession import AcceptedZones, replace_zones

__all__ = [
    "WRITERS",
    "AcceptedZones",
    "Placement",
    "accept_proposal",
    "assign_collector",
    "check_collectors",
    "discard_proposal",
    "place_new_clients",
    "record_proposal",
    "replace_zones",
]
