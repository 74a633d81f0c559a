"""What follow-up shows as files: zones, colonias with their outlines, clients with their places."""

from collections.abc import Mapping

from flask_babel import gettext as _

from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.follow_up.queries import NotVisited, ZoneCoverage
from collector_app.follow_up.rules import Heat
from collector_app.portfolio.queries import ClientCard

_SHARE_DECIMALS = 3


def zone_columns() -> dict[str, str]:
    """Return the columns of the zones: key -> title."""
    return {
        "zone": _("Zona"),
        "collector": _("Gestor"),
        "clients": _("Clientes"),
        "never": _("Nunca visitados"),
        "stale": _("Última visita vieja"),
        "visited": _("Visitados en el periodo"),
        "penetration": _("Penetración"),
        "overdue": _("Saldo vencido"),
        "currency": _("Moneda"),
    }


def zone_line(row: ZoneCoverage, currency: str) -> Mapping[str, Cell]:
    """Return a zone as a line of its file; shares from 0 to 1."""
    return {
        "zone": row.name,
        "collector": row.collector_name,
        "clients": row.coverage.clients,
        "never": row.coverage.never,
        "stale": row.coverage.stale,
        "visited": round(row.coverage.visited_share, _SHARE_DECIMALS),
        "penetration": round(row.coverage.penetration, _SHARE_DECIMALS),
        "overdue": row.overdue_cents / CENTS_PER_PESO,
        "currency": currency,
    }


def colonia_columns() -> dict[str, str]:
    """Return the columns of the colonias: key -> title."""
    return {
        "colonia": _("Colonia"),
        "clients": _("Clientes"),
        "overdue": _("Saldo vencido"),
        "collected": _("Cobrado"),
        "recovery": _("Recuperado"),
        "currency": _("Moneda"),
    }


def colonia_line(row: Heat, currency: str) -> Mapping[str, Cell]:
    """Return a colonia as a line of its file; the share from 0 to 1."""
    return {
        "colonia": row.place,
        "clients": row.clients,
        "overdue": row.overdue_cents / CENTS_PER_PESO,
        "collected": row.collected_cents / CENTS_PER_PESO,
        "recovery": round(row.recovery, _SHARE_DECIMALS),
        "currency": currency,
    }


def client_columns() -> dict[str, str]:
    """Return the columns of the clients whom nobody visited: key -> title."""
    return {
        "number": _("Número"),
        "client": _("Cliente"),
        "address": _("Domicilio"),
        "colonia": _("Colonia"),
        "zone": _("Zona"),
        "visited_on": _("Última visita"),
        "overdue": _("Saldo vencido"),
        "currency": _("Moneda"),
    }


def client_line(row: NotVisited, card: ClientCard, zone: str | None) -> Mapping[str, Cell]:
    """Return a client as a line of the file; `zone` is the name of theirs."""
    return {
        "number": card.external_id,
        "client": card.name,
        "address": card.address,
        "colonia": card.neighbourhood,
        "zone": zone,
        "visited_on": row.visited_on,
        "overdue": row.overdue_cents / CENTS_PER_PESO,
        "currency": row.currency,
    }
