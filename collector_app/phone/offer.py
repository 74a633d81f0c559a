"""What the form of a visit offers and answers to mistakes, as the phone checks it by itself.

The phone saves without asking the office (static/phone/visit/answers.js): both read these sets and
these sentences, so that what is saved there is applied here.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from collector_app.contacts.debt_words import debt_words
from collector_app.core import clock
from collector_app.payments.rules import PaymentMethod
from collector_app.phone.queries import Door
from collector_app.promises.rules import PromiseFlag
from collector_app.stages.promise_limits import PromiseLimits
from collector_app.visits import rules
from collector_app.visits.rules import Objection, Outcome, PersonMet
from collector_app.web.words import label, message

REFERENCE_LENGTH = 60
NOTE_LENGTH = 2000

SENTENCES = {
    "choose_person": _("Elige quién te atendió."),
    "choose_outcome": _("Elige qué pasó."),
    "outcome_misfit": _("Eso no va con quien te atendió. Elige otra respuesta."),
    "choose_amount": _("Elige la cantidad."),
    "amount_unreadable": _("Escribe la cantidad con números, por ejemplo 350 o 1,250.50."),
    "amount_not_positive": _("Escribe una cantidad mayor que cero."),
    "amount_too_large": _("Revisa la cantidad: es demasiado grande."),
    "choose_day": _("Elige el día."),
    "write_date": _("Escribe la fecha."),
    "check_year": _("Revisa el año."),
    "choose_method": _("Elige cómo pagó."),
    "write_time": _("Escribe la hora de la cita."),
    "choose_objection": _("Elige qué dijo el cliente."),
    "write_note": _("Escribe en pocas palabras qué pasó."),
    "too_long": _("Es demasiado largo. Escribe menos."),
    "stale_page": _("La página caducó. Vuelve a la lista y abre la visita otra vez."),
}
_OF_SERVICES = ("promise_in_past", "appointment_in_past")  # error codes: see web/messages.es.toml
_PAID_MORE = _("Recibiste mucho más de lo que debe")
_READ_BACK = {
    "paid": _("Guardado: recibiste {sum}."),
    "promised": _("Guardado: prometió {sum} para el {day}."),
    "paid_and_promised": _("Guardado: recibiste {sum} y prometió {rest} para el {day}."),
    "saved": _("Guardado: {outcome}."),
}
_SAID = Path(__file__).with_name("words.es.toml")


def sentence(key: str) -> str:
    """Return what to do about an answer that can't be used."""
    return str(SENTENCES[key])


def said_words() -> dict[str, list[str]]:
    """Return by which words a note tells that something was said, by what it was."""
    return {
        what: [one.strip() for one in str(gettext(words)).split(",")]
        for what, words in _said().items()
    }


def offer_for(
    door: Door, limits: PromiseLimits, zone: ZoneInfo, most_discount_percent: float
) -> dict[str, Any]:
    """Return what a page tells the phone so that it can read and check its form: JSON.

    ``limits`` are what the house takes at this stage of the client's; beyond them, and of sums far
    above the debt, the phone asks whether that is right, and takes it. ``most_discount_percent`` is
    what a collector may offer this client without asking anybody.
    """
    sentences = {key: str(text) for key, text in SENTENCES.items()}
    return {
        "client_id": door.client.id,
        "client": {"number": door.client.external_id, "phone": door.client.phone},
        "stop_id": door.stop_id,
        "now_ms": round(clock.now().timestamp() * 1000),
        "zone": zone.key,
        "currency": door.debt.currency,
        "offered": {one.value: [each.value for each in rules.offered(one)] for one in PersonMet},
        "required": {one.value: rules.required(one) for one in Outcome},
        "adds_promise": {
            one.value: [each.value for each in Outcome if rules.may_add_promise(one, each)]
            for one in PersonMet
        },
        "argues": [one.value for one in Outcome if rules.may_argue(one)],
        "implied": {
            one.value: objection
            for one in Outcome
            if (objection := rules.implied_objection(one)) is not None
        },
        "objections": [one.value for one in Objection],
        "methods": [one.value for one in PaymentMethod],
        "limits": {
            "debt_cents": limits.debt_cents,
            "least_cents": limits.allowed.least_cents,
            "last_on": limits.allowed.last_on.isoformat(),
            "history": list(limits.history_flags),
        },
        "responsible": sorted(rules.RESPONSIBLE),
        "said": said_words(),
        "most_percent": most_discount_percent,
        "doubts": {one.value: label(one) for one in PromiseFlag}
        | {"paid_more_than_debt": str(_PAID_MORE)},
        "sentences": sentences | {code: message(code, {}) for code in _OF_SERVICES},
        "words": {key: str(text) for key, text in _READ_BACK.items()},
    }


@cache
def _said() -> dict[str, str]:
    words: dict[str, dict[str, str]] = tomllib.loads(_SAID.read_text(encoding="utf-8"))
    return {"debt": debt_words(), **words["said"]}
