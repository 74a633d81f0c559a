"""From the database to a stored plan: a real solve, and what happens when something is missing."""

import dataclasses
import random
import shutil
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from collector_app.accounts.models import User
from collector_app.city.packs import pack_folder, use_pack
from collector_app.core.actor import Actor
from collector_app.core.jobs import Stopped
from collector_app.planning import queries
from collector_app.planning.day_plan import PlanRequest, make_plan, run_plan
from collector_app.planning.models import Plan, Route, SkippedClient, Stop
from collector_app.planning.paths import decode
from collector_app.planning.rules import NoDebts, NoWorkdays, NoZones, SkipCause, StreetsUnavailable
from collector_app.portfolio.models import Client
from collector_app.scoring.services import switch_scoring
from routing.travel.streets.pack import read_info
from tests.factories import make_client, make_user
from tests.planning.factories import CENTRE, TUESDAY, ZONE, make_workday, make_zone

SYSTEM = Actor.system("test")


def silent(share: float, note: str) -> None:
    """Hear progress and say nothing."""


def request(seconds: float = 0.5, job_id: str | None = None) -> PlanRequest:
    return PlanRequest(TUESDAY, seconds, seed=1, actor=SYSTEM, job_id=job_id)


@pytest.fixture
def city(session):
    """Two collectors, forty clients in arrears around the centre, and some who can't be visited."""
    dice = random.Random(7)

    def near() -> dict[str, float]:
        lat, lon = (one + dice.uniform(-0.03, 0.03) for one in CENTRE)
        return {"lat": lat, "lon": lon}

    ana, beto = make_user(session), make_user(session)
    for collector in (ana, beto):
        make_workday(session, collector)
    clients = [
        make_client(session, overdue_cents=dice.randint(50, 900) * 1000, **near())
        for _ in range(40)
    ]
    make_zone(session, ana, clients[:20])
    make_zone(session, beto, clients[20:])
    make_client(session, **near())  # in no zone
    lost = make_client(session, lat=None, lon=None)
    make_zone(session, ana, [lost])
    session.commit()
    return session


def rows(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_a_day_is_planned_checked_and_stored_whole(city):
    heard = []

    plan_id = make_plan(request(seconds=1), lambda share, note: heard.append((share, note)))

    plan = queries.plan_row(city, plan_id)
    routes = queries.routes_of_plan(city, plan_id)
    assert plan.is_estimate  # no city pack: great circles
    assert plan.route_count == 2
    assert plan.stop_count == sum(len(route.stops) for route in routes) > 20
    assert plan.stop_count + plan.skipped_count == 42
    assert plan.parameters["law"] == "mx_financial_strict"
    assert plan.parameters["seed"] == 1
    assert queries.legality(city, plan_id, ZONE).breaches == ()
    assert all(route.leaves_s >= 9 * 3600 and route.returns_s <= 17 * 3600 for route in routes)
    assert all(decode(route.path)[0] == CENTRE for route in routes)
    assert [share for share, _note in heard] == sorted(share for share, _note in heard)
    assert not any("$" in note for _share, note in heard)  # what the search weighs is no money
    causes = {one.cause for one in queries.skipped_of_plan(city, plan_id)}
    assert {SkipCause.NO_ZONE, SkipCause.NO_LOCATION} <= causes


def test_a_search_that_is_ended_early_keeps_its_best_routes_and_proves_nothing(city):
    asked = dataclasses.replace(request(seconds=60), proof_seconds=60)
    begun = time.monotonic()

    plan_id = make_plan(asked, silent, lambda: time.monotonic() - begun > 1)

    assert time.monotonic() - begun < 30
    plan = queries.plan_row(city, plan_id)
    assert plan.route_count == 2
    assert plan.stop_count > 20
    assert plan.parameters["bounds"] == {}
    assert queries.legality(city, plan_id, ZONE).breaches == ()


def test_a_proof_that_is_ended_early_keeps_the_plan(city):
    asked = dataclasses.replace(request(), proof_seconds=60)
    heard: list[str] = []
    proving = "Demostrando cuánto se podría recuperar a lo más"

    plan_id = make_plan(asked, lambda _share, note: heard.append(note), lambda: proving in heard)

    plan = queries.plan_row(city, plan_id)
    assert plan.stop_count > 20
    assert plan.parameters["bounds"] == {}


def test_a_plan_can_prove_how_near_it_is_to_the_best_possible(city):
    asked = dataclasses.replace(request(), proof_seconds=1)
    heard: list[str] = []

    plan_id = make_plan(asked, lambda _share, note: heard.append(note))

    bounds = queries.plan_row(city, plan_id).parameters["bounds"]
    routes = queries.routes_of_plan(city, plan_id)
    assert {int(shift) for shift in bounds} == {route.collector_id for route in routes}
    for bound in bounds.values():
        assert 0 < bound["made_cents"] <= bound["upper_cents"]
    assert "Demostrando cuánto se podría recuperar a lo más" in heard


def test_a_job_that_runs_twice_leaves_one_plan(city):
    arguments = {
        "job_id": "j1",
        "day": TUESDAY.isoformat(),
        "seconds": 0.5,
        "seed": 1,
        "actor_id": None,
        "role": "system",
    }

    first = run_plan(arguments, silent)
    second = run_plan(arguments, silent)

    assert first == second
    assert first["next_url"] == f"/planes/{first['plan_id']}"
    assert rows(city, Plan) == 1


def test_a_plan_on_a_forbidden_day_is_empty_and_says_why(city):
    sunday = dataclasses.replace(request(), day=TUESDAY + timedelta(days=5))

    plan_id = make_plan(sunday, silent)

    assert queries.plan_row(city, plan_id).stop_count == 0
    skipped = queries.skipped_of_plan(city, plan_id, SkipCause.NO_LEGAL_WINDOW)
    assert len(skipped) == 42


def test_a_cancelled_search_stores_nothing(city):
    def cancel_while_searching(share: float, note: str) -> None:
        if share > 0.2:
            raise Stopped

    with pytest.raises(Stopped):
        make_plan(request(seconds=6), cancel_while_searching)

    assert [rows(city, model) for model in (Plan, Route, Stop, SkippedClient)] == [0, 0, 0, 0]


def test_travel_times_that_can_not_be_had_store_nothing(city, app):
    app.config["TRAVEL"] = "osrm"  # and no address
    try:
        with pytest.raises(StreetsUnavailable):
            make_plan(request(), silent)
    finally:
        app.config["TRAVEL"] = "haversine"

    assert rows(city, Plan) == 0


def test_what_is_missing_for_a_plan_is_told(session):
    with pytest.raises(NoWorkdays):
        make_plan(request(), silent)

    collector = make_user(session)
    make_workday(session, collector)
    session.commit()
    with pytest.raises(NoDebts):
        make_plan(request(), silent)

    make_client(session)
    session.commit()
    with pytest.raises(NoZones):
        make_plan(request(), silent)


def test_a_collector_who_left_works_no_more(city):
    leaver = queries.workdays(city)[0].collector_id
    city.get_one(User, leaver).active = False
    city.commit()

    assert leaver not in {row.collector_id for row in queries.workdays(city)}


def test_each_stop_keeps_what_was_foretold_of_it(city):
    make_plan(request(seconds=1), silent)

    stops = city.scalars(select(Stop)).all()
    told = [{one["code"]: one for one in stop.reasons} for stop in stops]
    assert all(one["chances"]["source"] == "assumption" for one in told)
    assert all(
        one["expected"]["prize_cents"] == stop.prize_cents
        for one, stop in zip(told, stops, strict=True)
    )
    # What nobody has seen for a month is worth more than the money it is expected to bring.
    assert all(one["chances"]["worth_cents"] > one["expected"]["prize_cents"] for one in told)


def test_a_client_whose_score_is_off_is_planned_without_one_and_says_so(city):
    clients = city.scalars(select(Client.id).order_by(Client.id)).all()[:40]
    for client_id in clients:
        switch_scoring(city, SYSTEM, client_id, "Lo pidieron", is_scored=False)
    city.commit()

    plan_id = make_plan(request(seconds=1), silent)

    stops = [stop for route in queries.routes_of_plan(city, plan_id) for stop in route.stops]
    assert len(stops) > 20
    assert all(stop.prize_cents == 0 for stop in stops)
    assert all(
        {"code": "scoring_off", "by": None, "why": "Lo pidieron", "worth_cents": 150_00}
        in stop.reasons
        for stop in stops
    )


def test_a_client_beyond_every_street_is_skipped_with_the_place_and_the_others_are_planned(
    app, session, addressed_pack, tmp_path
):
    before, app.instance_path = app.instance_path, str(tmp_path)
    shutil.copytree(addressed_pack, pack_folder(tmp_path, "town"))
    use_pack(tmp_path, "town")
    app.config["TRAVEL"] = "streets"
    try:
        south, west, *_ = read_info(addressed_pack).bounds
        home = {"start_lat": south, "start_lon": west, "end_lat": south, "end_lon": west}
        ana = make_user(session)
        make_workday(session, ana, **home)
        near = make_client(session, lat=south + 0.0005, lon=west + 0.0005)
        far = make_client(session, lat=south - 0.05, lon=west)
        make_zone(session, ana, [near, far])
        session.commit()

        plan_id = make_plan(request(), silent)

        (left_out,) = queries.skipped_of_plan(session, plan_id)
        assert (left_out.client_id, left_out.cause) == (far.id, SkipCause.UNREACHABLE)
        assert left_out.facts["misplacement"] == "too_far"
        assert left_out.facts["lat"] == far.lat
        assert 0 < left_out.facts["expected_cents"] < left_out.facts["prize"]
        assert queries.plan_row(session, plan_id).stop_count == 1
    finally:
        app.config["TRAVEL"] = "haversine"
        app.instance_path = before
