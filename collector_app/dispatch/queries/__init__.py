"""The board of a plan as pages show it, and whoever is on none of its routes."""

from collector_app.dispatch.queries.boards import (
    MARKS,
    BoardPage,
    Draft,
    EditRow,
    board_page,
    draft_of,
    version_of,
)
from collector_app.dispatch.queries.unassigned import Unassigned, unassigned

__all__ = [
    "MARKS",
    "BoardPage",
    "Draft",
    "EditRow",
    "Unassigned",
    "board_page",
    "draft_of",
    "unassigned",
    "version_of",
]
