"""The law as pure functions over data: which hours, how often, and why not.

    profile (YAML) --load--> Profile = rules          every rule only ever forbids
    profile + facts of a client + day --decide--> Decision(allowed, blocks, windows)

Profiles are combined by putting their rules together, so the most restrictive wins by itself and
every rule that forbids is named.
"""

from collector_app.compliance.rules.deciding import Block, ContactFacts, Decision, decide
from collector_app.compliance.rules.profile import (
    CapRule,
    ConductRule,
    Confidence,
    Counted,
    ForbiddenRule,
    HolidayRule,
    HoursRule,
    HourWindow,
    Period,
    Profile,
    QuietRule,
    Rule,
    Source,
    combine,
)
from collector_app.compliance.rules.windows import (
    DAY_S,
    holiday_name,
    meet,
    visit_windows,
)

__all__ = [
    "DAY_S",
    "Block",
    "CapRule",
    "ConductRule",
    "Confidence",
    "ContactFacts",
    "Counted",
    "Decision",
    "ForbiddenRule",
    "HolidayRule",
    "HourWindow",
    "HoursRule",
    "Period",
    "Profile",
    "QuietRule",
    "Rule",
    "Source",
    "combine",
    "decide",
    "holiday_name",
    "meet",
    "visit_windows",
]
