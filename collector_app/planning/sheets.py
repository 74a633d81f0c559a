"""The routes of a plan as lines of a spreadsheet, and as lines on a map."""

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _

from collector_app.core.geojson import Feature, feature, line
from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.planning.paths import decode
from collector_app.planning.queries import RouteRow
from collector_app.portfolio.queries import ClientCard
from collector_app.web.filters import hora_del_dia


def columns_of_stops() -> dict[str, str]:
    """Return the columns of a plan's sheet, with their titles."""
    return {
        "collector": _("Gestor"),
        "position": _("Orden"),
        "number": _("Número"),
        "client": _("Cliente"),
        "address": _("Domicilio"),
        "arrives": _("Llega"),
        "leaves": _("Sale"),
        "travel_min": _("Trayecto (min)"),
        "travel_km": _("Trayecto (km)"),
        "expected": _("Recuperación esperada"),
        "lat": _("Latitud"),
        "lon": _("Longitud"),
    }


def lines_of_stops(
    routes: Sequence[RouteRow], cards: Mapping[int, ClientCard]
) -> list[dict[str, Cell]]:
    """Return a line for each stop, route by route in their order; money in pesos."""
    return [
        {
            "collector": route.collector_name,
            "position": stop.position,
            "number": cards[stop.client_id].external_id,
            "client": cards[stop.client_id].name,
            "address": cards[stop.client_id].address,
            "arrives": hora_del_dia(stop.arrives_s),
            "leaves": hora_del_dia(stop.leaves_s),
            "travel_min": round(stop.travel_s / 60),
            "travel_km": round(stop.travel_m / 1000, 1),
            "expected": stop.prize_cents / CENTS_PER_PESO,
            "lat": cards[stop.client_id].lat,
            "lon": cards[stop.client_id].lon,
        }
        for route in routes
        for stop in route.stops
    ]


def features_of_routes(routes: Sequence[RouteRow]) -> Iterator[Feature]:
    """Yield the line of each route along the streets."""
    for route in routes:
        yield feature(
            route.id,
            line(decode(route.path)),
            {
                "collector": route.collector_name,
                "leaves": hora_del_dia(route.leaves_s),
                "returns": hora_del_dia(route.returns_s),
                "travel_km": round(route.travel_m / 1000, 1),
                "stops": len(route.stops),
            },
        )
