"""Logging in and out."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import LoginAttempt, User
from collector_app.accounts.passwords import hash_password, is_outdated, is_password
from collector_app.accounts.queries import failures_since
from collector_app.accounts.rules import (
    ACCOUNT_WINDOW,
    ADDRESS_WINDOW,
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    FORGET_ATTEMPTS_AFTER,
    ONE_TIME_VALID_FOR,
    OneTimePasswordExpired,
    TooManyAttempts,
    account_key,
    network_of,
    normal_username,
)
from collector_app.accounts.services.secret import end_sessions, load
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor


def begin_attempt(session: Session, username: str, address: str) -> int:
    """Count a try to log in before the password is looked at; commit it whatever comes next.

    Returns
    -------
    int
        The id of the attempt, for `identify`.

    Raises
    ------
    TooManyAttempts
        When the account or the address has failed too often; ``facts["minutes"]`` says how long
        that is remembered. An account that does not exist is counted like one that does.
    """
    now, key, network = clock.now(), account_key(username), network_of(address)
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - FORGET_ATTEMPTS_AFTER))
    by_address = failures_since(session, now - ADDRESS_WINDOW, address=network)
    if by_address >= FAILURES_PER_ADDRESS:
        raise _too_many("address", ADDRESS_WINDOW)
    on_account = failures_since(session, now - ACCOUNT_WINDOW, account_key=key)
    if on_account >= FAILURES_PER_ACCOUNT:
        raise _too_many("account", ACCOUNT_WINDOW)
    attempt = LoginAttempt(at=now, account_key=key, address=network)
    session.add(attempt)
    session.flush()
    return attempt.id


def _too_many(what: str, window: timedelta) -> TooManyAttempts:
    minutes = int(window.total_seconds() // 60)
    return TooManyAttempts(f"too many failures by {what}", what=what, minutes=minutes)


def identify(session: Session, attempt_id: int, username: str, password: str) -> User | None:
    """Return the person with this user name and password, or None.

    A wrong password, an unknown name and a deactivated person can't be told apart, neither by the
    answer nor by its time.

    Raises
    ------
    OneTimePasswordExpired
        When the password is right, but a one-time password that was not used in time.
    """
    user = session.scalar(select(User).where(User.username == normal_username(username)))
    is_right = is_password(password, user.password if user else None)
    if user is None or not is_right or not user.active:
        nobody = Actor.system("login")
        log(session, nobody, "accounts.login_failed", f"account:{account_key(username)}")
        return None
    if user.must_change_password and _is_expired(user):
        raise OneTimePasswordExpired(user_id=user.id)
    attempt = session.get_one(LoginAttempt, attempt_id)
    attempt.succeeded = True
    # By name, else a password that was put in behind our back would be sealed by using it.
    subject: User | str = f"user_account:{user.id}"
    if is_outdated(user.password):
        user.password, subject = hash_password(password), user
    log(session, Actor(user.id, user.role, user.full_name), "accounts.logged_in", subject)
    return user


def _is_expired(user: User) -> bool:
    return user.password_set_at is None or (clock.now() - user.password_set_at > ONE_TIME_VALID_FOR)


def log_out(session: Session, actor: Actor) -> None:
    """End every session of the actor: the cookie that another device or a thief holds, too."""
    user = load(session, actor.user_id)
    end_sessions(user)
    log(session, actor, "accounts.logged_out", f"user_account:{user.id}")
