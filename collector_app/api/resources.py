"""The lists that the API offers; an entry each, which its routes and its description follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from collector_app.api import queries
from collector_app.api.files import Table, line_of_stops, one_line, outline, point
from collector_app.api.queries import Asked
from collector_app.api.rules import (
    ClientOut,
    FileFormat,
    PaymentOut,
    PlanOut,
    PromiseOut,
    Scope,
    VisitOut,
    ZoneOut,
)


@dataclass(frozen=True, slots=True)
class Resource:
    """A list: who may read it, what its rows are and where they lie, which filters it knows."""

    scope: Scope
    row: type[Any]
    read: Callable[[Session, Asked], list[Any]]
    table: Table
    filters: tuple[str, ...] = ()
    place: Callable[[Any], dict[str, Any] | None] | None = None

    @property
    def formats(self) -> tuple[FileFormat, ...]:
        """Return the files that it can be had as; only what lies somewhere fits on a map."""
        return tuple(one for one in FileFormat if self.place or one is not FileFormat.GEOJSON)


RESOURCES: Mapping[str, Resource] = MappingProxyType(
    {
        "clients": Resource(
            Scope.CLIENTS, ClientOut, queries.clients, one_line(ClientOut), place=point
        ),
        "payments": Resource(
            Scope.PAYMENTS, PaymentOut, queries.payments, one_line(PaymentOut), ("since",)
        ),
        "plans": Resource(Scope.PLANS, PlanOut, queries.plans, line_of_stops(), ("from", "to")),
        "promises": Resource(
            Scope.PROMISES, PromiseOut, queries.promises, one_line(PromiseOut), ("since",)
        ),
        "visits": Resource(
            Scope.VISITS, VisitOut, queries.visits, one_line(VisitOut), ("since",), point
        ),
        "zones": Resource(
            Scope.ZONES,
            ZoneOut,
            queries.zones,
            one_line(ZoneOut, without=("outline",)),
            place=outline,
        ),
    }
)
