"""The log is sealed as transactions commit, and tells of every row that was touched since."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, text, update

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.audit.chain import head_of
from collector_app.audit.models import AuditBatch, AuditEntry
from collector_app.audit.queries import faults, lines, sealed_tables
from collector_app.audit.rules import SEALED, FaultKind, Head, content_hash, seals_in
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.orm import Model
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.rules import PaymentFact, PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.portfolio.models import Client
from collector_app.reports.rules import Hours, ReportKind
from collector_app.reports.services import end_schedule, schedule_report
from collector_app.strategy.models import ExperimentClient
from collector_app.strategy.rules import Trait
from collector_app.web.extensions import db, transaction
from tests.audit.factories import seal_made
from tests.conventions.docs import python_script
from tests.factories import actor_of, make_client, make_user
from tests.strategy.factories import at_least, make_experiment, make_segment

SYSTEM = Actor.system("test")


@pytest.fixture
def paid(session):
    """A client who paid once, told by a supervisor; gives the payment."""
    supervisor = make_user(session, Role.SUPERVISOR)
    log(session, SYSTEM, "accounts.person_created", supervisor)
    client = make_client(session)
    seal_made(session)
    fact = PaymentFact(
        "0" * 36, client.id, None, PaymentMethod.CASH, 10_000, clock.now() + timedelta(minutes=1)
    )
    zone = ZoneInfo("America/Mexico_City")
    payment = record_payment(session, actor_of(supervisor), fact, zone=zone)
    session.commit()
    return payment


def names(session) -> list[tuple[FaultKind, str]]:
    session.expire_all()
    return [(one.kind, one.row) for one in faults(session)]


def test_what_was_done_through_the_services_holds(session, paid):
    assert names(session) == []
    start, *entries = lines(session)
    assert start == "0" * 64 + "\t"
    assert head_of(session).position == len(entries) == 7


def test_a_payment_changed_behind_the_log_is_named(session, paid):
    session.execute(update(Payment).values(amount_cents=1))
    session.commit()

    assert names(session) == [(FaultKind.ALTERED, f"payment {paid.id}")]


def test_an_allocation_removed_and_one_inserted_behind_the_log_are_named(session, paid):
    there = session.query(Allocation).one()
    invoice_id, gone = there.invoice_id, there.id
    session.execute(delete(Allocation))
    added = Allocation(id=999, payment_id=paid.id, invoice_id=invoice_id, amount_cents=10_000)
    session.add(added)
    session.commit()

    assert names(session) == [
        (FaultKind.INSERTED, "allocation 999"),
        (FaultKind.REMOVED, f"allocation {gone}"),
    ]


def test_a_role_taken_behind_the_log_is_named(session, paid):
    session.execute(text("UPDATE user_account SET role = 'admin'"))
    session.commit()

    [(kind, row)] = names(session)
    assert kind is FaultKind.ALTERED
    assert row.startswith("user_account ")


# What no part of ours can have written, and can't be read back. PostgreSQL takes only the words.
WORDS_OF_NO_SET = [
    "UPDATE payment SET method = 'gold' WHERE id = :payment",
    "UPDATE audit_entry SET role = 'king' WHERE id = :entry",
]
NO_DAYS_AND_NO_JSON = [
    "UPDATE payment SET received_at = 'never' WHERE id = :payment",
    "UPDATE payment SET amount_cents = 'much' WHERE id = :payment",
    "UPDATE audit_entry SET at = 'never' WHERE id = :entry",
    "UPDATE audit_entry SET facts = '{' WHERE id = :entry",
]


def test_a_row_that_can_not_be_read_any_more_is_named_and_the_others_are_read(session, paid):
    entry = session.scalars(
        select(AuditEntry.id).where(AuditEntry.event == "payment.recorded")
    ).one()
    ids = {"payment": paid.id, "entry": entry}
    is_lax = session.connection().dialect.name == "sqlite"

    for statement in WORDS_OF_NO_SET + (NO_DAYS_AND_NO_JSON if is_lax else []):
        session.execute(text(statement), ids)
        table = "payment" if "payment SET" in statement else "audit_entry"
        altered = [row for kind, row in names(session) if kind is FaultKind.ALTERED]
        assert any(row.startswith(f"{table} ") for row in altered), statement
        assert len(list(lines(session))) == 8
        session.rollback()
    assert names(session) == []


def test_every_table_that_is_sealed_is_verified(session):
    """Also those whose columns come from a class that they share."""
    with_seals = {
        mapper.local_table.name for mapper in Model.registry.mappers if mapper.class_.sealed_columns
    }

    assert sealed_tables().keys() == with_seals


# Tables that the log does not answer for, and why that hides nothing.
UNSEALED = {
    "audit_entry": "the chain itself",
    "audit_head": "compared with the chain",
    "audit_seal": "sealed by the cut that wrote it",
    "api_answer": "what was answered, for the same request again; let go of after a while",
    "kept_figures": "sums, worked out anew from facts",
    "made_report": "sums, worked out anew from facts",
    "webhook_delivery": "the state of a delivery; what it tells is in the log",
    "worker_sign": "when a worker was last alive",
    "login_attempt": "counted for an hour",
    "alert_acknowledgement": "that somebody looked at an alert",
    "skipped_client": "why a plan left somebody out, worked out anew from facts",
    "zone_proposal": "a draft: zones count once they are accepted",
    "zone_draft": "a draft: zones count once they are published",
    "zone_draft_edit": "a draft: zones count once they are published",
    "import_batch": "the state of an import; what it wrote is sealed, the file known by its hash",
    "receipt_series": "the last folio: lowered, receipts refuse it; raised, they show a gap",
    "sync_repeat": "numbers under which a phone tells again what it told",
}


def test_each_table_is_sealed_or_has_a_reason_not_to_be():
    unsealed = {
        mapper.local_table.name
        for mapper in Model.registry.mappers
        if not mapper.class_.sealed_columns
    }

    assert unsealed == UNSEALED.keys()


def test_a_treatment_changed_behind_the_log_is_named(session):
    make_client(session, days=40)
    seal_made(session)
    make_experiment(session, make_segment(session, at_least(Trait.DAYS_PAST_DUE, 31)))
    session.commit()
    assert names(session) == []

    session.execute(text("UPDATE experiment SET most_discount_percent = 90"))
    session.commit()

    [(kind, row)] = names(session)
    assert kind is FaultKind.ALTERED
    assert row.startswith("experiment ")


def test_whoever_is_taken_out_of_an_experiment_or_put_into_it_is_named(session):
    compared = [make_client(session, days=40) for _n in range(2)]
    other = make_client(session, days=5)
    seal_made(session)
    make_experiment(session, make_segment(session, at_least(Trait.DAYS_PAST_DUE, 31)))
    session.commit()
    assert names(session) == []
    rows = session.scalars(select(ExperimentClient).order_by(ExperimentClient.id)).all()
    assert {one.client_id for one in rows} == {one.id for one in compared}
    (gone, changed), begun = [one.id for one in rows], rows[0].experiment_id

    session.execute(delete(ExperimentClient).where(ExperimentClient.id == gone))
    session.execute(update(ExperimentClient).values(client_id=other.id))
    session.add(ExperimentClient(id=999, experiment_id=begun, client_id=compared[0].id))
    session.commit()

    assert sorted(names(session)) == sorted(
        [
            (FaultKind.ALTERED, f"experiment_client {changed}"),
            (FaultKind.INSERTED, "experiment_client 999"),
            (FaultKind.REMOVED, f"experiment_client {gone}"),
        ]
    )


def test_a_schedule_of_reports_changed_behind_the_log_is_named(session):
    supervisor = make_user(session, Role.SUPERVISOR)
    log(session, SYSTEM, "accounts.person_created", supervisor)
    hours = Hours("1000000", 8 * 3600)
    made = schedule_report(session, actor_of(supervisor), ReportKind.DAY_CLOSE, hours)
    session.commit()
    end_schedule(session, actor_of(supervisor), made.id)
    session.commit()
    assert names(session) == []

    session.execute(text("UPDATE report_schedule SET ended_at = NULL"))
    session.commit()

    assert names(session) == [(FaultKind.ALTERED, f"report_schedule {made.id}")]


def test_an_absence_changed_behind_the_log_is_named(session):
    collector = make_user(session)
    log(session, SYSTEM, "accounts.person_created", collector)
    day = clock.now().date()
    record_absence(session, SYSTEM, collector.id, AbsenceKind.SICKNESS, day, day)
    session.commit()
    assert names(session) == []

    session.execute(text("UPDATE absence SET kind = 'vacation'"))
    session.commit()

    [(kind, row)] = names(session)
    assert (kind, row.split()[0]) == (FaultKind.ALTERED, "absence")


def test_an_entry_altered_removed_or_inserted_is_named(session, paid):
    first, second, third, *_others = session.query(AuditEntry).order_by(AuditEntry.position)
    ids = first.id, second.id
    session.execute(update(AuditEntry).where(AuditEntry.id == first.id).values(event="nothing"))
    session.execute(delete(AuditEntry).where(AuditEntry.id == third.id))
    session.execute(
        text(
            "INSERT INTO audit_entry (at, role, event, subject_type, subject_id, facts)"
            " SELECT at, role, event, subject_type, '1', facts FROM audit_entry WHERE id = :id"
        ),
        {"id": ids[1]},
    )
    session.commit()

    kinds = [kind for kind, row in names(session) if row.startswith("audit_entry")]
    assert sorted(kinds) == [FaultKind.ALTERED, FaultKind.INSERTED, FaultKind.REMOVED]


def test_a_log_written_anew_is_given_away_by_a_head_noted_before(session, paid):
    noted = head_of(session)
    assert list(faults(session, noted)) == []

    forged = Head(noted.position, "f" * 64)
    assert [one.row for one in faults(session, forged)] == [f"audit_entry @{noted.position}"]


def test_what_a_savepoint_or_a_rollback_takes_back_leaves_no_gap(session):
    log(session, SYSTEM, "test.kept", "thing:1")
    savepoint = session.begin_nested()
    log(session, SYSTEM, "test.taken_back", "thing:2")
    savepoint.rollback()
    with session.begin_nested():
        log(session, SYSTEM, "test.kept", "thing:3")
    session.commit()
    log(session, SYSTEM, "test.rolled_back", "thing:4")
    session.rollback()
    log(session, SYSTEM, "test.kept", "thing:5")
    session.commit()

    assert names(session) == []
    assert [one.subject_id for one in session.query(AuditEntry).order_by(AuditEntry.position)] == [
        "1",
        "3",
        "5",
    ]


def test_who_is_changed_while_they_act_holds_nobody_up(app, session):
    """Whoever changes a person waits for the end of the log, which that person's entry may hold."""
    admin, person = make_user(session, Role.ADMIN), make_user(session)
    session.commit()
    changer, actor = actor_of(admin), actor_of(person)

    def act() -> None:
        with app.app_context(), transaction() as other:
            log(other, actor, "test.acted", "thing:1")

    with ThreadPoolExecutor(1) as pool:
        with app.app_context(), transaction() as changing:
            changing.get_one(type(person), person.id).fs_uniquifier = "another"
            changing.flush()
            acting = pool.submit(act)
            with suppress(TimeoutError):
                acting.result(timeout=0.5)
            log(changing, changer, "test.changed", "thing:2")
        acting.result(timeout=20)

    session.rollback()
    assert head_of(session).position == 2


def test_writers_at_once_make_one_chain(app, session):
    """Eight at a time, each transaction with two entries."""

    def write(n: int) -> None:
        with app.app_context(), transaction() as own:
            log(own, SYSTEM, "test.written", f"thing:{n}")
            log(own, SYSTEM, "test.written", f"thing:{n}", again=True)
        with app.app_context():
            db.session.remove()

    session.rollback()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))

    assert names(session) == []
    assert head_of(session).position == 80


def test_the_script_of_the_docs_verifies_an_export_and_finds_a_touched_one(session, paid, tmp_path):
    script = tmp_path / "verify.py"
    script.write_text(python_script("docs/audit.md"))
    exported = "".join(line + "\n" for line in lines(session))

    def run(content: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(script)]
        return subprocess.run(command, input=content, capture_output=True, text=True, check=False)

    whole = run(exported)
    assert (whole.returncode, head_of(session).hash in whole.stdout) == (0, True)
    assert len([line for line in script.read_text().splitlines() if line]) <= 10
    assert run(exported.replace("payment.recorded", "payment.invented")).returncode == 1
    assert run(exported.partition("\n")[2]).returncode == 1
    first, *entries = exported.splitlines(keepends=True)
    for n, line in enumerate(entries[:-1], start=1):
        removed = first + "".join(entries[: n - 1] + entries[n:])
        inserted = first + "".join([*entries[:n], line, *entries[n:]])
        assert f"entry {n} is" in run(removed).stderr
        assert f"entry {n + 1} is" in run(inserted).stderr


def test_the_script_of_the_docs_verifies_the_hashes_of_rows_in_batches(session, paid, tmp_path):
    script = tmp_path / "verify.py"
    script.write_text(python_script("docs/audit.md"))
    client_id = paid.client_id

    def told() -> tuple[int, str]:
        session.expire_all()
        exported = "".join(line + "\n" for line in lines(session))
        command = [sys.executable, str(script)]
        run = subprocess.run(command, input=exported, capture_output=True, text=True, check=False)
        return run.returncode, run.stderr

    [batch] = session.scalars(select(AuditBatch).where(AuditBatch.table_name == "client"))
    [(key, seal)] = seals_in(batch.seals)
    client = session.get_one(Client, client_id)
    assert (key, seal) == (str(client_id), content_hash(client.sealed_content()))
    assert told() == (0, "")
    place = session.scalars(
        select(AuditEntry.position).where(
            AuditEntry.event == SEALED, AuditEntry.subject_id == str(batch.id)
        )
    ).one()

    for change in (
        update(AuditBatch).where(AuditBatch.id == batch.id).values(seals=f"{key} {'f' * 64}"),
        update(AuditBatch)
        .where(AuditBatch.id == batch.id)
        .values(seals=f"{batch.seals}\n9 {seal}"),
        delete(AuditBatch).where(AuditBatch.id == batch.id),
    ):
        session.execute(change)
        assert told() == (1, f"entry {place} is not what was sealed\n")
        session.rollback()


def test_the_command_ends_with_one_and_names_the_row(app, session, paid):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    head = runner.invoke(args=["audit", "head"]).output.strip()
    assert runner.invoke(args=["audit", "verify", "--expect", head]).exit_code == 0

    session.execute(update(Payment).values(amount_cents=1))
    session.commit()

    told = runner.invoke(args=["audit", "verify"])
    assert told.exit_code == 1
    assert f"Alterada  payment {paid.id}: su contenido no es el que se anotó" in told.output
    assert runner.invoke(args=["audit", "verify", "--expect", "3"]).exit_code == 2
    assert runner.invoke(args=["audit", "export"]).output.count("\n") == 8
