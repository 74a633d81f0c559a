"""What would bring a client in who was left out, in plain Spanish.

The cheapest change of the routes where one does; otherwise what a person can do about the cause.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date, gettext

from collector_app.core.money import USUAL_CURRENCY
from collector_app.planning.rules import SkipCause
from collector_app.web.filters import minutos, pesos
from routing.plan import ChangeKind

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, and the page where it is done, if there is one.

    ``endpoint`` is a name of Flask's; ``of_client`` tells whether it takes ``client_id``.
    """

    sentence: str
    endpoint: str | None = None
    of_client: bool = False


def remedy_of(
    cause: SkipCause,
    facts: Facts,
    names: Mapping[int, str],
    currency: str = USUAL_CURRENCY,
) -> Remedy:
    """Return what would bring a client in.

    Parameters
    ----------
    facts : mapping
        As stored with the cause; ``change`` is the cheapest change of the routes.
    names : mapping of client id to name
        Of the clients on the routes, one of whom may have to give way.
    currency : str
        That of the client.
    """
    change = facts.get("change")
    if change is not None:
        return Remedy(_CHANGES[ChangeKind(change["kind"])]({**change, "currency": currency}, names))
    if cause in _PLACES:
        sentence, endpoint, of_client = _PLACES[cause]
        return Remedy(sentence(facts), endpoint, of_client)
    if cause in _WAITS:
        return Remedy(_WAITS[cause](facts))
    return Remedy(str(gettext("Ningún cambio solo lo haría entrar ese día")))


def _in_minutes(seconds: int) -> str:
    """Show a duration in whole minutes that are enough."""
    return minutos(-(-seconds // 60) * 60)


def _add(change: Facts, names: Mapping[int, str]) -> str:
    detour = _in_minutes(change["detour_s"])
    return str(gettext("Cabe como está la ruta, con %(detour)s de desvío", detour=detour))


def _one_more_stop(change: Facts, names: Mapping[int, str]) -> str:
    return str(gettext("Entra si se permite una visita más al gestor"))


def _longer_shift(change: Facts, names: Mapping[int, str]) -> str:
    return str(gettext("Con %(time)s más de jornada entra", time=_in_minutes(change["seconds"])))


def _wider_window(change: Facts, names: Mapping[int, str]) -> str:
    time = _in_minutes(change["seconds"])
    return str(gettext("Entra si la cita se mueve %(time)s", time=time))


def _another_shift(change: Facts, names: Mapping[int, str]) -> str:
    detour = _in_minutes(change["detour_s"])
    return str(gettext("Otro gestor pasa cerca: %(detour)s de desvío", detour=detour))


def _more_cash(change: Facts, names: Mapping[int, str]) -> str:
    amount = pesos(change["points"])
    return str(gettext("Entra si el gestor puede llevar %(amount)s más", amount=amount))


def _swap(change: Facts, names: Mapping[int, str]) -> str:
    name = names.get(int(change["candidate"]), "")
    if change["points"] <= 0:
        return str(gettext("Entraría en lugar de %(name)s", name=name))
    return str(
        gettext(
            "Entraría en lugar de %(name)s, con %(amount)s menos en total",
            name=name,
            amount=pesos(change["points"]),
        )
    )


def _higher_prize(change: Facts, names: Mapping[int, str]) -> str:
    amount = pesos(change["points"], change["currency"])
    return str(gettext("Convendría si se esperaran %(amount)s más", amount=amount))


_CHANGES: Mapping[ChangeKind, Callable[[Facts, Mapping[int, str]], str]] = {
    ChangeKind.ADD: _add,
    ChangeKind.ADD_STOP_SLOT: _one_more_stop,
    ChangeKind.LENGTHEN_SHIFT: _longer_shift,
    ChangeKind.WIDEN_WINDOW: _wider_window,
    ChangeKind.ALLOW_SHIFT: _another_shift,
    ChangeKind.RAISE_CASH_LIMIT: _more_cash,
    ChangeKind.SWAP_FOR: _swap,
    ChangeKind.RAISE_PRIZE: _higher_prize,
}


def _legal_hour(facts: Facts) -> str:
    if "appointment_s" in facts:
        return str(gettext("Acuerda con el cliente una cita en horario legal"))
    return str(gettext("Planéalo otro día: ese no se puede"))


def _cap_over(facts: Facts) -> str:
    return str(gettext("Vuelve a entrar cuando pase el plazo entre visitas"))


def _ban_lifted(facts: Facts) -> str:
    return str(gettext("Nada, mientras no se levante la prohibición"))


def _promise_broken(facts: Facts) -> str:
    day = format_date(date.fromisoformat(facts["due_on"]), "EEEE d")
    return str(gettext("Vuelve a entrar desde el %(day)s, si no ha pagado", day=day))


def _overdue_again(facts: Facts) -> str:
    return str(gettext("Vuelve a entrar cuando algo se le venza o pida una cita"))


def _asked_again(facts: Facts) -> str:
    return str(gettext("Si puede después de todo, pídelo como urgente en Reparar el día"))


def _on_the_map(facts: Facts) -> str:
    return str(gettext("Ponlo en el mapa"))


def _right_place(facts: Facts) -> str:
    return str(gettext("Corrige su ubicación en el mapa"))


def _another_treatment(facts: Facts) -> str:
    return str(gettext("Agrega la visita al tratamiento de su segmento, o hazle una cita"))


def _rested(facts: Facts) -> str:
    day = format_date(date.fromisoformat(facts["from_on"]), "EEEE d")
    return str(gettext("Vuelve a entrar el %(day)s, o antes con una cita", day=day))


def _notice_sent(facts: Facts) -> str:
    return str(gettext("Mándale un mensaje o llámalo, o hazle una cita"))


def _letter_cleared(facts: Facts) -> str:
    return str(gettext("Acláralo con el acreedor, o anula la carta si se dio por error"))


def _into_a_zone(facts: Facts) -> str:
    return str(gettext("Dale una zona"))


def _somebody_works(facts: Facts) -> str:
    return str(gettext("Dale una jornada al gestor de su zona, o la zona a otro"))


def _longer_hours(facts: Facts) -> str:
    return str(gettext("Cambia la jornada del gestor: no coincide con su horario"))


_Words = Callable[[Facts], str]

# What a person does, and where: endpoint, and whether it is about one client.
_PLACES: Mapping[SkipCause, tuple[_Words, str, bool]] = {
    SkipCause.SETTLED: (_letter_cleared, "agreements.overview", False),
    SkipCause.NO_LOCATION: (_on_the_map, "locations.pin", True),
    SkipCause.UNREACHABLE: (_right_place, "locations.pin", True),
    SkipCause.NO_ZONE: (_into_a_zone, "zones.overview", False),
    SkipCause.NO_VISITS: (_another_treatment, "strategy.overview", False),
    SkipCause.NOTICE_FIRST: (_notice_sent, "contacts.client", True),
    SkipCause.NO_COLLECTOR: (_somebody_works, "planning.workday_list", False),
    SkipCause.OUTSIDE_SHIFT: (_longer_hours, "planning.workday_list", False),
}

# What time or the client brings.
_WAITS: Mapping[SkipCause, _Words] = {
    SkipCause.NO_LEGAL_WINDOW: _legal_hour,
    SkipCause.CONTACT_CAP: _cap_over,
    SkipCause.BANNED: _ban_lifted,
    SkipCause.PROMISE_NOT_DUE: _promise_broken,
    SkipCause.AGREEMENT_NOT_DUE: _promise_broken,
    SkipCause.CADENCE: _rested,
    SkipCause.NOTHING_OVERDUE: _overdue_again,
    SkipCause.CANCELLED: _asked_again,
}
