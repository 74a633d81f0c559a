"""The board of a plan as pages show it, and whoever is on none of its routes."""

from collector_app.dispatch.queries.boards import (
    MARKS,
    BoardPage,
    Draft,
    EditRow,
    board_page,
    draft_of,
    shown_board,
    version_of,
)
from collector_app.dispatch.queries.unassigned import (
    Unassigned,
    facts_of_left_out,
    shown_causes,
    unassigned,
)

__all__ = [
    "MARKS",
    "BoardPage",
    "Draft",
    "EditRow",
    "Unassigned",
    "board_page",
    "draft_of",
    "facts_of_left_out",
    "shown_board",
    "shown_causes",
    "unassigned",
    "version_of",
]
