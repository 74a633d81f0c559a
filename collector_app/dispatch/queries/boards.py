"""The board of a plan as pages show it; what it is now is derived from its edits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.absences.queries import absent_on
from collector_app.absences.rules import AbsenceKind
from collector_app.accounts.models import User
from collector_app.audit.kept import KeptUntilDone
from collector_app.core.edits import Turn, done_and_undone, turned
from collector_app.core.errors import NotFound
from collector_app.core.money import USUAL_CURRENCY
from collector_app.dispatch.models import PlanEdit
from collector_app.dispatch.rules import (
    BoardEditKind,
    BoardRoute,
    BoardState,
    BoardStop,
    Cost,
    Effect,
    Marks,
    What,
    turn_of,
)
from collector_app.planning.queries import (
    PlanHead,
    RouteRow,
    SkippedRow,
    StopRow,
    WorkdayRow,
    is_field_work,
    plan_head,
    routes_of_plan,
    workday_of,
    workdays,
)
from collector_app.planning.rules import SkipCause
from collector_app.planning.worth import EXPECTED_FACT
from collector_app.portfolio.queries import other_currencies

_MOST_SHOWN = 4  # boards; one of 5,000 stops takes 4 MB
_shown: "KeptUntilDone[BoardPage]" = KeptUntilDone(_MOST_SHOWN)
MARKS = "marks"  # in the parameters of a plan that was published from a board


@dataclass(frozen=True, slots=True)
class EditRow:
    """An edit as the history shows it.

    Attributes
    ----------
    is_in_force : bool
        False for undo and redo themselves.
    turned : EditRow or None
        What an undo took back, or a redo brought back.
    """

    number: int
    kind: BoardEditKind
    made_at: datetime
    author: str | None
    what: What
    cost: Cost
    is_in_force: bool
    turned: "EditRow | None" = None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A plan with everything that was done to it on the board.

    Attributes
    ----------
    hours : mapping of collector id to WorkdayRow
        How each collector of the board works, by name; who is absent only when they have a route.
    stops : mapping of client id to StopRow
        The stops of the plan as it was stored.
    edits : tuple of EditRow
        The latest first.
    currencies : mapping of client id to str
        Of those on a route, now or as planned, who owe in another currency than the usual one.
    """

    plan: PlanHead
    start: BoardState
    state: BoardState
    hours: Mapping[int, WorkdayRow]
    absent: Mapping[int, AbsenceKind]
    stops: Mapping[int, StopRow]
    edits: tuple[EditRow, ...]
    currencies: Mapping[int, str]
    version: int
    can_undo: bool
    can_redo: bool

    @property
    def names(self) -> dict[int, str]:
        """Return the names of the collectors, by id."""
        return {who: one.name for who, one in self.hours.items()}

    @property
    def overlong(self) -> set[int]:
        """Return the collectors who come back after their shift, of those who work that day."""
        return {
            who
            for who, one in self.hours.items()
            if who not in self.absent and self.state.routes[who].stops
            if self.state.routes[who].returns_s > one.ends_s
        }

    @property
    def absent_with_stops(self) -> set[int]:
        """Return the collectors who are away that day and have stops all the same."""
        return {who for who in self.hours if who in self.absent and self.state.routes[who].stops}

    @property
    def taken_off(self) -> list[SkippedRow]:
        """Return whoever was on a route when it was planned and is on none now."""
        visited, before = self.state.visitors, self.start.visitors
        return [
            SkippedRow(
                client_id,
                who,
                SkipCause.TAKEN_OFF,
                {EXPECTED_FACT: self.stops[client_id].prize_cents},
            )
            for client_id, who in before.items()
            if client_id not in visited
        ]


class Draft(NamedTuple):
    """How far the board of a plan is: its version, and how many edits of it are in force."""

    version: int
    edits: int


class _Replayed(NamedTuple):
    done: tuple[PlanEdit, ...]
    undone: tuple[PlanEdit, ...]
    rows: tuple[tuple[PlanEdit, str | None], ...]
    turned: Mapping[int, int]  # numbers: of an undo or redo, and of the edit it is about


def board_page(session: Session, plan_id: int, *, has_reasons: bool = True) -> BoardPage:
    """Return the board of a plan; a fixed number of statements whatever its size.

    Without reasons, which a page doesn't show, the stops of the plan as stored have none.

    Raises
    ------
    NotFound
        When there is no such plan.
    """
    plan = plan_head(session, plan_id)
    if plan is None:
        message = f"no plan {plan_id}"
        raise NotFound(message)
    routes = routes_of_plan(session, plan_id, has_reasons=has_reasons)
    absent = absent_on(session, plan.day)
    hours = _hours(session, routes, absent)
    start = _start(plan, routes, hours)
    found = _replayed(session, plan_id)
    state = _state(start, found.done)
    stops = {stop.client_id: stop for route in routes for stop in route.stops}
    return BoardPage(
        plan=plan,
        start=start,
        state=state,
        hours=hours,
        absent=absent,
        stops=stops,
        edits=_edit_rows(found),
        currencies=_currencies(session, stops, state),
        version=found.rows[-1][0].number if found.rows else 0,
        can_undo=bool(found.done),
        can_redo=bool(found.undone),
    )


def shown_board(session: Session, plan_id: int) -> BoardPage:
    """Return `board_page` without reasons for a page: read again when something was done.

    Not for a transaction that wrote.

    Raises
    ------
    NotFound
        When there is no such plan.
    """
    return _shown.of(
        session, plan_id, lambda: board_page(session, plan_id, has_reasons=False), is_field_work
    )


def version_of(session: Session, plan_id: int) -> int:
    """Return the number of the last edit of a plan, 0 without any."""
    last = select(func.max(PlanEdit.number)).where(PlanEdit.plan_id == plan_id)
    return session.scalar(last) or 0


def draft_of(session: Session, plan_id: int) -> Draft:
    """Return how far the board of a plan is, without reading what the edits did."""
    found = session.execute(
        select(PlanEdit.number, PlanEdit.kind)
        .where(PlanEdit.plan_id == plan_id)
        .order_by(PlanEdit.number)
    ).all()
    done, _undone = done_and_undone(found, lambda edit: turn_of(edit.kind))
    return Draft(found[-1].number if found else 0, len(done))


def _currencies(
    session: Session, stops: Mapping[int, StopRow], state: BoardState
) -> dict[int, str]:
    planned = {
        client_id: stop.currency
        for client_id, stop in stops.items()
        if stop.currency != USUAL_CURRENCY
    }
    brought_in = state.visitors.keys() - stops.keys()
    return planned | other_currencies(session, brought_in) if brought_in else planned


def _hours(
    session: Session, routes: list[RouteRow], absent: Collection[int]
) -> dict[int, WorkdayRow]:
    own = {route.collector_id: workday_of(route) for route in routes}
    known = {
        one.collector_id: one
        for one in workdays(session)
        if one.collector_id in own or one.collector_id not in absent
    }
    return dict(sorted((own | known).items(), key=lambda pair: (pair[1].name, pair[0])))


def _start(plan: PlanHead, routes: list[RouteRow], hours: Mapping[int, WorkdayRow]) -> BoardState:
    idle = {
        who: BoardRoute(who, (), one.starts_s, one.starts_s, 0, 0) for who, one in hours.items()
    }
    planned = {route.collector_id: _route(route) for route in routes}
    return BoardState(idle | planned, Marks.from_json(plan.parameters.get(MARKS, {})))


def _route(route: RouteRow) -> BoardRoute:
    stops = tuple(
        BoardStop(
            stop.client_id,
            stop.arrives_s,
            stop.starts_s,
            stop.leaves_s,
            stop.travel_s,
            stop.travel_m,
            stop.detour_s,
            stop.prize_cents,
        )
        for stop in route.stops
    )
    return BoardRoute(
        route.collector_id,
        stops,
        route.leaves_s,
        route.returns_s,
        route.travel_s,
        route.travel_m,
        route.path,
    )


def _replayed(session: Session, plan_id: int) -> _Replayed:
    found = session.execute(
        select(PlanEdit, User.full_name)
        .outerjoin(User, User.id == PlanEdit.made_by)
        .where(PlanEdit.plan_id == plan_id)
        .order_by(PlanEdit.number)
    )
    rows = tuple((edit, author) for edit, author in found)
    edits = [edit for edit, _author in rows]

    def turn(edit: PlanEdit) -> Turn:
        return turn_of(edit.kind)

    about = {one.number: other.number for one, other in turned(edits, turn)}
    return _Replayed(*done_and_undone(edits, turn), rows, about)


def _state(start: BoardState, done: tuple[PlanEdit, ...]) -> BoardState:
    state = start
    for edit in done:
        state = state.after(Effect.from_json(edit.effect))
    return state


def _edit_rows(found: _Replayed) -> tuple[EditRow, ...]:
    """Return the edits, the latest first; undo and redo cost what they take back or bring back."""
    in_force = {edit.number for edit in found.done}
    rows: dict[int, EditRow] = {}
    for edit, author in found.rows:
        row = _edit_row(edit, author, in_force)
        other = rows.get(found.turned.get(row.number, 0))
        if other is not None:
            is_undo = row.kind is BoardEditKind.UNDO
            row = replace(
                row, turned=other, cost=other.cost.taken_back() if is_undo else other.cost
            )
        rows[row.number] = row
    return tuple(reversed(rows.values()))


def _edit_row(row: PlanEdit, author: str | None, in_force: set[int]) -> EditRow:
    return EditRow(
        number=row.number,
        kind=row.kind,
        made_at=row.made_at,
        author=author,
        what=What.from_json(row.what),
        cost=Cost.from_json(row.cost),
        is_in_force=row.number in in_force,
    )
