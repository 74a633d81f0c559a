"""Logging in, guessing, passwords and the people who may log in."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from collector_app.accounts import services
from collector_app.accounts.models import LoginAttempt, User
from collector_app.accounts.queries import active_people, people, person
from collector_app.accounts.rules import (
    OneTimePasswordExpired,
    OwnAccount,
    TooManyAttempts,
    UsernameTaken,
)
from collector_app.accounts.services import PersonData, login, secret
from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotAllowed, NotFound
from tests.conftest import NOON
from tests.factories import PASSWORD, actor_of, make_user

HERE = "203.0.113.7"


@pytest.fixture
def admin(session) -> Actor:
    return actor_of(make_user(session, Role.ADMIN))


def attempt(session, username: str, password: str, address: str = HERE) -> User | None:
    number = services.begin_attempt(session, username, address)
    return services.identify(session, number, username, password)


def events(session) -> list[str]:
    session.commit()
    return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


def test_the_right_password_identifies_a_person_however_the_name_is_typed(session):
    rosa = make_user(session, username="rosa")

    assert attempt(session, " ROSA ", PASSWORD) == rosa
    assert events(session) == ["accounts.logged_in"]


def test_an_old_hash_is_made_anew_at_login(session):
    rosa = make_user(session, username="rosa")

    attempt(session, "rosa", PASSWORD)

    assert rosa.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert attempt(session, "rosa", PASSWORD) == rosa


@pytest.mark.parametrize(
    ("username", "password"), [("rosa", "otra-clave-12"), ("nadie", PASSWORD), ("luis", PASSWORD)]
)
def test_wrong_passwords_unknown_names_and_deactivated_people_are_nobody(
    session, username, password
):
    make_user(session, username="rosa")
    make_user(session, username="luis", active=False)

    assert attempt(session, username, password) is None
    assert events(session) == ["accounts.login_failed"]


def test_an_unknown_name_takes_as_long_as_a_wrong_password(session):
    make_user(session, username="rosa", password=secret.hash_password(PASSWORD))
    attempt(session, "nadie", "to make the hash that nobody has")

    wrong = _seconds_of_failing(session, "rosa")
    unknown = _seconds_of_failing(session, "nadie")

    assert 1 / 3 < unknown / wrong < 3  # without a hash to check it is 20 times faster


def _seconds_of_failing(session, username: str) -> float:
    begun = time.process_time()
    for _ in range(3):
        services.identify(session, 0, username, "wrong")
    return time.process_time() - begun


def test_the_log_does_not_keep_the_name_that_was_typed(session):
    attempt(session, "my-secret-password", "oops")

    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert "my-secret-password" not in f"{entry.subject_id} {entry.facts}"


def test_ten_failures_a_minute_from_one_address_are_enough(session):
    make_user(session, username="rosa")
    for number in range(10):
        attempt(session, f"guess{number}", "wrong")

    with pytest.raises(TooManyAttempts) as refused:
        attempt(session, "rosa", PASSWORD)

    assert refused.value.facts == {"what": "address", "minutes": 1}
    assert attempt(session, "rosa", PASSWORD, address="203.0.113.8") is not None
    with clock.frozen(NOON + timedelta(seconds=60)):
        assert attempt(session, "rosa", PASSWORD) is not None


def test_people_who_log_in_well_do_not_use_up_the_address_of_their_office(session):
    make_user(session, username="rosa")
    for _ in range(12):
        assert attempt(session, "rosa", PASSWORD) is not None


@pytest.mark.parametrize("username", ["rosa", "nobody"])
def test_a_hundred_failures_an_hour_on_one_account_are_enough_from_any_address(session, username):
    make_user(session, username="rosa")
    _fail(session, username, times=99)
    services.begin_attempt(session, username, "198.51.100.1")  # the hundredth

    with pytest.raises(TooManyAttempts) as refused:
        services.begin_attempt(session, username, "198.51.100.2")

    assert refused.value.facts == {"what": "account", "minutes": 60}
    with clock.frozen(NOON + timedelta(hours=1)):
        assert services.begin_attempt(session, username, "198.51.100.2")


def _fail(session, username: str, times: int) -> None:
    key = login.account_key(username)
    session.add_all(
        LoginAttempt(at=NOON, account_key=key, address=f"192.0.2.{n}") for n in range(times)
    )
    session.flush()


def test_attempts_are_forgotten_after_a_day(session):
    _fail(session, "rosa", times=3)

    with clock.frozen(NOON + timedelta(days=1, seconds=1)):
        services.begin_attempt(session, "luis", HERE)

    assert len(session.scalars(select(LoginAttempt)).all()) == 1


def test_a_new_person_gets_a_one_time_password_that_is_stored_nowhere(session, admin):
    user, password = services.create_person(
        session, admin, "Rosa", PersonData("Rosa Luna", Role.DISPATCHER)
    )

    assert attempt(session, "rosa", password) == user
    assert user.must_change_password
    session.commit()
    assert password not in str(list(session.scalars(select(AuditEntry.facts))))


def test_a_one_time_password_serves_for_72_hours(session, admin):
    user, password = services.create_person(
        session, admin, "rosa", PersonData("Rosa Luna", Role.DISPATCHER)
    )

    with clock.frozen(NOON + timedelta(hours=72)):
        assert attempt(session, "rosa", password) == user
    with clock.frozen(NOON + timedelta(hours=72, seconds=1)):
        assert attempt(session, "rosa", "wrong") is None
        with pytest.raises(OneTimePasswordExpired):
            attempt(session, "rosa", password)


def test_a_user_name_belongs_to_one_person(session, admin):
    make_user(session, username="rosa")

    with pytest.raises(UsernameTaken):
        services.create_person(session, admin, " ROSA", PersonData("Rosa Luna", Role.DISPATCHER))


def test_only_administrators_add_people(session):
    boss = actor_of(make_user(session, Role.SUPERVISOR))

    with pytest.raises(NotAllowed):
        services.create_person(session, boss, "rosa", PersonData("Rosa Luna", Role.COLLECTOR))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (PersonData("  ", Role.COLLECTOR), "full_name"),
        (PersonData("Rosa", Role.SYSTEM), "role"),
        (PersonData("Rosa", Role.COLLECTOR, supervisor_id=0), "supervisor_id"),
    ],
)
def test_what_is_wrong_with_a_person_is_named(session, admin, data, field):
    with pytest.raises(InvalidInput) as refused:
        services.create_person(session, admin, "rosa", data)

    assert refused.value.field == field


def test_only_collectors_keep_a_supervisor(session, admin):
    boss = make_user(session, Role.SUPERVISOR)
    collector = PersonData("Rosa", Role.COLLECTOR, supervisor_id=boss.id)
    user, _ = services.create_person(session, admin, "rosa", collector)
    assert user.supervisor_id == boss.id

    promoted = PersonData("Rosa", Role.DISPATCHER, supervisor_id=boss.id)
    services.change_person(session, admin, user.id, promoted)

    assert user.supervisor_id is None


def test_a_new_role_ends_the_sessions_and_is_logged(session, admin):
    rosa = make_user(session, Role.COLLECTOR, full_name="Rosa")
    before = rosa.fs_uniquifier

    services.change_person(session, admin, rosa.id, PersonData("Rosa Luna", Role.COLLECTOR))
    assert rosa.fs_uniquifier == before
    services.change_person(session, admin, rosa.id, PersonData("Rosa Luna", Role.SUPERVISOR))

    assert rosa.fs_uniquifier != before
    session.commit()
    facts = session.scalars(select(AuditEntry.facts).order_by(AuditEntry.id.desc())).first()
    assert facts == {"role": "supervisor", "old_role": "collector", "supervisor_id": None}


def test_administrators_can_not_lock_themselves_out(session, admin):
    with pytest.raises(OwnAccount):
        services.deactivate(session, admin, admin.user_id)
    with pytest.raises(OwnAccount):
        services.change_person(session, admin, admin.user_id, PersonData("Yo", Role.SUPERVISOR))


def test_a_deactivated_person_can_not_log_in_until_reactivated(session, admin):
    rosa = make_user(session, username="rosa")
    before = rosa.fs_uniquifier

    services.deactivate(session, admin, rosa.id)
    assert attempt(session, "rosa", PASSWORD) is None
    assert rosa.fs_uniquifier != before

    services.reactivate(session, admin, rosa.id)
    assert attempt(session, "rosa", PASSWORD) == rosa


def test_a_forgotten_password_is_replaced_by_a_one_time_password(session, admin):
    rosa = make_user(session, username="rosa")

    _, given = services.give_one_time_password(session, admin, rosa.id)

    assert attempt(session, "rosa", PASSWORD) is None
    assert attempt(session, "rosa", given) == rosa
    assert rosa.must_change_password


def test_nobody_is_not_found(session, admin):
    with pytest.raises(NotFound):
        services.deactivate(session, admin, 0)


def test_people_change_their_own_password_and_other_sessions_end(session):
    rosa = make_user(session, username="rosa", must_change_password=True)
    before = rosa.fs_uniquifier

    services.change_password(session, actor_of(rosa), PASSWORD, "una-frase-muy-mia")

    assert attempt(session, "rosa", "una-frase-muy-mia") == rosa
    assert not rosa.must_change_password
    assert rosa.fs_uniquifier != before


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong", "una-frase-muy-mia", "old"),
        (PASSWORD, PASSWORD, "password"),
        (PASSWORD, "corta", "password"),
        (PASSWORD, "soy-rosa-y-punto", "password"),
    ],
)
def test_a_password_is_changed_only_by_its_owner_to_a_good_one(session, old, new, field):
    rosa = make_user(session, username="rosa")

    with pytest.raises(InvalidInput) as refused:
        services.change_password(session, actor_of(rosa), old, new)

    assert refused.value.field == field
    assert attempt(session, "rosa", PASSWORD) == rosa


def test_people_are_found_by_any_part_of_their_name(session):
    boss = make_user(session, Role.SUPERVISOR, full_name="Berta Soto", username="berta")
    rosa = make_user(session, full_name="Rosa 50%", username="r_luna", supervisor_id=boss.id)
    make_user(session, full_name="Rosa Peña", username="rpena", active=False)

    assert [row.id for row in people(session, search="50%")] == [rosa.id]
    assert [row.id for row in people(session, search="R_L")] == [rosa.id]
    assert [row.full_name for row in people(session)] == ["Berta Soto", "Rosa 50%", "Rosa Peña"]
    assert [row.id for row in people(session, search="rosa", active=True)] == [rosa.id]
    assert person(session, rosa.id).supervisor_name == "Berta Soto"
    assert active_people(session, Role.SUPERVISOR) == [(boss.id, "Berta Soto")]
