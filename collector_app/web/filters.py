"""How figures are shown: pesos, dates, hours, distances."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import format_currency, format_date, gettext, ngettext

from collector_app.core import clock
from collector_app.core.money import CENTS_PER_PESO
from collector_app.web import weekdays
from collector_app.web.words import label


def register_filters(app: Flask) -> None:
    """Make the filters known to the templates."""
    for one in (pesos, fecha, hora, hora_del_dia, hace, distancia, minutos, porcentaje, label):
        app.jinja_env.filters[one.__name__] = one
    app.jinja_env.filters["dias"] = weekdays.named


def local_zone() -> ZoneInfo:
    """Return the time zone of the business."""
    return ZoneInfo(current_app.config["TIME_ZONE"])


def pesos(cents: int, currency: str = "MXN") -> str:
    """Show cents as money: ``$1,234.50``."""
    shown: str = format_currency(cents / CENTS_PER_PESO, currency)
    return shown


def fecha(day: date | datetime) -> str:
    """Show a day: ``vie 21 nov``; the year only when it is another one."""
    if isinstance(day, datetime):
        day = day.astimezone(local_zone()).date()
    pattern = "EEE d MMM" if day.year == clock.today(local_zone()).year else "EEE d MMM y"
    shown: str = format_date(day, pattern)
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


def porcentaje(share: float | None, decimals: int = 0) -> str:
    """Show a share from 0 to 1: ``62 %``; a dash when there was nothing to divide by."""
    return "–" if share is None else f"{share * 100:.{decimals}f} %"
