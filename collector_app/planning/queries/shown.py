"""What the page of a plan shows whoever looks at it, read again when something was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector_app.audit.kept import KeptUntilDone
from collector_app.audit.rules import Deed
from collector_app.planning.queries.plans import (
    PlanRow,
    RouteHead,
    plan_row,
    route_heads,
    skip_counts,
)
from collector_app.planning.rules import SkipCause

# What collectors tell from the field: no route of a plan is another one for it.
FIELD_WORK = frozenset(
    {
        "evidence.stored",
        "evidence.told",
        "payment.allocated",
        "payment.recorded",
        "promise.made",
        "receipt.issued",
        "sync_event.applied",
        "sync_event.told",
        "visit.recorded",
    }
)
_MOST_KEPT = 16  # plans; the lines of 200 routes are some 200 KB
_plans: "KeptUntilDone[ShownPlan | None]" = KeptUntilDone(_MOST_KEPT)


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan with its routes in short, and how many clients each cause left out, most first."""

    plan: PlanRow
    heads: Sequence[RouteHead]
    causes: Sequence[tuple[SkipCause, int]]


def shown_plan(session: Session, plan_id: int) -> ShownPlan | None:
    """Return a plan for its page, which writes nothing; None if there is none."""

    def read() -> ShownPlan | None:
        plan = plan_row(session, plan_id)
        if plan is None:
            return None
        return ShownPlan(plan, route_heads(session, plan_id), skip_counts(session, plan_id))

    return _plans.of(session, plan_id, read, is_field_work)


def is_field_work(deeds: Iterable[Deed]) -> bool:
    """Tell whether all that was done is `FIELD_WORK`."""
    return all(one.event in FIELD_WORK for one in deeds)
