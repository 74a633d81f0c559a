"""For any cartera: no planned stop is outside the windows, the caps or the bans of its law."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector_app.compliance.profile_files import law_profiles
from collector_app.compliance.rules import ClientTerms, PlacesRule, beside, creditor_law, decide
from collector_app.planning.problem_builder import build_day, candidate_id
from collector_app.planning.queries.legality import blocks_of_visit
from collector_app.planning.rules import NobodyToPlan, PlanPolicy
from collector_app.portfolio.rules import AddressOrigin, VisitedPlace, VisitPlaceKind
from collector_app.visits.queries import AppointmentRow, ContactRow
from collector_app.visits.rules import Outcome, PersonMet
from routing.errors import InvalidProblem
from routing.explain import plan_of
from routing.measure import measure
from routing.replan import Cancelled, Late, replan
from routing.solver import SolverParams, solve
from routing.travel.haversine import Haversine
from tests.planning.factories import CENTRE, TUESDAY, candidate_row, day_of, debt, hour, workday_row

days = st.integers(0, 13).map(lambda n: TUESDAY + timedelta(days=n))
degrees = st.floats(-0.05, 0.05)


@st.composite
def contacts(draw, day):
    minutes_ago = draw(st.lists(st.integers(0, 10 * 24 * 60), max_size=3))
    found = []
    for minutes in sorted(minutes_ago, reverse=True):
        met = draw(st.booleans())
        found.append(
            ContactRow(
                hour(day, 9) - timedelta(minutes=minutes),
                Outcome.REFUSED if met else Outcome.NOT_HOME,
                PersonMet.HOLDER if met else PersonMet.NOBODY,
                met,
            )
        )
    return tuple(found)


@st.composite
def appointments(draw, client_id, day):
    if not draw(st.booleans()):
        return ()
    start = draw(st.integers(5, 22))
    return (AppointmentRow(1, client_id, None, hour(day, start), hour(day, start + 1)),)


visited_places = st.none() | st.builds(
    VisitedPlace,
    st.none() | st.sampled_from(VisitPlaceKind),
    st.booleans(),
    st.none() | st.sampled_from(AddressOrigin),
)


creditor_laws = st.lists(st.sampled_from(sorted(law_profiles())), unique=True, max_size=2).map(
    lambda ids: creditor_law(tuple((law_profiles()[one], ("Banco",)) for one in ids))
)


@st.composite
def portfolios(draw):
    day = draw(days)
    rows = [
        candidate_row(
            client_id,
            lat=CENTRE[0] + draw(degrees),
            lon=CENTRE[1] + draw(degrees),
            debt=debt(draw(st.integers(10_000, 5_000_000)), draw(st.integers(1, 200))),
            contacts=draw(contacts(day)),
            appointments=draw(appointments(client_id, day)),
            ban=draw(st.sampled_from([None, None, None, "queja"])),
            terms=ClientTerms(
                place=draw(visited_places), creditors=draw(st.none() | creditor_laws)
            ),
        )
        for client_id in range(1, draw(st.integers(2, 12)))
    ]
    law = draw(st.sampled_from(sorted(law_profiles())))
    workday = workday_row(starts_s=draw(st.integers(5, 11)) * 3600, ends_s=23 * 3600)
    return day_of(*rows, day=day, law=law, workdays=(workday,))


def is_denied(profile, place):
    """Read the denied kinds and origins as the files state them."""
    rules = [rule for rule in profile.rules if isinstance(rule, PlacesRule)]
    kinds = [one for rule in rules for one in rule.kinds]
    if place is None:
        return False
    if place.origin is AddressOrigin.FOUND and any(rule.is_only_given for rule in rules):
        return not place.is_authorised
    return any(
        one.kind == place.kind and not (one.unless_authorised and place.is_authorised)
        for one in kinds
    )


@given(rows=portfolios())
@settings(max_examples=60, deadline=None)
def test_no_planned_stop_is_outside_the_law(rows):
    try:
        built = build_day(rows, PlanPolicy())
    except NobodyToPlan:
        return
    plan = solve(built.problem, Haversine(), SolverParams(iterations=20))

    clients = {row.client_id: row for row in rows.candidates}
    for stop in (stop for route in plan.routes for stop in route.stops):
        row = clients[int(stop.candidate_id)]
        facts = row.contact_facts(rows.zone)
        for second_s in (stop.starts_s, stop.leaves_s):
            decision = decide(rows.profile, facts, rows.day, second_s)
            assert decision.allowed, (second_s, decision.blocks)
            for law in row.terms.creditors.profiles if row.terms.creditors else ():
                assert decide(law, replace(facts, creditors=None), rows.day, second_s).allowed
        assert not is_denied(beside(rows.profile, row.terms.creditors), row.terms.place)
        for one in row.appointments:
            assert one.starts_at <= hour(rows.day, 0) + timedelta(seconds=stop.starts_s)
            assert hour(rows.day, 0) + timedelta(seconds=stop.starts_s) <= one.ends_at


@given(
    rows=portfolios(),
    now_s=st.integers(6 * 3600, 20 * 3600),
    late_s=st.integers(0, 4 * 3600),
    cancelled=st.integers(1, 12),
)
@settings(max_examples=60, deadline=None)
def test_no_stop_of_a_changed_day_is_outside_the_law(rows, now_s, late_s, cancelled):
    try:
        built = build_day(rows, PlanPolicy())
    except NobodyToPlan:
        return
    problem, travel = built.problem, Haversine()
    plan = solve(problem, travel, SolverParams(iterations=20))
    known = {one.id for one in problem.candidates}
    shift = problem.shifts[0].id
    changes = [Late(shift, now_s + late_s)]
    changes += [Cancelled(one) for one in (candidate_id(cancelled),) if one in known]

    found = replan(problem, plan, changes, now_s, matrices=measure(problem, travel), travel=travel)

    clients = {row.client_id: row for row in rows.candidates}
    for stop in (stop for route in found.plan.routes for stop in route.stops):
        row = clients[int(stop.candidate_id)]
        facts = row.contact_facts(rows.zone)
        assert blocks_of_visit(rows.profile, facts, rows.day, stop.starts_s, stop.leaves_s) is None


@given(rows=portfolios(), dice=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_an_order_that_somebody_chose_is_legal_or_refused(rows, dice):
    try:
        built = build_day(rows, PlanPolicy())
    except NobodyToPlan:
        return
    problem, travel = built.problem, Haversine()
    plan = solve(problem, travel, SolverParams(iterations=20))
    order = [stop.candidate_id for stop in plan.routes[0].stops]
    dice.shuffle(order)
    try:
        chosen = plan_of(problem, measure(problem, travel), {problem.shifts[0].id: order})
    except InvalidProblem:
        return

    clients = {row.client_id: row for row in rows.candidates}
    for stop in chosen.routes[0].stops:
        facts = clients[int(stop.candidate_id)].contact_facts(rows.zone)
        assert blocks_of_visit(rows.profile, facts, rows.day, stop.starts_s, stop.leaves_s) is None


@pytest.mark.parametrize(("visits", "is_planned"), [(5, True), (6, False)])
def test_who_is_under_too_much_pressure_is_not_planned_and_told_why(visits, is_planned):
    """Six visits of three points each and a seventh would be 21 of the 20 points of a month."""
    over = tuple(
        ContactRow(
            hour(TUESDAY, 9) - timedelta(days=4 * n + 3), Outcome.NOT_HOME, PersonMet.NOBODY, False
        )
        for n in range(visits)
    )
    rows = day_of(
        candidate_row(1, debt=debt(90_000, 40), contacts=tuple(reversed(over))),
        candidate_row(2, debt=debt(90_000, 40)),
        day=TUESDAY,
    )

    built = build_day(rows, PlanPolicy())

    planned = {int(one.id) for one in built.problem.candidates}
    assert (1 in planned) is is_planned
    why = {one.client_id: one.facts for one in built.skipped}
    rules = [block["rule_id"] for block in why.get(1, {}).get("blocks", [])]
    assert any("pressure" in one for one in rules) is not is_planned


@given(rows=portfolios())
@settings(max_examples=60, deadline=None)
def test_every_client_is_either_a_candidate_or_told_why_not(rows):
    try:
        built = build_day(rows, PlanPolicy())
    except NobodyToPlan:
        return

    candidates = [int(one.id) for one in built.problem.candidates]
    skipped = [one.client_id for one in built.skipped]
    assert sorted(candidates + skipped) == [row.client_id for row in rows.candidates]
    assert all(one.windows for one in built.problem.candidates)
