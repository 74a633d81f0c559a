"""The rows that the API answers with: their fields and types are its contract.

Money is whole cents, instants are UTC, times of a route are seconds since local midnight. Fields
are only ever added.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.rules import AgingBucket, ClientKind, LocationQuality
from collector_app.promises.rules import PromiseState
from collector_app.visits.rules import Objection, Outcome, PersonMet


class ClientOut(msgspec.Struct, frozen=True):
    """A client with what they owe today."""

    id: int
    number: str
    name: str
    kind: ClientKind
    phone: str | None
    address: str
    neighbourhood: str | None
    municipality: str | None
    lat: float | None
    lon: float | None
    location_quality: LocationQuality
    zone_id: int | None
    balance_cents: int
    overdue_cents: int
    days_past_due: int
    bucket: AgingBucket


class VisitOut(msgspec.Struct, frozen=True):
    """A visit; ``started_at`` is of the phone's clock, ``received_at`` of ours."""

    id: int
    uuid: str
    client_id: int
    client_number: str
    collector_id: int
    stop_id: int | None
    started_at: datetime
    ended_at: datetime
    received_at: datetime
    person_met: PersonMet
    outcome: Outcome
    objection: Objection | None
    note: str | None
    lat: float | None
    lon: float | None
    accuracy_m: int | None


class PromiseOut(msgspec.Struct, frozen=True):
    """A promise and how it stands today."""

    id: int
    client_id: int
    visit_id: int | None
    collector_id: int | None
    amount_cents: int
    paid_cents: int
    due_on: date
    made_at: datetime
    state: PromiseState


class PaymentOut(msgspec.Struct, frozen=True):
    """Money received; one that was annulled stays, with the instant."""

    id: int
    uuid: str
    client_id: int
    client_number: str
    visit_id: int | None
    collector_id: int | None
    method: PaymentMethod
    reference: str | None
    amount_cents: int
    received_at: datetime
    annulled_at: datetime | None


class StopOut(msgspec.Struct, frozen=True):
    """A stop of a route, in its order."""

    id: int
    position: int
    client_id: int
    arrives_s: int
    leaves_s: int
    travel_s: int
    travel_m: int
    prize_cents: int


class RouteOut(msgspec.Struct, frozen=True):
    """The day of one collector."""

    id: int
    collector_id: int
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int
    stops: list[StopOut]


class PlanOut(msgspec.Struct, frozen=True):
    """A plan that was published, with its routes; ``withdrawn_at`` when a newer took its place."""

    id: int
    day: date
    published_at: datetime
    withdrawn_at: datetime | None
    routes: list[RouteOut]


class ZoneOut(msgspec.Struct, frozen=True):
    """A zone that is in force today, with its collector and its outline as GeoJSON."""

    id: int
    name: str
    colour: str
    from_on: date
    collector_id: int | None
    client_count: int
    outline: dict[str, Any]
