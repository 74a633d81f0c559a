"""Who is in an experiment stays in it; the challenger gets its treatment; nobody wins too soon."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.planning.problem_builder import build_day
from collector_app.planning.queries import day_rows
from collector_app.planning.rules import PlanPolicy, SkipCause
from collector_app.portfolio.rules import Stage
from collector_app.strategy import services
from collector_app.strategy.models import Experiment
from collector_app.strategy.queries import experiment, result, treatments_of_clients
from collector_app.strategy.rules import (
    AlreadyExperimenting,
    Arm,
    BadExperiment,
    Conclusion,
    Measure,
    NobodyToCompare,
    Trait,
    arm_of,
    is_too_small,
)
from tests.factories import make_client, make_user
from tests.payments.factories import make_payment
from tests.planning.factories import make_workday
from tests.promises.factories import make_promise_row
from tests.strategy.factories import (
    SYSTEM,
    TODAY,
    ZONE,
    at_least,
    make_experiment,
    make_segment,
    treatment,
)
from tests.zones.factories import make_zone

STAGE = Stage.ADMINISTRATIVE
PAGE = "/estrategia/experimentos"


@pytest.fixture
def cartera(session):
    return [make_client(session) for _n in range(12)]


@pytest.fixture
def segment(session, cartera):
    return make_segment(session)


def by_arm(begun, cartera):
    found = {arm: [] for arm in Arm}
    for client in cartera:
        found[arm_of(begun.id, client.id, begun.share_percent)].append(client)
    return found


def told(session, begun, today=TODAY):
    return result(session, experiment(session, begun.id, ZONE), today, ZONE)


def test_only_the_challenger_is_treated_otherwise_and_only_while_it_runs(session, cartera, segment):
    begun = make_experiment(session, segment)
    challengers = {one.id for one in by_arm(begun, cartera)[Arm.CHALLENGER]}

    assert challengers
    assert treatments_of_clients(session, TODAY, ZONE).keys() == challengers
    assert treatments_of_clients(session, begun.ends_on, ZONE).keys() == challengers
    assert treatments_of_clients(session, begun.ends_on + timedelta(days=1), ZONE) == {}
    assert treatments_of_clients(session, TODAY - timedelta(days=1), ZONE) == {}


def test_a_plan_visits_the_champion_and_not_a_challenger_without_visits(session, cartera, segment):
    collector = make_user(session)
    make_workday(session, collector)
    make_zone(session, cartera, collector)
    arms = by_arm(make_experiment(session, segment), cartera)

    built = build_day(day_rows(session, TODAY, ZONE, PlanPolicy()), PlanPolicy())

    out = {one.client_id for one in built.skipped if one.cause is SkipCause.NO_VISITS}
    assert out == {one.id for one in arms[Arm.CHALLENGER]}
    assert {int(one.id) for one in built.problem.candidates} == {
        one.id for one in arms[Arm.CHAMPION]
    }


def test_who_pays_and_leaves_the_segment_still_counts(session, cartera):
    segment = make_segment(session, at_least(Trait.BALANCE, 100_000))
    begun = make_experiment(session, segment)
    payer = by_arm(begun, cartera)[Arm.CHALLENGER][0]
    make_payment(session, make_user(session), payer, 150_000)

    found = told(session, begun)

    size = len(by_arm(begun, cartera)[Arm.CHALLENGER])
    assert found.difference.challenger.clients == size
    assert found.difference.challenger.mean == pytest.approx(1 / size)
    assert found.difference.champion.mean == 0


def test_money_from_the_first_to_the_last_day_counts_and_no_other(session, cartera, segment):
    begun = make_experiment(session, segment, measure=Measure.RECOVERED)
    payer = by_arm(begun, cartera)[Arm.CHAMPION][0]
    collector = make_user(session)
    first = clock.local_midnight(begun.starts_on, ZONE)
    after = clock.local_midnight(begun.ends_on + timedelta(days=1), ZONE)
    second = timedelta(seconds=1)
    for at, cents in ((first - second, 1), (first, 10), (after - second, 100), (after, 1_000)):
        make_payment(session, collector, payer, cents).received_at = at

    session.flush()

    champion = told(session, begun).difference.champion

    assert champion.mean * champion.clients == pytest.approx(110)


def test_a_promise_made_before_the_experiment_is_not_its_doing(session, cartera, segment):
    earlier = clock.now() - timedelta(days=2)
    begun = make_experiment(session, segment, measure=Measure.KEPT)
    old, new = by_arm(begun, cartera)[Arm.CHAMPION][:2]
    collector = make_user(session)
    for client, made_at in ((old, earlier), (new, clock.now() - timedelta(hours=1))):
        make_promise_row(session, client, amount_cents=5_000, due_on=TODAY, made_at=made_at)
        make_payment(session, collector, client, 5_000).received_at = clock.now()

    session.flush()

    champion = told(session, begun).difference.champion

    assert champion.mean * champion.clients == pytest.approx(1)


def test_nobody_wins_before_the_end_nor_with_few_clients(session, cartera, segment):
    begun = make_experiment(session, segment)

    assert told(session, begun).conclusion is Conclusion.RUNNING
    late = begun.ends_on + timedelta(days=30)
    assert told(session, begun, late).conclusion is Conclusion.TOO_SMALL


def test_a_stopped_experiment_treats_everybody_as_before_and_concludes_nothing(
    session, cartera, segment
):
    begun = make_experiment(session, segment)
    with pytest.raises(BadExperiment):
        services.stop_experiment(session, SYSTEM, begun.id, " ")

    services.stop_experiment(session, SYSTEM, begun.id, "se quejaron dos clientes")

    assert treatments_of_clients(session, TODAY, ZONE) == {}
    assert told(session, begun, begun.ends_on + timedelta(days=30)).conclusion is Conclusion.STOPPED


def test_two_experiments_never_share_a_client(session, cartera, segment):
    make_experiment(session, segment)
    with pytest.raises(AlreadyExperimenting):
        make_experiment(session, segment)

    first = make_segment(session, name="Antes")
    services.move_segment(session, SYSTEM, first.id, -1)
    with pytest.raises(NobodyToCompare):
        make_experiment(session, first)


def test_before_the_end_figures_are_shown_to_who_asks_with_a_warning(
    client_as, session, cartera, segment
):
    begun = make_experiment(session, segment)
    session.commit()
    office = client_as(Role.SUPERVISOR)

    page = office.get(f"{PAGE}/{begun.id}").text
    ahead = office.get(f"{PAGE}/{begun.id}?avance=1").text

    assert "hasta entonces no se dice quién gana" in page
    assert "Intervalo del 95" not in page
    assert "Intervalo del 95" in ahead
    assert "hasta entonces no se dice quién gana" in ahead
    assert "Gana" not in ahead


def test_too_few_clients_are_told_when_it_begins_and_not_only_at_its_end(
    client_as, session, cartera, segment
):
    begun = make_experiment(session, segment)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"{PAGE}/{begun.id}").text

    assert "al final tampoco se dirá quién gana" in page


@pytest.mark.parametrize(
    ("champion", "challenger", "is_small"), [(100, 100, False), (99, 100, True), (100, 99, True)]
)
def test_a_hundred_clients_of_each_arm_are_enough(champion, challenger, is_small):
    assert is_too_small(champion, challenger) is is_small


def test_a_champion_that_was_changed_meanwhile_is_told_with_the_day(
    client_as, session, cartera, segment
):
    services.set_treatment(session, SYSTEM, segment.id, STAGE, treatment(), day=TODAY)
    begun = make_experiment(session, segment)
    session.commit()
    page, office = f"{PAGE}/{begun.id}", client_as(Role.SUPERVISOR)
    assert "comparación vale menos" not in office.get(page).text

    other = Stage.EARLY  # of no client of the experiment
    services.set_treatment(session, SYSTEM, segment.id, other, treatment(), day=TODAY)
    session.commit()
    assert "comparación vale menos" not in office.get(page).text

    services.set_treatment(session, SYSTEM, segment.id, STAGE, treatment(cadence_days=3), day=TODAY)
    session.commit()
    told = office.get(page).text
    assert "comparación vale menos" in told
    assert "mar 10 mar" in told


def test_shares_differ_by_points_and_not_by_per_cent(client_as, session, cartera, segment):
    begun = make_experiment(session, segment, measure=Measure.PAID)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"{PAGE}/{begun.id}?avance=1").text

    assert " puntos" in page.partition("Diferencia (retador")[2][:300]


def test_an_experiment_begins_and_stops_from_its_pages(client_as, session, cartera, segment):
    session.commit()
    office = client_as(Role.SUPERVISOR)
    assert "Aún no hay experimentos" in office.get(PAGE).text
    form = {
        "name": "Sin visitas",
        "segment_id": str(segment.id),
        "stage": "administrative",
        "share_percent": "50",
        "days": "28",
        "measure": "paid",
        "channels": ["call"],
        "cadence_days": "0",
        "notice_days": "0",
        "visit_percent": "100",
        "most_discount_percent": "0",
        "most_instalments": "0",
        "script": "administrative",
        "opening": "",
    }

    short = office.post(f"{PAGE}/nuevo", data=form | {"days": "6"})
    begun = office.post(f"{PAGE}/nuevo", data=form | {"script": ""})  # as the form begins
    again = office.post(f"{PAGE}/nuevo", data=form)
    stopped = office.post(f"{begun.location}/detener", data={"reason": "prueba"})

    assert short.status_code == 422
    assert "7–180 d" in short.text
    assert begun.status_code == 303
    assert again.status_code == 409
    assert "Ya hay un experimento en marcha con Grandes" in again.text
    assert stopped.status_code == 303
    assert "Detenido" in office.get(begun.location).text
    assert treatments_of_clients(session, TODAY, ZONE) == {}
    assert "Llamada" in office.get(begun.location).text
    scripts = session.scalars(select(Experiment.script)).all()
    assert scripts == [Stage.ADMINISTRATIVE]
