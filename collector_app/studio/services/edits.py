"""One edit of a draft: refused when the page was old, added behind the others otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.edits import NothingToRedo, NothingToTakeBack, check_version
from collector_app.core.errors import NotFound
from collector_app.studio import queries
from collector_app.studio.editing import effect_of
from collector_app.studio.grounds import NO_LAND, Land
from collector_app.studio.models import ZoneDraft, ZoneDraftEdit
from collector_app.studio.places import Places
from collector_app.studio.rules import (
    AssignCollector,
    DivideAll,
    DivideByHours,
    DraftClosed,
    DraftState,
    Effect,
    History,
    Order,
    Redo,
    TakeBack,
    kind_of,
)
from collector_app.zones.queries import located
from collector_app.zones.services import check_collectors
from routing.zoning import never

EDITORS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """An order with what it changes, why, and the job that worked it out."""

    order: Order
    effect: Effect
    note: str = ""
    job_id: str | None = None


def edit_draft(
    session: Session,
    actor: Actor,
    draft_id: int,
    seen: int,
    order: Order,
    note: str = "",
    land: Land = NO_LAND,
) -> ZoneDraftEdit:
    """Add an edit to a draft; nothing before it is changed.

    Parameters
    ----------
    seen : int
        The version that the person was looking at.
    land : Land, optional
        The city in use and what collectors can take, see `queries.land_now`.

    Raises
    ------
    NotFound, DraftClosed, StaleDraft
        When there is no such draft, it is closed, or others edited it meanwhile.
    NothingToTakeBack, NothingToRedo, NothingToMove, NothingToFree, ZoneLocked, ZoneTooSmall,
    NotACollector, NothingToEven, DayTooShort, BadZoneCount, NobodyToPlace,
    NoSuchStreet
        When the order itself can't be followed.
    """
    actor.require(*EDITORS)
    open_draft(session, draft_id)
    effect = effect_on_draft(session, draft_id, seen, order, land)
    return record_edit(session, actor, draft_id, seen, MadeEdit(order, effect, note))


def effect_on_draft(
    session: Session,
    draft_id: int,
    seen: int,
    order: Order,
    land: Land = NO_LAND,
    ends_early: Callable[[], bool] = never,
) -> Effect:
    """Return what an order would change, without changing anything; raises as `edit_draft`.

    Parameters
    ----------
    ends_early : callable
        Asked while clients are divided anew, which then ends with the best zones so far.
    """
    draft = session.get(ZoneDraft, draft_id)
    if draft is None:
        message = f"no draft {draft_id}"
        raise NotFound(message)
    history = queries.history(session, draft_id)
    check_version(seen, history.version)
    if isinstance(order, AssignCollector):
        check_collectors(session, [order.collector_id])
    known = replace(land, colonia_of=_colonias(session, order))
    return _effect(order, draft, history.replayed, known, ends_early)


def record_edit(
    session: Session,
    actor: Actor,
    draft_id: int,
    seen: int,
    made: MadeEdit,
) -> ZoneDraftEdit:
    """Add an edit whose effect is known.

    Raises
    ------
    NotFound, DraftClosed, StaleDraft
        When there is no such draft, it is closed, or others edited it meanwhile.
    """
    actor.require(*EDITORS)
    draft = open_draft(session, draft_id)
    check_version(seen, queries.history(session, draft_id).version)
    edit = ZoneDraftEdit(
        draft_id=draft_id,
        number=seen + 1,
        kind=kind_of(made.order),
        made_at=clock.now(),
        made_by=actor.user_id,
        note=made.note or None,
        job_id=made.job_id,
        effect=made.effect.as_json(),
    )
    session.add(edit)
    facts = {"number": edit.number, "kind": edit.kind, "moved": len(made.effect.moved)}
    audit.log(session, actor, "draft.edited", draft, **facts)
    return edit


def open_draft(session: Session, draft_id: int) -> ZoneDraft:
    """Return a draft that can still be changed, and let nobody else change it until the end."""
    draft = session.get(ZoneDraft, draft_id, with_for_update=True)
    if draft is None:
        message = f"no draft {draft_id}"
        raise NotFound(message)
    if draft.published_at or draft.discarded_at:
        message = f"draft {draft_id} was published or discarded"
        raise DraftClosed(message)
    return draft


def _effect(
    order: Order,
    draft: ZoneDraft,
    history: History,
    land: Land,
    ends_early: Callable[[], bool],
) -> Effect:
    if isinstance(order, TakeBack):
        if not history.done:
            raise NothingToTakeBack
        return Effect()
    if isinstance(order, Redo):
        if not history.undone:
            raise NothingToRedo
        return Effect()
    state = history.state(DraftState.from_json(draft.start))
    places = Places.from_json(draft.places)
    return effect_of(order, state, places, history.by_hand(), land, ends_early)


def _colonias(session: Session, order: Order) -> dict[int, str]:
    """Return the colonia of each client with its municipality, when an order keeps them whole."""
    if not (isinstance(order, (DivideAll, DivideByHours)) and order.whole_colonias):
        return {}
    return queries.colonia_of(located(session))
