"""What somebody may ask of the board, and whom it leaves with whom; hours come later."""

from dataclasses import dataclass, replace

from collector_app.core.errors import CollectorError
from collector_app.dispatch.rules.boards import BoardEditKind, BoardState, Marks, What
from collector_app.dispatch.rules.refusals import NotOnTheBoard, StopDoesNotFit, StopHeld, Unfit


@dataclass(frozen=True, slots=True)
class PlaceStop:
    """Let a collector visit a client at a position from 1; None is where it costs least.

    On a full route others leave when it `makes_room`; without, it is refused.
    """

    client_id: int
    collector_id: int
    position: int | None = None
    makes_room: bool = False


@dataclass(frozen=True, slots=True)
class RemoveStop:
    """Let nobody visit a client."""

    client_id: int


@dataclass(frozen=True, slots=True)
class PinStop:
    """Keep a stop at its place in the order, or let it go."""

    client_id: int
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class LockStop:
    """Keep a stop with its collector, or let it go."""

    client_id: int
    is_locked: bool


@dataclass(frozen=True, slots=True)
class SwapRoutes:
    """Let two collectors exchange all of their stops."""

    one_id: int
    other_id: int


@dataclass(frozen=True, slots=True)
class Optimise:
    """Search for better routes around what people decided."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Undo the latest edit that is in force."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Bring back the latest edit that was undone."""


Order = PlaceStop | RemoveStop | PinStop | LockStop | SwapRoutes | Optimise | TakeBack | Redo

Sequences = dict[int, tuple[int, ...]]  # clients in order, by collector


_KINDS: dict[type[Order], BoardEditKind] = {
    RemoveStop: BoardEditKind.REMOVE,
    SwapRoutes: BoardEditKind.SWAP,
    Optimise: BoardEditKind.OPTIMISE,
    TakeBack: BoardEditKind.UNDO,
    Redo: BoardEditKind.REDO,
}


def kind_of(order: Order, state: BoardState) -> BoardEditKind:
    """Return the kind of edit that an order becomes on a board."""
    match order:
        case PlaceStop(client_id):
            is_there = state.visitor_of(client_id) is not None
            return BoardEditKind.MOVE if is_there else BoardEditKind.ADD
        case PinStop(_, is_pinned):
            return BoardEditKind.PIN if is_pinned else BoardEditKind.UNPIN
        case LockStop(_, is_locked):
            return BoardEditKind.LOCK if is_locked else BoardEditKind.UNLOCK
    return _KINDS[type(order)]


def what_of(order: Order, before: BoardState, after: BoardState) -> What:
    """Return who an order was about, with the position that was found."""
    match order:
        case PlaceStop(client_id, collector_id):
            at = after.routes[collector_id].clients.index(client_id) + 1
            out = tuple(before.visitors.keys() - after.visitors.keys())
            return What(client_id, before.visitor_of(client_id), collector_id, at, out)
        case RemoveStop(client_id):
            return What(client_id, before.visitor_of(client_id))
        case PinStop(client_id) | LockStop(client_id):
            return What(client_id, to_id=before.visitor_of(client_id))
        case SwapRoutes(one_id, other_id):
            return What(from_id=one_id, to_id=other_id)
    return What()


def sequences_after(order: Order, state: BoardState) -> Sequences:
    """Return who visits whom in which order, of the collectors that an order changes.

    Raises
    ------
    NotOnTheBoard
        If the order names a client who is on no route, or a collector who is not of this plan.
    StopHeld
        If the stop is pinned or locked.
    """
    match order:
        case PlaceStop():
            return _placed(order, state)
        case RemoveStop(client_id):
            who = _visitor(client_id, state)
            _check_free({client_id}, state.marks.held)
            return {who: _without(state.routes[who].clients, client_id)}
        case PinStop(client_id) | LockStop(client_id):
            _visitor(client_id, state)
        case SwapRoutes(one_id, other_id):
            one, other = _clients(one_id, state), _clients(other_id, state)
            _check_free({*one, *other}, state.marks.held)
            return {one_id: other, other_id: one}
    return {}


def marks_after(order: Order, state: BoardState) -> Marks:
    """Return the marks once an order was followed."""
    marks = state.marks
    match order:
        case PlaceStop(client_id):
            here = frozenset({client_id})
            return replace(marks, placed=marks.placed | here, removed=marks.removed - here)
        case RemoveStop(client_id):
            gone = frozenset({client_id})
            return replace(marks, placed=marks.placed - gone, removed=marks.removed | gone)
        case PinStop(client_id, is_pinned):
            return replace(marks, pinned=_with(marks.pinned, client_id, is_pinned))
        case LockStop(client_id, is_locked):
            return replace(marks, locked=_with(marks.locked, client_id, is_locked))
        case SwapRoutes(one_id, other_id):
            both = frozenset(_clients(one_id, state) + _clients(other_id, state))
            return replace(marks, placed=marks.placed | both)
    return marks


def with_room_instead(error: CollectorError, order: Order, state: BoardState) -> PlaceStop | None:
    """Return what to ask instead of an order that a full route refused; None when nothing helps."""
    if not isinstance(order, PlaceStop) or not isinstance(error, StopDoesNotFit):
        return None
    others = {*state.routes[order.collector_id].clients} - {order.client_id} - state.marks.held
    is_lost = order.makes_room or error.facts["why"] == Unfit.NO_WAY.value
    return replace(order, makes_room=True) if others and not is_lost else None


def _placed(order: PlaceStop, state: BoardState) -> Sequences:
    target = _clients(order.collector_id, state)
    source = state.visitor_of(order.client_id)
    stays = source == order.collector_id
    _check_free({order.client_id}, state.marks.pinned if stays else state.marks.held)
    others = _without(target, order.client_id)
    at = len(others) if order.position is None else min(max(order.position, 1) - 1, len(others))
    found = {order.collector_id: (*others[:at], order.client_id, *others[at:])}
    if source is not None and not stays:
        found[source] = _without(state.routes[source].clients, order.client_id)
    return found


def _visitor(client_id: int, state: BoardState) -> int:
    who = state.visitor_of(client_id)
    if who is None:
        raise NotOnTheBoard("client_id", "a client on a route", client=client_id)
    return who


def _clients(collector_id: int, state: BoardState) -> tuple[int, ...]:
    if collector_id not in state.routes:
        raise NotOnTheBoard("collector_id", "a collector of this plan", collector=collector_id)
    return state.routes[collector_id].clients


def _check_free(client_ids: set[int], held: frozenset[int]) -> None:
    for client_id in sorted(client_ids & held):
        raise StopHeld(client=client_id)


def _without(clients: tuple[int, ...], client_id: int) -> tuple[int, ...]:
    return tuple(one for one in clients if one != client_id)


def _with(ids: frozenset[int], one: int, is_in: bool) -> frozenset[int]:
    return ids | {one} if is_in else ids - {one}
