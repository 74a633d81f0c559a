"""Loads the demo from nothing: city, company, cartera, zones, history, and today's plan."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.backing.differences import with_backing
from collector_app.backing.document_files import document_store
from collector_app.backing.writing import write_backing
from collector_app.city.addresses import AddressBook
from collector_app.city.packs import pack_folder, pack_in_use, use_pack
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.demo import cartera, company
from collector_app.demo.addresses import invent_addresses, read_zones
from collector_app.demo.backing import back_credits
from collector_app.demo.city import write_demo_city
from collector_app.demo.history import Debtor, History, Round
from collector_app.demo.people import STAFF
from collector_app.demo.strategy import adopt_strategy
from collector_app.exchange.sheets import ReadOptions, read_portfolio
from collector_app.locations.searching import best_place
from collector_app.payments.queries import debts
from collector_app.planning import queries as plans
from collector_app.planning.day_plan import PlanRequest, make_plan
from collector_app.planning.services import publish
from collector_app.portfolio.queries import located_clients
from collector_app.portfolio.services import addresses_to_find, import_clients
from collector_app.studio.proposing import ProposalWish, draw_proposal
from collector_app.studio.rules import DivideAll
from collector_app.web.extensions import db, transaction
from collector_app.zones.queries import clients_of
from collector_app.zones.services import accept_proposal, record_proposal
from routing.travel.streets.build import build_pack
from routing.travel.streets.pack import open_pack

CITY = "coquimbo"
SEED = 2026
SUNDAY = 6
EIGHT_S = 8 * 3600
DAWN_S = 6 * 3600
APPOINTMENTS_S = (11 * 3600, 13 * 3600, 16 * 3600)
# Whoever tries the demo finds gestor1's route untouched; the others are on their way.
UNTOUCHED = "gestor1"
MOST_OF_A_ROUTE = 0.7

Tell = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class DemoScale:
    """How much there is to try with; a test needs less than a person."""

    clients: int = 1_200
    days_back: int = 21
    plan_s: float = 16.0


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """Where and when the demo lives."""

    instance: Path
    zone: ZoneInfo
    today: date
    scale: DemoScale = DemoScale()

    @property
    def folder(self) -> Path:
        """Return the folder of the files that the demo is made from."""
        return self.instance / "demo"

    @property
    def began_on(self) -> date:
        """Return the first day of the history."""
        return self.today - timedelta(days=self.scale.days_back)

    def at(self, day: date, second_s: int) -> datetime:
        """Return the instant of a local time."""
        return clock.at_second(day, second_s, self.zone)


def is_loaded(session: Session) -> bool:
    """Tell whether the people of the demo are already here."""
    return session.scalar(select(User.id).where(User.username == STAFF[-1].username)) is not None


def prepare_city(place: DemoPlace, tell: Tell) -> None:
    """Write the extract of the demo city and build its pack, unless it is there."""
    if pack_in_use(place.instance, "") is not None:
        return
    tell(0.0, "Preparando las calles de La Serena y Coquimbo")
    place.folder.mkdir(parents=True, exist_ok=True)
    files = write_demo_city(place.folder)
    folder = pack_folder(place.instance, CITY)
    folder.parent.mkdir(parents=True, exist_ok=True)
    build_pack(files.extract, folder)
    use_pack(place.instance, CITY)


def load_company(place: DemoPlace, tell: Tell) -> None:
    """Fill an empty database with the company and its last three weeks."""
    eve = place.began_on - timedelta(days=1)
    with clock.frozen(place.at(eve, EIGHT_S)):
        tell(0.15, "Contratando gestores y trayendo la cartera")
        staff = _found_company(place, eve)
        tell(0.25, "Trazando zonas")
        with transaction() as session:
            pack = open_pack(pack_folder(place.instance, CITY))
            wish = ProposalWish(DivideAll(len(staff)), seed=SEED)
            drawing = draw_proposal(session, wish, eve, place.zone, pack)
            proposal = record_proposal(session, Actor.system("demo"), drawing)
            accept_proposal(
                session, Actor.system("demo"), proposal.id, eve, dict(enumerate(staff.values()))
            )
    _play_history(place, staff, tell)


def _found_company(place: DemoPlace, eve: date) -> dict[str, int]:
    """Hire everybody and import the cartera; return the ids of the collectors by user name."""
    actor = Actor.system("demo")
    pack = open_pack(pack_folder(place.instance, CITY))
    layer = place.folder / "zones.geojson"
    addresses = invent_addresses(pack, read_zones(layer), place.scale.clients, SEED)
    sheet = place.folder / "cartera.xlsx"
    cartera.write(sheet, cartera.rows(addresses, place.today, SEED))
    read = read_portfolio(sheet, sheet.name, ReadOptions(cut_on=eve, country="CL"))
    with transaction() as session:
        staff = company.hire(session)
        company.adopt_law(session, actor, eve)
        book = AddressBook.open(pack.folder)
        found = {one: best_place(book, one) for one in addresses_to_find(session, read.rows)}
        told = import_clients(session, actor, read.rows, balance_at=clock.now(), found=found)
        stands_behind = with_backing(session, told, read.backing, eve)
        write_backing(session, actor, stands_behind.differences)
        back_credits(session, actor, document_store(place.instance), eve)
        adopt_strategy(session, actor, eve, place.zone)
        return {name: one.id for name, one in staff.items() if one.role is Role.COLLECTOR}


def _play_history(place: DemoPlace, staff: dict[str, int], tell: Tell) -> None:
    history = History(place.zone, SEED)
    rounds = _rounds(place, staff, history)
    for n in range(place.scale.days_back):
        day = place.began_on + timedelta(days=n)
        tell(0.3 + 0.45 * n / place.scale.days_back, "Recordando tres semanas de visitas")
        if day.weekday() != SUNDAY:
            with transaction() as session:
                history.play_day(session, rounds, day)
    with transaction() as session:
        first = rounds[0]
        waiting = [one for one in first.debtors if one.owed_cents and not one.attempts]
        for debtor, at_s in zip(waiting, APPOINTMENTS_S, strict=False):
            history.book(session, first.collector, debtor, place.at(place.today, at_s))


def _rounds(place: DemoPlace, staff: dict[str, int], history: History) -> list[Round]:
    session = db.session()
    points = {one.id: one for one in located_clients(session)}
    owed = debts(session, place.today, place.zone)
    found = []
    for collector_id in staff.values():
        ids = sorted(clients_of(session, collector_id, place.began_on) & points.keys())
        debtors = tuple(
            Debtor(
                one,
                points[one].lat,
                points[one].lon,
                owed[one].overdue_cents if one in owed else 0,
                history.temper(),
            )
            for one in ids
        )
        found.append(Round(Actor(collector_id, Role.COLLECTOR), debtors))
    session.rollback()
    return found


def publish_today(place: DemoPlace, tell: Tell) -> int | None:
    """Plan and publish today, unless it is published; return the new plan's id."""
    if plans.published_plan(db.session(), place.today) is not None:
        return None
    db.session().rollback()
    actor = Actor.system("demo")
    # Made before anybody set off, so that the visits of the day come after it.
    with clock.frozen(min(clock.now(), place.at(place.today, DAWN_S))):
        plan_id = make_plan(
            PlanRequest(place.today, place.scale.plan_s, SEED, actor),
            lambda share, note: tell(0.75 + 0.2 * share, f"Ruta de hoy: {note}"),
        )
        with transaction() as session:
            publish(session, actor, plan_id, today=place.today, zone=place.zone)
    return plan_id


def play_morning(place: DemoPlace, plan_id: int, tell: Tell) -> None:
    """Let the day go on until now for everybody but the collector that people try out."""
    tell(0.97, "Jugando la mañana de los demás gestores")
    now_s = clock.second_of_day(clock.now(), place.zone)
    history = History(place.zone, SEED + 1)
    with transaction() as session:
        names = dict(session.execute(select(User.id, User.username)).all())
        owed = debts(session, place.today, place.zone)
        points = {one.id: one for one in located_clients(session)}
        for route in plans.routes_of_plan(session, plan_id):
            if names[route.collector_id] == UNTOUCHED:
                continue
            for stop in route.stops[: int(len(route.stops) * MOST_OF_A_ROUTE)]:
                if stop.leaves_s >= now_s:
                    break
                debt = owed.get(stop.client_id)
                if debt is None:
                    continue  # paid everything since the plan was made: nothing to talk about
                point, cents = points[stop.client_id], debt.overdue_cents or debt.balance_cents
                debtor = Debtor(point.id, point.lat, point.lon, cents, history.temper())
                actor = Actor(route.collector_id, Role.COLLECTOR)
                started_at = place.at(place.today, stop.starts_s)
                history.visit(session, history.call(actor, debtor, started_at, stop.id))
