"""Figures of the field, each with its formula; without a denominator there is no figure."""

from enum import StrEnum


class StopState(StrEnum):
    """How a stop of today's route stands, as the map colours it."""

    PENDING = "pending"
    LATE = "late"
    ATTEMPTED = "attempted"
    CONTACTED = "contacted"
    PROMISED = "promised"
    PAID = "paid"


LATE_AFTER_S = 20 * 60  # company policy: a stop not visited 20 minutes after its time is late


SILENT_AFTER_S = 45 * 60  # company policy: whoever still has stops is heard of that often


def share(part: int, whole: int) -> float | None:
    """Return part / whole, 0 to 1; None when there is nothing to divide by."""
    return part / whole if whole else None


def contact_rate(contacts: int, visits: int) -> float | None:
    """Return efectividad de contacto: visits that reached a responsible person / visits made."""
    return share(contacts, visits)


def route_progress(done: int, planned: int) -> float | None:
    """Return avance de ruta: planned stops with a visit / planned stops."""
    return share(done, planned)


def stop_state(
    *,
    is_visited: bool,
    is_contact: bool,
    has_promise: bool,
    has_payment: bool,
    leaves_s: int,
    now_s: int,
) -> StopState:
    """Return how a stop stands; money weighs more than a promise, a promise more than a talk.

    ``leaves_s`` is when the plan meant to leave the stop and ``now_s`` the present, both seconds
    since local midnight.
    """
    if is_visited:
        for applies, state in (
            (has_payment, StopState.PAID),
            (has_promise, StopState.PROMISED),
            (is_contact, StopState.CONTACTED),
        ):
            if applies:
                return state
        return StopState.ATTEMPTED
    return StopState.LATE if now_s > leaves_s + LATE_AFTER_S else StopState.PENDING


def silent_s(
    *, last_s: int | None, leaves_s: int | None, has_open_stops: bool, now_s: int
) -> int | None:
    """Return for how long nothing was heard of a collector, None while that is no news.

    All are seconds since local midnight. Nothing yet counts from when the plan meant them to leave.
    """
    since_s = leaves_s if last_s is None else last_s
    if since_s is None or not has_open_stops or now_s - since_s < SILENT_AFTER_S:
        return None
    return now_s - since_s
