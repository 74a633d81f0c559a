"""The law as pure functions over data: which hours, how often, and why not.

    profile (YAML) --load--> Profile = rules          every rule only ever forbids
    profile + facts of a client + day --decide--> Decision(allowed, blocks, windows)

Profiles are combined by putting their rules together, so the most restrictive wins by itself and
every rule that forbids is named.
"""

from collector_app.compliance.rules.deciding import (
    Block,
    ContactFacts,
    Decision,
    decide,
    may_override,
)
from collector_app.compliance.rules.duties import (
    cash_blocks,
    delete_after_months,
    identification,
    keep_log_months,
    may_ask_reason,
    penalties,
    person_blocks,
    word_blocks,
)
from collector_app.compliance.rules.profile import (
    CapRule,
    CashRule,
    ConductRule,
    Confidence,
    Counted,
    ForbiddenRule,
    HolidayRule,
    HoursRule,
    HourWindow,
    IdentificationRule,
    PenaltyRule,
    Period,
    PersonsRule,
    PlacesRule,
    Profile,
    QuietRule,
    ReasonRule,
    RetentionRule,
    Rule,
    Source,
    WordsRule,
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
    "CashRule",
    "ConductRule",
    "Confidence",
    "ContactFacts",
    "Counted",
    "Decision",
    "ForbiddenRule",
    "HolidayRule",
    "HourWindow",
    "HoursRule",
    "IdentificationRule",
    "PenaltyRule",
    "Period",
    "PersonsRule",
    "PlacesRule",
    "Profile",
    "QuietRule",
    "ReasonRule",
    "RetentionRule",
    "Rule",
    "Source",
    "WordsRule",
    "cash_blocks",
    "combine",
    "decide",
    "delete_after_months",
    "holiday_name",
    "identification",
    "keep_log_months",
    "may_ask_reason",
    "may_override",
    "meet",
    "penalties",
    "person_blocks",
    "visit_windows",
    "word_blocks",
]
