"""What is done with speeds that were learnt: put them into use, take them back."""

from pathlib import Path

from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.core.actor import Actor, Role
from routing.travel.streets.calibration import Calibration, put_back, put_into_use

KEEPERS = (Role.ADMIN, Role.SYSTEM)


def use_speeds(session: Session, actor: Actor, pack: Path, learnt: Calibration) -> None:
    """Put learnt speeds into use for all travel of a city from now on.

    Plans that exist keep the times they were made with. The speeds in use so far are kept.
    """
    actor.require(*KEEPERS)
    assert learnt.before is not None  # noqa: S101 - what was not judged has no factors to use
    assert learnt.after is not None  # noqa: S101
    log(
        session,
        actor,
        "speeds.learnt",
        f"city:{pack.name}",
        trips=learnt.trips,
        days=learnt.days,
        error_before=round(learnt.before.median_share, 3),
        error_after=round(learnt.after.median_share, 3),
    )
    put_into_use(pack, learnt.factors, f"{learnt.trips} trips of {learnt.days} days")


def undo_speeds(session: Session, actor: Actor, pack: Path) -> bool:
    """Put the speeds back that were in use before the last ones; False if there are none."""
    actor.require(*KEEPERS)
    if not put_back(pack):
        return False
    log(session, actor, "speeds.put_back", f"city:{pack.name}")
    return True
