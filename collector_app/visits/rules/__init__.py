"""What can come of a visit, and what in it deserves a second look."""

from collector_app.visits.rules.catalogue import (
    OFFERED,
    RESPONSIBLE,
    Field,
    Objection,
    Outcome,
    PersonMet,
    asked,
    implied_objection,
    is_contact,
    may_argue,
    may_promise,
    offered,
    required,
)
from collector_app.visits.rules.facts import AppointmentFact, AppointmentInPast, VisitFact
from collector_app.visits.rules.flags import (
    Circumstances,
    Nearness,
    VisitFlag,
    VisitPolicy,
    distance_check,
    distance_m,
    visit_flags,
)

__all__ = [
    "OFFERED",
    "RESPONSIBLE",
    "AppointmentFact",
    "AppointmentInPast",
    "Circumstances",
    "Field",
    "Nearness",
    "Objection",
    "Outcome",
    "PersonMet",
    "VisitFact",
    "VisitFlag",
    "VisitPolicy",
    "asked",
    "distance_check",
    "distance_m",
    "implied_objection",
    "is_contact",
    "may_argue",
    "may_promise",
    "offered",
    "required",
    "visit_flags",
]
