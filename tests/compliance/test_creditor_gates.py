"""Each gate knows the law of those to whom a client owes, and says whose rule it is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.agreements.queries import signing_law
from collector_app.client_file.queries import expediente
from collector_app.compliance.client_terms import OverrideData, grant_override, request_override
from collector_app.compliance.rules import Channel, decide
from collector_app.contacts.queries import faults_of_visit, law_for
from collector_app.contacts.services import blocks_of
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.day_package.queries import packed_day
from collector_app.payments.rules import PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.planning import queries, services
from collector_app.planning.left_out import block_facts
from collector_app.planning.problem_builder import build_day
from collector_app.planning.queries.day import day_rows
from collector_app.planning.reasons import skip_sentences
from collector_app.planning.rules import PlanPolicy, SkipCause
from collector_app.violations.queries import judge
from collector_app.visits.rules import Outcome, PersonMet
from tests.compliance.factories import give_credits, make_creditor
from tests.contacts.factories import contact_fact
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.phone.factories import make_route
from tests.planning.factories import HOUR_S, make_workday, new_plan
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")
HERE = {"lat": 19.43, "lon": -99.13}


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    """Owes to a shop that stands under the law of Chile: visits from 8 to 20, one a week."""
    client = make_client(session, **HERE)
    make_zone(session, [client], collector)
    give_credits(session, client, make_creditor(session, "cl", "Tiendas del Sur"))
    return client


@pytest.fixture
def neighbour(session, collector):
    """Owes to nobody else than the house: visits from 7 to 22."""
    client = make_client(session, **HERE)
    make_zone(session, [client], collector)
    return client


def local(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return clock.at_second(day, hour * 3600 + minute * 60, ZONE)


def hours(windows) -> list[tuple[int, int]]:
    return [(one.start_s // HOUR_S, one.end_s // HOUR_S) for one in windows]


def test_a_plan_is_made_within_the_hours_of_the_creditor(session, collector, debtor, neighbour):
    make_workday(session, collector, starts_s=5 * HOUR_S, ends_s=23 * HOUR_S)
    rows = day_rows(session, TUESDAY, ZONE, PlanPolicy())

    built = build_day(rows, PlanPolicy())

    windows = {int(one.id): hours_of(one) for one in built.problem.candidates}
    assert windows == {debtor.id: [(8, 19)], neighbour.id: [(7, 21)]}  # hours to begin in


def hours_of(candidate) -> list[tuple[int, int]]:
    return [(one.start_s // HOUR_S, one.end_s // HOUR_S) for one in candidate.windows]


@pytest.mark.parametrize(("first_s", "rules"), [(8, []), (7, ["cl.hours"])])
def test_a_stop_before_the_hours_of_the_creditor_is_a_breach(
    session, collector, debtor, neighbour, first_s, rules
):
    plan_id = services.store_plan(
        session, SYSTEM, new_plan(collector, [debtor, neighbour], first_s=first_s * HOUR_S + 60)
    )

    found = queries.legality(session, plan_id, ZONE)

    assert [block.rule_id for one in found.breaches for block in one.blocks] == rules


def test_a_kept_verdict_is_given_anew_once_a_credit_is_another_creditors(
    session, collector, neighbour
):
    plan_id = services.store_plan(
        session, SYSTEM, new_plan(collector, [neighbour], first_s=7 * HOUR_S + 60)
    )
    assert queries.legality(session, plan_id, ZONE).breaches == ()

    give_credits(session, neighbour, make_creditor(session, "cl"))

    assert len(queries.legality(session, plan_id, ZONE).breaches) == 1


def test_a_certificate_tells_under_which_laws_of_creditors_its_stops_stood(
    session, collector, debtor, neighbour
):
    with clock.frozen(local(5)):
        plan_id = services.store_plan(session, SYSTEM, new_plan(collector, [debtor, neighbour]))
        services.publish(session, SYSTEM, plan_id, today=TUESDAY, zone=ZONE)
    session.flush()

    told = queries.certificate(session, plan_id, ZONE)
    with clock.frozen(local(6)):
        give_credits(session, neighbour, make_creditor(session, "pe"), told_at=clock.now())
    later = queries.certificate(session, plan_id, ZONE)

    assert told["creditor_laws"] == {"cl": 1}
    assert set(told["creditor_versions"]) == {"cl"}
    assert later == told  # what was told after publishing is none of it
    assert "creditor_laws" not in queries.certificate(session, plan_id, ZONE, form=3)


def visited(session, client, collector, at: datetime):
    return make_visit(
        session,
        client,
        collector,
        started_at=at,
        ended_at=at,
        person_met=PersonMet.NOBODY,
        outcome=Outcome.NOT_HOME,
    )


def test_a_visit_at_nine_in_the_evening_is_a_falta_of_the_creditors_client_alone(
    session, collector, debtor, neighbour
):
    seen = [visited(session, one, collector, local(21)) for one in (debtor, neighbour)]

    at_saving = [[one.rule_id for one in faults_of_visit(session, it, ZONE)] for it in seen]
    verdict = judge(session, TUESDAY, TUESDAY, ZONE)

    assert at_saving == [["cl.hours"], []]
    (falta,) = verdict.violations
    assert (falta.client_id, falta.profile_id) == (debtor.id, "mx_financial_strict+house+cl")
    assert falta.blocks[0].facts["creditors"] == "Tiendas del Sur"


def test_the_past_is_judged_by_the_creditor_of_its_day(session, collector, neighbour):
    visited(session, neighbour, collector, local(21))
    give_credits(session, neighbour, make_creditor(session, "cl"), told_at=local(22))
    wednesday = TUESDAY + timedelta(days=1)
    visited(session, neighbour, collector, local(21, day=wednesday))

    def broken(day):
        return [b.rule_id for one in judge(session, day, day, ZONE).violations for b in one.blocks]

    assert broken(TUESDAY) == []
    assert "cl.hours" in broken(wednesday)


def test_calls_and_messages_are_held_to_the_creditors_limits(session, collector, debtor, neighbour):
    at = local(11)
    with clock.frozen(at):
        for client in (debtor, neighbour):
            visited(session, client, collector, local(9))
        told = {
            client: [
                one.rule_id
                for one in blocks_of(
                    session, contact_fact(client, channel=Channel.CALL, at=at), ZONE
                )
            ]
            for client in (debtor, neighbour)
        }
        profile, facts = law_for(session, debtor.id, at, ZONE)

    assert told == {debtor: ["cl.once_a_week"], neighbour: []}
    assert not decide(profile, facts, TUESDAY, 11 * HOUR_S, Channel.CALL).allowed


def test_a_signature_out_of_the_creditors_hours_is_told(session, debtor, neighbour):
    told = [
        [one.rule_id for one in signing_law(session, client.id, local(21), ZONE)]
        for client in (debtor, neighbour)
    ]

    assert told == [["cl.hours"], []]


def test_money_in_hand_is_a_falta_only_where_the_creditor_forbids_it(session, collector, neighbour):
    shopper = make_client(session, **HERE)
    make_zone(session, [shopper], collector)
    give_credits(session, shopper, make_creditor(session, "mx_commercial", "Tiendas del Norte"))

    for client in (shopper, neighbour):
        fact = payment_fact(client, method=PaymentMethod.CASH)
        record_payment(session, actor_of(collector), fact, zone=ZONE)

    found = judge(session, TUESDAY, TUESDAY, ZONE).violations
    assert [(one.client_id, one.blocks[0].rule_id) for one in found] == [
        (shopper.id, "mx_commercial.no_money")
    ]


def test_the_phone_carries_hours_limits_and_duties_of_each_client(
    session, collector, debtor, neighbour
):
    shopper = make_client(session, **HERE)
    give_credits(session, shopper, make_creditor(session, "mx_commercial", "Tiendas del Norte"))
    make_route(session, collector, [debtor, neighbour, shopper])

    chile, house, shop = packed_day(session, collector.id, TUESDAY, ZONE).stops

    def opening(one):
        return [datetime.fromtimestamp(span.from_s, ZONE).hour for span in one.law.windows]

    assert [opening(one) for one in (chile, house, shop)] == [[8], [7], [7]]
    assert "cl.once_a_week" in {cap.rule.id for cap in chile.law.caps}
    assert house.creditors is None
    assert shop.creditors.names == ("Tiendas del Norte",)
    assert [one.rule_id for one in shop.creditors.cash] == ["mx_commercial.no_money"]
    assert "Constancia de que encargó el cobro" in shop.creditors.duties
    assert "Nombre del gestor" not in shop.creditors.duties  # the house asks for it, too


def test_the_days_of_a_clients_file_are_those_of_the_creditor(session, debtor, neighbour):
    def first(client):
        return hours(expediente(session, client.id, TUESDAY, ZONE).may_visit[0].decision.windows)

    assert [first(one) for one in (debtor, neighbour)] == [[(8, 20)], [(7, 22)]]


def test_what_a_creditors_law_excepts_is_lifted_for_its_client_alone(session, neighbour):
    debtor = make_client(session, **HERE)
    give_credits(session, debtor, make_creditor(session, "co"))
    today = clock.today(ZONE)
    asked = OverrideData(debtor.id, "co.home_visits", "microcredit_authorised", "consta", today)

    def forbidding():
        profile, facts = law_for(session, debtor.id, local(10), ZONE)
        return {one.rule_id for one in decide(profile, facts, TUESDAY, 10 * HOUR_S).blocks}

    assert "co.home_visits" in forbidding()
    made = request_override(session, SYSTEM, asked, today=today)
    with clock.frozen(local(9)):
        grant_override(session, actor_of(make_user(session, Role.SUPERVISOR)), made.id, today=today)
    session.flush()
    assert "co.home_visits" not in forbidding()


def test_the_file_of_a_client_names_the_creditor_and_whose_rule_forbids(session, client_as, debtor):
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{debtor.id}/expediente").text

    assert "Acreedor: Tiendas del Sur" in page
    assert "CPC art. 59, acreedor: Tiendas del Sur)" in page


def test_a_client_left_out_of_a_plan_is_told_by_whose_rule(app, session, collector):
    shopper = make_client(session, **HERE)
    make_zone(session, [shopper], collector)
    give_credits(session, shopper, make_creditor(session, "co", "Banco Andino"))
    rows = day_rows(session, TUESDAY, ZONE, PlanPolicy())

    (row,) = rows.candidates
    decision = decide(rows.profile, row.contact_facts(ZONE), TUESDAY)
    with app.test_request_context():
        said = skip_sentences(SkipCause.NO_LEGAL_WINDOW, block_facts(decision))

    assert any("acreedor: Banco Andino" in one for one in said)


def test_the_form_of_a_visit_offers_no_cash_where_the_creditor_forbids_it(
    session, client_as, collector, neighbour
):
    shopper = make_client(session, **HERE)
    give_credits(session, shopper, make_creditor(session, "mx_commercial"))
    stops = make_route(session, collector, [neighbour, shopper])
    session.commit()
    phone = client_as(collector)

    house, shop = (phone.get(f"/phone/parada/{one.id}/registrar").text for one in stops)

    assert 'value="cash"' in house
    assert 'value="cash"' not in shop
    assert 'value="deposit"' in shop


def test_a_script_says_what_the_creditor_asks_for(session, client_as, collector, debtor):
    shopper = make_client(session, **HERE)
    make_zone(session, [shopper], collector)
    give_credits(session, shopper, make_creditor(session, "mx_commercial"))
    session.commit()
    desk = client_as(Role.SUPERVISOR)

    shop, chile = (desk.get(f"/guion/{one.id}").text for one in (shopper, debtor))

    assert "Constancia de que encargó el cobro" in shop
    assert "Constancia de que encargó el cobro" not in chile
