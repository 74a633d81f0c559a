"""What other systems may change; an entry each, which its address and its description follow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from collector_app.api import services
from collector_app.api.rules import (
    AbsenceIn,
    AbsenceOut,
    AnnulledVisitOut,
    AnnulmentIn,
    ClientIn,
    ClientOut,
    ClientsIn,
    ImportedOut,
    PaymentIn,
    PaymentOut,
    PlanOut,
    PromiseIn,
    PromiseOut,
    Scope,
    VisitIn,
    VisitOut,
    ZoneCollectorIn,
    ZoneOut,
)
from collector_app.api.services import Call


@dataclass(frozen=True, slots=True)
class Write:
    """An operation: its address, who may do it, what it takes and what it answers with.

    ``path`` names rows as Flask does, ``/plans/<int:id>/publication``.
    """

    name: str
    method: str
    path: str
    scope: Scope
    body: type[Any] | None
    row: type[Any]
    do: Callable[[Session, Call, Any], tuple[int, Any]]

    @property
    def makes(self) -> bool:
        """Tell whether doing it twice would make two things; it then needs an Idempotency-Key."""
        return self.method == "POST"


WRITES = (
    Write(
        "put_client",
        "PUT",
        "/clients/<number>",
        Scope.CLIENTS_WRITE,
        ClientIn,
        ClientOut,
        services.take_client,
    ),
    Write(
        "import_clients",
        "POST",
        "/clients",
        Scope.CLIENTS_WRITE,
        ClientsIn,
        ImportedOut,
        services.take_clients,
    ),
    Write(
        "create_visit",
        "POST",
        "/visits",
        Scope.VISITS_WRITE,
        VisitIn,
        VisitOut,
        services.take_visit,
    ),
    Write(
        "create_promise",
        "POST",
        "/promises",
        Scope.PROMISES_WRITE,
        PromiseIn,
        PromiseOut,
        services.take_promise,
    ),
    Write(
        "create_payment",
        "POST",
        "/payments",
        Scope.PAYMENTS_WRITE,
        PaymentIn,
        PaymentOut,
        services.take_payment,
    ),
    Write(
        "annul_visit",
        "PUT",
        "/visits/<int:id>/annulment",
        Scope.VISITS_WRITE,
        AnnulmentIn,
        AnnulledVisitOut,
        services.annul_visit,
    ),
    Write(
        "cancel_promise",
        "PUT",
        "/promises/<int:id>/cancellation",
        Scope.PROMISES_WRITE,
        AnnulmentIn,
        PromiseOut,
        services.cancel_promise,
    ),
    Write(
        "annul_payment",
        "PUT",
        "/payments/<int:id>/annulment",
        Scope.PAYMENTS_WRITE,
        AnnulmentIn,
        PaymentOut,
        services.annul_payment,
    ),
    Write(
        "create_absence",
        "POST",
        "/absences",
        Scope.ABSENCES_WRITE,
        AbsenceIn,
        AbsenceOut,
        services.take_absence,
    ),
    Write(
        "cancel_absence",
        "DELETE",
        "/absences/<int:id>",
        Scope.ABSENCES_WRITE,
        None,
        AbsenceOut,
        services.cancel_absence,
    ),
    Write(
        "publish_plan",
        "PUT",
        "/plans/<int:id>/publication",
        Scope.PLANS_WRITE,
        None,
        PlanOut,
        services.publish_plan,
    ),
    Write(
        "withdraw_plan",
        "DELETE",
        "/plans/<int:id>/publication",
        Scope.PLANS_WRITE,
        None,
        PlanOut,
        services.withdraw_plan,
    ),
    Write(
        "assign_zone",
        "PUT",
        "/zones/<int:id>/collector",
        Scope.ZONES_WRITE,
        ZoneCollectorIn,
        ZoneOut,
        services.assign_zone,
    ),
)
