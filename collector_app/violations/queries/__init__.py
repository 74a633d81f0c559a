"""Judging the past anew, and the cases that were kept of it."""

from collector_app.violations.queries.cases import (
    CaseFilter,
    CaseRow,
    case_counts,
    case_list,
    late_count,
)
from collector_app.violations.queries.costs import (
    CaseCosts,
    SanctionRow,
    cost_of_cases,
    sanction_list,
)
from collector_app.violations.queries.judging import (
    Verdict,
    arrivals_since,
    days_to_judge,
    judge,
)

__all__ = [
    "CaseCosts",
    "CaseFilter",
    "CaseRow",
    "SanctionRow",
    "Verdict",
    "arrivals_since",
    "case_counts",
    "case_list",
    "cost_of_cases",
    "days_to_judge",
    "judge",
    "late_count",
    "sanction_list",
]
