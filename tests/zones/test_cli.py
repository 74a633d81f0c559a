from datetime import date, timedelta

import pytest

from collector_app.zones.queries import open_proposals, owners, zones_on
from tests.factories import make_client, make_user
from tests.zones.factories import make_zone

TODAY = date(2026, 3, 10)


@pytest.fixture
def run(app, session):
    """Run a command over what the session has made so far."""

    def run_one(*words: str):
        session.commit()
        result = app.test_cli_runner().invoke(args=["zones", *words])
        session.expire_all()
        return result

    return run_one


@pytest.fixture
def two_clients(session):
    return [make_client(session, lat=-29.90), make_client(session, lat=-29.98)]


def test_zones_are_proposed_and_nothing_changes_yet(session, run, two_clients):
    rosa = make_user(session, full_name="Rosa Vega")
    make_zone(session, two_clients, rosa)

    result = run("propose", "--zones", "2")

    assert result.exit_code == 0, result.output
    assert "Zona 1 · Centro" in result.output
    assert "Rosa Vega" in result.output
    (proposal,) = open_proposals(session)
    assert f"/zonas/propuestas/{proposal.id}" in result.output
    assert len(zones_on(session, TODAY)) == 1


def test_zones_are_accepted_with_the_suggested_collectors(session, run, two_clients):
    staff = [make_user(session), make_user(session)]

    result = run("propose", "--zones", "2", "--seed", "7", "--accept")

    assert result.exit_code == 0, result.output
    now = owners(session, TODAY)
    assert set(now) == {client.id for client in two_clients}
    assert {owner.collector_id for owner in now.values()} == {one.id for one in staff}
    assert owners(session, TODAY - timedelta(days=1)) == {}


def test_zones_are_accepted_from_a_later_day(session, run, two_clients):
    result = run("propose", "--zones", "1", "--accept", "--from", "2026-03-16")

    assert result.exit_code == 0, result.output
    assert zones_on(session, date(2026, 3, 15)) == []
    assert len(zones_on(session, date(2026, 3, 16))) == 1


def test_the_past_is_refused_and_the_proposal_stays(session, run, two_clients):
    result = run("propose", "--zones", "1", "--accept", "--from", "2026-03-01")

    assert result.exit_code == 1
    assert "Ese día ya pasó" in result.output
    assert len(open_proposals(session)) == 1


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [("201", "entre 1 y 200 zonas"), ("0", "entre 1 y 200 zonas")],
)
def test_a_wish_that_cannot_be_drawn_is_explained(run, two_clients, wish, sentence):
    result = run("propose", "--zones", wish)

    assert result.exit_code == 1
    assert sentence in result.output


def test_zones_that_stay_and_streets_that_are_not_crossed_are_told(session, run, two_clients):
    kept = make_zone(session, two_clients[:1], name="Zona 1 · La de siempre")
    make_zone(session, two_clients[1:])

    locked = run("propose", "--zones", "2", "--lock", str(kept.id), "--whole-colonias")
    barred = run("propose", "--zones", "2", "--bar", "Río Elqui")

    assert "Zona 1 · La de siempre" in locked.output
    assert barred.exit_code == 1
    assert "no tiene una calle «Río Elqui»" in barred.output


def test_without_located_clients_the_command_says_so(run):
    result = run("propose", "--zones", "1")

    assert result.exit_code == 1
    assert "Ningún cliente tiene ubicación" in result.output


def test_the_list_shows_the_zones_of_today(session, run, two_clients):
    make_zone(session, two_clients, make_user(session, full_name="Rosa Vega"), name="Zona 1 · Mar")
    make_zone(session, name="Zona 2 · Cerro")

    result = run("list")

    rows = [line.split() for line in result.output.splitlines() if "Zona" in line]
    assert rows[1][:7] == ["Zona", "1", "·", "Mar", "Rosa", "Vega", "2"]
    assert rows[2][:6] == ["Zona", "2", "·", "Cerro", "–", "0"]


def test_without_zones_the_list_says_so(run):
    assert "Hoy no hay zonas." in run("list").output
