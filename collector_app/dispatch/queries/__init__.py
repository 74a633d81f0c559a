"""The board of a plan as pages show it, and whoever is on none of its routes."""

from collector_app.dispatch.queries.boards import (
    MARKS,
    BoardPage,
    EditRow,
    board_page,
    version_of,
)
from collector_app.dispatch.queries.unassigned import Unassigned, unassigned

__all__ = [
    "MARKS",
    "BoardPage",
    "EditRow",
    "Unassigned",
    "board_page",
    "unassigned",
    "version_of",
]
