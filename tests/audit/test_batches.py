"""Many rows are sealed under few entries, and each of them is named when it is touched."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from collector_app.audit.batches import log_rows
from collector_app.audit.cutting import cut_log
from collector_app.audit.models import AuditBatch, AuditEntry
from collector_app.audit.queries import faults
from collector_app.audit.rules import SEALED, FaultKind, seals_in
from collector_app.audit.services import log
from collector_app.backing.rules import GuaranteeData, GuaranteeKind, GuaranteeState
from collector_app.backing.services import add_guarantee, change_guarantee
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.money import Cents
from collector_app.core.orm import Model
from collector_app.core.storage import StoredFile
from collector_app.indicators.rules import Indicator
from collector_app.indicators.services import set_target
from collector_app.locations.services import Pin, pin_client
from collector_app.messages.services import send_message
from collector_app.planning.services import publish, store_plan
from collector_app.portfolio.models import Client, Credit, Invoice, PastBalance
from collector_app.portfolio.services import import_clients
from collector_app.reconciliation.services import receive_file
from collector_app.zones.services import accept_proposal, assign_collector
from tests.factories import actor_of, make_user
from tests.planning.factories import TUESDAY, ZONE, make_workday, new_plan
from tests.portfolio.factories import rows_of_a_portfolio
from tests.zones.proposals import make_proposal

SYSTEM = Actor.system("test")
ALTERED, REMOVED, INSERTED = FaultKind.ALTERED, FaultKind.REMOVED, FaultKind.INSERTED

# What somebody might change of each table, and what has to differ in a copy of a row.
TOUCHED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "client": ({"phone": "+525500000000"}, {"external_id": "forged"}),
    "credit": ({"product": "otro"}, {"external_id": "forged"}),
    "invoice": ({"balance_cents": 1}, {"number": "forged"}),
    "past_balance": ({"balance_cents": 1}, {}),
    "zone": ({"name": "otra"}, {}),
    "zone_assignment": ({"from_on": TUESDAY - timedelta(days=90)}, {"to_on": TUESDAY}),
    "zone_membership": ({"from_on": TUESDAY - timedelta(days=90)}, {"to_on": TUESDAY}),
    "plan": ({"travel_source": "otra"}, {"job_id": "forged"}),
    "route": ({"travel_m": 1}, {"collector_id": None}),
    "stop": ({"arrives_s": 1}, {"position": 99}),
    "location_decision": ({"lat": 1.0}, {}),
    "indicator_target": ({"target": 1}, {}),
    "office_message": ({"text": "otro"}, {}),
    "guarantee_change": ({"state": "released"}, {}),
    "payment_file": ({"file_sha256": "f" * 64}, {}),
}
# A row of these can be taken away without those that hang on it.
LEAVES = [
    "past_balance",
    "zone_assignment",
    "zone_membership",
    "stop",
    "location_decision",
    "indicator_target",
    "office_message",
    "guarantee_change",
    "payment_file",
]


def names(session) -> list[tuple[FaultKind, str]]:
    session.expire_all()
    return [(one.kind, one.row) for one in faults(session)]


@pytest.fixture
def day(session, stopped_clock):
    """Clients from a file, a second file with another balance, zones, a published plan."""
    boss, collector = make_user(session, Role.ADMIN), make_user(session)
    for person in (boss, collector):
        log(session, SYSTEM, "accounts.person_created", person)
    rows = rows_of_a_portfolio(3)
    import_clients(session, SYSTEM, rows, balance_at=clock.now() - timedelta(days=2))
    less = [replace(row, balance_cents=Cents(70_000)) for row in rows]
    import_clients(session, SYSTEM, less, balance_at=clock.now() - timedelta(days=1))
    clients = session.scalars(select(Client).order_by(Client.id)).all()
    proposal = make_proposal(session, clients)
    zones = accept_proposal(session, SYSTEM, proposal.id, TUESDAY, {0: collector.id})
    log(session, SYSTEM, "workday.set", make_workday(session, collector))
    _decide_beside(session, actor_of(boss), clients[0], collector)
    plan_id = store_plan(session, SYSTEM, new_plan(collector, clients))
    publish(session, actor_of(boss), plan_id, today=TUESDAY, zone=ZONE)
    session.commit()
    return {"boss": actor_of(boss), "collector": collector, "zones": zones, "plan": plan_id}


def _decide_beside(session, actor, client, collector) -> None:
    """A place, a goal, a message, a guarantee that was enforced, a file of payments."""
    seen = client.lat, client.lon
    pin_client(session, actor, client.id, Pin(19.5, -99.2, seen), today=TUESDAY)
    set_target(session, actor, Indicator.CONTACT_RATE, 0.5, TUESDAY)
    send_message(session, actor, collector.id, "Regresa temprano")
    credit_id = session.scalar(select(Credit.id).where(Credit.client_id == client.id))
    told = GuaranteeData(credit_id, GuaranteeKind.PLEDGE, "Moto", 2_000_000, TUESDAY)
    guarantee = add_guarantee(session, actor, told)
    change_guarantee(session, actor, guarantee.id, GuaranteeState.ENFORCED, today=TUESDAY)
    receive_file(session, actor, StoredFile("a" * 64, 3), "pagos.csv")


def table_of(name: str):
    return Model.metadata.tables[name]


def some_id(session, name: str) -> int:
    return session.scalar(select(func.min(table_of(name).c.id)))


def test_a_day_holds_with_all_its_rows(session, day):
    assert names(session) == []
    for name in TOUCHED:
        assert some_id(session, name) is not None, name


@pytest.mark.parametrize("name", TOUCHED)
def test_a_row_that_is_altered_is_named(session, day, name):
    table, id_ = table_of(name), some_id(session, name)
    session.execute(update(table).where(table.c.id == id_).values(TOUCHED[name][0]))
    session.commit()

    assert names(session) == [(ALTERED, f"{name} {id_}")]


@pytest.mark.parametrize("name", LEAVES)
def test_a_row_that_is_removed_is_named(session, day, name):
    table, id_ = table_of(name), some_id(session, name)
    session.execute(delete(table).where(table.c.id == id_))
    session.commit()

    assert names(session) == [(REMOVED, f"{name} {id_}")]


def test_a_client_removed_with_all_that_hangs_on_them_is_named_row_by_row(session, day):
    client_id = session.scalar(select(func.max(Client.id)))
    for name in ("stop", "zone_membership"):
        table = table_of(name)
        session.execute(delete(table).where(table.c.client_id == client_id))
    for child, parent, column in (
        ("past_balance", "invoice", "invoice_id"),
        ("invoice", "credit", "credit_id"),
    ):
        below, above = table_of(child), table_of(parent)
        last = select(func.max(above.c.id)).scalar_subquery()
        session.execute(delete(below).where(below.c[column] == last))
    credit, client = table_of("credit"), table_of("client")
    session.execute(delete(credit).where(credit.c.client_id == client_id))
    session.execute(delete(client).where(client.c.id == client_id))
    session.commit()

    gone = {row.split()[0] for kind, row in names(session) if kind is REMOVED}
    assert gone == {"client", "credit", "invoice", "past_balance", "stop", "zone_membership"}


@pytest.mark.parametrize("name", TOUCHED)
def test_a_row_that_is_inserted_is_named(session, day, name):
    table = table_of(name)
    row = dict(session.execute(select(table).limit(1)).mappings().one())
    other = make_user(session)
    log(session, SYSTEM, "accounts.person_created", other)
    changed = {"collector_id": other.id} if name == "route" else TOUCHED[name][1]
    session.execute(insert(table).values(row | changed | {"id": 999}))
    session.commit()

    assert names(session) == [(INSERTED, f"{name} 999")]


def test_a_plan_made_unpublished_behind_the_log_is_named(session, day):
    session.execute(text("UPDATE plan SET published_at = NULL"))
    session.commit()

    assert (ALTERED, f"plan {day['plan']}") in names(session)


def test_a_route_or_stop_moved_to_a_draft_is_named_as_altered(session, day):
    """And nothing else: what was moved along is as it was sealed."""
    clients = session.scalars(select(Client)).all()
    draft = store_plan(session, SYSTEM, new_plan(day["collector"], clients))
    other = make_user(session)
    log(session, SYSTEM, "accounts.person_created", other)
    session.commit()
    routes, stops = table_of("route"), table_of("stop")
    route_of = {
        plan: session.scalar(select(routes.c.id).where(routes.c.plan_id == plan))
        for plan in (day["plan"], draft)
    }
    stop_id = session.scalar(
        select(func.min(stops.c.id)).where(stops.c.route_id == route_of[day["plan"]])
    )
    moved = {"route_id": route_of[draft], "position": 99}
    session.execute(update(stops).where(stops.c.id == stop_id).values(moved))
    session.commit()
    assert names(session) == [(ALTERED, f"stop {stop_id}")]

    session.execute(
        update(routes)
        .where(routes.c.id == route_of[day["plan"]])
        .values(plan_id=draft, collector_id=other.id)
    )
    session.commit()
    assert sorted(names(session)) == [
        (ALTERED, f"route {route_of[day['plan']]}"),
        (ALTERED, f"stop {stop_id}"),
    ]


def test_the_log_answers_for_no_draft(session, day):
    clients = session.scalars(select(Client)).all()
    store_plan(session, SYSTEM, new_plan(day["collector"], clients))
    session.commit()
    stop = table_of("stop")
    last = select(func.max(stop.c.id)).scalar_subquery()
    session.execute(update(stop).where(stop.c.id == last).values(arrives_s=1))
    session.commit()

    assert names(session) == []


def test_what_is_changed_through_the_services_is_sealed_anew(session, day):
    later = clock.now() + timedelta(hours=1)
    changed = [replace(one, balance_cents=Cents(60_000)) for one in rows_of_a_portfolio(2)]
    with clock.frozen(later):
        import_clients(session, SYSTEM, changed, balance_at=later - timedelta(minutes=1))
    assign_collector(session, day["boss"], day["zones"].zone_ids[0], None, TUESDAY)
    again = make_proposal(session, session.scalars(select(Client)).all())
    accept_proposal(session, SYSTEM, again.id, TUESDAY + timedelta(days=1), {})
    session.commit()

    assert names(session) == []


def test_a_file_is_sealed_under_few_entries(session, stopped_clock):
    """One for each thousand rows of a table, and a line of its own for each row."""
    rows = rows_of_a_portfolio(1_001)
    import_clients(session, SYSTEM, rows, balance_at=clock.now())
    session.commit()

    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1 + 3 * 2
    lines = [
        line for seals in session.scalars(select(AuditBatch.seals)) for line in seals_in(seals)
    ]
    assert len(lines) == 3 * 1_001
    session.execute(update(Invoice).where(Invoice.number == "F-1000").values(balance_cents=1))
    session.commit()
    id_ = session.scalar(select(Invoice.id).where(Invoice.number == "F-1000"))
    assert names(session) == [(ALTERED, f"invoice {id_}")]


def test_a_seal_that_is_changed_along_with_its_row_gives_the_batch_away(session, day):
    batch = session.scalars(select(AuditBatch).where(AuditBatch.table_name == "invoice")).first()
    batch_id, forged = batch.id, batch.seals.replace(batch.seals[-8:], "0" * 8)
    session.execute(update(AuditBatch).where(AuditBatch.id == batch_id).values(seals=forged))
    session.commit()

    assert (ALTERED, f"audit_batch {batch_id}") in names(session)


def test_a_batch_that_is_removed_or_inserted_is_named(session, day):
    batch = session.scalars(select(AuditBatch).where(AuditBatch.table_name == "past_balance")).one()
    batch_id, row = batch.id, session.scalar(select(PastBalance.id).limit(1))
    session.execute(delete(AuditBatch).where(AuditBatch.id == batch_id))
    session.add(AuditBatch(id=999, table_name="past_balance", seals=f"{row} {'0' * 64}"))
    session.commit()

    found = names(session)
    assert (REMOVED, f"audit_batch {batch_id}") in found
    assert (INSERTED, "audit_batch 999") in found
    assert (INSERTED, f"past_balance {row}") in found  # nothing proves it any more


def test_an_entry_that_names_a_batch_of_no_number_is_told_and_stops_nothing(session, day):
    session.execute(
        text("UPDATE audit_entry SET subject_id = 'x' WHERE event = :event"), {"event": SEALED}
    )
    session.commit()

    assert any(row.startswith("audit_entry ") for _kind, row in names(session))


def test_a_savepoint_that_is_taken_back_takes_its_batch_along(session, day):
    invoices = session.scalars(select(Invoice.id)).all()
    savepoint = session.begin_nested()
    log_rows(session, SYSTEM, "test.taken_back", Invoice, invoices)
    savepoint.rollback()
    session.commit()

    assert names(session) == []


def test_nothing_is_sealed_where_nothing_was_written(session, stopped_clock):
    log_rows(session, SYSTEM, "test.nothing", Invoice, [])
    session.commit()

    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize("name", ["client", "invoice", "stop", "zone_membership"])
def test_rows_of_before_a_cut_are_named_after_it(session, day, name):
    with clock.frozen(clock.now() + timedelta(days=365)):
        assert cut_log(session, SYSTEM, clock.now()) is not None
        session.commit()
        assert names(session) == []
        table, id_ = table_of(name), some_id(session, name)
        session.execute(update(table).where(table.c.id == id_).values(TOUCHED[name][0]))
        session.commit()
        assert names(session) == [(ALTERED, f"{name} {id_}")]


def test_after_a_cut_the_last_seal_counts_whether_it_stood_alone_or_in_a_batch(session, day):
    """A client alone after the batch, and another in a batch after standing alone."""
    alone, together = session.scalars(select(Client).order_by(Client.id).limit(2))
    for client in (alone, together):
        client.phone = "+525511111111"
        log(session, SYSTEM, "test.corrected", client)
    together.phone = "+525522222222"
    log_rows(session, SYSTEM, "test.written", Client, [together.id])
    log(session, SYSTEM, "test.seen", f"client:{together.id}")  # which seals nothing
    session.commit()
    assert names(session) == []

    for _cut in range(2):
        with clock.frozen(clock.now() + timedelta(days=365)):
            cut_log(session, SYSTEM, clock.now())
            session.commit()
            assert names(session) == []


def test_lines_of_a_batch_that_are_none_are_left_out():
    assert list(seals_in("7 abc\n\nx y\n8 def")) == [("7", "abc"), ("8", "def")]
