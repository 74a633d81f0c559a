"""Segments are written, ordered and removed; plans, offers and scripts heed the treatment."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from collector_app.agreements.rules import BeyondTreatment
from collector_app.audit.queries import faults
from collector_app.compliance.rules import Channel
from collector_app.compliance.services import choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.planning.problem_builder import build_day
from collector_app.planning.queries import day_rows
from collector_app.planning.rules import PlanPolicy, SkipCause
from collector_app.portfolio.rules import Stage
from collector_app.strategy import services
from collector_app.strategy.models import Segment, StageTreatment
from collector_app.strategy.queries import (
    client_traits,
    segment_board,
    segment_rules,
    trait_columns,
    treatment_of,
    treatments_of_clients,
)
from collector_app.strategy.rules import (
    MOST_SEGMENTS,
    BadTreatment,
    Comparison,
    Condition,
    OpeningForbidden,
    TooManySegments,
    Trait,
)
from collector_app.visits.rules import Outcome, PersonMet
from tests.agreements.factories import make_agreement
from tests.compliance.factories import make_creditor
from tests.contacts.factories import make_contact
from tests.factories import actor_of, make_client, make_user
from tests.planning.factories import make_workday
from tests.promises.factories import make_promise_row
from tests.strategy.factories import SYSTEM, at_least, make_segment, treatment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
DEBTS = Condition(Trait.STAGE, Comparison.IS, (Stage.ADMINISTRATIVE.value,))


@pytest.fixture
def collector(session):
    user = make_user(session)
    make_workday(session, user)
    return user


@pytest.fixture
def debtor(session, collector):
    client = make_client(session)  # 40 days past due: administrative
    make_zone(session, [client], collector)
    return client


def treat(session, segment, **values):
    services.set_treatment(
        session, SYSTEM, segment.id, Stage.ADMINISTRATIVE, treatment(**values), day=TUESDAY
    )


def left_out(session):
    built = build_day(day_rows(session, TUESDAY, ZONE, PlanPolicy()), PlanPolicy())
    return {one.client_id: (one.cause, one.facts) for one in built.skipped}


def names(session):
    return [one.name for one in segment_rules(session)]


def test_what_is_known_of_a_client_is_what_their_rows_say(session, collector, debtor):
    make_visit(session, debtor, collector, outcome=Outcome.HARDSHIP)
    late = clock.now() - timedelta(days=30)
    make_promise_row(session, debtor, due_on=late.date() + timedelta(days=5), made_at=late)

    [found] = client_traits(session, TUESDAY, ZONE)

    assert (found.days_past_due, found.balance_cents) == (40, 150_000)
    assert (found.broken_promises, found.kept_promises) == (1, 0)
    assert (found.last_outcome, found.days_since_contact) == (Outcome.HARDSHIP, 0)
    assert found.products == {"Microcrédito"}
    assert found.municipality == "La Serena"
    assert found.zone


def test_segments_share_out_the_cartera_in_their_order(session):
    make_client(session, overdue_cents=900_000)
    make_client(session, overdue_cents=100_000)
    large = make_segment(session, at_least(Trait.BALANCE, 500_000))
    every = make_segment(session, name="Todos")

    rows, rest = segment_board(session, trait_columns(session, TUESDAY, ZONE))

    assert [(row.rule.id, row.share.clients) for row in rows] == [(large.id, 1), (every.id, 1)]
    assert rest.clients == 0


def test_who_is_moved_to_the_front_takes_first(session):
    make_client(session, overdue_cents=900_000)
    make_segment(session, at_least(Trait.BALANCE, 500_000))
    every = make_segment(session, name="Todos")

    services.move_segment(session, SYSTEM, every.id, -1)
    services.move_segment(session, SYSTEM, every.id, -1)  # already first: nothing moves

    assert names(session) == ["Todos", "Grandes"]
    assert segment_board(session, trait_columns(session, TUESDAY, ZONE))[0][0].share.clients == 1


def test_a_removed_segment_treats_nobody(session, debtor):
    segment = make_segment(session, DEBTS)
    treat(session, segment)

    services.remove_segment(session, SYSTEM, segment.id)

    assert names(session) == []
    assert treatments_of_clients(session, TUESDAY, ZONE) == {}
    with pytest.raises(NotFound):
        services.remove_segment(session, SYSTEM, segment.id)


def test_nobody_oversees_more_segments_than_that(session):
    for n in range(MOST_SEGMENTS):
        make_segment(session, name=f"S{n}")

    with pytest.raises(TooManySegments):
        make_segment(session, name="uno más")


def test_a_collector_writes_no_segments(session, collector):
    with pytest.raises(NotAllowed):
        services.save_segment(session, actor_of(collector), "Míos", ())


def test_each_change_is_sealed_in_the_log(session, debtor):
    segment = make_segment(session, DEBTS)
    treat(session, segment)
    services.save_segment(session, SYSTEM, "Otros", (), segment.id)
    services.clear_treatment(session, SYSTEM, segment.id, Stage.ADMINISTRATIVE)
    session.commit()

    found = [one.row for one in faults(session)]
    # Clients and users of a test are written past the log; what was changed here is not.
    assert [row for row in found if row.startswith(("segment", "stage_treatment"))] == []
    session.execute(update(Segment).values(name="Ajenos"))
    assert f"segment {segment.id}" in [one.row for one in faults(session)]
    session.rollback()


def test_a_treatment_without_visits_leaves_the_client_out_and_says_so(session, debtor):
    treat(session, make_segment(session, DEBTS), channels=frozenset({Channel.CALL}))

    assert left_out(session)[debtor.id] == (SkipCause.NO_VISITS, {"segment": "Grandes"})


@pytest.mark.parametrize(("cadence", "is_out"), [(2, False), (3, False), (4, True)])
def test_no_visit_is_planned_before_the_cadence_allows_it(
    session, collector, debtor, cadence, is_out
):
    choose_profile(session, SYSTEM, "none", TUESDAY, "prueba", today=TUESDAY)
    make_visit(
        session,
        debtor,
        collector,
        started_at=clock.now() - timedelta(days=3),
        ended_at=clock.now() - timedelta(days=3),
        person_met=PersonMet.NOBODY,
        outcome=Outcome.NOT_HOME,
    )
    treat(session, make_segment(session, DEBTS), cadence_days=cadence)

    found = left_out(session).get(debtor.id)

    assert (found == (SkipCause.CADENCE, {"segment": "Grandes", "from_on": "2026-03-11"})) is is_out


def test_a_message_goes_first_where_the_treatment_wants_it(session, collector, debtor):
    treat(session, make_segment(session, DEBTS), cadence_days=0, notice_days=3)
    facts = {"segment": "Grandes", "notice_days": 3}
    assert left_out(session)[debtor.id] == (SkipCause.NOTICE_FIRST, facts)

    make_contact(session, debtor, collector, at=clock.now() - timedelta(days=1))

    assert debtor.id not in left_out(session)


def test_a_promise_of_the_day_needs_no_message_before(session, debtor):
    treat(session, make_segment(session, DEBTS), notice_days=3)
    make_promise_row(session, debtor, due_on=TUESDAY)

    assert debtor.id not in left_out(session)


def test_a_treatment_from_before_weights_could_be_chosen_reads_as_usual(session, debtor):
    treat(session, make_segment(session, DEBTS))
    row = session.query(StageTreatment).one()
    row.visit_percent = row.notice_days = None
    session.flush()

    told = treatment_of(session, TUESDAY, ZONE, debtor.id).treatment

    assert (told.visit_percent, told.notice_days) == (100, 0)


def test_the_law_is_told_before_the_treatment_and_never_widened(session, collector, debtor):
    make_visit(session, debtor, collector)
    before = left_out(session)[debtor.id]

    treat(session, make_segment(session, DEBTS), cadence_days=0)

    assert before[0] is SkipCause.CONTACT_CAP
    assert left_out(session)[debtor.id] == before


def test_another_stage_of_the_segment_is_left_to_the_house(session, debtor):
    segment = make_segment(session, DEBTS)
    services.set_treatment(session, SYSTEM, segment.id, Stage.EARLY, treatment(), day=TUESDAY)

    assert treatment_of(session, TUESDAY, ZONE, debtor.id) is None


def test_a_collector_offers_no_more_than_the_treatment_and_the_office_its_own(
    session, collector, debtor
):
    treat(session, make_segment(session, DEBTS), most_discount_percent=9, most_instalments=4)

    with pytest.raises(BeyondTreatment):
        make_agreement(session, actor_of(collector), debtor, discount_basis=901)
    with pytest.raises(BeyondTreatment):
        make_agreement(session, actor_of(collector), debtor, discount_basis=900, count=5)
    supervisor = make_user(session, Role.SUPERVISOR)
    assert make_agreement(session, actor_of(supervisor), debtor, discount_basis=901).id


def test_a_treatment_gives_a_collector_no_more_authority(session, collector, debtor):
    treat(session, make_segment(session, DEBTS), most_discount_percent=100, most_instalments=36)

    proposed = make_agreement(session, actor_of(collector), debtor, discount_basis=1_001)

    assert proposed.approved_at is None


def test_an_opening_with_forbidden_words_is_refused(session, debtor):
    choose_profile(
        session, Actor.system("test"), "mx_financial_strict", TUESDAY, "prueba", today=TUESDAY
    )
    segment = make_segment(session, DEBTS)

    with pytest.raises(BadTreatment, match="opening"):
        treat(session, segment, opening="Ya salió la orden de embargo")


@pytest.mark.parametrize(
    ("law", "opening", "is_refused"),
    [
        ("ar", "Le traigo una cédula judicial", True),
        ("ar", "Le traigo una propuesta", False),
        ("ec", "Le traigo una cédula judicial", False),  # a law that forbids no such words
        (None, "Le traigo una cédula judicial", False),
    ],
)
def test_an_opening_keeps_to_the_law_of_every_creditor(session, debtor, law, opening, is_refused):
    make_creditor(session, law, "Banco Pampa")
    segment = make_segment(session, DEBTS)

    if not is_refused:
        treat(session, segment, opening=opening)
        assert session.scalars(select(StageTreatment.opening)).all() == [opening]
        return
    with pytest.raises(OpeningForbidden) as caught:
        treat(session, segment, opening=opening)
    assert caught.value.facts["words"] == "cédula judicial"
    assert caught.value.facts["articles"] == "Ley 24.240 art. 8 bis: Banco Pampa"


def test_treatments_cost_two_statements_while_there_are_none(session, debtor, statements):
    statements.clear()

    treatments_of_clients(session, TUESDAY, ZONE)

    assert len(statements) == 2
