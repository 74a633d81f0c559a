"""The demo company: its staff, how they work, and the law it works under."""

from datetime import date
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.services import log
from collector_app.compliance.services import choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.demo.people import PASSWORD, STAFF
from collector_app.planning.models import Workday
from collector_app.planning.rules import Vehicle

# The branch is at the Plaza de Armas of La Serena, where every day starts and ends.
BRANCH_LAT, BRANCH_LON = -29.90271, -71.25196
# The literal reading of the Mexican rules (7 to 22 h, any weekday), so that the demo has a route on
# whatever day somebody tries it; the strict reading is the default outside of the demo.
PROFILE = "mx_financial_literal"
NINE, SIX = 9 * 3600, 18 * 3600
VEHICLES = {"gestor4": Vehicle.CAR, "gestor7": Vehicle.CAR}


def hire(session: Session) -> dict[str, User]:
    """Create everybody of the demo with the printed password; return them by user name."""
    password = PasswordHasher().hash(PASSWORD)
    people = {
        person.username: User(
            username=person.username,
            full_name=person.full_name,
            role=person.role,
            password=password,
            fs_uniquifier=uuid4().hex,
            created_at=clock.now(),
        )
        for person in STAFF
    }
    session.add_all(people.values())
    session.flush()
    for user in people.values():
        log(session, Actor.system("demo"), "accounts.person_created", user, role=user.role)
        if user.role is Role.COLLECTOR:
            workday = _workday(user)
            session.add(workday)
            log(session, Actor.system("demo"), "workday.set", workday)
    return people


def _workday(user: User) -> Workday:
    return Workday(
        collector_id=user.id,
        vehicle=VEHICLES.get(user.username, Vehicle.MOTORCYCLE),
        starts_s=NINE,
        ends_s=SIX,
        start_lat=BRANCH_LAT,
        start_lon=BRANCH_LON,
        end_lat=BRANCH_LAT,
        end_lon=BRANCH_LON,
        max_stops=None,
    )


def adopt_law(session: Session, actor: Actor, today: date) -> None:
    """Choose the compliance profile of the demo from a day on."""
    reason = "Demostración: rutas cualquier día de la semana"
    choose_profile(session, actor, PROFILE, today, reason, today=today)
