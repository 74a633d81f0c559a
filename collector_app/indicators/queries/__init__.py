"""What indicators are computed from: counts by group, the rows behind them, targets."""

from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.queries.groups import (
    GroupRow,
    Groups,
    by_group,
    groups_of,
    whole_tally,
)
from collector_app.indicators.queries.placing import OF_TODAY, clients_in_groups, placed
from collector_app.indicators.queries.rows import BehindRow, rows_behind
from collector_app.indicators.queries.tallies import tallies
from collector_app.indicators.queries.targets import TargetRow, targets_of, targets_on

__all__ = [
    "ALL",
    "NOBODY",
    "OF_TODAY",
    "BehindRow",
    "GroupRow",
    "Grouping",
    "Groups",
    "TargetRow",
    "by_group",
    "clients_in_groups",
    "groups_of",
    "placed",
    "rows_behind",
    "tallies",
    "targets_of",
    "targets_on",
    "whole_tally",
]
