"""Drafts as pages show them; what they are now is derived from their edits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.errors import NotFound
from collector_app.studio.models import ZoneDraft, ZoneDraftEdit
from collector_app.studio.places import Places
from collector_app.studio.rules import (
    Barrier,
    BorderFinding,
    DraftOrigin,
    DraftState,
    Edit,
    EditKind,
    Effect,
    History,
    replay,
)
from collector_app.zones.models import ZoneProposal


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as lists show it."""

    id: int
    name: str
    origin: DraftOrigin
    created_at: datetime
    author: str | None
    version: int


@dataclass(frozen=True, slots=True)
class EditRow:
    """An edit as the history of the page shows it.

    Attributes
    ----------
    is_in_force : bool
        False for those taken back, and for undo and redo themselves.
    zones : tuple of str
        The names of the zones it made or changed.
    moved : int
        Clients whom it gave another zone.
    """

    number: int
    kind: EditKind
    made_at: datetime
    author: str | None
    note: str | None
    zones: tuple[str, ...]
    moved: int
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class DraftHistory:
    """The edits of a draft gone through, and the number of the last one."""

    replayed: History
    version: int


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with everything its page shows.

    Attributes
    ----------
    asked_zones : int
        How many the last change asked for, 0 when it was no division; there may be fewer.
    """

    row: DraftRow
    start: DraftState
    state: DraftState
    places: Places
    edits: tuple[EditRow, ...]  # latest first
    findings: tuple[BorderFinding, ...]
    asked_zones: int
    can_undo: bool
    can_redo: bool
    published_at: datetime | None
    published_from_on: date | None
    discarded_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be changed."""
        return self.published_at is None and self.discarded_at is None


def open_drafts(session: Session) -> list[DraftRow]:
    """Return the drafts that nobody has published or discarded, newest first."""
    wanted = ZoneDraft.published_at.is_(None), ZoneDraft.discarded_at.is_(None)
    found = session.execute(_rows().where(*wanted).order_by(ZoneDraft.id.desc()))
    return [DraftRow(*row) for row in found]


def is_made(session: Session, job_id: str) -> bool:
    """Tell whether a job has added its edit already."""
    found = session.scalar(select(ZoneDraftEdit.id).where(ZoneDraftEdit.job_id == job_id))
    return found is not None


def history(session: Session, draft_id: int) -> DraftHistory:
    """Return which edits of a draft are in force."""
    edits = _edits(session, draft_id)
    replayed = replay([_edit(row) for row, _author in edits])
    return DraftHistory(replayed, edits[-1][0].number if edits else 0)


def last_bounds(session: Session) -> tuple[frozenset[int], tuple[Barrier, ...]]:
    """Return whom the draft that was published last bound to their zones, and which barriers stand.

    Barriers are those of that draft, or of a proposal that was accepted since.
    """
    proposal = session.scalars(
        select(ZoneProposal)
        .where(ZoneProposal.accepted_at.is_not(None))
        .order_by(ZoneProposal.accepted_at.desc(), ZoneProposal.id.desc())
        .limit(1)
    ).first()
    accepted = tuple(Barrier.from_json(one) for one in proposal.barriers) if proposal else ()
    draft = session.scalars(
        select(ZoneDraft)
        .where(ZoneDraft.published_at.is_not(None))
        .order_by(ZoneDraft.published_at.desc(), ZoneDraft.id.desc())
        .limit(1)
    ).first()
    if draft is None:
        return frozenset(), accepted
    state = history(session, draft.id).replayed.state(DraftState.from_json(draft.start))
    accepted_at, published_at = proposal and proposal.accepted_at, draft.published_at
    is_replaced = accepted_at and published_at and accepted_at > published_at
    return state.bound, accepted if is_replaced else state.barriers


def draft_page(session: Session, draft_id: int) -> DraftPage:
    """Return a draft, open or closed.

    Raises
    ------
    NotFound
        When there is none with that id.
    """
    draft = session.get(ZoneDraft, draft_id)
    if draft is None:
        message = f"no draft {draft_id}"
        raise NotFound(message)
    edits = _edits(session, draft_id)
    replayed = replay([_edit(row) for row, _author in edits])
    in_force = {edit.number for edit in replayed.done}
    start = DraftState.from_json(draft.start)
    return DraftPage(
        row=DraftRow(*session.execute(_rows().where(ZoneDraft.id == draft_id)).one()),
        start=start,
        state=replayed.state(start),
        places=Places.from_json(draft.places),
        edits=tuple(_edit_row(row, author, in_force) for row, author in reversed(edits)),
        findings=tuple(BorderFinding.from_json(one) for one in draft.findings),
        asked_zones=replayed.done[-1].effect.asked if replayed.done else 0,
        can_undo=bool(replayed.done),
        can_redo=bool(replayed.undone),
        published_at=draft.published_at,
        published_from_on=draft.published_from_on,
        discarded_at=draft.discarded_at,
    )


def _rows() -> Select[int, str, DraftOrigin, datetime, str | None, int]:
    versions = (
        select(ZoneDraftEdit.draft_id, func.max(ZoneDraftEdit.number).label("version"))
        .group_by(ZoneDraftEdit.draft_id)
        .subquery()
    )
    return (
        select(
            ZoneDraft.id,
            ZoneDraft.name,
            ZoneDraft.origin,
            ZoneDraft.created_at,
            User.full_name,
            func.coalesce(versions.c.version, 0),
        )
        .outerjoin(User, User.id == ZoneDraft.created_by)
        .outerjoin(versions, versions.c.draft_id == ZoneDraft.id)
    )


def _edits(session: Session, draft_id: int) -> list[tuple[ZoneDraftEdit, str | None]]:
    found = session.execute(
        select(ZoneDraftEdit, User.full_name)
        .outerjoin(User, User.id == ZoneDraftEdit.made_by)
        .where(ZoneDraftEdit.draft_id == draft_id)
        .order_by(ZoneDraftEdit.number)
    )
    return [(edit, author) for edit, author in found]


def _edit(row: ZoneDraftEdit) -> Edit:
    return Edit(row.number, row.kind, Effect.from_json(row.effect))


def _edit_row(row: ZoneDraftEdit, author: str | None, in_force: set[int]) -> EditRow:
    effect = Effect.from_json(row.effect)
    return EditRow(
        number=row.number,
        kind=row.kind,
        made_at=row.made_at,
        author=author,
        note=row.note,
        zones=tuple(zone.name for zone in effect.zones),
        moved=len(effect.moved),
        is_in_force=row.number in in_force,
    )
