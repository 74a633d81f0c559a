"""flask city calibrate, over a town whose true speeds are known."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.planning.models import Workday
from collector_app.planning.rules import Vehicle
from routing.travel.slots import Slot
from routing.travel.streets import StreetTravel, build_pack
from routing.travel.times import Profile
from tests.factories import make_client, make_user
from tests.routing.travel.towns import at, grid
from tests.visits.factories import make_visit

VISIT = timedelta(minutes=6)
PARKING = timedelta(seconds=60)
SLOWER = 1.8  # than the streets say


@dataclass
class Town:
    run: object
    pack: Path

    def speed(self) -> float:
        return StreetTravel(self.pack).factors.of("residential", Slot.MIDDAY)


@pytest.fixture
def town(app, tmp_path) -> Town:
    """An installation with a town of blocks of 400 m, in use."""
    before, app.instance_path = app.instance_path, str(tmp_path)
    (tmp_path / "cities").mkdir()
    pack = tmp_path / "cities" / "town"
    build_pack(grid(9, 9, 400.0).write(tmp_path / "town.osm"), pack, with_basemap=False)
    (tmp_path / "cities" / "in_use").write_text("town")
    runner = app.test_cli_runner()
    yield Town(lambda *words: runner.invoke(args=["city", "calibrate", *words]), pack)
    app.instance_path = before


@pytest.fixture
def log_rounds(session, town):
    """Return a function that logs rounds of a collector who needs longer than the streets say."""
    collector = make_user(session, role=Role.COLLECTOR)
    places = {
        f"{end}_{axis}": value
        for end in ("start", "end")
        for axis, value in zip(("lat", "lon"), at(0, 0), strict=True)
    }
    session.add(
        Workday(
            collector_id=collector.id,
            vehicle=Vehicle.MOTORCYCLE,
            starts_s=8 * 3600,
            ends_s=18 * 3600,
            max_stops=None,
            **places,
        )
    )
    dice, travel = Random(3), StreetTravel(town.pack)

    def log(days: int, visits: int, slower: float = SLOWER) -> None:
        for back in range(1, days + 1):
            now = clock.now() - timedelta(days=back)
            doors = [at(dice.uniform(0, 3_200), dice.uniform(0, 3_200)) for _ in range(visits)]
            for i, door in enumerate(doors):
                if i:
                    ends = [doors[i - 1], door]
                    ride = travel.rides(ends, Profile.MOTORCYCLE, 11 * 3600)[0]
                    seconds = ride.seconds * slower * dice.uniform(0.85, 1.15)
                    now += timedelta(seconds=round(seconds)) + PARKING
                client = make_client(session, lat=door.lat, lon=door.lon)
                fix = {"lat": door.lat, "lon": door.lon, "accuracy_m": 10}
                times = {"started_at": now, "ended_at": now + VISIT, "received_at": now + VISIT}
                make_visit(session, client, collector, **fix, **times)
                now += VISIT
        session.commit()

    return log


def events(session) -> list[str]:
    found = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [one.event for one in found if one.event.startswith("speeds.")]


def test_speeds_are_learnt_put_into_use_and_written_down(session, town, log_rounds):
    log_rounds(days=12, visits=14)
    before = town.speed()

    answer = town.run()

    assert answer.exit_code == 0, answer.output
    assert "Listo: en uso desde el próximo plan." in answer.output
    assert town.speed() == pytest.approx(before / SLOWER, rel=0.12)
    errors = [int(one) for one in re.findall(r"error mediano (\d+) %", answer.output)]
    assert len(errors) == 2
    assert errors[1] < errors[0]
    session.rollback()
    assert events(session) == ["speeds.learnt"]


def test_a_trial_writes_nothing(session, town, log_rounds):
    log_rounds(days=12, visits=14)
    before = town.speed()

    answer = town.run("--dry-run")

    assert answer.exit_code == 0, answer.output
    assert "Era una prueba" in answer.output
    assert town.speed() == before
    assert events(session) == []


def test_speeds_are_taken_back_step_by_step(session, town, log_rounds):
    log_rounds(days=12, visits=14)
    before = town.speed()
    town.run()

    undone, again = town.run("--undo"), town.run("--undo")

    assert undone.exit_code == 0, undone.output
    assert town.speed() == before
    assert again.exit_code == 1
    assert "No hay velocidades anteriores" in again.output
    session.rollback()
    assert events(session) == ["speeds.learnt", "speeds.put_back"]


def test_ten_trips_change_nothing_and_the_least_is_named(town, log_rounds):
    log_rounds(days=1, visits=11)
    before = town.speed()

    answer = town.run()

    assert answer.exit_code == 1
    assert re.search(
        r"Hay \d+ traslados útiles de 1 días y hacen falta al menos 100 de 8", answer.output
    )
    assert town.speed() == before


def test_without_a_city_the_command_says_how_to_make_one(app, tmp_path):
    before, app.instance_path = app.instance_path, str(tmp_path)

    answer = app.test_cli_runner().invoke(args=["city", "calibrate"])

    app.instance_path = before
    assert answer.exit_code == 1
    assert "flask city build" in answer.output


def test_what_is_kept_and_said_names_nobody(session, town, log_rounds):
    log_rounds(days=12, visits=14)

    answer = town.run()

    kept = json.loads((town.pack / "speeds.json").read_text())
    assert set(kept) == {"source", "factors"}
    assert re.fullmatch(r"\d+ trips of \d+ days", kept["source"])
    assert "Clienta" not in answer.output
