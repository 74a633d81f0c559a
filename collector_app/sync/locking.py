"""A login on a phone with a PIN: the office answers it only while the phone is unlocked.

The login remembers the public key that lies before the PIN. From then on everything that a
collector may open is refused until the phone proves that it holds the private key, and again some
minutes later. What waits in the outbox is sent all the same: it goes by the phone's token, which
is told nothing.
"""

import secrets
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, make_response, render_template, request, session
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.storage import OnceOnly
from collector_app.sync.rules import PhoneLocked
from collector_app.web.extensions import wants_json

OPEN_FOR = timedelta(
    minutes=10
)  # a phone in use proves anew before; as long as vault/idle.js waits
ANSWER_WITHIN = timedelta(minutes=2)
WHILE_LOCKED = (
    "accounts.logout",
    "phone_lock.state",
    "phone_lock.bind",
    "phone_lock.open_pages",
    "phone_lock.shut_pages",
)
_COOKIE = "phone_unlocked"
_KEY = "phone_key"


def register_lock(app: Flask) -> None:
    """Refuse what a locked phone asks for, and let pages say whether their login has a key."""
    app.before_request(_refuse_while_locked)
    app.jinja_env.globals["is_phone_bound"] = lambda: bound_key() is not None


def bound_key() -> str | None:
    """Return the public key to which this login belongs, base64url, if a phone gave it one."""
    key: str | None = session.get(_KEY)
    return key


def bind_login(key: str) -> None:
    """Let this login belong to a key for as long as it lives.

    Raises
    ------
    PhoneLocked
        When it belongs to another: whoever has the cookie can't give it a key of their own.
    """
    if bound_key() not in (None, key):
        message = "this login belongs to another key"
        raise PhoneLocked(message)
    session[_KEY] = key


def is_locked() -> bool:
    """Tell whether this login belongs to a phone that has not proved lately to be unlocked."""
    key = bound_key()
    return key is not None and not _is_fresh(request.cookies.get(_COOKIE, ""), "open", key)


def demand_open_login(user_id: int | None) -> None:
    """Let a request by token go on only for who is logged in, on an unlocked phone.

    Raises
    ------
    PhoneLocked
        When nobody is logged in, or somebody else, or the phone is locked.
    """
    if not current_user.is_authenticated or current_user.id != user_id or is_locked():
        message = "no open login of the collector of this phone"
        raise PhoneLocked(message)


def new_challenge() -> str:
    """Return what a phone has to answer to be unlocked."""
    return _signed("challenge", secrets.token_hex(8), ANSWER_WITHIN)


def is_own_challenge(challenge: str) -> bool:
    """Tell whether a challenge was made for this login, and just now."""
    return _is_fresh(challenge, "challenge", None)


def spend(challenge: str) -> bool:
    """Let a challenge be answered no more; false when it was answered before."""
    folder = Path(current_app.instance_path) / "answered"
    return OnceOnly(folder, 2 * ANSWER_WITHIN).use(challenge)


def unlock(answer: Response, key: str) -> Response:
    """Let this login be answered for some minutes."""
    answer.set_cookie(
        _COOKIE,
        _signed("open", key, OPEN_FOR),
        max_age=OPEN_FOR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def lock(answer: Response) -> Response:
    """Let this login be answered no more until the next proof."""
    answer.delete_cookie(_COOKIE)
    return answer


def _refuse_while_locked() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if Role.COLLECTOR not in getattr(view, "allowed_roles", ()):
        return None
    if request.endpoint in WHILE_LOCKED or not is_locked():
        return None
    if wants_json() or request.blueprint == "sync_api":
        message = "the phone of this login is locked"
        raise PhoneLocked(message)
    page = render_template("offline/locked.html", by_office=True)
    answer = make_response(page, HTTPStatus.FORBIDDEN)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="phone lock")


def _signed(purpose: str, key: str, lives: timedelta) -> str:
    until = (clock.now() + lives).timestamp()
    told = _serializer().dumps([purpose, session.get("_user_id"), key, until])
    return told if isinstance(told, str) else told.decode()


def _is_fresh(text: str, purpose: str, key: str | None) -> bool:
    try:
        told, who, of_key, until = _serializer().loads(text)
    except (BadSignature, ValueError, TypeError):
        return False
    is_meant = (told, who) == (purpose, session.get("_user_id")) and key in (None, of_key)
    return is_meant and bool(clock.now().timestamp() < until)
