"""How figures are shown: pesos, dates, hours, distances."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from flask import Flask, current_app
from flask_babel import get_locale, gettext, ngettext

from collector_app.core import clock
from collector_app.core.money import CENTS_PER_PESO
from collector_app.web import weekdays
from collector_app.web.words import label, numero

MINUS = "\N{MINUS SIGN}"
_PROBE_CENTS = (123_456_789, 123_456, 7, 0)  # amounts that show every sign of a way of writing


def register_filters(app: Flask) -> None:
    """Make the filters known to the templates."""
    days = (fecha, fecha_completa, hora, hora_del_dia, hace)
    for one in (pesos, sumas, *days, numero, distancia, minutos, tiempo_de_mas, porcentaje, label):
        app.jinja_env.filters[one.__name__] = one
    app.jinja_env.filters["dias"] = weekdays.named


def local_zone() -> ZoneInfo:
    """Return the time zone of the business."""
    return ZoneInfo(current_app.config["TIME_ZONE"])


def pesos(cents: int, currency: str = "MXN") -> str:
    """Show cents as money: ``$1,234.50``."""
    return _way_of_writing(currency, get_locale())(cents)


def sumas(cents_by_currency: Mapping[str, int]) -> str:
    """Show one sum for each currency: ``$1,234.50 · CLF 12.00``; nothing at all as zero."""
    shown = [pesos(cents, currency) for currency, cents in cents_by_currency.items()]
    return " · ".join(shown) or pesos(0)


@lru_cache
def _way_of_writing(currency: str, locale: Locale | None) -> Callable[[int], str]:
    """Return what writes an amount of cents as Babel does, ten times as fast where that is sure.

    Lists show thousands of amounts. A currency is learned from one that Babel wrote: what stands
    around the digits and between them; where other amounts tell that there is more to it (no
    decimals, other digits, groups of other sizes), Babel goes on to write each.
    """

    def by_babel(cents: int) -> str:
        shown: str = format_currency(cents / CENTS_PER_PESO, currency, locale=locale)
        return shown

    before, *rest = by_babel(_PROBE_CENTS[0]).split("1", 1)
    signs = rest[0] if rest else ""
    # 1 | group | 234 | group | 567 | point | 89 | behind
    group, _first, tail = signs.partition("234")
    _group, _second, tail = tail.partition("567")
    point, _third, behind = tail.partition("89")

    def learned(cents: int) -> str:
        if type(cents) is not int or cents < 0:  # averages, sums of a database
            return by_babel(cents)
        whole, part = divmod(cents, CENTS_PER_PESO)
        grouped = f"{whole:,}".replace(",", group)
        return f"{before}{grouped}{point}{part:02d}{behind}"

    is_sure = all(learned(one) == by_babel(one) for one in _PROBE_CENTS)
    return learned if is_sure else by_babel


def fecha(day: date | datetime) -> str:
    """Show a day: ``vie 21 nov``; the year only when it is another one."""
    if isinstance(day, datetime):
        day = day.astimezone(local_zone()).date()
    pattern = "EEE d MMM" if day.year == clock.today(local_zone()).year else "EEE d MMM y"
    return _written_day(day, pattern, get_locale())


def fecha_completa(day: date | datetime) -> str:
    """Show a day as papers that are kept say it: ``21 de noviembre de 2026``."""
    if isinstance(day, datetime):
        day = day.astimezone(local_zone()).date()
    return _written_day(day, "long", get_locale())


@lru_cache(maxsize=2_048)
def _written_day(day: date, pattern: str, locale: Locale | None) -> str:
    shown: str = format_date(day, pattern, locale=locale)
    return shown


def hora(instant: datetime) -> str:
    """Show the local time of an instant: ``14:05``."""
    return f"{instant.astimezone(local_zone()):%H:%M}"


def hora_del_dia(second_s: int) -> str:
    """Show seconds since local midnight as a time: ``14:05``."""
    return f"{second_s // 3600:02d}:{second_s % 3600 // 60:02d}"


def hace(instant: datetime) -> str:
    """Show how long ago an instant was."""
    minutes = int((clock.now() - instant).total_seconds() // 60)
    if minutes < 1:
        return str(gettext("ahora"))
    if minutes < 60:
        return str(gettext("hace %(n)s min", n=minutes))
    if minutes < 24 * 60:
        return str(gettext("hace %(n)s h", n=minutes // 60))
    days = minutes // (24 * 60)
    return str(ngettext("hace %(num)s día", "hace %(num)s días", days))


def distancia(metres: int) -> str:
    """Show a distance: ``850 m``, ``3.2 km``."""
    return f"{metres} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def minutos(seconds: int) -> str:
    """Show a duration: ``8 min``, ``1 h 05 min``."""
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def tiempo_de_mas(seconds: int) -> str:
    """Show how much longer something takes: ``+8 min``, ``−25 s``; "−0 min" would say nothing."""
    shown = f"{abs(seconds)} s" if 0 < abs(seconds) < 60 else minutos(abs(seconds))
    return f"{'+' if seconds > 0 else MINUS if seconds < 0 else ''}{shown}"


def porcentaje(share: float | None, decimals: int = 0) -> str:
    """Show a share from 0 to 1: ``62 %``; a dash when there was nothing to divide by."""
    return "–" if share is None else f"{share * 100:.{decimals}f} %"
