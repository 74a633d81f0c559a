"""For how long an agreement was in force: from its signature to its last day, by what was paid."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.agreements.services import cancel, sign
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.queries import in_force
from collector_app.payments.services import annul_payment, record_payment
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import PromisePolicy, Receipt
from collector_app.schedules.rules import AgreementState, outcome, paid_state, schedule
from collector_app.stages.queries import client_life, client_stages
from collector_app.stages.rules import PauseCause, StageCause
from tests.agreements.factories import TODAY, make_agreement, terms
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
POLICY = PromisePolicy(grace_days=1, tolerance_cents=100)
DAY = timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n"


def money(cents: int, on: date) -> Receipt:
    return Receipt(datetime(on.year, on.month, on.day, 18, tzinfo=UTC), on, cents)


# 150 down today, then 300 every fortnight, a day of grace each.
@pytest.mark.parametrize(
    ("receipts", "asked_after", "state", "last"),
    [
        ([], 1, AgreementState.ACTIVE, None),
        ([], 2, AgreementState.BROKEN, 1),
        ([(15_000, 0)], 16, AgreementState.ACTIVE, None),
        ([(15_000, 0)], 17, AgreementState.BROKEN, 16),
        ([(15_000, 0), (30_000, 17)], 40, AgreementState.BROKEN, 16),  # late money heals nothing
        ([(15_000, 0), (120_000, 9)], 9, AgreementState.KEPT, 9),
        ([(15_000, 0), (119_900, 9), (100, 30)], 90, AgreementState.KEPT, 9),  # only coins missing
        ([(15_000, 0), (119_899, 9)], 9, AgreementState.ACTIVE, None),
    ],
)
def test_it_ends_with_the_last_day_of_grace_or_the_last_payment(receipts, asked_after, state, last):
    received = [money(cents, TODAY + n * DAY) for cents, n in receipts]

    told = outcome(schedule(terms()), received, TODAY + asked_after * DAY, POLICY)

    assert told == (state, None if last is None else TODAY + last * DAY)


@given(
    st.lists(st.tuples(st.integers(1, 80_000), st.integers(0, 90)), max_size=6),
    st.integers(0, 100),
)
def test_money_in_any_order_gives_one_outcome_and_a_state_has_an_end_only_when_over(paid, after):
    received = [money(cents, TODAY + n * DAY) for cents, n in paid]
    day = TODAY + after * DAY

    state, last = outcome(schedule(terms()), received, day, POLICY)

    assert outcome(schedule(terms()), received[::-1], day, POLICY) == (state, last)
    assert paid_state(schedule(terms()), received, day, POLICY) is state
    assert (last is None) is (state is AgreementState.ACTIVE)
    if state is AgreementState.BROKEN:
        assert last < day


@pytest.fixture
def boss(session):
    return make_user(session, Role.SUPERVISOR)


@pytest.fixture
def debtor(session, boss):
    """Forty days late: administrative, and extrajudicial in 51 days more."""
    client = make_client(session, days=40)
    make_zone(session, [client], make_user(session))
    return client


@pytest.fixture
def signed(session, boss, debtor, stopped_clock):
    made = make_agreement(session, actor_of(boss), debtor)
    sign(session, actor_of(boss), made.id, "Rosa", PNG)
    session.flush()
    return made


def pay(session, boss, debtor, cents, at):
    """Money that a back-dated entry tells of."""
    fact = payment_fact(debtor, amount_cents=cents, received_at=at)
    return record_payment(session, Actor.system("test"), fact, zone=ZONE)


def credit(session, debtor, day):
    (one,) = client_life(session, debtor.id, day, ZONE).credits
    return one


def test_an_agreement_in_force_stops_the_ladder_and_its_breach_lets_it_go_on(
    session, debtor, signed
):
    # Nothing is paid: the day after tomorrow it is broken.
    before = credit(session, debtor, TODAY + DAY)
    assert before.now.pause.cause is PauseCause.AGREEMENT
    assert before.now.counted_days == 39

    after = credit(session, debtor, TODAY + 10 * DAY)

    assert after.now.pause is None
    assert after.now.counted_days == 48  # fifty, without the two days in force
    assert after.now.days_past_due == 50
    cause = [(one.cause, one.from_on, one.resumed and one.resumed.agreement) for one in after.spans]
    assert cause[-2:] == [
        (StageCause.PAUSED, TODAY, None),
        (StageCause.RESUMED, TODAY + 2 * DAY, AgreementState.BROKEN),
    ]


def test_a_payment_told_late_changes_how_it_stood_then(session, boss, debtor, signed):
    later = TODAY + 10 * DAY
    assert in_force(session, later, ZONE)[0].state is AgreementState.BROKEN

    paid = pay(session, boss, debtor, 15_000, clock.now() + timedelta(hours=1))

    (one,) = in_force(session, later, ZONE, [debtor.id])
    assert (one.state, one.from_on, one.to_on) == (AgreementState.ACTIVE, TODAY, None)
    assert credit(session, debtor, later).now.counted_days == 39
    annul_payment(session, actor_of(boss), paid.id, "no existió", zone=ZONE)
    assert in_force(session, later, ZONE)[0].state is AgreementState.BROKEN


def test_when_it_is_kept_or_taken_back_the_ladder_goes_on_with_the_reason(
    session, boss, debtor, signed
):
    with clock.frozen(clock.now() + 3 * DAY):
        pay(session, boss, debtor, 15_000, clock.now() - 3 * DAY + timedelta(minutes=1))
        cancel(session, actor_of(boss), signed.id, "lo pidió el cliente", zone=ZONE)

    (one,) = in_force(session, TODAY + 5 * DAY, ZONE)
    assert (one.state, one.to_on) == (AgreementState.CANCELLED, TODAY + 2 * DAY)
    # The clock stood for three days.
    assert credit(session, debtor, TODAY + 5 * DAY).now.counted_days == 42


def test_what_is_taken_back_on_its_first_day_never_was(session, boss, debtor, signed):
    cancel(session, actor_of(boss), signed.id, "error", zone=ZONE)

    assert in_force(session, TODAY + 5 * DAY, ZONE) == []


def test_many_clients_take_one_more_read_and_the_stage_of_each_stands(
    session, boss, debtor, signed
):
    pay(session, boss, debtor, 15_000, clock.now() + timedelta(hours=1))
    free = make_client(session, days=85)

    stages = client_stages(session, TODAY + 10 * DAY, ZONE)

    assert stages == {debtor.id: Stage.ADMINISTRATIVE, free.id: Stage.EXTRAJUDICIAL}


def test_the_pages_tell_the_agreement_and_nobody_resumes_it_by_hand(
    session, boss, debtor, signed, client_as
):
    session.commit()
    desk = client_as(Role.SUPERVISOR)

    stages = desk.get(f"/etapas/{debtor.id}").text
    file = desk.get(f"/cartera/{debtor.id}/expediente").text

    assert "En pausa: Convenio" in stages
    assert f"/convenios/{signed.id}" in stages
    assert "mientras se cumpla" in stages
    assert "/reanudar" not in stages
    assert f"convenio {signed.id}" in file
    assert '<option value="agreement">' not in stages
