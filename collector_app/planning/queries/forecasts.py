"""What published plans foretold of visits, beside what came of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.planning.models import Plan, Route, Stop
from collector_app.planning.rules import ReasonCode
from collector_app.visits.models import Visit
from collector_app.visits.rules import RESPONSIBLE, Outcome
from routing.scoring.calibration import Calibration, calibrate

PAID = (Outcome.PAID_IN_FULL, Outcome.PAID_IN_PART)


class Foretold(StrEnum):
    """What a plan foretells of a visit."""

    CONTACT = "contact"
    PAYMENT = "payment"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """A visit to a stop of a published plan: what was foretold when planning, and what happened."""

    chances: dict[Foretold, float]
    came: dict[Foretold, bool]
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class ForecastQuality:
    """How good the forecasts of some days were, each kind by itself."""

    first: date
    last: date
    count: int
    assumed_count: int
    by_kind: dict[Foretold, Calibration]


def forecast_quality(session: Session, first: date, last: date) -> ForecastQuality:
    """Compare what the plans of some days foretold with the visits; both days inclusive.

    Forecasts are those stored with the stops when the plan was made: nothing is worked out anew.
    Clients whose scores are off have none.
    """
    rows = list(forecasts(session, first, last))
    found = {
        kind: calibrate([one.chances[kind] for one in rows], [one.came[kind] for one in rows])
        for kind in Foretold
    }
    return ForecastQuality(
        first=first,
        last=last,
        count=len(rows),
        assumed_count=sum(one.is_assumed for one in rows),
        by_kind={kind: one for kind, one in found.items() if one is not None},
    )


def forecasts(session: Session, first: date, last: date) -> Iterator[ForecastRow]:
    """Return the visited stops of plans that were published, with their forecasts."""
    found = session.execute(
        select(Stop.reasons, Visit.person_met, Visit.outcome)
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .join(Visit, Visit.stop_id == Stop.id)
        .where(
            Plan.published_at.is_not(None),
            Plan.day >= first,
            Plan.day <= last,
            Visit.outcome != Outcome.NOT_VISITED,
        )
        .order_by(Visit.id)
    )
    for reasons, person, outcome in found:
        told = next((one for one in reasons if one["code"] == ReasonCode.CHANCES), None)
        if told is not None:
            contact = told["contact"]
            yield ForecastRow(
                chances={
                    Foretold.CONTACT: contact,
                    Foretold.PAYMENT: contact * told["pays_now"],
                    Foretold.PROMISE: contact * told["promises"],
                },
                came={
                    Foretold.CONTACT: person in RESPONSIBLE or outcome in PAID,
                    Foretold.PAYMENT: outcome in PAID,
                    Foretold.PROMISE: outcome is Outcome.PROMISED,
                },
                is_assumed=told["source"] == "assumption",
            )
