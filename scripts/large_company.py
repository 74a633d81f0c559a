"""A large company made up straight in the tables: for measuring pages, not for people to try.

Facts do not enter by their own doors here, which would take hours for a million visits; rows have
the shape that those doors leave, so that reading them costs what it costs in earnest. The log of
changes stays empty. One year of visits, ten for each client; the same seed makes the same company.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.accounts.passwords import hash_password
from collector_app.core.actor import Actor, Role
from collector_app.core.orm import Model
from collector_app.demo import company
from collector_app.demo.cartera import PRODUCTS
from collector_app.demo.people import PASSWORD, client_name
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.rules import PaymentMethod
from collector_app.planning.models import Plan, Route, SkippedClient, Stop, Workday
from collector_app.planning.rules import SkipCause, Vehicle
from collector_app.portfolio.models import Client, Credit, Invoice
from collector_app.portfolio.rules import LocationQuality
from collector_app.promises.models import Promise
from collector_app.visits.models import Visit
from collector_app.visits.rules import Objection, Outcome, PersonMet
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership

SEED = 7
SOUTH, WEST, NORTH, EAST = -30.05, -71.37, -29.85, -71.17  # around the demo city
DAYS = 365
VISITS_PER_CLIENT = 10
STOPS_PER_ROUTE = 25
DONE_OF_A_ROUTE = 10
NINE_S, HALF_HOUR_S = 9 * 3600, 1800
CHUNK = 5_000
NEAR, FAR = 0.0002, 0.02  # degrees between a client and where they were visited
WRONG_HOUSES = 0.01  # the share of visits that were made far from where we believe the client
LAW = {"law": "mx_financial_literal", "seconds": 5, "seed": 1, "solver": "by hand"}
ANSWERS = (
    (0.40, PersonMet.NOBODY, Outcome.NOT_HOME, None),
    (0.18, PersonMet.RELATIVE, Outcome.THIRD_PARTY, None),
    (0.17, PersonMet.HOLDER, Outcome.PROMISED, None),
    (0.10, PersonMet.HOLDER, Outcome.PAID_IN_PART, None),
    (0.10, PersonMet.HOLDER, Outcome.NO_AGREEMENT, Objection.NO_MONEY),
    (0.05, PersonMet.HOLDER, Outcome.REFUSED, Objection.WRONG_AMOUNT),
)

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class CompanySize:
    """How large: a year of ten visits to each client, shared by the collectors."""

    clients: int
    collectors: int

    @property
    def visits(self) -> int:
        """Return how many visits there are."""
        return self.clients * VISITS_PER_CLIENT


def found_large_company(
    session: Session, size: CompanySize, today: date, noon: datetime, tell: Callable[[str], None]
) -> None:
    """Fill empty tables: people, clients, zones, a year of facts, and today's published plan."""
    _LargeCompany(session, size, today, noon).found(tell)


class _LargeCompany:
    """Makes the rows table by table, with ids of its own so that no row has to be read again."""

    def __init__(self, session: Session, size: CompanySize, today: date, noon: datetime) -> None:
        self._session = session
        self._size = size
        self._today = today
        self._noon = noon
        self._dice = Random(SEED)
        self._began = noon - timedelta(days=DAYS)
        self._collectors: list[int] = []
        self._stops: dict[int, int] = {}  # client: stop of today
        self._places: list[tuple[float, float]] = []  # of each client, in the order of their ids

    def found(self, tell: Callable[[str], None]) -> None:
        tell("gestores")
        self._hire()
        tell("clientes")
        for model, rows in (
            (Client, self._clients()),
            (Credit, self._credits()),
            (Invoice, self._invoices()),
        ):
            self._store(model, rows)
        tell("zonas")
        self._zones()
        tell("plan de hoy")
        self._plan()
        tell(f"{self._size.visits:,} visitas")
        self._facts()
        self._session.commit()

    def _store(self, model: type[Model], rows: Iterator[Row]) -> None:
        while chunk := list(islice(rows, CHUNK)):
            self._session.execute(insert(model), chunk)

    def _uuid(self) -> str:
        return str(UUID(int=self._dice.getrandbits(128), version=4))

    def _collector_of(self, client_id: int) -> int:
        return (client_id - 1) * self._size.collectors // self._size.clients

    def _hire(self) -> None:
        staff = company.hire(self._session)
        company.adopt_law(self._session, Actor.system("bench"), self._began.date())
        self._collectors = [one.id for one in staff.values() if one.role is Role.COLLECTOR]
        password = hash_password(PASSWORD)
        people = [
            User(
                username=f"calle{number}",
                full_name=client_name(self._dice),
                role=Role.COLLECTOR,
                password=password,
                fs_uniquifier=uuid4().hex,
                created_at=self._began,
            )
            for number in range(len(self._collectors), self._size.collectors)
        ]
        self._session.add_all(people)
        self._session.flush()
        place = {"lat": company.BRANCH_LAT, "lon": company.BRANCH_LON}
        self._session.add_all(
            Workday(
                collector_id=one.id,
                vehicle=Vehicle.MOTORCYCLE,
                starts_s=NINE_S,
                ends_s=18 * 3600,
                start_lat=place["lat"],
                start_lon=place["lon"],
                end_lat=place["lat"],
                end_lon=place["lon"],
                max_stops=None,
            )
            for one in people
        )
        self._session.flush()
        self._collectors = [*self._collectors, *(one.id for one in people)][: self._size.collectors]

    def _clients(self) -> Iterator[Row]:
        columns, rows = self._grid()
        for client_id in range(1, self._size.clients + 1):
            cell = self._collector_of(client_id)
            row, column = divmod(cell, columns)
            lat = SOUTH + (NORTH - SOUTH) * (row + self._dice.random()) / rows
            lon = WEST + (EAST - WEST) * (column + self._dice.random()) / columns
            self._places.append((lat, lon))
            yield {
                "id": client_id,
                "external_id": f"C{client_id:07d}",
                "name": client_name(self._dice),
                "phone": f"+1202555{client_id % 10_000:04d}",
                "address": f"Calle {client_id % 977} {client_id % 89}",
                "neighbourhood": f"Colonia {cell % 40}",
                "municipality": "Coquimbo",
                "lat": lat,
                "lon": lon,
                "location_quality": LocationQuality.GIVEN,
                "created_at": self._began,
            }

    def _grid(self) -> tuple[int, int]:
        columns = math.ceil(math.sqrt(self._size.collectors))
        return columns, math.ceil(self._size.collectors / columns)

    def _credits(self) -> Iterator[Row]:
        for client_id in range(1, self._size.clients + 1):
            yield {
                "id": client_id,
                "client_id": client_id,
                "external_id": f"K{client_id:07d}",
                "product": PRODUCTS[client_id % len(PRODUCTS)][0],
                "currency": "MXN",
                "opened_on": self._began.date(),
            }

    def _invoices(self) -> Iterator[Row]:
        """Two unpaid instalments each, the older one between a week early and 200 days late."""
        for client_id in range(1, self._size.clients + 1):
            due_on = self._today - timedelta(days=self._dice.randrange(-7, 200))
            for part in range(2):
                amount = 100 * self._dice.randrange(300, 3_000)
                yield {
                    "credit_id": client_id,
                    "number": f"F{client_id:07d}-{part + 1}",
                    "issued_on": due_on - timedelta(days=14),
                    "due_on": due_on + timedelta(days=14 * part),
                    "amount_cents": amount,
                    "balance_cents": amount,
                    "balance_at": self._began,
                }

    def _zones(self) -> None:
        columns, rows = self._grid()
        high, wide = (NORTH - SOUTH) / rows, (EAST - WEST) / columns
        began = self._began.date()
        numbers = range(len(self._collectors))
        self._store(
            Zone,
            (
                {
                    "id": number + 1,
                    "name": f"Zona {number + 1}",
                    "colour": f"#{(number * 2654435761) % 0xFFFFFF:06x}",
                    "outline": _rectangle(number // columns, number % columns, high, wide),
                    "from_on": began,
                }
                for number in numbers
            ),
        )
        self._store(
            ZoneAssignment,
            (
                {"zone_id": number + 1, "collector_id": self._collectors[number], "from_on": began}
                for number in numbers
            ),
        )
        self._store(
            ZoneMembership,
            (
                {"zone_id": self._collector_of(one) + 1, "client_id": one, "from_on": began}
                for one in range(1, self._size.clients + 1)
            ),
        )

    def _plan(self) -> None:
        made_at = self._noon - timedelta(hours=6)
        plan = Plan(
            day=self._today,
            created_at=made_at,
            published_at=made_at,
            travel_source="haversine",
            is_estimate=True,
            parameters=LAW,
        )
        self._session.add(plan)
        self._session.flush()
        share = self._size.clients // self._size.collectors
        routes = [
            Route(
                plan_id=plan.id,
                collector_id=collector,
                vehicle=Vehicle.MOTORCYCLE,
                start_lat=company.BRANCH_LAT,
                start_lon=company.BRANCH_LON,
                end_lat=company.BRANCH_LAT,
                end_lon=company.BRANCH_LON,
                leaves_s=NINE_S,
                returns_s=18 * 3600,
                travel_s=7_200,
                travel_m=30_000,
                path="",
            )
            for collector in self._collectors
        ]
        self._session.add_all(routes)
        self._session.flush()
        stops = [
            self._stop(route, position, number * share + 1 + position)
            for number, route in enumerate(routes)
            for position in range(min(STOPS_PER_ROUTE, share))
        ]
        self._session.add_all(stops)
        self._session.flush()
        self._stops = {one.client_id: one.id for one in stops}
        self._store(SkippedClient, self._skipped(plan.id))

    def _stop(self, route: Route, position: int, client_id: int) -> Stop:
        starts_s = NINE_S + position * HALF_HOUR_S * 2 // 3
        return Stop(
            route_id=route.id,
            position=position + 1,
            client_id=client_id,
            arrives_s=starts_s,
            starts_s=starts_s,
            leaves_s=starts_s + 600,
            travel_s=300,
            travel_m=1_500,
            detour_s=400,
            prize_cents=12_000,
            reasons=[],
        )

    def _skipped(self, plan_id: int) -> Iterator[Row]:
        for client_id in range(1, self._size.clients + 1):
            if client_id not in self._stops:
                yield {
                    "plan_id": plan_id,
                    "client_id": client_id,
                    "collector_id": self._collectors[self._collector_of(client_id)],
                    "cause": SkipCause.NO_TIME_LEFT,
                    "facts": {"prize": 3_500, "detour_s": 900},
                }

    def _facts(self) -> None:
        visits: list[Row] = []
        promises: list[Row] = []
        payments: list[Row] = []
        allocations: list[Row] = []
        tables = (
            (Visit, visits),
            (Promise, promises),
            (Payment, payments),
            (Allocation, allocations),
        )
        payment_id = 0
        for visit in self._visits():
            visits.append(visit)
            if visit["outcome"] is Outcome.PROMISED:
                promises.append(self._promise(visit))
            elif visit["outcome"] is Outcome.PAID_IN_PART:
                payment_id += 1
                payments.append(self._payment(visit, payment_id))
                allocations.append(_allocation(visit, payments[-1]))
            if len(visits) >= CHUNK:
                self._flush_facts(tables)
        self._flush_facts(tables)

    def _flush_facts(self, tables: Sequence[tuple[type[Model], list[Row]]]) -> None:
        for model, rows in tables:
            if rows:
                self._session.execute(insert(model), rows)
                rows.clear()

    def _visits(self) -> Iterator[Row]:
        """Yield the visits as they happened: a year of days, then this morning's of the plan."""
        weights = [share for share, *_ in ANSWERS]
        for number, (client_id, stop_id, at) in enumerate(self._attempts()):
            lat, lon = self._places[client_id - 1]
            away = FAR if self._dice.random() < WRONG_HOUSES else NEAR
            _, person, outcome, objection = self._dice.choices(ANSWERS, weights)[0]
            yield {
                "id": number + 1,
                "uuid": self._uuid(),
                "client_id": client_id,
                "collector_id": self._collectors[self._collector_of(client_id)],
                "stop_id": stop_id,
                "started_at": at,
                "ended_at": at + timedelta(minutes=8),
                "received_at": at + timedelta(minutes=9),
                "lat": lat + self._dice.uniform(-away, away),
                "lon": lon + self._dice.uniform(-away, away),
                "accuracy_m": 12,
                "no_gps_reason": None,
                "person_met": person,
                "outcome": outcome,
                "objection": objection,
                "note": None,
            }

    def _attempts(self) -> Iterator[tuple[int, int | None, datetime]]:
        done = [
            (client_id, stop_id)
            for number, (client_id, stop_id) in enumerate(self._stops.items())
            if number % STOPS_PER_ROUTE < DONE_OF_A_ROUTE
        ]
        earlier = self._size.visits - len(done)
        for day in range(DAYS):
            nine = self._noon - timedelta(days=DAYS - day, hours=3)
            today = earlier * (day + 1) // DAYS - earlier * day // DAYS
            for number in range(today):
                client_id = self._dice.randrange(self._size.clients) + 1
                yield client_id, None, nine + timedelta(hours=9) * (number / today)
        for number, (client_id, stop_id) in enumerate(done):
            yield client_id, stop_id, self._noon - timedelta(hours=3) * (1 - number / len(done))

    def _promise(self, visit: Row) -> Row:
        made_at = visit["started_at"]
        assert isinstance(made_at, datetime)  # noqa: S101
        return {
            "uuid": self._uuid(),
            "client_id": visit["client_id"],
            "visit_id": visit["id"],
            "collector_id": visit["collector_id"],
            "amount_cents": 100 * self._dice.randrange(100, 900),
            "due_on": made_at.date() + timedelta(days=self._dice.randrange(1, 15)),
            "made_at": made_at,
        }

    def _payment(self, visit: Row, payment_id: int) -> Row:
        return {
            "id": payment_id,
            "uuid": self._uuid(),
            "client_id": visit["client_id"],
            "visit_id": visit["id"],
            "collector_id": visit["collector_id"],
            "method": PaymentMethod.CASH,
            "amount_cents": 100 * self._dice.randrange(50, 100),
            "received_at": visit["started_at"],
            "recorded_at": visit["received_at"],
        }


def _allocation(visit: Row, payment: Row) -> Row:
    client_id = visit["client_id"]
    assert isinstance(client_id, int)  # noqa: S101
    return {
        "payment_id": payment["id"],
        "invoice_id": 2 * client_id - 1,
        "amount_cents": payment["amount_cents"],
    }


def _rectangle(row: int, column: int, high: float, wide: float) -> dict[str, object]:
    south, west = SOUTH + row * high, WEST + column * wide
    corners = [
        [west, south],
        [west + wide, south],
        [west + wide, south + high],
        [west, south + high],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [corners]}
