"""The strategy of the demo: three segments and how two of them are treated."""

from datetime import date

from sqlalchemy.orm import Session

from collector_app.compliance.rules import Channel
from collector_app.core.actor import Actor
from collector_app.portfolio.rules import Stage
from collector_app.strategy.rules import Comparison, Condition, Trait, Treatment
from collector_app.strategy.services import save_segment, set_treatment

_FROM_A_DISTANCE = frozenset({Channel.CALL, Channel.WHATSAPP, Channel.LETTER})
_AT_THE_DOOR = _FROM_A_DISTANCE | {Channel.VISIT}


def adopt_strategy(session: Session, actor: Actor, day: date) -> None:
    """Write the segments of the demo and their treatments, checked by the law of a day."""
    broken = Condition(Trait.BROKEN_PROMISES, Comparison.AT_LEAST, (1,))
    small = Condition(Trait.BALANCE, Comparison.AT_MOST, (1_500_00,))
    recent = Condition(Trait.STAGE, Comparison.IS, (Stage.EARLY.value,))
    large = Condition(Trait.BALANCE, Comparison.AT_LEAST, (20_000_00,))
    careful = save_segment(session, actor, "Rompieron una promesa", (broken,))
    distant = save_segment(session, actor, "Chicos y recientes", (small, recent))
    save_segment(session, actor, "Saldos grandes", (large,))
    for stage in (Stage.EARLY, Stage.ADMINISTRATIVE, Stage.EXTRAJUDICIAL):
        firm = Treatment(_AT_THE_DOOR, 2, 0, 3, stage)
        set_treatment(session, actor, careful.id, stage, firm, day=day)
    calls = Treatment(_FROM_A_DISTANCE, 0, 0, 2, Stage.EARLY)
    set_treatment(session, actor, distant.id, Stage.EARLY, calls, day=day)
