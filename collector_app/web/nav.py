"""The way around: which pages each role finds in the menu."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

# Endpoint, label, icon; in the order of the menu. Who sees an entry is who may open its page: the
# roles that the view itself declares. Entries of pages that do not exist are left out.
MENU = (
    ("phone.today", _("Mi ruta de hoy"), "list"),
    ("phone.map", _("Mapa de la ruta"), "map"),
    ("day_package.tomorrow", _("Mi ruta de mañana"), "calendar"),
    ("day_package.change", _("Cambiar mi ruta"), "refresh"),
    ("day_package.ready", _("Listo para salir"), "check"),
    ("live.board", _("Tablero"), "chart"),
    ("indicators.overview", _("Indicadores"), "chart"),
    ("analysis.overview", _("Análisis"), "chart"),
    ("reports.overview", _("Informes"), "file"),
    ("planning.board", _("Planes del día"), "route"),
    ("repairs.board", _("Reparar el día"), "refresh"),
    ("zones.overview", _("Zonas"), "zones"),
    ("portfolio.clients", _("Cartera"), "portfolio"),
    ("exchange.upload", _("Importar cartera"), "upload"),
    ("compliance.overview", _("Cumplimiento"), "scale"),
    ("strategy.overview", _("Estrategia"), "target"),
    ("playbook.results", _("Guion"), "chat"),
    ("agreements.overview", _("Convenios"), "promise"),
    ("payments.today", _("Recibos"), "file"),
    ("cash.mine", _("Caja"), "money"),
    ("cash.counts", _("Cortes de caja"), "money"),
    ("reconciliation.upload", _("Conciliación"), "money"),
    ("complaints.register", _("Quejas"), "note"),
    ("privacy.overview", _("Datos personales"), "person"),
    ("sync.devices", _("Teléfonos"), "phone"),
    ("sync.review", _("Revisión"), "flag"),
    ("violations.overview", _("Faltas"), "flag"),
    ("accounts.users", _("Personas"), "people"),
    ("api_keys.overview", _("Claves de API"), "key"),
    ("webhooks.overview", _("Webhooks"), "go"),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu, ready to show."""

    url: str
    label: str
    icon: str
    is_current: bool


def register_nav(app: Flask) -> None:
    """Make `navigation()` known to the templates."""
    app.jinja_env.globals["navigation"] = navigation


def navigation() -> list[MenuItem]:
    """Return the entries that the person of this request may open."""
    pages = [
        (url_for(endpoint), str(text), icon) for endpoint, text, icon in MENU if _may_open(endpoint)
    ]
    around = (url for url, _text, _icon in pages if _is_within(request.path, url))
    current = max(around, key=len, default="")
    return [MenuItem(url, text, icon, url == current) for url, text, icon in pages]


def _may_open(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    role = getattr(current_user, "role", None)
    return role is not None and role in getattr(view, "allowed_roles", ())


def _is_within(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")
