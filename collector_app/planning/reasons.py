"""Why a stop is on a route, and why a client is on none, in plain Spanish.

Codes with facts are stored; the words are made here, at the edge. What would bring a client in is
told in `planning.remedies`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import format_date, format_percent, gettext, ngettext

from collector_app.absences.rules import AbsenceKind
from collector_app.compliance.rules import Block
from collector_app.compliance.sentences import block_sentence
from collector_app.core.money import USUAL_CURRENCY
from collector_app.planning.rules import ReasonCode, SkipCause
from collector_app.strategy.rules import USUAL_VISIT_PERCENT
from collector_app.web.filters import distancia, hora_del_dia, minutos, pesos
from collector_app.web.words import label

Facts = Mapping[str, Any]
HALF_A_MINUTE_S = 30  # shorter detours would be shown as 0 min


def reason_sentences(
    reasons: Sequence[Mapping[str, Any]], currency: str = USUAL_CURRENCY
) -> list[str]:
    """Return why a stop is on its route, one sentence for each reason; sums are in `currency`."""
    return [_REASONS[ReasonCode(one["code"])]({**one, "currency": currency}) for one in reasons]


def skip_sentences(cause: SkipCause, facts: Facts, currency: str = USUAL_CURRENCY) -> list[str]:
    """Return why a client was left out; several when several rules forbid the visit.

    Sums are in `currency`, that of the client. What the way costs is in the usual one; where the
    two were weighed against each other, that is said as well.
    """
    blocks = facts.get("blocks")
    if blocks:
        return [block_sentence(Block(**block)) for block in blocks]
    sentence = _CAUSES.get(cause)
    weighed = [_treatment(facts["treatment"])] if "treatment" in facts else []
    if cause in _WEIGHED and (alike := weighing_sentence(currency)):
        weighed.append(alike)
    return [sentence({**facts, "currency": currency}) if sentence else label(cause), *weighed]


def weighing_sentence(currency: str) -> str:
    """Return how money of another currency is weighed, empty for the usual one.

    A unit of any is worth the same.
    """
    if currency == USUAL_CURRENCY:
        return ""
    return str(gettext("Al comparar, 1 %(currency)s cuenta como 1 peso", currency=currency))


def _sum(facts: Facts, name: str) -> str:
    """Return an amount of a reason in the currency of the client."""
    return pesos(facts[name], facts.get("currency", USUAL_CURRENCY))


def _appointment(facts: Facts) -> str:
    start, end = hora_del_dia(facts["starts_s"]), hora_del_dia(facts["ends_s"])
    return str(gettext("Cita de %(start)s a %(end)s", start=start, end=end))


def _promise_today(facts: Facts) -> str:
    return str(gettext("Prometió %(amount)s para hoy", amount=_sum(facts, "amount_cents")))


def _promise_late(facts: Facts) -> str:
    amount = _sum(facts, "amount_cents")
    if facts["days"] == 1:
        return str(gettext("Su promesa de %(amount)s venció ayer", amount=amount))
    return str(
        gettext(
            "Su promesa de %(amount)s venció hace %(days)s días", amount=amount, days=facts["days"]
        )
    )


def _instalment_due(facts: Facts) -> str:
    amount = _sum(facts, "amount_cents")
    if facts["days"] == 0:
        return str(gettext("Hoy vence su pago de convenio de %(amount)s", amount=amount))
    return str(gettext("Ayer venció su pago de convenio de %(amount)s", amount=amount))


def _agreement_broken(facts: Facts) -> str:
    day = date.fromisoformat(facts["due_on"])
    return str(
        gettext(
            "Incumplió su convenio: faltan %(amount)s del %(day)s",
            amount=_sum(facts, "amount_cents"),
            day=format_date(day, "d 'de' MMMM"),
        )
    )


def _debt(facts: Facts) -> str:
    return str(
        ngettext(
            "Debe %(amount)s, %(num)s día de atraso",
            "Debe %(amount)s, %(num)s días de atraso",
            facts["days"],
            amount=_sum(facts, "overdue_cents"),
        )
    )


def _long_silence(facts: Facts) -> str:
    return str(gettext("Sin contacto registrado en %(days)s días", days=facts["days"]))


def _on_the_way(facts: Facts) -> str:
    if facts["detour_s"] < HALF_A_MINUTE_S:
        return str(gettext("Queda de paso, casi sin desvío"))
    detour = minutos(facts["detour_s"])
    return str(gettext("Queda de paso: %(detour)s de desvío", detour=detour))


def _expected(facts: Facts) -> str:
    return str(gettext("Esperamos recuperar %(amount)s", amount=_sum(facts, "prize_cents")))


def _chances(facts: Facts) -> str:
    share = format_percent(facts["contact"])
    match facts["source"]:
        case "client":
            return str(
                ngettext(
                    "Probabilidad de encontrarlo: %(share)s, según %(num)s visita suya",
                    "Probabilidad de encontrarlo: %(share)s, según %(num)s visitas suyas",
                    facts["sample"],
                    share=share,
                )
            )
        case "segment":
            return str(
                gettext(
                    "Probabilidad de encontrarlo: %(share)s, según %(n)s visitas a clientes "
                    "parecidos",
                    share=share,
                    n=facts["sample"],
                )
            )
        case "portfolio":
            return str(
                gettext(
                    "Probabilidad de encontrarlo: %(share)s, según las %(n)s visitas de la cartera",
                    share=share,
                    n=facts["sample"],
                )
            )
    return str(
        gettext(
            "Probabilidad de encontrarlo: %(share)s, un supuesto mientras se juntan visitas",
            share=share,
        )
    )


def _best_hour(facts: Facts) -> str:
    match facts["part"]:
        case "morning":
            return str(gettext("Suele estar por la mañana, antes de las 11"))
        case "midday":
            return str(gettext("Suele estar a mediodía, de 11 a 2"))
        case "afternoon":
            return str(gettext("Suele estar por la tarde, de 2 a 5"))
    return str(gettext("Suele estar al caer la tarde, después de las 5"))


def _exploring(facts: Facts) -> str:
    return str(gettext("También va para aprender: de este cliente sabemos poco"))


def _scoring_off(facts: Facts) -> str:
    return str(
        gettext(
            "Puntuación apagada por %(who)s: %(why)s",
            who=facts["by"] or gettext("el sistema"),
            why=facts["why"],
        )
    )


def _urgent(facts: Facts) -> str:
    return str(gettext("Urgente: la oficina lo pidió hoy"))


def _taken_over(facts: Facts) -> str:
    return str(gettext("Iba a ir %(name)s", name=facts["name"]))


def _lent(facts: Facts) -> str:
    return str(gettext("Prestado de la zona de %(name)s", name=facts["name"]))


def _promise_not_due(facts: Facts) -> str:
    day = date.fromisoformat(facts["due_on"])
    return str(gettext("Prometió pagar el %(day)s", day=format_date(day, "EEEE d")))


def _agreement_not_due(facts: Facts) -> str:
    return str(
        gettext(
            "Cumple su convenio; el próximo pago de %(amount)s vence el %(day)s",
            amount=_sum(facts, "amount_cents"),
            day=format_date(date.fromisoformat(facts["due_on"]), "EEEE d"),
        )
    )


def _no_visits(facts: Facts) -> str:
    return str(gettext("Su segmento no se visita (%(segment)s)", segment=facts["segment"]))


def _cadence(facts: Facts) -> str:
    day = format_date(date.fromisoformat(facts["from_on"]), "EEEE d")
    return str(
        gettext("Descansa hasta el %(day)s (%(segment)s)", day=day, segment=facts["segment"])
    )


def _notice_first(facts: Facts) -> str:
    return str(
        ngettext(
            "Antes va un mensaje o una llamada: nada en %(num)s día (%(segment)s)",
            "Antes va un mensaje o una llamada: nada en %(num)s días (%(segment)s)",
            facts["notice_days"],
            segment=facts["segment"],
        )
    )


def _treatment(facts: Facts) -> str:
    told = {"percent": facts["percent"], "segment": facts["segment"]}
    if facts["percent"] < USUAL_VISIT_PERCENT:
        return str(gettext("Su tratamiento baja la visita al %(percent)s %% (%(segment)s)", **told))
    return str(gettext("Su tratamiento sube la visita al %(percent)s %% (%(segment)s)", **told))


def _settled(facts: Facts) -> str:
    day = format_date(date.fromisoformat(facts["issued_on"]), "d MMM y")
    return str(
        gettext(
            "Su carta finiquito del %(day)s dice que no debe; el saldo, que debe %(sum)s",
            day=day,
            sum=_sum(facts, "owed_cents"),
        )
    )


def _not_worth_the_trip(facts: Facts) -> str:
    return str(
        gettext(
            "El desvío cuesta %(detour)s (%(cost)s) y se espera recuperar %(prize)s",
            detour=minutos(facts["detour_s"]),
            cost=pesos(facts["detour_cost"]),
            prize=_sum(facts, "prize"),
        )
    )


def _no_time_left(facts: Facts) -> str:
    return str(
        gettext(
            "Ya no cabe en el día: otras visitas valen más (de esta se esperan %(prize)s)",
            prize=_sum(facts, "prize"),
        )
    )


def _no_legal_window(facts: Facts) -> str:
    if "appointment_s" in facts:
        hour = hora_del_dia(facts["appointment_s"])
        return str(gettext("Su cita de las %(hour)s cae fuera del horario legal", hour=hour))
    return label(SkipCause.NO_LEGAL_WINDOW)


_REASONS: Mapping[ReasonCode, Callable[[Facts], str]] = {
    ReasonCode.APPOINTMENT: _appointment,
    ReasonCode.PROMISE_TODAY: _promise_today,
    ReasonCode.PROMISE_LATE: _promise_late,
    ReasonCode.INSTALMENT_DUE: _instalment_due,
    ReasonCode.AGREEMENT_BROKEN: _agreement_broken,
    ReasonCode.DEBT: _debt,
    ReasonCode.TREATMENT: _treatment,
    ReasonCode.LONG_SILENCE: _long_silence,
    ReasonCode.ON_THE_WAY: _on_the_way,
    ReasonCode.EXPECTED: _expected,
    ReasonCode.CHANCES: _chances,
    ReasonCode.BEST_HOUR: _best_hour,
    ReasonCode.EXPLORING: _exploring,
    ReasonCode.SCORING_OFF: _scoring_off,
    ReasonCode.URGENT: _urgent,
    ReasonCode.TAKEN_OVER: _taken_over,
    ReasonCode.LENT: _lent,
}


def _unreachable(facts: Facts) -> str:
    if "misplacement" not in facts:
        return str(label(SkipCause.UNREACHABLE))
    place = f"{facts['lat']:.5f}, {facts['lon']:.5f}"
    if facts["street_m"] is None:
        return str(gettext("No hay calle a menos de 1 km de su ubicación (%(place)s)", place=place))
    return str(
        gettext(
            "La calle más cercana a su ubicación (%(place)s), a %(distance)s, "
            "no conecta con la ciudad",
            distance=distancia(facts["street_m"]),
            place=place,
        )
    )


def _no_collector(facts: Facts) -> str:
    if "absence" not in facts:
        return label(SkipCause.NO_COLLECTOR)
    why = label(AbsenceKind(facts["absence"])).lower()
    return str(gettext("Su gestor está ausente ese día: %(why)s", why=why))


# Left out after what is expected of them was weighed against the way, or against others.
_WEIGHED = frozenset({SkipCause.NOT_WORTH_THE_TRIP, SkipCause.NO_TIME_LEFT})
_CAUSES: Mapping[SkipCause, Callable[[Facts], str]] = {
    SkipCause.PROMISE_NOT_DUE: _promise_not_due,
    SkipCause.AGREEMENT_NOT_DUE: _agreement_not_due,
    SkipCause.SETTLED: _settled,
    SkipCause.NO_VISITS: _no_visits,
    SkipCause.CADENCE: _cadence,
    SkipCause.NOTICE_FIRST: _notice_first,
    SkipCause.NO_COLLECTOR: _no_collector,
    SkipCause.NOT_WORTH_THE_TRIP: _not_worth_the_trip,
    SkipCause.NO_TIME_LEFT: _no_time_left,
    SkipCause.NO_LEGAL_WINDOW: _no_legal_window,
    SkipCause.UNREACHABLE: _unreachable,
}
