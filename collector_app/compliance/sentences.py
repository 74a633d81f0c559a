"""Why a rule forbids a visit, as people read it."""

from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import get_locale, gettext, ngettext

from collector_app.compliance.rules import BAN_RULE, Block, Channel, Source
from collector_app.portfolio.rules import VisitPlaceKind
from collector_app.web.filters import fecha
from collector_app.web.words import label

Facts = Mapping[str, str | int]


def door_sentence(block: Block) -> str:
    """Return the same for whoever stands at the door: of a ban nothing that the office wrote.

    Of which kind the ban is and what may be done all the same stands beside it on the phone.
    """
    if block.rule_id == BAN_RULE:
        return str(gettext("No se le debe contactar"))
    return block_sentence(block)


def block_sentence(block: Block) -> str:
    """Return the sentence of a block, at its end the article, and whose law it is."""
    sentence = _SENTENCES[block.sentence](block.facts)
    where = article_of(block)
    return f"{sentence} ({where})" if where else sentence


def article_of(block: Block) -> str:
    """Return the article of a block, with the creditors whose law it is."""
    return _whose(block.article, str(block.facts.get("creditors", "")))


def source_words(source: Source) -> str:
    """Return the article of a rule, with the creditors whose law it is."""
    return _whose(source.article, ", ".join(source.creditors))


def _whose(article: str, creditors: str) -> str:
    if not creditors:
        return article
    return str(gettext("%(article)s, acreedor: %(names)s", article=article, names=creditors))


def weekday_name(weekday: int) -> str:
    """Return the name of a day of the week, 0 is Monday."""
    return str(get_locale().days["format"]["wide"][weekday])


def _forbidden(facts: Facts) -> str:
    return str(gettext("La ley no permite visitas de cobranza"))


def _place(facts: Facts) -> str:
    place = label(VisitPlaceKind(str(facts["place"]))).lower()
    return str(gettext("No se permite visitar en este lugar: %(place)s", place=place))


def _place_unauthorised(facts: Facts) -> str:
    place = label(VisitPlaceKind(str(facts["place"]))).lower()
    text = gettext("El cliente no autorizó que se le visite en este lugar: %(place)s", place=place)
    return str(text)


def _place_not_given(_facts: Facts) -> str:
    text = gettext(
        "Nadie dio este domicilio: se encontró por otros medios y el cliente no autorizó que se le "
        "visite ahí"
    )
    return str(text)


def _holiday(facts: Facts) -> str:
    return str(gettext("Es día de descanso: %(name)s", name=facts["holiday"]))


def _weekday(facts: Facts) -> str:
    day = weekday_name(int(facts["weekday"]))
    return str(gettext("No se permite contactar en %(day)s", day=day))


def _hours(facts: Facts) -> str:
    return str(gettext("A esa hora no se permite contactar"))


def _quiet(facts: Facts) -> str:
    hours = int(facts["hours"])
    return str(gettext("Se habló con el cliente hace menos de %(hours)s horas", hours=hours))


def _attempts_in_days(facts: Facts) -> str:
    times, days = int(facts["done"]), int(facts["days"])
    return str(
        ngettext(
            "Ya se le buscó %(num)s vez en %(days)s días",
            "Ya se le buscó %(num)s veces en %(days)s días",
            times,
            days=days,
        )
    )


def _attempts_in_week(facts: Facts) -> str:
    times = int(facts["done"])
    return str(
        ngettext("Ya se le buscó esta semana", "Ya se le buscó %(num)s veces esta semana", times)
    )


def _contacts_in_days(facts: Facts) -> str:
    times, days = int(facts["done"]), int(facts["days"])
    return str(
        ngettext(
            "Ya se habló %(num)s vez con el cliente en %(days)s días",
            "Ya se habló %(num)s veces con el cliente en %(days)s días",
            times,
            days=days,
        )
    )


def _contacts_in_week(facts: Facts) -> str:
    times = int(facts["done"])
    return str(
        ngettext(
            "Ya se habló con el cliente esta semana",
            "Ya se habló %(num)s veces con el cliente esta semana",
            times,
        )
    )


def _one_channel(facts: Facts) -> str:
    channel = label(Channel(str(facts["channel"]))).lower()
    return str(gettext("Esta semana ya se habló con el cliente por %(channel)s", channel=channel))


def _pressure(facts: Facts) -> str:
    return str(
        gettext(
            "Ya se le ha insistido mucho: presión %(done)s de %(most)s en %(days)s días",
            done=facts["done"],
            most=facts["most"],
            days=facts["days"],
        )
    )


def _banned(facts: Facts) -> str:
    return str(gettext("No se le debe contactar: %(reason)s", reason=facts["reason"]))


def _treatment_channel(facts: Facts) -> str:
    channel = label(Channel(str(facts["channel"]))).lower()
    text = gettext(
        "A «%(segment)s» no se le contacta por %(channel)s",
        segment=facts["segment"],
        channel=channel,
    )
    return str(text)


def _treatment_cadence(facts: Facts) -> str:
    text = gettext(
        "A «%(segment)s» se le contacta cada %(days)s días: el siguiente desde el %(day)s",
        segment=facts["segment"],
        days=facts["days"],
        day=fecha(date.fromisoformat(str(facts["day"]))),
    )
    return str(text)


def _cash(_facts: Facts) -> str:
    return str(gettext("El gestor no puede recibir dinero"))


def _person(_facts: Facts) -> str:
    return str(gettext("Se habló de la deuda con quien no responde por ella"))


def _reason(_facts: Facts) -> str:
    return str(gettext("No preguntes por qué no pagó; escucha lo que quiera contar"))


def _words(facts: Facts) -> str:
    return str(gettext("Dice lo que no se debe decir: %(words)s", words=facts["words"]))


_SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "forbidden": _forbidden,
    "place": _place,
    "place_unauthorised": _place_unauthorised,
    "place_not_given": _place_not_given,
    "holiday": _holiday,
    "weekday": _weekday,
    "hours": _hours,
    "quiet": _quiet,
    "cap_rolling_days_attempts": _attempts_in_days,
    "cap_iso_week_attempts": _attempts_in_week,
    "cap_rolling_days_contacts": _contacts_in_days,
    "cap_iso_week_contacts": _contacts_in_week,
    "one_channel": _one_channel,
    "pressure": _pressure,
    "banned": _banned,
    "cash": _cash,
    "person": _person,
    "reason": _reason,
    "words": _words,
    "treatment_channel": _treatment_channel,
    "treatment_cadence": _treatment_cadence,
}
