"""Each column of a sealed table: sealed, or listed here with why a change of it hides nothing."""

import pytest
from sqlalchemy import select, text

from collector_app.accounts.services.login import begin_attempt, identify
from collector_app.accounts.services.people import PersonData, change_person, create_person
from collector_app.accounts.services.secret import change_password
from collector_app.agreements.services import cancel, sign
from collector_app.api.rules import Scope
from collector_app.api.services.keys import create_key
from collector_app.audit.batches import log_rows
from collector_app.audit.queries import faults, lines, sealed_tables
from collector_app.audit.rules import FaultKind
from collector_app.complaints.rules import ComplaintKind
from collector_app.complaints.services import ComplaintData, take_complaint
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.messages.services import read_message, send_message
from collector_app.sync.rules import Registration
from collector_app.sync.services.devices import register_device
from collector_app.violations.models import ViolationCase
from collector_app.violations.queries import judge
from collector_app.violations.services import keep_verdict
from collector_app.visits.models import Visit
from collector_app.visits.rules import Outcome, PersonMet
from tests.agreements.factories import TODAY, ZONE, make_agreement
from tests.factories import actor_of, make_client
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

SYSTEM = Actor.system("test")
PASSWORD = "una frase que nadie adivina"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20

_ARRIVALS = "what a phone said of itself when it was last heard"
UNSEALED_COLUMNS = {
    "api_key": {"last_used_at": "moves with its calls; what they wrote is in the log"},
    "creditor": {"plain_name": "the sealed name without case, accents and spaces"},
    "plan": {"job_id": "which job made it; what it made is sealed"},
    "sync_device": {
        "last_seen_at": _ARRIVALS,
        "build": _ARRIVALS,
        "is_installed": _ARRIVALS,
        "last_seq": _ARRIVALS,
        "last_receipt": _ARRIVALS,
        "pending_events": _ARRIVALS,
        "pending_photos": _ARRIVALS,
        "clock_offset_ms": _ARRIVALS,
        "wrong_pins": "told by the log when it grew",
        "wrong_pins_at": "told by the log when it grew",
        "rewound_at": "a hint to look at a phone; its events keep their numbers, sealed",
    },
    "sync_event": {
        "code": "why it waits, worked out anew when it is tried again",
        "facts": "why it waits, worked out anew when it is tried again",
    },
    "user_account": {"fs_uniquifier": "changed, it ends the sessions of a person and nothing else"},
    "visit": {"card_opened": "what a page showed; it decides about nobody"},
    "webhook": {
        "told": "the state of deliveries; what they tell is in the log",
        "failures": "the state of deliveries",
        "next_try_at": "the state of deliveries",
    },
}


def test_each_column_of_a_sealed_table_is_sealed_or_has_a_reason_not_to_be():
    unsealed = {
        name: {
            column.name
            for column in table.__table__.columns
            if not column.primary_key and column.name not in table.sealed_columns
        }
        for name, table in sealed_tables().items()
    }

    listed = {name: set(reasons) for name, reasons in UNSEALED_COLUMNS.items()}
    assert {name: columns for name, columns in unsealed.items() if columns} == listed


@pytest.fixture
def collector(session):
    """A collector with a phone, an agreement, a falta and a complaint, all made by services."""
    told = PersonData("Rosa Vega", Role.COLLECTOR, "+525512345678")
    user, _password = create_person(session, SYSTEM, "rosa", told, PASSWORD)
    actor = actor_of(user)
    client = make_client(session, overdue_cents=150_000)
    make_zone(session, [client], user)
    register_device(session, actor, Registration("Moto", is_installed=True, build="1"))
    agreement = make_agreement(session, actor, client)
    sign(session, actor, agreement.id, "Luis", PNG)
    five = clock.at_second(TODAY, 5 * 3600, ZONE)
    at_five = {"started_at": five, "received_at": five, "person_met": PersonMet.NOBODY}
    make_visit(session, client, user, outcome=Outcome.NOT_HOME, **at_five)
    keep_verdict(session, SYSTEM, judge(session, TODAY, TODAY, ZONE), TODAY, TODAY, ZONE)
    complaint = ComplaintData(client.id, ComplaintKind.PRODUCT, "Me gritaron", user.id)
    take_complaint(session, actor, complaint, zone=ZONE)
    boss, _password = create_person(
        session, SYSTEM, "jefa", PersonData("La Jefa", Role.ADMIN), PASSWORD
    )
    create_key(session, actor_of(boss), "ERP", {Scope.CLIENTS})
    cancelled = make_agreement(session, actor, make_client_of(session, user))
    cancel(session, actor_of(boss), cancelled.id, "Se fue", zone=ZONE)
    message = send_message(session, actor_of(boss), user.id, "Ven a la oficina")
    read_message(session, actor, message.id)
    session.commit()
    return user


def make_client_of(session, user):
    client = make_client(session, overdue_cents=150_000)
    make_zone(session, [client], user)
    return client


def altered(session) -> set[str]:
    session.expire_all()
    return {one.row for one in faults(session) if one.kind is FaultKind.ALTERED}


CHANGES = [
    ("agreement", "signature = x'00' || signature", "signature IS NOT NULL"),
    ("agreement", "signature = NULL", "signature IS NOT NULL"),
    ("agreement", "cancelled_because = 'otra cosa'", "cancelled_because IS NOT NULL"),
    ("violation_case", "blocks = '[]'", "1 = 1"),
    ("violation_case", "collector_id = NULL", "1 = 1"),
    ("violation_case", "law = NULL", "1 = 1"),
    ("violation_case", "profile_version = '1'", "1 = 1"),
    ("api_key", "key_hash = 'f'", "1 = 1"),
    ("user_account", "password = 'another'", "username = 'rosa'"),
    ("user_account", "full_name = 'Otra'", "username = 'rosa'"),
    ("user_account", "phone = '+525500000000'", "username = 'rosa'"),
    ("user_account", "must_change_password = true", "username = 'rosa'"),
    ("sync_device", "token_hash = 'f'", "1 = 1"),
    ("sync_device", "receipt_series = 'ZZ'", "1 = 1"),
    ("complaint", "received_by = NULL", "1 = 1"),
    ("office_message", "read_at = NULL", "1 = 1"),
]


def test_a_column_changed_behind_the_log_is_named(session, collector):
    assert altered(session) == set()
    is_postgresql = session.connection().dialect.name == "postgresql"

    for table, told, which in CHANGES:
        change = told.replace("x'00'", r"'\x00'::bytea") if is_postgresql else told
        ids = session.scalars(text(f"SELECT id FROM {table} WHERE {which}")).all()  # noqa: S608
        session.execute(text(f"UPDATE {table} SET {change} WHERE {which}"))  # noqa: S608

        assert altered(session) == {f"{table} {one}" for one in ids}, told
        assert ids
        session.rollback()


def test_what_people_change_through_the_services_holds(session, collector):
    boss = session.scalars(select(type(collector)).filter_by(username="jefa")).one()
    renamed = PersonData("Rosa Vega Ruiz", Role.COLLECTOR)

    change_person(session, actor_of(boss), collector.id, renamed)
    change_password(session, actor_of(collector), PASSWORD, "otra frase que nadie adivina")
    session.commit()

    assert altered(session) == set()


def test_logging_in_with_a_password_put_in_behind_the_log_does_not_seal_it(session, collector):
    session.execute(
        text(
            "UPDATE user_account SET password ="
            " (SELECT password FROM user_account WHERE username = 'jefa') WHERE username = 'rosa'"
        )
    )
    session.commit()
    session.expire_all()

    attempt = begin_attempt(session, "rosa", "10.0.0.1")
    assert identify(session, attempt, "rosa", PASSWORD) is not None
    session.commit()

    assert altered(session) == {f"user_account {collector.id}"}


def test_a_falta_that_is_judged_anew_is_sealed_anew(session, collector):
    case = session.scalars(select(ViolationCase)).one()
    before = case.blocks
    visit = session.get_one(Visit, case.fact_id)
    session.execute(
        text("UPDATE visit SET note = :note WHERE id = :id"),
        {"note": "Le dije que iba a ir a la cárcel", "id": visit.id},
    )
    log_rows(session, SYSTEM, "test.noted", Visit, [visit.id])
    session.commit()
    session.expire_all()

    keep_verdict(session, SYSTEM, judge(session, TODAY, TODAY, ZONE), TODAY, TODAY, ZONE)
    session.commit()

    assert session.get_one(ViolationCase, case.id).blocks != before
    assert altered(session) == set()


def test_no_secret_nor_its_hash_is_told_by_the_export(session, collector):
    told = "\n".join(lines(session))

    for table, column in (
        ("user_account", "password"),
        ("api_key", "key_hash"),
        ("sync_device", "token_hash"),
    ):
        for secret in session.scalars(text(f"SELECT {column} FROM {table}")):  # noqa: S608
            assert secret not in told
