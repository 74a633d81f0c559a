"""Reads of zones: who answers for whom on a day, and what the desk shows.

Every period is dated, both ends inclusive.
"""

from collector_app.zones.queries.desk import (
    Dot,
    ProposalPage,
    ProposalRow,
    ZoneBoard,
    ZoneLoad,
    imbalance_then_and_now,
    open_proposals,
    proposal_page,
    zone_board,
    zone_hours,
    zone_overview,
)
from collector_app.zones.queries.dots import ZoneDots, zone_dots
from collector_app.zones.queries.history import Tenure, ZoneName, tenures, tenures_on
from collector_app.zones.queries.ownership import (
    ZoneOwner,
    ZoneRow,
    clients_of,
    in_force,
    is_gone,
    may_see,
    next_memberships,
    own_card,
    owners,
    zone_of_client,
    zone_starts,
    zones_on,
)
from collector_app.zones.queries.people_and_places import (
    CollectorRow,
    LocatedClient,
    collectors,
    located,
)

__all__ = [
    "CollectorRow",
    "Dot",
    "LocatedClient",
    "ProposalPage",
    "ProposalRow",
    "Tenure",
    "ZoneBoard",
    "ZoneDots",
    "ZoneLoad",
    "ZoneName",
    "ZoneOwner",
    "ZoneRow",
    "clients_of",
    "collectors",
    "imbalance_then_and_now",
    "in_force",
    "is_gone",
    "located",
    "may_see",
    "next_memberships",
    "open_proposals",
    "own_card",
    "owners",
    "proposal_page",
    "tenures",
    "tenures_on",
    "zone_board",
    "zone_dots",
    "zone_hours",
    "zone_of_client",
    "zone_overview",
    "zone_starts",
    "zones_on",
]
