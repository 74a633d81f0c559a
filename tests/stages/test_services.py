"""Pausing, resuming and moving: who may, what is kept, and what it does to the client's stage."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.compliance.models import ContactBan
from collector_app.compliance.queries import ban_notices
from collector_app.compliance.services import DecisionUnexplained
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.payments.services import record_payment
from collector_app.portfolio.rules import Stage
from collector_app.stages.policy_file import house_stages
from collector_app.stages.queries import client_life, client_stages
from collector_app.stages.rules import (
    CHOSEN_PAUSES,
    MoveCause,
    MoveRefused,
    NoPause,
    PauseCause,
    PauseEndsBeforeItBegins,
    StageCause,
)
from collector_app.stages.services import MoveData, PauseData, move, pause, resume
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact
from tests.stages.factories import credit_of, make_move, make_pause

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today(stopped_clock):
    return clock.today(ZONE)


@pytest.fixture
def boss(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


def dispute(client, from_on, **values):
    return PauseData(client.id, PauseCause.DISPUTE, "no reconoce la firma", from_on, **values)


def test_a_back_dated_pause_changes_the_stage_of_today(session, boss, today):
    debtor = make_client(session, days=40)
    assert client_stages(session, today, ZONE, [debtor.id]) == {debtor.id: Stage.ADMINISTRATIVE}

    pause(session, boss, dispute(debtor, today - 10 * DAY), today=today)

    assert client_stages(session, today, ZONE, [debtor.id]) == {debtor.id: Stage.EARLY}


def test_a_dispute_forbids_visits_until_it_is_resumed(session, boss, today):
    debtor = make_client(session)
    row = pause(session, boss, dispute(debtor, today), today=today)
    ban = session.get(ContactBan, row.ban_id)
    assert (ban.from_on, ban.to_on) == (today, None)

    resume(session, boss, row.id, "el acreedor mostró el contrato", today=today + 3 * DAY)

    assert ban.to_on == row.to_on == today + 2 * DAY
    with pytest.raises(NoPause):
        resume(session, boss, row.id, "otra vez", today=today + 4 * DAY)


@pytest.mark.parametrize("cause", CHOSEN_PAUSES)
def test_a_pause_that_forbids_visits_says_which_kind_of_ban_it_is(session, boss, today, cause):
    debtor = make_client(session)
    pause(session, boss, PauseData(debtor.id, cause, "consta por escrito", today), today=today)
    session.flush()

    told = ban_notices(session, today, [debtor.id])
    forbids = house_stages().pauses[cause].forbids_visits
    assert [one.kind.value for one in told.values()] == ([cause.value] if forbids else [])


def test_a_hardship_is_noted_and_nothing_else(session, boss, today):
    debtor = make_client(session, days=40)
    data = PauseData(debtor.id, PauseCause.HARDSHIP, "perdió el empleo", today - 20 * DAY)

    assert pause(session, boss, data, today=today).ban_id is None
    assert client_stages(session, today, ZONE, [debtor.id]) == {debtor.id: Stage.ADMINISTRATIVE}


def test_a_pause_of_one_credit_leaves_the_others(session, boss, today):
    debtor = make_client(session, days=40)
    other = make_client(session)

    make_pause(session, debtor, today - 20 * DAY, credit_id=credit_of(session, debtor).id)

    assert client_life(session, debtor.id, today, ZONE).credits[0].now.counted_days == 19
    credit = credit_of(session, other).id
    with pytest.raises(NotFound):
        pause(session, boss, dispute(debtor, today, credit_id=credit), today=today)


def test_a_pause_has_its_days_in_order_and_a_reason(session, boss, today):
    debtor = make_client(session)
    for data in (
        dispute(debtor, today + DAY),
        dispute(debtor, today, to_on=today - DAY),
        dispute(debtor, date(1999, 12, 31)),
    ):
        with pytest.raises(PauseEndsBeforeItBegins):
            pause(session, boss, data, today=today)
    with pytest.raises(DecisionUnexplained):
        pause(session, boss, PauseData(debtor.id, PauseCause.DISPUTE, " ", today), today=today)
    ana = actor_of(make_user(session))
    with pytest.raises(NotAllowed):
        pause(session, ana, dispute(debtor, today), today=today)


def test_a_move_is_logged_with_where_it_came_from(session, boss, today):
    debtor = make_client(session, days=40)
    credit = credit_of(session, debtor)
    data = MoveData(credit.id, Stage.EXTRAJUDICIAL, MoveCause.REFUSES, "amenazó al gestor")

    move(session, boss, data, zone=ZONE)

    assert client_stages(session, today, ZONE, [debtor.id]) == {debtor.id: Stage.EXTRAJUDICIAL}
    session.commit()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.event == "credit.stage_moved")
    ).one()
    assert (entry.facts["before"], entry.facts["after"]) == ("administrative", "extrajudicial")
    with pytest.raises(MoveRefused):
        move(session, boss, data, zone=ZONE)


def test_a_late_payment_rewrites_the_history_as_if_always_known(session, boss, today):
    debtor = make_client(session, days=40, overdue_cents=50_000)
    invoice = make_invoice(session, debtor, 30_000, today - 10 * DAY)
    long_ago = clock.now() - 60 * DAY
    for one in (*credit_of(session, debtor).invoices, invoice):
        one.balance_at, one.issued_on = long_ago, None
    session.flush()
    before = client_life(session, debtor.id, today, ZONE).credits[0]
    assert before.now.days_past_due == 40

    fact = payment_fact(debtor, amount_cents=50_000, received_at=clock.now() - 20 * DAY)
    record_payment(session, boss, fact, zone=ZONE)

    session.expire_all()
    after = client_life(session, debtor.id, today, ZONE).credits[0]
    assert after.now.days_past_due == 10
    assert [(one.first.stage, one.cause) for one in after.spans] == [
        (Stage.PREVENTIVE, StageCause.BEGAN),
        (Stage.EARLY, StageCause.DAYS),
        (Stage.PREVENTIVE, StageCause.MONEY),
        (Stage.EARLY, StageCause.DAYS),
    ]
    then = client_life(session, debtor.id, today - 21 * DAY, ZONE).credits[0]
    assert then.now.days_past_due == 19


def test_what_is_decided_later_is_not_part_of_an_earlier_day(session, today):
    debtor = make_client(session, days=40)
    make_pause(session, debtor, today - 5 * DAY)
    make_move(session, debtor, today - 5 * DAY)

    then = client_life(session, debtor.id, today - 6 * DAY, ZONE)
    now = client_life(session, debtor.id, today, ZONE)

    assert (then.pauses, then.moves) == ((), ())
    assert (len(now.pauses), len(now.moves)) == (1, 1)
    assert now.credits[0].now.stage is Stage.EXTRAJUDICIAL


def test_stages_of_many_clients_take_four_statements(session, today, statements):
    for _ in range(5):
        make_pause(session, make_client(session), today)
    statements.clear()

    assert len(client_stages(session, today, ZONE)) == 5
    assert len(statements) == 4
