"""A large board is searched by a durable job: bar, early end, and nobody's edits run over."""

import pytest

from collector_app.core import jobs
from collector_app.core.actor import Role
from collector_app.core.edits import StaleDraft
from collector_app.core.jobs import Stopped
from collector_app.dispatch.optimising_job import MANY_ROUTES, run_optimising
from collector_app.dispatch.queries import board_page
from collector_app.dispatch.rules import PinStop, PlaceStop
from tests.dispatch.boards import follow, make_board
from tests.factories import make_user
from tests.repairs.factories import make_collector, make_row


@pytest.fixture
def large(session):
    """A plan of thirteen routes; the first collector visits a street to and fro."""
    first = make_row(session, 4)
    zigzag = [first[0], first[2], first[1], first[3]]
    routes = [(make_collector(session, "Ana Paz", first), zigzag)]
    for column in range(1, MANY_ROUTES + 1):
        clients = make_row(session, 2, column=column)
        routes.append((make_collector(session, f"Gestor {column:02}", clients), clients))
    plan_id = make_board(session, routes)
    return plan_id, [one.id for one in zigzag]


def silent(share: float, note: str) -> None:
    """Hear progress and say nothing."""


def arguments_of(client, plan_id, seen):
    data = {"kind": "optimise", "version": seen}
    answer = client.post(f"/planes/{plan_id}/tablero", data=data, headers={"HX-Request": "true"})
    return jobs.status(answer.headers["HX-Redirect"].rpartition("/")[2]).arguments


def test_the_search_of_a_large_board_goes_to_a_page_with_a_bar(session, client_as, large):
    plan_id, _zigzag = large
    client = client_as(Role.DISPATCHER)
    data = {"kind": "optimise", "version": 0}

    answer = client.post(f"/planes/{plan_id}/tablero", data=data)

    page = client.get(answer.location).text
    assert f"Optimizar el resto del plan {plan_id}" in page
    assert "Terminar ya con lo mejor" in page
    assert board_page(session, plan_id).version == 0


def test_the_job_adds_one_edit_that_keeps_what_is_pinned(session, client_as, large):
    plan_id, zigzag = large
    who = board_page(session, plan_id).state.visitor_of(zigzag[0])
    follow(session, plan_id, PinStop(zigzag[2], True))
    session.commit()
    arguments = arguments_of(client_as(Role.DISPATCHER), plan_id, 1)
    jobs.finish_early(arguments["job_id"])

    result = run_optimising(arguments, silent)

    page = board_page(session, plan_id)
    assert result["next_url"] == f"/planes/{plan_id}/tablero"
    assert page.version == 2
    assert page.state.routes[who].clients.index(zigzag[2]) == 2
    assert page.edits[0].cost.travel_s <= 0
    assert set(page.state.visitors) == set(page.start.visitors)


def test_an_edit_made_meanwhile_is_not_run_over(session, client_as, large):
    plan_id, zigzag = large
    arguments = arguments_of(client_as(Role.DISPATCHER), plan_id, 0)
    who = board_page(session, plan_id).state.visitor_of(zigzag[0])
    follow(session, plan_id, PlaceStop(zigzag[1], who, 1))
    session.commit()

    with pytest.raises(StaleDraft):
        run_optimising(arguments, silent)

    assert board_page(session, plan_id).version == 1


def test_stopping_the_job_stores_nothing(session, client_as, large):
    plan_id, _zigzag = large
    arguments = arguments_of(client_as(Role.DISPATCHER), plan_id, 0)

    def report(share: float, note: str) -> None:
        if share > 0:
            raise Stopped

    with pytest.raises(Stopped):
        run_optimising(arguments, report)

    assert board_page(session, plan_id).version == 0


def test_who_looked_at_an_older_board_is_told_at_once(session, client_as, large):
    plan_id, zigzag = large
    follow(session, plan_id, PinStop(zigzag[0], True))
    session.commit()
    data = {"kind": "optimise", "version": 0}

    answer = client_as(make_user(session, Role.DISPATCHER)).post(
        f"/planes/{plan_id}/tablero", data=data, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409
    assert "HX-Redirect" not in answer.headers
