"""What indicators count, over a database, on days that people can work out by hand."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.cash.models import CashSession
from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import ComplaintKind
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.costs.rules import CostKind
from collector_app.costs.services import set_cost
from collector_app.indicators.queries import (
    NOBODY,
    Grouping,
    by_group,
    groups_of,
    rows_behind,
    tallies,
    whole_tally,
)
from collector_app.indicators.rules import (
    CATALOGUE,
    Count,
    Dimension,
    Indicator,
    Period,
    RowKind,
    Section,
    adds_up,
    figure,
)
from collector_app.payments.models import Payment
from collector_app.payments.queries import currencies, owed_by_currency
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import Stage
from collector_app.reconciliation.models import PaymentFile, PaymentFileLine
from collector_app.strategy.rules import Trait
from collector_app.violations.models import ViolationCase
from collector_app.violations.rules import CaseState, FactKind
from collector_app.visits.models import Visit
from collector_app.visits.rules import Outcome, PersonMet
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.live.factories import publish_route
from tests.payments.factories import make_invoice, make_payment
from tests.promises.factories import make_promise_row
from tests.strategy.factories import at_least, make_segment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today() -> date:
    return clock.today(ZONE)


def weeks(today: date, by: Dimension | None = None) -> Grouping:
    return Grouping(Period(today - 27 * DAY, today), ZONE, by)


def grouped(session, indicator: Indicator, grouping: Grouping):
    return by_group(indicator, groups_of(session, grouping), grouping)


def visit(session, client, collector, days: float = 1, **values):
    at = clock.now() - days * DAY
    return make_visit(
        session,
        client,
        collector,
        **{"started_at": at, "ended_at": at + timedelta(minutes=8), "received_at": at, **values},
    )


def test_visits_contacts_and_clients_are_counted_once_each(session, stopped_clock, today):
    ana, client, other = make_user(session), make_client(session), make_client(session)
    visit(session, client, ana, 3, person_met=PersonMet.NOBODY, outcome=Outcome.NOT_HOME)
    visit(session, client, ana, 2)
    visit(session, other, ana, 2, person_met=PersonMet.NEIGHBOUR, outcome=Outcome.MOVED)
    visit(session, other, ana, 2, person_met=PersonMet.NOBODY, outcome=Outcome.NOT_VISITED)

    seen = whole_tally(session, weeks(today))

    assert seen[Count.VISITS] == 3
    assert seen[Count.CONTACTS] == 1
    assert seen[Count.CLIENTS_ATTEMPTED] == 2
    assert seen[Count.CLIENTS_CONTACTED] == 1
    assert seen[Count.CLIENTS_UNLOCATABLE] == 1
    assert seen[Count.WORKDAYS] == 2
    assert seen[Count.VISIT_S] == 3 * 8 * 60


def test_a_period_ends_with_the_local_midnight(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    last = clock.local_midnight(today + DAY, ZONE)
    for at in (last - timedelta(seconds=1), last):
        visit(session, client, ana, started_at=at, ended_at=at)
    first = clock.local_midnight(today - 27 * DAY, ZONE)
    for at in (first, first - timedelta(seconds=1)):
        visit(session, client, ana, started_at=at, ended_at=at)

    assert whole_tally(session, weeks(today))[Count.VISITS] == 2


def test_a_promise_counts_when_its_days_of_grace_are_over(session, stopped_clock, today):
    client, ana = make_client(session), make_user(session)
    made_at = clock.now() - 20 * DAY
    for due_on in (today - 10 * DAY, today - 9 * DAY, today):
        make_promise_row(session, client, due_on=due_on, made_at=made_at, collector_id=ana.id)
    payment = make_payment(session, ana, client, 50_000)
    payment.received_at = clock.now() - 12 * DAY
    session.flush()

    seen = whole_tally(session, weeks(today))

    assert (seen[Count.DUE], seen[Count.KEPT], seen[Count.BROKEN]) == (2, 1, 1)
    assert (seen[Count.DUE_CENTS], seen[Count.KEPT_CENTS]) == (100_000, 50_000)


def test_a_contact_with_two_promises_is_one_visit_with_promise(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    one = visit(session, client, ana, outcome=Outcome.PROMISED)
    for days in (3, 9):
        make_promise_row(session, client, visit_id=one.id, due_on=today + days * DAY)

    assert whole_tally(session, weeks(today))[Count.PROMISES] == 1


def test_a_planned_stop_counts_as_visited_on_its_own_day_only(session, stopped_clock, today):
    ana, bea = make_user(session), make_user(session)
    clients = [make_client(session) for _ in range(3)]
    publish_route(session, ana, clients, today - DAY)
    visit(session, clients[0], bea, 1)  # by somebody else, and without the stop
    visit(session, clients[1], ana, 2)  # the day before

    seen = whole_tally(session, weeks(today))

    assert (seen[Count.PLANNED], seen[Count.PLANNED_VISITED]) == (3, 1)
    assert seen[Count.PLANNED_M] == 4500


def test_a_plan_that_was_replaced_does_not_count(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    publish_route(session, ana, [client], today, withdrawn_at=clock.now())
    publish_route(session, ana, [client], today)

    assert whole_tally(session, weeks(today))[Count.PLANNED] == 1


def test_adherence_counts_steps_that_follow_the_plan(session, stopped_clock, today):
    ana = make_user(session)
    clients = [make_client(session) for _ in range(4)]
    stops = publish_route(session, ana, clients, today)
    for n, minutes in ((0, 10), (2, 20), (1, 30), (3, 40)):  # first, third, second, fourth
        at = clock.now() - timedelta(hours=2) + timedelta(minutes=minutes)
        visit(session, clients[n], ana, started_at=at, ended_at=at, stop_id=stops[n].id)

    seen = whole_tally(session, weeks(today))

    assert (seen[Count.PAIRS], seen[Count.PAIRS_IN_ORDER]) == (3, 2)


def test_money_within_seven_days_after_a_contact_is_attributed(session, stopped_clock, today):
    ana, near, far = make_user(session), make_client(session), make_client(session)
    visit(session, near, ana, 7)
    visit(session, far, ana, 7 + 1 / 86_400)
    make_payment(session, ana, near, 30_000)
    make_payment(session, ana, far, 20_000)

    seen = whole_tally(session, weeks(today))

    assert seen[Count.RECOVERED_CENTS] == 50_000
    assert seen[Count.ATTRIBUTED_CENTS] == 30_000


def test_a_visit_that_reached_nobody_is_given_no_money(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    visit(session, client, ana, 1, person_met=PersonMet.NOBODY, outcome=Outcome.NOT_HOME)
    make_payment(session, ana, client)

    assert whole_tally(session, weeks(today))[Count.ATTRIBUTED_CENTS] == 0


def test_an_annulled_payment_is_no_recovery(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    make_payment(session, ana, client).annulled_at = clock.now()
    session.flush()

    assert whole_tally(session, weeks(today)).get(Count.RECOVERED_CENTS, 0) == 0


def test_the_cartera_at_risk_is_all_that_late_clients_owe(session, stopped_clock, today):
    make_client(session, overdue_cents=100, days=30)
    make_client(session, overdue_cents=1_000, days=31)
    make_client(session, overdue_cents=10_000, days=91)

    seen = whole_tally(session, weeks(today))

    assert seen[Count.BALANCE_CENTS] == 11_100
    assert seen[Count.RISK_30_CENTS] == 11_000
    assert seen[Count.RISK_60_CENTS] == 10_000
    assert seen[Count.RISK_90_CENTS] == 10_000


def test_groups_of_collectors_are_named_and_add_up(session, stopped_clock, today):
    ana, bea = make_user(session, full_name="Ana"), make_user(session, full_name="Bea")
    client = make_client(session)
    visit(session, client, bea, 1)
    visit(session, client, ana, 1)
    visit(session, client, ana, 2, person_met=PersonMet.NOBODY, outcome=Outcome.NOT_HOME)

    rows = grouped(session, Indicator.CONTACT_RATE, weeks(today, Dimension.COLLECTOR))

    assert [(row.name, row.figure.part, row.figure.whole) for row in rows] == [
        ("Ana", 1, 2),
        ("Bea", 1, 1),
    ]


def test_clients_without_a_zone_are_a_group_of_their_own(session, stopped_clock, today):
    ana, inside, outside = make_user(session), make_client(session), make_client(session)
    zone = make_zone(session, [inside], ana)
    visit(session, inside, ana)
    visit(session, outside, ana)

    grouping = weeks(today, Dimension.ZONE)

    assert set(tallies(session, grouping)) == {zone.id, NOBODY}
    rows = grouped(session, Indicator.DELINQUENCY_RATIO, grouping)
    assert [row.group for row in rows] == [zone.id, NOBODY]


def test_what_clients_owe_belongs_to_the_collector_of_their_zone(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session, overdue_cents=700)
    make_zone(session, [client], ana)
    make_client(session, overdue_cents=300)

    seen = tallies(session, weeks(today, Dimension.COLLECTOR))

    assert seen[ana.id][Count.OVERDUE_CENTS] == 700
    assert seen[NOBODY][Count.OVERDUE_CENTS] == 300


def test_what_was_done_counts_in_the_stage_where_its_client_stands_today(
    session, stopped_clock, today
):
    ana = make_user(session)
    late, early, paid = make_client(session), make_client(session), make_client(session)
    for client, days in ((late, 100), (early, 10)):
        owes(session, client, today - days * DAY)
    owes(session, paid, today - 200 * DAY, cents=0)
    for client in (late, early, early, paid):
        visit(session, client, ana)

    rows = grouped(session, Indicator.VISITS_PER_DAY, weeks(today, Dimension.STAGE))

    assert [(row.name, row.figure.part) for row in rows] == [
        (Stage.EARLY, 2),
        (Stage.EXTRAJUDICIAL, 1),
        (None, 1),
    ]


def test_what_was_done_counts_in_the_first_segment_of_its_client(session, stopped_clock, today):
    ana = make_user(session)
    large, small = make_client(session, overdue_cents=900_000), make_client(session)
    segment = make_segment(session, at_least(Trait.BALANCE, 800_000), name="Grandes")
    for client in (large, large, small):
        visit(session, client, ana)
    make_promise_row(session, large, due_on=today - 5 * DAY)
    grouping = weeks(today, Dimension.SEGMENT)

    rows = grouped(session, Indicator.CONTACT_RATE, grouping)

    assert [(row.group, row.name, row.figure.whole) for row in rows] == [
        (segment.id, "Grandes", 2),
        (NOBODY, None, 1),
    ]
    assert tallies(session, grouping)[segment.id][Count.DUE] == 1
    total, found = rows_behind(session, RowKind.VISITS, grouping, segment.id)
    assert (total, {row.client_id for row in found}) == (2, {large.id})


def owes(session, client, due_on: date, cents: int = 50_000) -> None:
    """Let all that a client owes be of one day."""
    for invoice in session.scalars(
        select(Invoice).join(Credit).where(Credit.client_id == client.id)
    ):
        invoice.due_on, invoice.balance_cents = due_on, cents
    session.flush()


def test_weeks_begin_with_the_first_day_of_the_period(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    for days in (27, 21, 20, 0):
        visit(session, client, ana, days)

    rows = grouped(session, Indicator.VISITS_PER_DAY, weeks(today, Dimension.WEEK))

    assert [(row.group, row.name, row.figure.part) for row in rows] == [
        (0, today - 27 * DAY, 2),
        (1, today - 20 * DAY, 1),
        (3, today - 6 * DAY, 1),
    ]


@pytest.mark.parametrize("by", list(Dimension))
@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (RowKind.VISITS, Count.VISITS),
        (RowKind.PROMISES, Count.DUE),
        (RowKind.STOPS, Count.PLANNED),
        (RowKind.PAYMENTS, None),
        (RowKind.CLIENTS, None),
    ],
)
def test_the_rows_behind_groups_are_as_many_as_were_counted(
    session, stopped_clock, today, by, kind, count
):
    ana, bea = make_user(session), make_user(session)
    clients = [make_client(session) for _ in range(3)]
    make_zone(session, clients[:2], ana)
    for n, (client, collector) in enumerate(zip(clients, (ana, ana, bea), strict=True)):
        visit(session, client, collector, 9 * n)
        make_payment(session, collector, client)
        make_promise_row(
            session, client, due_on=today - (3 + 8 * n) * DAY, collector_id=collector.id
        )
        publish_route(session, collector, [client], today - 9 * n * DAY)
    grouping = weeks(today, by)

    groups = tallies(session, grouping)
    found = {
        group: rows_behind(session, kind, grouping, group)
        for group in groups
        if not (kind is RowKind.CLIENTS and by is Dimension.WEEK)
    }

    assert all(total == len(rows) for total, rows in found.values())
    if found:
        everything, _rows = rows_behind(session, kind, weeks(today))
        assert sum(total for total, _ in found.values()) == everything == 3
    if count is not None:
        assert {group: total for group, (total, _) in found.items()} == {
            group: groups[group][count] for group in groups
        }


def test_rows_come_page_by_page(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    for days in range(5):
        visit(session, client, ana, days)

    total, rows = rows_behind(session, RowKind.VISITS, weeks(today), offset=2, limit=2)

    assert total == 5
    assert [row.at for row in rows] == [clock.now() - 2 * DAY, clock.now() - 3 * DAY]


def test_statements_do_not_grow_with_the_rows(session, stopped_clock, today, statements):
    ana = make_user(session)
    for n in range(8):
        client = make_client(session)
        visit(session, client, ana, n)
        make_promise_row(session, client, due_on=today - 5 * DAY)
        publish_route(session, ana, [client], today - n * DAY)
    session.flush()
    statements.clear()

    tallies(session, weeks(today, Dimension.COLLECTOR))

    assert len([one for one in statements if one.startswith("SELECT")]) <= 32


def test_every_indicator_can_be_computed_for_every_dimension(session, stopped_clock, today):
    for indicator in CATALOGUE:
        for by in Dimension:
            assert grouped(session, indicator, weeks(today, by)) == []


def test_money_of_one_currency_is_never_added_to_that_of_another(session, stopped_clock, today):
    ana = make_user(session)
    here, there = make_client(session), make_client(session, overdue_cents=90_000)
    make_client(session, overdue_cents=0)  # pesos are the money of most credits
    owes_in(session, there, "USD")
    for client in (here, there):
        visit(session, client, ana)
        make_promise_row(session, client, due_on=today - 10 * DAY, made_at=clock.now() - 20 * DAY)
    make_payment(session, ana, here, 35_000)
    make_payment(session, ana, there, 1_000)

    house = whole_tally(session, weeks(today))
    dollars = whole_tally(session, replace(weeks(today), currency="USD"))

    assert (house[Count.RECOVERED_CENTS], dollars[Count.RECOVERED_CENTS]) == (35_000, 1_000)
    assert (house[Count.ATTRIBUTED_CENTS], dollars[Count.ATTRIBUTED_CENTS]) == (35_000, 1_000)
    assert (house[Count.BALANCE_CENTS], dollars[Count.BALANCE_CENTS]) == (150_000, 90_000)
    assert (house[Count.DUE_CENTS], dollars[Count.DUE_CENTS]) == (50_000, 50_000)
    assert house[Count.VISITS] == dollars[Count.VISITS] == house[Count.DUE] == 2


def test_the_house_counts_in_the_currency_of_most_of_its_credits(session, stopped_clock, today):
    for _ in range(2):
        owes_in(session, make_client(session), "CLP")
    make_client(session, overdue_cents=7_000)

    assert currencies(session) == ("CLP", "MXN")
    assert whole_tally(session, weeks(today))[Count.BALANCE_CENTS] == 300_000


def test_who_owes_in_two_currencies_is_in_both_with_what_is_of_each(session, stopped_clock, today):
    client = make_client(session)
    make_client(session, overdue_cents=0)
    credit = Credit(client_id=client.id, external_id="USD-1", currency="USD")
    session.add(credit)
    make_invoice(session, client, 20_000, today - 40 * DAY, credit=credit)

    sums = {one.currency: one.balance_cents for one in owed_by_currency(session, today, ZONE)}

    assert sums == {"MXN": 150_000, "USD": 20_000}
    assert whole_tally(session, weeks(today))[Count.BALANCE_CENTS] == 150_000
    dollars = replace(weeks(today), currency="USD")
    assert whole_tally(session, dollars)[Count.BALANCE_CENTS] == 20_000
    (_count, (row,)) = rows_behind(session, RowKind.CLIENTS, dollars)
    assert (row.amount_cents, row.currency) == (20_000, "USD")


@pytest.mark.parametrize("kind", [RowKind.PAYMENTS, RowKind.CLIENTS, RowKind.PROMISES])
def test_the_rows_behind_a_sum_are_of_its_currency(session, stopped_clock, today, kind):
    ana = make_user(session)
    make_client(session, overdue_cents=0)
    for currency in ("MXN", "USD"):
        client = make_client(session)
        owes_in(session, client, currency)
        make_payment(session, ana, client)
        make_promise_row(session, client, due_on=today - 10 * DAY, made_at=clock.now() - 20 * DAY)

    for currency in (None, "USD"):
        grouping = replace(weeks(today), currency=currency)
        _count, rows = rows_behind(session, kind, grouping, is_of_money=True)
        assert [one.currency for one in rows] == [currency or "MXN"]


@pytest.fixture
def mixed_weeks(session, stopped_clock, today):
    """Two collectors, zones, stages and weeks, with money that no collector took, in each."""
    ana, bea = make_user(session, full_name="Ana"), make_user(session, full_name="Bea")
    make_segment(session, at_least(Trait.BALANCE, 250_000))
    clients = [make_client(session, overdue_cents=100_000 * n, days=25 * n) for n in (1, 2, 3, 4)]
    make_zone(session, clients[:2], ana)
    make_zone(session, clients[2:3], bea)  # the last belongs to no zone
    for n, client in enumerate(clients):
        for collector in (ana, bea):
            visit(session, client, collector, 2 + 6 * n)
        made = visit(session, client, ana, 9, outcome=Outcome.PROMISED)
        make_promise_row(
            session,
            client,
            visit_id=made.id,
            collector_id=None if n == 3 else ana.id,
            due_on=today - (4 + 6 * n) * DAY,
            made_at=clock.now() - 25 * DAY,
        )
        stops = publish_route(
            session, (ana, bea)[n % 2], [client, clients[0]], today - (2 + 6 * n) * DAY
        )
        for minutes, stop in enumerate(stops):
            at = clock.now() - (2 + 6 * n) * DAY + timedelta(minutes=minutes)
            visit(session, client, bea, started_at=at, ended_at=at, stop_id=stop.id)
        for collector in (ana, bea):
            payment = make_payment(session, collector, client, 1_000 * (n + 1))
            payment.received_at = clock.now() - 6 * n * DAY
            if collector is bea:
                payment.collector_id = None  # a deposit that a file told
        client.created_at = clock.now() - 25 * DAY
        file_complaint(session, client, about=None if n == 3 else ana)
        find_fault(session, client, None if n == 3 else ana)
    for n, made in enumerate(session.scalars(select(Visit))):
        made.lat, made.lon = 19.4 + n / 100, -99.1
    bring_money_in(session, clients, (ana, bea), today)
    return clients


def bring_money_in(session, clients, collectors, today) -> None:
    """Counts of cash, a file of the creditor, new invoices and what the company pays."""
    for n, collector in enumerate(collectors):
        close_cash(session, collector, days=1 + 9 * n, expected_cents=50_000, counted_cents=49_000)
    line_of_creditor(session, session.scalars(select(Payment)).all())
    for client in clients:
        make_invoice(session, client, 20_000, today + 9 * DAY, issued_on=today - 3 * DAY)
    boss = actor_of(make_user(session, Role.ADMIN))
    for kind in (CostKind.WAGE_PER_DAY, CostKind.FIXED_PER_MONTH):
        set_cost(session, boss, kind, None, 50_000, "MXN", today - 40 * DAY)
    session.flush()


def close_cash(session, collector, *, days: float = 0, **values) -> CashSession:
    """A session of cash that was counted some days ago and not confirmed yet."""
    at = clock.now() - days * DAY
    told = {"opened_at": at - DAY, "closed_at": at, "float_cents": 0, **values}
    made = CashSession(collector_id=collector.id, **told)
    session.add(made)
    session.flush()
    return made


def line_of_creditor(session, payments) -> None:
    """A file of the creditor that tells of these payments."""
    file = PaymentFile(file_name="pagos.csv", file_sha256="0" * 64, uploaded_at=clock.now())
    session.add(file)
    session.flush()
    session.add_all(
        PaymentFileLine(file_id=file.id, sheet="", row=n, payment_id=one.id, is_new=False)
        for n, one in enumerate(payments)
    )
    session.flush()


def file_complaint(session, client, about=None, **values) -> None:
    now = clock.now()
    told = {
        "kind": ComplaintKind.ILL_TREATMENT,
        "text": "Gritó",
        "received_at": now,
        "answer_by": now.date(),
        **values,
    }
    session.add(Complaint(client_id=client.id, about=about and about.id, **told))
    session.flush()


def find_fault(session, client, collector=None, state=CaseState.NEW) -> None:
    case = ViolationCase(
        kind=FactKind.VISIT,
        fact_id=client.id * 10 + list(CaseState).index(state),
        client_id=client.id,
        collector_id=collector and collector.id,
        at=clock.now(),
        profile_id="none",
        profile_version="1",
        blocks=[],
        judged_at=clock.now(),
        state=state,
    )
    session.add(case)
    session.flush()


@pytest.mark.parametrize("by", list(Dimension))
def test_the_groups_of_every_indicator_add_up_to_the_whole(session, mixed_weeks, today, by):
    whole, grouping = whole_tally(session, weeks(today)), weeks(today, by)
    groups = groups_of(session, grouping)
    for indicator, definition in CATALOGUE.items():
        if by not in definition.splits:
            continue  # the page does not offer it

        rows = by_group(indicator, groups, grouping)

        assert whole[definition.whole] > 0, indicator
        assert rows, indicator
        for count, parts in (
            (definition.part, [row.figure.part for row in rows]),
            (definition.whole, [row.figure.whole for row in rows]),
        ):
            if adds_up(count, by):
                assert sum(parts) == whole.get(count, 0), (indicator, count)
            elif count is not Count.FIELD_S:  # each row has the time between its own visits
                assert sum(parts) >= whole.get(count, 0), (indicator, count)


BETWEEN_ENDS = {  # balances of some day, and who had moved by then
    Count.EXPOSED_CENTS,
    Count.OPEN_OVERDUE_CENTS,
    Count.CURED_CENTS,
    Count.YOUNGER_CENTS,
    Count.WORSENED_CENTS,
    Count.LOST_CENTS,
    Count.CLOSING_CENTS,
    Count.COLLECTABLE_CENTS,
    Count.CLIENTS_OVERDUE,
    Count.CLIENTS_CURED,
}


@pytest.mark.parametrize("count", [one for one in Count if not one.is_of_spread])
def test_only_what_is_met_again_in_another_group_may_sum_to_more(count):
    clients = {Count.CLIENTS_ATTEMPTED, Count.CLIENTS_CONTACTED, Count.CLIENTS_UNLOCATABLE}
    again = [by for by in Dimension if not adds_up(count, by)]

    if count in clients:
        assert again == [Dimension.COLLECTOR, Dimension.WEEK]
    elif count in (Count.WORKDAYS, Count.FIELD_S, Count.WORKDAY_SQUARES):
        assert again == [Dimension.ZONE, Dimension.STAGE, Dimension.SEGMENT]
    elif count in BETWEEN_ENDS:
        assert again == [Dimension.WEEK]
    else:
        assert again == []


def test_money_without_a_collector_is_a_row_without_a_value(session, mixed_weeks, today):
    rows = grouped(session, Indicator.RECOVERED_PER_DAY, weeks(today, Dimension.COLLECTOR))

    (nobody,) = [row for row in rows if row.group == NOBODY]
    assert (nobody.figure.part, nobody.figure.whole, nobody.figure.value) == (10_000, 0, None)


def at(today, hours: float, days: int = 1):
    return clock.at_second(today - days * DAY, round(hours * 3600), ZONE)


def test_time_in_the_field_goes_from_the_first_visit_to_the_end_of_the_last(
    session, stopped_clock, today
):
    ana, bea, client = make_user(session), make_user(session), make_client(session)
    for who, hours, days in ((ana, 9, 1), (ana, 12.5, 1), (ana, 10, 2), (bea, 8, 1)):
        begun = at(today, hours, days)
        visit(session, client, who, started_at=begun, ended_at=begun + timedelta(minutes=30))
    make_payment(session, ana, client, 50_000)

    seen = whole_tally(session, weeks(today))

    assert seen[Count.FIELD_S] == 4 * 3600 + 1800 + 1800
    assert figure(Indicator.PRODUCTIVE_TIME, seen).value == pytest.approx(2 / 5)
    assert figure(Indicator.RECOVERED_PER_HOUR, seen).value == pytest.approx(10_000)


def test_the_way_between_visits_is_a_straight_line_within_a_day(session, stopped_clock, today):
    ana, bea, client = make_user(session), make_user(session), make_client(session)
    north = 0.01  # degrees of latitude: 1,112 m
    for who, hours, days, lat in (
        (ana, 9, 1, 19.40),
        (ana, 10, 1, None),  # the phone did not know where it was
        (ana, 11, 1, 19.40 + north),
        (ana, 9, 2, 19.90),  # another day
        (bea, 9.5, 1, 19.95),  # another collector
    ):
        begun = at(today, hours, days)
        lon = None if lat is None else -99.1
        visit(session, client, who, started_at=begun, ended_at=begun, lat=lat, lon=lon)

    seen = whole_tally(session, weeks(today))

    assert seen[Count.RIDES] == 1
    assert seen[Count.RIDDEN_M] == pytest.approx(1_112, abs=2)


def test_days_to_the_first_contact_begin_with_the_cartera(session, stopped_clock, today):
    ana = make_user(session)
    new, old, never, before = (make_client(session) for _ in range(4))
    for client in (new, old, never):
        client.created_at = clock.now() - 20 * DAY
    visit(session, new, ana, 12, person_met=PersonMet.NOBODY, outcome=Outcome.NOT_HOME)
    visit(session, new, ana, 10)
    visit(session, new, ana, 2)
    visit(session, old, ana, 19.5)
    visit(session, before, ana, 3)  # met before they came into the cartera

    seen = whole_tally(session, weeks(today))
    _count, rows = rows_behind(session, RowKind.FIRST_CONTACTS, weeks(today, Dimension.COLLECTOR))

    assert (seen[Count.FIRST_CONTACTS], seen[Count.WAITED_DAYS]) == (2, 10)
    assert [(row.client_id, row.waited_days) for row in rows] == [(new.id, 10), (old.id, 0)]


def test_complaints_and_faltas_count_beside_contacts(session, stopped_clock, today):
    ana, client = make_user(session), make_client(session)
    visit(session, client, ana)
    file_complaint(session, client, ana)
    file_complaint(session, client, received_at=clock.now() - 40 * DAY)
    file_complaint(session, client, kind=ComplaintKind.DATA_ACCESS)  # a right, no complaint
    for state in CaseState:
        find_fault(session, client, ana, state)

    seen = whole_tally(session, weeks(today))
    grouping = weeks(today, Dimension.COLLECTOR)
    _count, complaints = rows_behind(session, RowKind.COMPLAINTS, grouping, ana.id)
    _count, faults = rows_behind(session, RowKind.FAULTS, grouping, ana.id)

    assert (seen[Count.COMPLAINTS], seen[Count.FAULTS]) == (1, 2)
    assert [one.complaint for one in complaints] == [ComplaintKind.ILL_TREATMENT]
    assert {one.case_state for one in faults} == {CaseState.NEW, CaseState.CONFIRMED}
    assert figure(Indicator.FAULTS_PER_1000, seen).value == 2000


@pytest.mark.parametrize("by", [None, Dimension.COLLECTOR, Dimension.ZONE])
def test_a_section_alone_gives_its_indicators_what_all_sections_give_them(
    session, mixed_weeks, today, by
):
    grouping = weeks(today, by)
    whole = groups_of(session, grouping)
    alone = {section: groups_of(session, grouping, section) for section in Section}

    told = {one: by_group(one, whole, grouping) for one in Indicator}
    assert told == {
        one: by_group(one, alone[CATALOGUE[one].section], grouping) for one in Indicator
    }
    splits = [one for one in Indicator if by is None or by in CATALOGUE[one].splits]
    silent = {one for one in splits if all(row.figure.value is None for row in told[one])}
    assert not silent
