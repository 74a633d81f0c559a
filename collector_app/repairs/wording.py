"""What a repair changed and why, in plain Spanish; for the desk and for the phone."""

from collections.abc import Mapping

from flask_babel import gettext

from collector_app.planning.problem_builder import PreSkipped
from collector_app.planning.reasons import skip_sentences
from collector_app.repairs.rules import BY_HAND, DayChange, RepairKind, StopMove
from collector_app.web.filters import hora_del_dia
from routing.replan import Why

Names = Mapping[int, str]


def change_sentence(change: DayChange, clients: Names, collectors: Names) -> str:
    """Return what happened, all of it."""
    return "; ".join(_one_sentence(one, clients, collectors) for one in change.every)


def _one_sentence(change: DayChange, clients: Names, collectors: Names) -> str:
    client = clients.get(change.client_id or 0, "")
    who = collectors.get(change.collector_id or 0, "")
    match change.kind:
        case RepairKind.CANCELLED:
            return str(gettext("%(client)s canceló", client=client))
        case RepairKind.URGENT:
            return str(gettext("%(client)s es urgente", client=client))
        case RepairKind.LATE:
            at = hora_del_dia(change.free_at_s or 0)
            return str(gettext("%(who)s sigue hasta las %(at)s", who=who, at=at))
        case RepairKind.SICK:
            return str(gettext("%(who)s no puede seguir", who=who))
        case RepairKind.APPOINTMENT_MOVED:
            start, end = hora_del_dia(change.starts_s or 0), hora_del_dia(change.ends_s or 0)
            return str(
                gettext(
                    "La cita de %(client)s es ahora de %(start)s a %(end)s",
                    client=client,
                    start=start,
                    end=end,
                )
            )
    return _of_the_whole_day(change)


def _of_the_whole_day(change: DayChange) -> str:
    if change.kind is RepairKind.EDITED:
        return str(gettext("Se cambió el plan en el tablero"))
    return str(gettext("Calles cerradas en %(m)s m a la redonda", m=change.radius_m))


def move_sentence(
    move: StopMove, collectors: Names, forbidden: Mapping[int, PreSkipped] | None = None
) -> str:
    """Return what becomes of a stop, and why, without the name of the client."""
    told = (forbidden or {}).get(move.client_id)
    why = "; ".join(skip_sentences(told.cause, told.facts)) if told else why_sentence(move.why)
    before, after = (collectors.get(one or 0, "") for one in (move.from_id, move.to_id))
    if move.to_id is None:
        return str(gettext("sale de la ruta de %(name)s: %(why)s", name=before, why=why))
    if move.from_id is None:
        return str(gettext("entra a la ruta de %(name)s: %(why)s", name=after, why=why))
    return str(
        gettext("pasa de %(before)s a %(after)s: %(why)s", before=before, after=after, why=why)
    )


def news_sentence(move: StopMove, collector_id: int, client: str) -> str:
    """Return what a stop that came or went means to the collector who reads it."""
    why = why_sentence(move.why)
    if move.to_id == collector_id:
        return str(gettext("Entra %(client)s: %(why)s", client=client, why=why))
    return str(gettext("Sale %(client)s: %(why)s", client=client, why=why))


def why_sentence(why: str) -> str:
    """Return a reason as the end of a sentence."""
    if why == BY_HAND:
        return str(gettext("lo decidió la oficina"))
    words = {
        Why.CANCELLED: gettext("canceló"),
        Why.SICK: gettext("quien iba no puede seguir"),
        Why.WINDOW_OVER: gettext("ya no se llega en su horario"),
        Why.SHIFT_OVER: gettext("no alcanza la jornada"),
        Why.CLOSED: gettext("no hay paso por el cierre"),
        Why.NO_LONGER_ALLOWED: gettext("nadie que trabaje hoy puede ir"),
        Why.GAVE_WAY: gettext("otras visitas valen más en el tiempo que queda"),
        Why.URGENT: gettext("es urgente"),
        Why.NOW_FITS: gettext("ahora cabe"),
        Why.WORTH_MORE: gettext("así rinde más el día"),
        Why.AS_MADE: gettext("la visita la hizo otro gestor"),
    }
    return str(words[Why(why)])
