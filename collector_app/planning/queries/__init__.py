"""Reads of planning: plans and routes as pages show them, and what a plan is made from."""

from collector_app.planning.queries.day import (
    CandidateRow,
    DayRows,
    WorkdayRow,
    day_rows,
    workday_of,
    workdays,
    workdays_on,
)
from collector_app.planning.queries.forecasts import (
    ForecastQuality,
    Foretold,
    forecast_quality,
)
from collector_app.planning.queries.legality import (
    Breach,
    Legality,
    blocks_of_visit,
    certificate,
    legality,
)
from collector_app.planning.queries.plans import (
    PlanRow,
    RouteRow,
    SkippedRow,
    StopRow,
    is_published,
    last_published_plan,
    plan_of_job,
    plan_row,
    plans_of_day,
    published_plan,
    route_of,
    routes_of_plan,
    skipped_of_plan,
)

__all__ = [
    "Breach",
    "CandidateRow",
    "DayRows",
    "ForecastQuality",
    "Foretold",
    "Legality",
    "PlanRow",
    "RouteRow",
    "SkippedRow",
    "StopRow",
    "WorkdayRow",
    "blocks_of_visit",
    "certificate",
    "day_rows",
    "forecast_quality",
    "is_published",
    "last_published_plan",
    "legality",
    "plan_of_job",
    "plan_row",
    "plans_of_day",
    "published_plan",
    "route_of",
    "routes_of_plan",
    "skipped_of_plan",
    "workday_of",
    "workdays",
    "workdays_on",
]
