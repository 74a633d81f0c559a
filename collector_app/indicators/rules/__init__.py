"""The catalogue of indicators and the arithmetic behind their figures."""

from collector_app.indicators.rules.catalogue import CATALOGUE, Indicator
from collector_app.indicators.rules.counts import Count, adds_up
from collector_app.indicators.rules.definition import Definition
from collector_app.indicators.rules.figures import (
    ATTRIBUTION_DAYS,
    BadPeriod,
    Figure,
    Period,
    Tally,
    checked_period,
    figure,
    garwood,
    mean_interval,
    spread_of,
    usual_period,
    wilson,
)
from collector_app.indicators.rules.kinds import (
    PER_HOUR,
    PER_PESO,
    PER_THOUSAND,
    Aim,
    Dimension,
    RowKind,
    Section,
    Unit,
)
from collector_app.indicators.rules.moved import BUCKETS, NOWHERE, Ints, Moved
from collector_app.indicators.rules.ratios import PARTS, Moments, ratio_error, ratio_interval
from collector_app.indicators.rules.targets import (
    BadTarget,
    StoredTarget,
    is_met,
    stored_target,
    target_of,
)

__all__ = [
    "ATTRIBUTION_DAYS",
    "BUCKETS",
    "CATALOGUE",
    "NOWHERE",
    "PARTS",
    "PER_HOUR",
    "PER_PESO",
    "PER_THOUSAND",
    "Aim",
    "BadPeriod",
    "BadTarget",
    "Count",
    "Definition",
    "Dimension",
    "Figure",
    "Indicator",
    "Ints",
    "Moments",
    "Moved",
    "Period",
    "RowKind",
    "Section",
    "StoredTarget",
    "Tally",
    "Unit",
    "adds_up",
    "checked_period",
    "figure",
    "garwood",
    "is_met",
    "mean_interval",
    "ratio_error",
    "ratio_interval",
    "spread_of",
    "stored_target",
    "target_of",
    "usual_period",
    "wilson",
]
