"""What indicators are computed from: counts by group, the rows behind them, targets."""

from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.queries.groups import (
    GroupRow,
    Groups,
    by_group,
    group_names,
    groups_of,
    whole_tally,
)
from collector_app.indicators.queries.moved import moved
from collector_app.indicators.queries.movement import ends_of
from collector_app.indicators.queries.placing import (
    OF_TODAY,
    STAGES,
    clients_in_groups,
    place,
    placed,
)
from collector_app.indicators.queries.rows import BehindRow, rows_behind
from collector_app.indicators.queries.tallies import tallies
from collector_app.indicators.queries.targets import (
    WITH_TARGETS,
    TargetRow,
    group_targets_on,
    groups_with_targets,
    targets_of,
    targets_on,
)

__all__ = [
    "ALL",
    "NOBODY",
    "OF_TODAY",
    "STAGES",
    "WITH_TARGETS",
    "BehindRow",
    "GroupRow",
    "Grouping",
    "Groups",
    "TargetRow",
    "by_group",
    "clients_in_groups",
    "ends_of",
    "group_names",
    "group_targets_on",
    "groups_of",
    "groups_with_targets",
    "moved",
    "place",
    "placed",
    "rows_behind",
    "tallies",
    "targets_of",
    "targets_on",
    "whole_tally",
]
