"""What an alert says, in a sentence."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from collector_app.live.rules import Alert, AlertKind
from collector_app.web.filters import distancia, hora_del_dia, minutos

# Facts that people read as something else: its name in the sentence, and how it is written.
WRITTEN = {
    "at_s": ("hour", hora_del_dia),
    "until_s": ("ends", hora_del_dia),
    "for_s": ("time", minutos),
    "by_s": ("time", minutos),
    "off_m": ("way", distancia),
}


def sentence(alert: Alert) -> str:
    """Return what somebody should know about an alert, beside its kind and the collector's name."""
    facts = dict(alert.facts)
    for name, (said, write) in WRITTEN.items():
        if name in facts:
            facts[said] = write(facts.pop(name))
    if alert.key.kind is AlertKind.SILENT:
        return str(_("No registra nada desde hace %(time)s", **facts))
    if alert.key.kind is AlertKind.FAR_FROM_ROUTE:
        return str(_("Su último registro está a %(way)s de la parada más cercana", **facts))
    return _counted(alert.key.kind, facts.pop("n"), facts)


def _counted(kind: AlertKind, count: int, facts: dict[str, Any]) -> str:
    match kind:
        case AlertKind.AT_RISK:
            told = ngettext(
                "Al paso que va llega fuera de horario con %(client)s (%(hour)s)",
                "Al paso que va llega fuera de horario a %(num)s paradas; la primera, "
                "%(client)s (%(hour)s)",
                count,
                **facts,
            )
        case AlertKind.OVERTIME:
            told = ngettext(
                "Va %(time)s detrás del plan y le queda %(num)s parada: al paso que va terminaría "
                "a las %(hour)s y su jornada acaba a las %(ends)s",
                "Va %(time)s detrás del plan y le quedan %(num)s paradas: al paso que va "
                "terminaría a las %(hour)s y su jornada acaba a las %(ends)s",
                count,
                **facts,
            )
        case AlertKind.LATE:
            told = ngettext(
                "Va %(time)s detrás del plan y le queda %(num)s parada",
                "Va %(time)s detrás del plan y le quedan %(num)s paradas",
                count,
                **facts,
            )
        case AlertKind.OUT_OF_ORDER:
            told = _("Dejó atrás %(n)s paradas; la primera, %(client)s", n=count, **facts)
        case _:
            told = ngettext(
                "Su teléfono guarda %(num)s registro sin enviar; última conexión hace %(time)s",
                "Su teléfono guarda %(num)s registros sin enviar; última conexión hace %(time)s",
                count,
                **facts,
            )
    return str(told)
