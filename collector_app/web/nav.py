"""The way around: which pages each role finds in the menu."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

# Name and icon of a group, and its entries: endpoint, label, icon; in the order of the menu. Who
# sees an entry is who may open its page: the roles that the view itself declares. Entries of pages
# that do not exist are left out. A group holds at most `MOST_IN_GROUP`: it fits on a screen.
MOST_IN_GROUP = 6
GROUPS = (
    (
        _("Mi ruta"),
        "list",
        (
            ("phone.today", _("Mi ruta de hoy"), "list"),
            ("phone.map", _("Mapa de la ruta"), "map"),
            ("day_package.tomorrow", _("Mi ruta de mañana"), "calendar"),
            ("day_package.change", _("Cambiar mi ruta"), "refresh"),
            ("day_package.ready", _("Listo para salir"), "check"),
        ),
    ),
    (
        _("El día"),
        "route",
        (
            ("live.board", _("Tablero"), "chart"),
            ("planning.board", _("Planes del día"), "route"),
            ("repairs.board", _("Reparar el día"), "refresh"),
            ("sync.review", _("Revisión"), "flag"),
        ),
    ),
    (
        _("Resultados"),
        "chart",
        (
            ("indicators.overview", _("Indicadores"), "chart"),
            ("analysis.overview", _("Análisis"), "chart"),
            ("reports.overview", _("Informes"), "file"),
            ("costs.overview", _("Costos"), "money"),
        ),
    ),
    (
        _("Clientes"),
        "portfolio",
        (
            ("portfolio.clients", _("Cartera"), "portfolio"),
            ("exchange.upload", _("Importar cartera"), "upload"),
            ("zones.overview", _("Zonas"), "zones"),
            ("strategy.overview", _("Estrategia"), "target"),
            ("playbook.results", _("Guion"), "chat"),
        ),
    ),
    (
        _("Ley y trato"),
        "scale",
        (
            ("compliance.overview", _("Cumplimiento"), "scale"),
            ("compliance.creditors", _("Acreedores"), "people"),
            ("violations.overview", _("Faltas"), "flag"),
            ("complaints.register", _("Quejas"), "note"),
            ("privacy.overview", _("Datos personales"), "person"),
        ),
    ),
    (
        _("Dinero"),
        "money",
        (
            ("agenda.promises", _("Promesas"), "calendar"),
            ("agreements.overview", _("Convenios"), "promise"),
            ("payments.today", _("Recibos"), "file"),
            ("cash.mine", _("Caja"), "money"),
            ("cash.counts", _("Cortes de caja"), "money"),
            ("reconciliation.upload", _("Conciliación"), "money"),
        ),
    ),
    (
        _("Sistema"),
        "people",
        (
            ("accounts.users", _("Personas"), "people"),
            ("sync.devices", _("Teléfonos"), "phone"),
            ("api_keys.overview", _("Claves de API"), "key"),
            ("webhooks.overview", _("Webhooks"), "go"),
        ),
    ),
)
_WAITING = "waiting_in_menu"
MENU = tuple(entry for _label, _icon, entries in GROUPS for entry in entries)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu, ready to show."""

    url: str
    label: str
    icon: str
    is_current: bool
    waiting: int = 0  # for a decision of this person


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Entries of the menu that belong together; the one of the present page is open."""

    label: str
    icon: str
    items: tuple[MenuItem, ...]

    @property
    def is_current(self) -> bool:
        """Tell whether the present page is in it."""
        return any(item.is_current for item in self.items)

    @property
    def waiting(self) -> int:
        """Return how much waits behind its entries."""
        return sum(item.waiting for item in self.items)


def register_nav(app: Flask) -> None:
    """Make `navigation()` and `navigation_groups()` known to the templates."""
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["navigation_groups"] = navigation_groups


def count_in_menu(app: Flask, endpoint: str, waiting: Callable[[], int]) -> None:
    """Show beside an entry how much waits there for the person of the request."""
    app.extensions.setdefault(_WAITING, {})[endpoint] = waiting


def _waiting(endpoint: str) -> int:
    ask: Callable[[], int] | None = current_app.extensions.get(_WAITING, {}).get(endpoint)
    return ask() if ask else 0


def navigation() -> list[MenuItem]:
    """Return the entries that the person of this request may open."""
    return [item for group in navigation_groups() for item in group.items]


def navigation_groups() -> list[MenuGroup]:
    """Return the same entries by group; groups without any are left out."""
    pages = {endpoint: url_for(endpoint) for endpoint, _text, _icon in MENU if _may_open(endpoint)}
    around = (url for url in pages.values() if _is_within(request.path, url))
    current = max(around, key=len, default="")
    groups = (
        MenuGroup(
            str(label),
            icon,
            tuple(
                MenuItem(
                    pages[endpoint],
                    str(text),
                    item_icon,
                    pages[endpoint] == current,
                    _waiting(endpoint),
                )
                for endpoint, text, item_icon in entries
                if endpoint in pages
            ),
        )
        for label, icon, entries in GROUPS
    )
    return [group for group in groups if group.items]


def _may_open(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    role = getattr(current_user, "role", None)
    return role is not None and role in getattr(view, "allowed_roles", ())


def _is_within(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")
