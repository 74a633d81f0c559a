"""The past judged anew: each rule just inside and just outside, under the law of its day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from collector_app.compliance.client_terms import (
    OverrideData,
    WishData,
    end_override,
    end_wish,
    grant_override,
    honour_wish,
    request_override,
)
from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.services import ban_contact, choose_profile, lift_ban
from collector_app.contacts.queries import faults_of_visit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.rules import PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.portfolio.rules import AddressOrigin, VisitPlaceKind
from collector_app.portfolio.services import tell_visit_place
from collector_app.violations.queries import judge
from collector_app.violations.rules import DaysInWrongOrder
from collector_app.visits.rules import Objection, Outcome, PersonMet
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session)
    make_zone(session, [client], collector)
    return client


def local(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return clock.at_second(day, hour * 3600 + minute * 60, ZONE)


def visited(
    session, debtor, collector, at, person=PersonMet.NOBODY, outcome=Outcome.NOT_HOME, **more
):
    return make_visit(
        session, debtor, collector, started_at=at, person_met=person, outcome=outcome, **more
    )


def broken(session, first=TUESDAY, last=TUESDAY) -> list[list[str]]:
    found = judge(session, first, last, ZONE).violations
    return [[block.rule_id for block in one.blocks] for one in found]


@pytest.mark.parametrize(
    ("hour", "minute", "rules"),
    [
        (6, 59, [["mx_financial_strict.hours"]]),
        (7, 0, []),
        (22, 0, []),
        (22, 1, [["mx_financial_strict.hours"]]),
    ],
)
def test_a_visit_is_judged_by_the_minute(session, debtor, collector, hour, minute, rules):
    visited(session, debtor, collector, local(hour, minute))

    assert broken(session) == rules


def test_only_visits_before_it_count_against_a_visit(session, debtor, collector):
    for days in (2, 1, 0):
        visited(session, debtor, collector, local(12) - timedelta(days=days))

    assert broken(session, TUESDAY - timedelta(days=1), TUESDAY) == [["house.twice_in_seven_days"]]


def test_a_visit_that_was_not_made_breaks_nothing(session, debtor, collector):
    visited(session, debtor, collector, local(3), outcome=Outcome.NOT_VISITED)

    assert broken(session) == []


@pytest.mark.parametrize(
    ("person", "outcome", "objection", "is_fault"),
    [
        (PersonMet.HOLDER, Outcome.REFUSED, None, False),
        (PersonMet.GUARANTOR, Outcome.PROMISED, None, False),
        (PersonMet.RELATIVE, Outcome.THIRD_PARTY, None, False),
        (PersonMet.RELATIVE, Outcome.PAID_IN_PART, None, False),
        (PersonMet.RELATIVE, Outcome.REFUSED, None, True),
        (PersonMet.NEIGHBOUR, Outcome.OTHER, Objection.NO_MONEY, True),
        (PersonMet.MINOR, Outcome.PROMISED, None, True),
    ],
)
def test_talking_about_the_debt_with_others_is_a_fault(
    session, debtor, collector, person, outcome, objection, is_fault
):
    visited(session, debtor, collector, local(12), person, outcome, objection=objection)

    assert broken(session) == ([["mx_financial_strict.third_parties"]] if is_fault else [])


@pytest.mark.parametrize(
    ("note", "is_fault"),
    [
        ("Le dije que vendría el ACTUARIO", True),
        ("Le hablé de la cárcel", True),
        ("la Carcel", True),
        ("habló de su encarcelamiento", False),
        (None, False),
    ],
)
def test_a_note_that_says_forbidden_words_is_taken_and_is_a_fault(
    session, debtor, collector, note, is_fault
):
    visited(session, debtor, collector, local(12), note=note)

    assert broken(session) == ([["mx_financial_strict.words"]] if is_fault else [])


def test_a_ban_that_was_lifted_since_counts_on_the_days_it_held(session, debtor, collector):
    admin = actor_of(make_user(session, Role.ADMIN))
    ban = ban_contact(session, admin, debtor.id, "queja", TUESDAY - timedelta(days=3))
    visited(session, debtor, collector, local(12, day=TUESDAY - timedelta(days=1)))
    lift_ban(session, admin, ban.id, "resuelta", today=TUESDAY)
    visited(session, debtor, collector, local(12))

    assert broken(session, TUESDAY - timedelta(days=1), TUESDAY) == [["contact_ban"]]


@pytest.mark.parametrize(
    ("hour", "rules"),
    [(9, []), (10, [["contact_ban"]]), (11, [["contact_ban"]]), (12, []), (13, [])],
)
def test_a_ban_holds_from_the_instant_it_is_put_down_until_that_it_is_lifted(
    session, debtor, collector, hour, rules
):
    admin = actor_of(make_user(session, Role.ADMIN))
    with clock.frozen(local(10)):
        ban = ban_contact(session, admin, debtor.id, "queja", TUESDAY)
    session.flush()
    with clock.frozen(local(12)):
        lift_ban(session, admin, ban.id, "resuelta", today=TUESDAY)
    visit = visited(session, debtor, collector, local(hour))

    assert broken(session) == rules
    assert [[one.rule_id] for one in faults_of_visit(session, visit, ZONE)] == rules


def test_a_ban_that_is_lifted_the_next_day_holds_that_morning(session, debtor, collector):
    admin = actor_of(make_user(session, Role.ADMIN))
    with clock.frozen(local(10, day=TUESDAY - timedelta(days=1))):
        ban = ban_contact(session, admin, debtor.id, "queja", TUESDAY - timedelta(days=1))
    session.flush()
    with clock.frozen(local(12)):
        lift_ban(session, admin, ban.id, "resuelta", today=TUESDAY)
    visited(session, debtor, collector, local(11, 59))

    assert broken(session) == [["contact_ban"]]


@pytest.mark.parametrize(("hour", "rules"), [(9, []), (11, [["client_wish"]])])
def test_hours_that_a_client_asks_for_at_noon_say_nothing_of_the_morning(
    session, debtor, collector, hour, rules
):
    admin = actor_of(make_user(session, Role.ADMIN))
    asked = WishData(debtor.id, "1111111", 18 * 3600, 20 * 3600, "carta")
    with clock.frozen(local(10)):
        honour_wish(session, admin, asked, today=TUESDAY)
    visit = visited(session, debtor, collector, local(hour))
    session.flush()

    told = [[one.split(".")[0] for one in rules_] for rules_ in broken(session)]
    assert told == rules
    found = faults_of_visit(session, visit, ZONE)
    assert [[one.rule_id.split(".")[0]] for one in found] == rules


@pytest.mark.parametrize(("hour", "rules"), [(11, [["client_wish"]]), (12, [])])
def test_hours_that_are_ended_at_noon_bound_whoever_came_before(
    session, debtor, collector, hour, rules
):
    admin = actor_of(make_user(session, Role.ADMIN))
    asked = WishData(debtor.id, "1111111", 18 * 3600, 20 * 3600, "carta")
    with clock.frozen(local(10, day=TUESDAY - timedelta(days=1))):
        one = honour_wish(session, admin, asked, today=TUESDAY - timedelta(days=1))
        session.flush()
    with clock.frozen(local(12)):
        end_wish(session, admin, one.id, "ya no lo pide", today=TUESDAY)
    visit = visited(session, debtor, collector, local(hour))
    session.flush()

    told = [[one.split(".")[0] for one in rules_] for rules_ in broken(session)]
    assert told == rules
    found = faults_of_visit(session, visit, ZONE)
    assert [[one.rule_id.split(".")[0]] for one in found] == rules


def test_an_exception_that_is_granted_after_a_visit_does_not_make_it_legal(
    session, debtor, collector
):
    for days in (2, 1, 0):
        visited(session, debtor, collector, local(12) - timedelta(days=days))
    asks, grants = (actor_of(make_user(session, Role.ADMIN)) for _ in range(2))
    wanted = OverrideData(debtor.id, "house.twice_in_seven_days", None, "pidió cita", TUESDAY)
    with clock.frozen(local(12, 1)):
        one = request_override(session, asks, wanted, today=TUESDAY)
        session.flush()
        grant_override(session, grants, one.id, today=TUESDAY)
    session.flush()

    assert broken(session) == [["house.twice_in_seven_days"]]


@pytest.mark.parametrize(("hour", "rules"), [(5, [["mx_financial_strict.hours"]]), (6, [])])
def test_another_law_holds_from_the_instant_it_is_chosen(session, debtor, collector, hour, rules):
    with clock.frozen(local(6)):
        choose_profile(session, SYSTEM, "none", TUESDAY, "prueba", today=TUESDAY)
    session.flush()
    visit = visited(session, debtor, collector, local(hour))

    assert broken(session) == rules
    assert [[one.rule_id] for one in faults_of_visit(session, visit, ZONE)] == rules


def test_colombia_forbade_visits_from_the_day_on_which_its_law_began(session, debtor, collector):
    first, last = date(2023, 10, 9), date(2023, 10, 10)
    choose_profile(session, SYSTEM, "co", date(2023, 1, 1), "Colombia", today=date(2023, 1, 1))
    visited(session, debtor, collector, local(12, day=first))
    visited(session, make_client(session), collector, local(12, day=last))

    [fault] = judge(session, first, last, ZONE).violations

    assert fault.at == local(12, day=last)
    assert [block.rule_id for block in fault.blocks] == ["co.home_visits"]
    assert law_profile("co", first).version != law_profile("co", last).version
    assert fault.profile_version.startswith(law_profile("co", last).version)


def test_a_law_that_changes_in_the_middle_of_a_week_counts_from_that_day_on(
    session, debtor, collector
):
    # Ley 21.320 began on a Tuesday; from then on Chile counts visits of the whole week.
    monday, wednesday = date(2021, 4, 19), date(2021, 4, 21)
    choose_profile(session, SYSTEM, "cl", date(2021, 1, 1), "Chile", today=date(2021, 1, 1))
    for day in (monday, wednesday):
        visited(session, debtor, collector, local(12, day=day))
    for day in (monday - timedelta(days=7), wednesday - timedelta(days=7)):
        visited(session, debtor, collector, local(12, day=day))

    found = judge(session, monday - timedelta(days=7), wednesday, ZONE).violations

    assert [(one.at, [block.rule_id for block in one.blocks]) for one in found] == [
        (local(12, day=wednesday), ["cl.once_a_week"])
    ]


def test_each_day_is_judged_by_the_law_that_was_in_force(session, debtor, collector):
    choose_profile(session, SYSTEM, "cl", TUESDAY, "se cambió", today=TUESDAY)
    other = make_client(session)
    visited(session, debtor, collector, local(21, day=TUESDAY - timedelta(days=1)))
    visited(session, other, collector, local(21))

    assert broken(session, TUESDAY - timedelta(days=1), TUESDAY) == [["cl.hours"]]


@pytest.mark.parametrize(
    ("profile", "method", "is_fault"),
    [
        ("mx_financial_agency", PaymentMethod.CASH, True),
        ("mx_financial_agency", PaymentMethod.CHEQUE, True),
        ("mx_financial_agency", PaymentMethod.TRANSFER, False),
        ("mx_financial_strict", PaymentMethod.CASH, False),
    ],
)
def test_money_taken_where_nobody_may_is_kept_as_a_fact_and_found_as_a_fault(
    session, debtor, collector, profile, method, is_fault
):
    choose_profile(session, SYSTEM, profile, TUESDAY, "lo pidió legal", today=TUESDAY)

    record_payment(session, actor_of(collector), payment_fact(debtor, method=method), zone=ZONE)

    assert broken(session) == ([["mx_financial_agency.no_money"]] if is_fault else [])


def test_days_in_the_wrong_order_are_refused(session):
    with pytest.raises(DaysInWrongOrder):
        judge(session, TUESDAY, TUESDAY - timedelta(days=1), ZONE)


def test_the_command_names_article_and_version_and_ends_with_one(app, session, debtor, collector):
    runner = app.test_cli_runner()
    days = ["--from", "2026-03-10", "--to", "2026-03-10"]
    assert runner.invoke(args=["compliance", "audit", *days]).exit_code == 0
    visit = visited(session, debtor, collector, local(5))
    session.commit()

    told = runner.invoke(args=["compliance", "audit", *days])

    assert told.exit_code == 1
    assert f"Visita {visit.id}" in told.output
    assert told.output.count("CONDUSEF") == 1
    as_json = runner.invoke(args=["compliance", "audit", *days, "--json"])
    assert '"mx_financial_strict.hours"' in as_json.output


@pytest.mark.parametrize(
    ("told_days_later", "kind", "is_authorised", "is_fault"),
    [
        (0, VisitPlaceKind.WORKPLACE, False, True),
        (0, VisitPlaceKind.WORKPLACE, True, False),
        (0, VisitPlaceKind.HOME, False, False),
        (0, None, False, False),
        (1, VisitPlaceKind.WORKPLACE, False, False),
    ],
)
def test_a_visit_at_work_is_a_fault_where_it_was_known_and_not_authorised(
    session, debtor, collector, told_days_later, kind, is_authorised, is_fault
):
    with clock.frozen(local(8, day=TUESDAY + timedelta(days=told_days_later))):
        tell_visit_place(session, SYSTEM, debtor.id, kind, is_authorised=is_authorised)
    visit = visited(session, debtor, collector, local(12))

    assert broken(session) == ([["mx_financial_strict.places"]] if is_fault else [])
    at_once = [block.rule_id for block in faults_of_visit(session, visit, ZONE)]
    assert at_once == (["mx_financial_strict.places"] if is_fault else [])


@pytest.mark.parametrize(
    ("day", "origin", "is_authorised", "is_fault"),
    [
        (date(2026, 12, 1), AddressOrigin.FOUND, False, True),
        (date(2026, 12, 1), AddressOrigin.FOUND, True, False),
        (date(2026, 12, 1), AddressOrigin.CLIENT, False, False),
        (date(2026, 12, 1), None, False, False),
        (date(2026, 11, 27), AddressOrigin.FOUND, False, False),  # before the rule was judged
    ],
)
def test_a_visit_at_an_address_that_nobody_gave_is_a_fault(
    session, debtor, collector, day, origin, is_authorised, is_fault
):
    with clock.frozen(local(8, day=day)):
        tell_visit_place(
            session, SYSTEM, debtor.id, None, is_authorised=is_authorised, origin=origin
        )
    visit = visited(session, debtor, collector, local(12, day=day))

    rules = [["mx_financial_strict.places"]] * is_fault
    assert broken(session, day, day) == rules
    assert [[one.rule_id for one in faults_of_visit(session, visit, ZONE)]] * is_fault == rules


def hours_that_broke(session, rule: str) -> list[datetime]:
    found = judge(session, TUESDAY, TUESDAY, ZONE).violations
    return [one.at for one in found if rule in {block.rule_id for block in one.blocks}]


def test_a_visit_after_an_exception_was_revoked_is_a_fault_and_one_before_it_is_not(
    session, debtor, collector
):
    asks, grants = (actor_of(make_user(session, Role.SUPERVISOR)) for _ in range(2))
    rule = "house.twice_in_seven_days"
    with clock.frozen(local(6)):
        data = OverrideData(debtor.id, rule, None, "lo pidió", TUESDAY)
        asked = request_override(session, asks, data, today=TUESDAY)
        grant_override(session, grants, asked.id, today=TUESDAY)
    for hour in (8, 9, 10, 13):
        visited(session, debtor, collector, local(hour))
    assert hours_that_broke(session, rule) == []

    with clock.frozen(local(12)):
        end_override(session, asks, asked.id, "se quejó", today=TUESDAY)

    assert hours_that_broke(session, rule) == [local(13)]


def test_many_days_are_judged_with_as_many_statements_as_one(session, debtor, collector):
    for n in range(20):
        visited(session, debtor, collector, local(12, day=TUESDAY + timedelta(days=n)))
    session.commit()

    def statements(last: date) -> int:
        told: list[str] = []
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note := lambda *facts: told.append(facts[2]))
        judge(session, TUESDAY, last, ZONE)
        event.remove(engine, "before_cursor_execute", note)
        return len(told)

    statements(TUESDAY)  # what was committed is read anew once

    assert statements(TUESDAY + timedelta(days=19)) == statements(TUESDAY) > 0
