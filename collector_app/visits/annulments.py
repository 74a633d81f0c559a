"""Leaves annulled visits out of every read, so that no page, plan or figure can forget to.

Reads that answer for what was ever told (the log, the law, the same uuid again, the history of a
client) say so with ``execution_options(**WITH_ANNULLED)``.
"""

from typing import Any, Final

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from collector_app.visits.models import Visit, VisitAnnulment

WITH_ANNULLED: Final[dict[str, Any]] = {"with_annulled_visits": True}

_STANDING = with_loader_criteria(
    Visit,
    lambda visit: visit.id.not_in(select(VisitAnnulment.visit_id)),
    include_aliases=True,
)


@event.listens_for(Session, "do_orm_execute")
def leave_out_annulled(state: ORMExecuteState) -> None:
    """Add the condition to a statement that selects, wherever the table of visits stands in it."""
    asks_for_all = state.execution_options.get("with_annulled_visits", False)
    if not state.is_select or state.is_column_load or asks_for_all:
        return
    state.statement = state.statement.options(_STANDING)
