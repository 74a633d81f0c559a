"""Reads of drafts: the list of those being worked on, one with all it shows, its history."""

from collector_app.studio.queries.clients import (
    NO_ZONE,
    ChosenClients,
    DraftClient,
    cell_of,
    choose_clients,
    colonia_of,
)
from collector_app.studio.queries.drafts import (
    DraftHistory,
    DraftPage,
    DraftRow,
    EditRow,
    draft_page,
    history,
    is_made,
    last_bounds,
    open_drafts,
)
from collector_app.studio.queries.strengths import capacity_hours, land_now, strengths

__all__ = [
    "NO_ZONE",
    "ChosenClients",
    "DraftClient",
    "DraftHistory",
    "DraftPage",
    "DraftRow",
    "EditRow",
    "capacity_hours",
    "cell_of",
    "choose_clients",
    "colonia_of",
    "draft_page",
    "history",
    "is_made",
    "land_now",
    "last_bounds",
    "open_drafts",
    "strengths",
]
