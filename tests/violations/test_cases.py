"""Faltas that are kept: found once, decided by another person, counted and paged."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.audit.queries import faults
from collector_app.audit.rules import FaultKind
from collector_app.compliance.services import choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.payments.services import record_payment
from collector_app.violations.judging_job import run_judging, run_judging_arrivals
from collector_app.violations.models import ViolationCase
from collector_app.violations.queries import (
    CaseFilter,
    case_counts,
    case_list,
    cost_of_cases,
    days_to_judge,
    judge,
    late_count,
)
from collector_app.violations.rules import CaseState, OwnFault, ReasonMissing
from collector_app.violations.services import decide_case, keep_verdict
from collector_app.visits.rules import Outcome, PersonMet
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.visits.factories import make_visit

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
WEEK = CaseFilter(TUESDAY - timedelta(days=6), TUESDAY, ZONE)
SYSTEM = Actor.system("test")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def supervisor(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


def at(hour: int, day: date = TUESDAY) -> datetime:
    return clock.at_second(day, hour * 3600, ZONE)


def knocked(session, collector, when: datetime, client=None, **more):
    """Nobody was at home; at five in the morning that is a falta."""
    return make_visit(
        session,
        client or make_client(session),
        collector,
        started_at=when,
        received_at=when,
        **{"person_met": PersonMet.NOBODY, "outcome": Outcome.NOT_HOME, **more},
    )


def kept(session, first=TUESDAY, last=TUESDAY) -> list[ViolationCase]:
    keep_verdict(session, SYSTEM, judge(session, first, last, ZONE), first, last, ZONE)
    session.flush()
    return list(session.scalars(select(ViolationCase).order_by(ViolationCase.id)))


def test_what_judging_finds_is_kept_once_and_agrees_with_the_audit(session, collector):
    knocked(session, collector, at(5))
    knocked(session, collector, at(12))

    [case] = kept(session)
    [again] = kept(session)

    [found] = judge(session, TUESDAY, TUESDAY, ZONE).violations
    assert again.id == case.id
    assert (case.kind, case.fact_id, case.law) == (found.kind, found.id, "mx_financial_strict")
    assert case.profile_version == found.profile_version
    assert [block["rule_id"] for block in case.blocks] == ["mx_financial_strict.hours"]


def test_a_case_that_nobody_decided_is_withdrawn_when_it_is_no_longer_found(
    session, collector, supervisor
):
    late, early = knocked(session, collector, at(23)), knocked(session, collector, at(5))
    cases = {case.fact_id: case for case in kept(session)}
    decide_case(session, supervisor, cases[early.id].id, CaseState.CONFIRMED, "lo vio el vecino")
    choose_profile(session, SYSTEM, "none", TUESDAY, "prueba", today=TUESDAY)

    after = {case.fact_id: case.state for case in kept(session)}

    assert after == {early.id: CaseState.CONFIRMED, late.id: CaseState.WITHDRAWN}
    assert cost_of_cases(session, WEEK).by_penalty[0].count == 1
    choose_profile(session, SYSTEM, "mx_financial_strict", TUESDAY, "otra vez", today=TUESDAY)
    found_again = {case.fact_id: case.state for case in kept(session)}
    assert found_again == {early.id: CaseState.CONFIRMED, late.id: CaseState.NEW}


def test_a_decision_outlives_the_next_judging(session, collector, supervisor):
    knocked(session, collector, at(5))
    [case] = kept(session)
    decide_case(session, supervisor, case.id, CaseState.JUSTIFIED, "lo pidió por escrito")

    [again] = kept(session)

    assert (again.state, again.reason) == (CaseState.JUSTIFIED, "lo pidió por escrito")
    assert again.decided_by == supervisor.user_id


def test_only_somebody_else_of_the_desk_decides_and_only_with_a_reason(
    session, collector, supervisor
):
    knocked(session, collector, at(5))
    own = make_user(session, Role.SUPERVISOR)
    knocked(session, own, at(5))
    first, second = kept(session)

    with pytest.raises(NotAllowed):
        decide_case(session, actor_of(collector), first.id, CaseState.CONFIRMED, "lo vio el vecino")
    with pytest.raises(OwnFault):
        decide_case(session, actor_of(own), second.id, CaseState.JUSTIFIED, "sí se podía")
    for said in (CaseState.CONFIRMED, CaseState.JUSTIFIED):
        with pytest.raises(ReasonMissing):
            decide_case(session, supervisor, first.id, said, "  ")
    with pytest.raises(NotFound):
        decide_case(session, supervisor, 999_999, CaseState.CONFIRMED, "lo vio el vecino")
    assert {first.state, second.state} == {CaseState.NEW}


def test_decisions_are_sealed_in_the_log(session, collector, supervisor):
    knocked(session, collector, at(5))
    [case] = kept(session)
    decide_case(session, supervisor, case.id, CaseState.CONFIRMED, "lo vio el vecino")
    session.commit()
    assert [one for one in faults(session) if "violation_case" in one.row] == []

    session.execute(ViolationCase.__table__.update().values(state="justified"))
    session.commit()

    altered = [one.kind for one in faults(session) if one.row == f"violation_case {case.id}"]
    assert altered == [FaultKind.ALTERED]


def test_the_cost_counts_each_falta_once_and_no_justified_one(session, collector, supervisor):
    for hour in (4, 5, 23):
        knocked(session, collector, at(hour))
    cases = kept(session)
    decide_case(session, supervisor, cases[0].id, CaseState.JUSTIFIED, "emergencia")
    decide_case(session, supervisor, cases[1].id, CaseState.CONFIRMED, "lo vio el vecino")

    [cost] = cost_of_cases(session, WEEK).by_penalty

    assert (cost.count, cost.most, cost.penalty.unit) == (2, 4_000, "UMA")
    assert case_counts(session, WEEK) == {
        CaseState.NEW: 1,
        CaseState.CONFIRMED: 1,
        CaseState.JUSTIFIED: 1,
        CaseState.WITHDRAWN: 0,
    }


def test_a_filter_by_days_state_and_collector_holds_at_its_edges(session, collector):
    other = make_user(session)
    first_day, before = WEEK.first, WEEK.first - timedelta(days=1)
    for when, who in ((at(0, first_day), collector), (at(23, before), collector), (at(5), other)):
        knocked(session, who, when)
    kept(session, before, TUESDAY)

    def listed(**more):
        wanted = CaseFilter(WEEK.first, WEEK.last, ZONE, **more)
        return [row.at for row in case_list(session, wanted, offset=0, limit=50)]

    assert listed() == [at(5), at(0, first_day)]
    assert listed(collector_id=collector.id) == [at(0, first_day)]
    assert listed(state=CaseState.CONFIRMED) == []


def test_what_waits_longer_than_two_days_is_late(session, collector):
    knocked(session, collector, at(5))
    kept(session)

    assert late_count(session, WEEK, at(5) + timedelta(days=2)) == 0
    assert late_count(session, WEEK, at(5) + timedelta(days=2, seconds=1)) == 1


def test_the_hourly_job_looks_as_far_back_as_what_came_in(session, collector):
    assert days_to_judge(session, at(12), ZONE) == (TUESDAY - timedelta(days=29), TUESDAY)
    knocked(session, collector, at(5))
    kept(session)
    assert days_to_judge(session, at(12), ZONE) == (TUESDAY - timedelta(days=3), TUESDAY)

    long_offline = TUESDAY - timedelta(days=20)
    visit = knocked(session, collector, at(12, long_offline))
    visit.received_at = at(11)
    session.flush()

    assert days_to_judge(session, at(12), ZONE) == (long_offline, TUESDAY)


def test_the_hourly_job_looks_as_far_back_as_money_that_was_told_late(
    session, collector, supervisor
):
    knocked(session, collector, at(5))
    kept(session)
    debtor, long_ago = make_client(session), at(12, TUESDAY - timedelta(days=15))
    fact = payment_fact(debtor, received_at=long_ago)
    record_payment(session, supervisor, fact, zone=ZONE)

    assert days_to_judge(session, clock.now(), ZONE)[0] == long_ago.date()


def judged_now(app) -> dict:
    with app.test_request_context():
        return run_judging_arrivals({}, lambda share, note="": None)


def test_what_just_came_in_is_judged_at_once_and_only_its_clients_are(app, session, collector):
    now = clock.now()
    old = knocked(session, collector, at(5))
    old.received_at = now - timedelta(minutes=11)
    late = knocked(session, collector, at(5, TUESDAY - timedelta(days=9)))
    late.received_at = now - timedelta(minutes=1)
    session.commit()

    assert [judged_now(app) for _n in range(2)] == [{"clients": 1, "found": 1}] * 2
    [case] = session.scalars(select(ViolationCase))
    assert (case.fact_id, case.state) == (late.id, CaseState.NEW)


def test_a_visit_told_late_makes_those_after_it_a_falta_at_once(app, session, collector):
    days = [TUESDAY - timedelta(days=n) for n in (6, 4, 1)]  # three weekdays
    debtor = make_client(session)
    visits = [knocked(session, collector, at(12, day), client=debtor) for day in days]
    session.commit()
    assert judged_now(app) == {"clients": 0, "found": 0}

    visits[0].received_at = clock.now()
    session.commit()

    assert judged_now(app) == {"clients": 1, "found": 1}
    assert session.scalars(select(ViolationCase.fact_id)).all() == [visits[2].id]


def test_the_job_keeps_what_it_finds_week_by_week_and_may_run_twice(app, session, collector):
    for weeks in (0, 1, 3):
        knocked(session, collector, at(5, TUESDAY - timedelta(weeks=weeks)))
    session.commit()
    shares: list[float] = []

    with app.test_request_context():
        days = {"first": "2026-02-01", "last": "2026-03-10"}
        results = [run_judging(days, lambda share, note="": shares.append(share)) for _n in "12"]

    assert results[0] == results[1]
    assert (results[0]["facts"], results[0]["found"]) == (3, 3)
    assert shares[:6] == sorted(shares[:6])
    assert shares[5] < 1
    session.expire_all()
    assert session.query(ViolationCase).count() == 3


# -- the page


def test_the_page_shows_a_falta_its_article_who_acts_and_the_cost(client_as, session, collector):
    knocked(session, collector, at(5))
    kept(session)
    session.commit()

    page = client_as(Role.SUPERVISOR).get("/faltas").text

    assert collector.full_name in page
    assert "CONDUSEF" in page
    assert "Un supervisor la revisa antes del" in page
    assert "1 falta: hasta 2000 UMA" in page
    assert "De $23,462.00 a $234,620.00" in page  # 200 and 2,000 UMA of 117.31 pesos


def test_a_supervisor_decides_and_comes_back_to_the_filter(client_as, session, collector):
    knocked(session, collector, at(5))
    [case] = kept(session)
    session.commit()
    desk, here = client_as(Role.SUPERVISOR), "/faltas?state=new"
    form = {"state": "justified", "reason": "", "next": here}

    refused = desk.post(f"/faltas/{case.id}/decidir", data=form, follow_redirects=True).text
    taken = desk.post(f"/faltas/{case.id}/decidir", data=form | {"reason": "lo pidió"})

    assert "Escribe por qué se confirma o se justifica" in refused
    assert taken.location == here
    assert "lo pidió" in desk.get("/faltas").text
    assert "lo pidió" not in desk.get(here).text
    assert "Nada: ninguna falta" in desk.get("/faltas").text


def test_a_page_holds_fifty(client_as, session, collector):
    for minute in range(51):
        knocked(session, collector, at(4) + timedelta(minutes=minute))
    kept(session)
    session.commit()
    desk = client_as(Role.SUPERVISOR)

    first, second = desk.get("/faltas").text, desk.get("/faltas?page=2").text

    assert first.count('id="decide-') == 50 + 50  # each dialog and its title
    assert second.count('id="decide-') == 2


def test_days_in_the_wrong_order_are_told(client_as):
    page = client_as(Role.SUPERVISOR).get("/faltas?first=2026-03-10&to=2026-03-09")

    assert page.status_code == 422
    assert "El último día debe ser el primero o uno posterior." in page.text


@pytest.mark.parametrize(
    "asked",
    [
        "first=0001-01-01&to=9999-12-31",
        "first=9999-12-31&to=9999-12-31",
        "first=0001-01-01&to=0001-01-01",
        "collector=99999999999999999999999",
    ],
)
def test_days_and_people_that_nobody_can_mean_are_answered_all_the_same(
    client_as, session, collector, asked
):
    knocked(session, collector, at(5))
    kept(session)
    session.commit()

    assert client_as(Role.SUPERVISOR).get(f"/faltas?{asked}").status_code in (200, 422)


def test_judging_again_puts_a_job_into_the_queue(client_as, monkeypatch):
    queued = {}
    monkeypatch.setattr(
        "collector_app.core.jobs.enqueue",
        lambda kind, arguments, started_by: queued.update(arguments, kind=kind) or "j1",
    )
    form = {"first": "2026-03-01", "to": "2026-03-10"}

    answer = client_as(Role.ADMIN).post("/faltas/juzgar", data=form)

    assert answer.location == "/trabajos/j1"
    assert (queued["kind"], queued["first"], queued["last"]) == ("judging", *form.values())
