"""The strategy of the demo: four segments, how two are treated, and an experiment with another."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.compliance.rules import Channel
from collector_app.core.actor import Actor
from collector_app.portfolio.rules import Stage
from collector_app.strategy.rules import (
    Comparison,
    Condition,
    ExperimentTerms,
    Measure,
    Trait,
    Treatment,
)
from collector_app.strategy.services import save_segment, set_treatment, start_experiment

_FROM_A_DISTANCE = frozenset({Channel.CALL, Channel.WHATSAPP, Channel.LETTER})
_EXPERIMENT_DAYS = 14
_AT_THE_DOOR = _FROM_A_DISTANCE | {Channel.VISIT}


def adopt_strategy(session: Session, actor: Actor, day: date, zone: ZoneInfo) -> None:
    """Write the segments of the demo and their treatments, and begin an experiment on a day.

    The history of the demo knows nothing of it, so that no treatment is truly better.
    """
    broken = Condition(Trait.BROKEN_PROMISES, Comparison.AT_LEAST, (1,))
    small = Condition(Trait.BALANCE, Comparison.AT_MOST, (1_500_00,))
    recent = Condition(Trait.STAGE, Comparison.IS, (Stage.EARLY.value,))
    large = Condition(Trait.BALANCE, Comparison.AT_LEAST, (20_000_00,))
    careful = save_segment(session, actor, "Rompieron una promesa", (broken,))
    distant = save_segment(session, actor, "Chicos y recientes", (small, recent))
    save_segment(session, actor, "Saldos grandes", (large,))
    for stage in (Stage.EARLY, Stage.ADMINISTRATIVE, Stage.EXTRAJUDICIAL):
        firm = Treatment(_AT_THE_DOOR, 2, 0, 3, stage, visit_percent=130)
        set_treatment(session, actor, careful.id, stage, firm, day=day)
    calls = Treatment(_FROM_A_DISTANCE, 0, 0, 2, Stage.EARLY)
    set_treatment(session, actor, distant.id, Stage.EARLY, calls, day=day)
    others = save_segment(session, actor, "Los demás", ())
    terms = ExperimentTerms(
        "Ofrecer una quita desde la primera visita",
        50,
        Measure.PAID,
        day,
        day + timedelta(days=_EXPERIMENT_DAYS - 1),
    )
    discount = Treatment(_AT_THE_DOOR, 0, 10, 4, Stage.ADMINISTRATIVE)
    start_experiment(session, actor, others.id, Stage.ADMINISTRATIVE, terms, discount, zone=zone)
