"""The lists that the API offers; one line each, which its routes and its description follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from collector_app.api import queries
from collector_app.api.queries import Asked
from collector_app.api.rules import (
    ClientOut,
    PaymentOut,
    PlanOut,
    PromiseOut,
    Scope,
    VisitOut,
    ZoneOut,
)


@dataclass(frozen=True, slots=True)
class Resource:
    """A list: who may read it, what its rows are, which filters it knows."""

    scope: Scope
    row: type[Any]
    read: Callable[[Session, Asked], list[Any]]
    filters: tuple[str, ...] = ()


RESOURCES: Mapping[str, Resource] = MappingProxyType(
    {
        "clients": Resource(Scope.CLIENTS, ClientOut, queries.clients),
        "payments": Resource(Scope.PAYMENTS, PaymentOut, queries.payments, ("since",)),
        "plans": Resource(Scope.PLANS, PlanOut, queries.plans, ("from", "to")),
        "promises": Resource(Scope.PROMISES, PromiseOut, queries.promises, ("since",)),
        "visits": Resource(Scope.VISITS, VisitOut, queries.visits, ("since",)),
        "zones": Resource(Scope.ZONES, ZoneOut, queries.zones),
    }
)
