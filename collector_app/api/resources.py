"""The lists that the API offers; an entry each, which its routes and its description follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.api import queries
from collector_app.api.files import (
    Features,
    Table,
    at_point,
    line_of_stops,
    of_routes,
    one_line,
    within_outline,
)
from collector_app.api.queries import Asked
from collector_app.api.rules import (
    AbsenceOut,
    ClientOut,
    FileFormat,
    PaymentOut,
    PlanOut,
    PlanState,
    PromiseOut,
    Scope,
    VisitOut,
    ZoneOut,
)
from collector_app.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Resource:
    """A list: who may read it, what its rows are and how they lie on a map, its filters."""

    scope: Scope
    row: type[Any]
    read: Callable[[Session, Asked], list[Any]]
    table: Table
    filters: tuple[str, ...] = ()
    features: Features | None = None

    @property
    def formats(self) -> tuple[FileFormat, ...]:
        """Return the files that it can be had as; only what lies somewhere fits on a map."""
        return tuple(one for one in FileFormat if self.features or one is not FileFormat.GEOJSON)


_CLIENTS = one_line(ClientOut, without=("credits",))
_VISITS = one_line(VisitOut)
_ZONES = one_line(ZoneOut, without=("outline",))

RESOURCES: Mapping[str, Resource] = MappingProxyType(
    {
        "absences": Resource(
            Scope.ABSENCES, AbsenceOut, queries.absences, one_line(AbsenceOut), ("from", "to")
        ),
        "clients": Resource(
            Scope.CLIENTS, ClientOut, queries.clients, _CLIENTS, features=at_point(_CLIENTS)
        ),
        "payments": Resource(
            Scope.PAYMENTS, PaymentOut, queries.payments, one_line(PaymentOut), ("since",)
        ),
        "plans": Resource(
            Scope.PLANS,
            PlanOut,
            queries.plans,
            line_of_stops(),
            ("from", "to", "state"),
            of_routes,
        ),
        "promises": Resource(
            Scope.PROMISES, PromiseOut, queries.promises, one_line(PromiseOut), ("since",)
        ),
        "visits": Resource(
            Scope.VISITS, VisitOut, queries.visits, _VISITS, ("since",), at_point(_VISITS)
        ),
        "zones": Resource(
            Scope.ZONES, ZoneOut, queries.zones, _ZONES, features=within_outline(_ZONES)
        ),
    }
)


def row_of(session: Session, resource: Resource, row_id: int, today: date, zone: ZoneInfo) -> Any:
    """Return one row of a list as the list shows it.

    Raises
    ------
    NotFound
        When the list has no such row.
    """
    asked = Asked(row_id - 1, 1, None, None, None, today, zone, PlanState.ANY)
    for row in resource.read(session, asked)[:1]:
        if row.id == row_id:
            return row
    text = f"no {resource.row.__name__} {row_id}"
    raise NotFound(text)
