"""An event as people read it: each field by its word, each choice by its name."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from collector_app.compliance.rules import Channel
from collector_app.payments.rules import PaymentMethod
from collector_app.sync.rules import ReorderCause
from collector_app.visits.rules import Objection, Outcome, PersonMet
from collector_app.web.filters import fecha, hora, pesos
from collector_app.web.words import label

_WORDS = {
    "client_id": _("Cliente"),
    "stop_id": _("Parada"),
    "started_at": _("Empezó"),
    "ended_at": _("Terminó"),
    "person_met": _("Atendió"),
    "outcome": _("Resultado"),
    "objection": _("Qué dijo"),
    "card_opened": _("Abrió la tarjeta"),
    "note": _("Nota"),
    "amount_cents": _("Cantidad"),
    "due_on": _("Paga el"),
    "method": _("Cómo pagó"),
    "reference": _("Folio o referencia"),
    "starts_at": _("Cita"),
    "visit": _("Visita"),
    "reason": _("Motivo"),
    "day": _("Día"),
    "cause": _("Por qué"),
    "stops": _("Paradas en orden"),
    "sha256": _("Foto"),
    "channel": _("Qué fue"),
    "at": _("Cuándo"),
    "person": _("Quién contestó"),
    "was_answered": _("Contestó"),
    "spoke_of_debt": _("Se habló de la deuda"),
    "text": _("Mensaje"),
    "series": _("Serie del recibo"),
    "number": _("Folio"),
    "code": _("Código del recibo"),
    "debt_cents": _("Deuda"),
    "discount_basis": _("Quita"),
    "down_cents": _("Enganche"),
    "count": _("Pagos"),
    "every_days": _("Días entre pagos"),
    "first_on": _("Día del enganche"),
    "step_cents": _("Cada pago sube"),
}
_CHOICES: dict[str, type[StrEnum]] = {
    "person_met": PersonMet,
    "outcome": Outcome,
    "objection": Objection,
    "method": PaymentMethod,
    "cause": ReorderCause,
    "channel": Channel,
    "person": PersonMet,
}
_PARTS = ("promise", "payment", "appointment", "receipt")
_SILENT = ("lat", "lon", "accuracy_m", "no_gps_reason", "photos", "signature")
_LONGEST = 300  # what somebody typed into a field that should be short


def told_facts(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what an event says as words and values; fields that are empty are left out."""
    return list(_facts(body))


def differences(stored: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the fields in which two statements differ, with both values."""
    one, two = dict(_facts(stored)), dict(_facts(other))
    return [
        (word, one.get(word, "–"), two.get(word, "–"))
        for word in {**one, **two}
        if one.get(word) != two.get(word)
    ]


def _facts(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        if value is None or value == [] or name in _SILENT:
            continue
        if name in _PARTS and isinstance(value, dict):
            yield from _facts(value)
        else:
            yield str(_WORDS.get(name, name)), _value(name, value)


def _value(name: str, value: Any) -> str:
    kind = _CHOICES.get(name)
    if kind is not None and value in list(kind):
        return label(kind(value))
    if type(value) is int:
        return _figure(name, value)
    if isinstance(value, bool):
        return str(_("Sí") if value else _("No"))
    if name in ("started_at", "ended_at", "at") and isinstance(value, str):
        return _instant(value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)[:_LONGEST]
    return str(value)[:_LONGEST]


def _figure(name: str, value: int) -> str:
    if name.endswith("_cents"):
        return pesos(value)
    return f"{value / 100:g} %" if name.endswith("_basis") else str(value)[:_LONGEST]


def _instant(text: str) -> str:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text[:_LONGEST]
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return f"{fecha(instant)}, {hora(instant)}"
