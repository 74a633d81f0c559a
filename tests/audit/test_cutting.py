"""The beginning of the log goes when its time is over; what stays still tells of everything."""

import json
import subprocess
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, text, update

from collector_app.audit.chain import head_of
from collector_app.audit.cutting import cut_before, cut_log
from collector_app.audit.models import AuditEntry, AuditSeal
from collector_app.audit.queries import faults, lines, start_of
from collector_app.audit.rules import EMPTY, FaultKind, LogBroken
from collector_app.audit.services import log
from collector_app.compliance.services import choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed
from collector_app.payments.models import Payment
from collector_app.payments.services import record_payment
from tests.audit.factories import seal_made
from tests.conventions.docs import python_script
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact

SYSTEM = Actor.system("test")
ZONE = ZoneInfo("America/Mexico_City")
YEAR = timedelta(days=365)


@pytest.fixture
def years(session, stopped_clock):
    """A payment three years ago, one a year ago and one now; gives their ids."""
    boss = make_user(session, Role.SUPERVISOR)
    client, ids, now = make_client(session, overdue_cents=500_000), [], clock.now()
    with clock.frozen(now - 3 * YEAR):
        log(session, SYSTEM, "accounts.person_created", boss)
        seal_made(session)
    for ago in (3, 1, 0):
        with clock.frozen(now - ago * YEAR):
            fact = payment_fact(client, amount_cents=10_000)
            ids.append(record_payment(session, actor_of(boss), fact, zone=ZONE).id)
            if ago == 3:
                log(session, SYSTEM, "test.old", "thing:1")
            session.commit()
    return ids


@pytest.fixture
def cut(session, years):
    made = cut_log(session, SYSTEM, clock.now() - 2 * YEAR)
    session.commit()
    return made


def names(session) -> list[tuple[FaultKind, str]]:
    session.expire_all()
    return [(one.kind, one.row) for one in faults(session)]


def test_only_what_is_older_goes_and_everything_still_holds(session, cut):
    assert cut.count == cut.last.position
    assert start_of(session) == cut.last
    oldest = session.scalar(select(func.min(AuditEntry.at)))
    assert oldest >= clock.now() - 2 * YEAR
    assert names(session) == []


def test_the_log_goes_on_behind_the_cut(session, cut):
    log(session, SYSTEM, "test.after", "thing:2")
    session.commit()

    assert names(session) == []
    assert list(faults(session, head_of(session))) == []
    assert list(faults(session, cut.last)) == []  # noted on paper before, and still true


def test_a_second_cut_carries_the_seals_of_the_first(session, cut, years):
    with clock.frozen(clock.now() + YEAR):
        again = cut_log(session, SYSTEM, clock.now() - YEAR / 2)
        session.commit()

    assert again.last.position > cut.last.position
    assert names(session) == []
    session.execute(update(Payment).where(Payment.id == years[0]).values(amount_cents=1))
    session.commit()
    assert names(session) == [(FaultKind.ALTERED, f"payment {years[0]}")]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_payment_from_before_or_after_the_cut_that_is_altered_is_named(
    session, cut, years, which
):
    session.execute(update(Payment).where(Payment.id == years[which]).values(amount_cents=1))
    session.commit()

    assert names(session) == [(FaultKind.ALTERED, f"payment {years[which]}")]


def test_a_payment_from_before_the_cut_that_is_removed_or_inserted_is_named(session, cut, years):
    copied = text(
        "INSERT INTO payment (id, uuid, client_id, collector_id, method, amount_cents,"
        " received_at, recorded_at) SELECT 999, 'forged', client_id, collector_id, method,"
        " amount_cents, received_at, recorded_at FROM payment WHERE id = :id"
    )
    session.execute(copied, {"id": years[0]})
    session.execute(text("DELETE FROM allocation WHERE payment_id = :id"), {"id": years[0]})
    session.execute(text("DELETE FROM receipt WHERE payment_id = :id"), {"id": years[0]})
    session.execute(delete(Payment).where(Payment.id == years[0]))
    session.commit()

    found = names(session)
    assert (FaultKind.INSERTED, "payment 999") in found
    assert (FaultKind.REMOVED, f"payment {years[0]}") in found


def test_entries_after_the_cut_that_are_altered_removed_or_inserted_are_named(session, cut):
    log(session, SYSTEM, "test.one", "thing:1")
    log(session, SYSTEM, "test.two", "thing:2")
    session.commit()
    first = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).first()
    one = session.scalars(select(AuditEntry).where(AuditEntry.event == "test.one")).one()
    first_id, one_id = first.id, one.id

    session.execute(delete(AuditEntry).where(AuditEntry.id == first_id))
    session.execute(update(AuditEntry).where(AuditEntry.id == one_id).values(event="nothing"))
    session.commit()

    found = names(session)
    assert (FaultKind.REMOVED, f"audit_entry @{cut.last.position + 1}") in found
    assert (FaultKind.ALTERED, f"audit_entry {one_id}") in found


def test_a_cut_that_nobody_noted_or_whose_note_was_changed_is_found(session, cut):
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "log.cut")).one()
    entry_id, facts = entry.id, dict(entry.facts)

    # Somebody removes one more entry and moves the noted beginning behind it.
    gone = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).first()
    forged = json.dumps(facts | {"position": gone.position, "hash": gone.hash})
    session.execute(delete(AuditEntry).where(AuditEntry.id == gone.id))
    session.execute(
        text("UPDATE audit_entry SET facts = :facts WHERE id = :id"),
        {"facts": forged, "id": entry_id},
    )
    session.commit()

    assert (FaultKind.ALTERED, f"audit_entry {entry_id}") in names(session)


def test_seals_that_were_carried_over_can_not_be_changed_along(session, cut, years):
    payment = session.get(Payment, years[0])
    session.execute(
        update(AuditSeal)
        .where(AuditSeal.subject_type == "payment", AuditSeal.subject_id == str(payment.id))
        .values(content_hash="f" * 64)
    )
    session.commit()

    assert (FaultKind.ALTERED, "audit_seal payment") in names(session)


def test_nothing_goes_while_something_is_not_as_it_was_sealed(session, years):
    session.execute(update(Payment).values(amount_cents=1))
    session.commit()

    with pytest.raises(LogBroken):
        cut_log(session, SYSTEM, clock.now())


def test_what_is_young_stays_and_people_do_not_cut(session, years):
    before = clock.now() - 9 * YEAR

    assert cut_before(session, before) is None
    assert cut_log(session, SYSTEM, before) is None
    assert start_of(session) == EMPTY
    with pytest.raises(NotAllowed):
        cut_log(session, actor_of(make_user(session, Role.ADMIN)), clock.now())


def test_a_log_that_is_all_old_leaves_the_note_of_the_cut(session, years):
    with clock.frozen(clock.now() + YEAR):
        cut_log(session, SYSTEM, clock.now())
        session.commit()

    assert [one.event for one in session.scalars(select(AuditEntry))] == ["log.cut"]
    assert names(session) == []


def test_the_script_of_the_docs_verifies_a_cut_log_and_finds_a_touched_one(session, cut, tmp_path):
    log(session, SYSTEM, "test.after", "thing:2")
    session.commit()
    script = tmp_path / "verify.py"
    script.write_text(python_script("docs/audit.md"))
    exported = list(lines(session))

    def ends_with(*told: str) -> int:
        command = [sys.executable, str(script)]
        content = "".join(line + "\n" for line in told)
        return subprocess.run(
            command, input=content, capture_output=True, text=True, check=False
        ).returncode

    start, *entries = exported
    assert ends_with(*exported) == 0
    assert ends_with(start, *(one.replace("payment.recorded", "x") for one in entries)) == 1
    assert ends_with(start, *entries[1:]) == 1
    assert ends_with(start, entries[0], entries[0], *entries[1:]) == 1
    # A beginning that nobody noted: the next line's hash in place of the cut's.
    assert ends_with(entries[0].split("\t")[0] + "\t", *entries[1:]) == 1


def test_the_command_cuts_what_the_house_or_the_law_need_not_keep(app, session, years):
    runner = app.test_cli_runner()
    undecided = runner.invoke(args=["privacy", "cut-log"])
    assert (undecided.exit_code, "--months" in undecided.output) == (1, True)

    today = clock.today(ZONE)
    choose_profile(session, SYSTEM, "cl", today, "allá se cobra", today=today)
    session.commit()
    short = runner.invoke(args=["privacy", "cut-log", "--months", "23", "--apply"])
    assert (short.exit_code, "24" in short.output) == (1, True)
    told = runner.invoke(args=["privacy", "cut-log"])
    assert told.exit_code == 0
    assert start_of(session) == EMPTY

    assert runner.invoke(args=["privacy", "cut-log", "--apply"]).exit_code == 0

    assert start_of(session) != EMPTY
    verified = runner.invoke(args=["audit", "verify"])
    assert (verified.exit_code, "se cortó; la bitácora lo dice" in verified.output) == (0, True)
    session.execute(update(Payment).values(amount_cents=1))
    session.commit()
    broken = runner.invoke(args=["privacy", "cut-log", "--months", "24", "--apply"])
    assert broken.exit_code == 0  # nothing so old is left
