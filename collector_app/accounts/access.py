"""Who may enter: login, the actor of a request, and the roles that each route declares."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, jsonify, make_response, redirect, request, session, url_for
from flask_security import RoleMixin, Security, UserMixin, current_user, login_user, logout_user
from flask_security.datastore import SQLAlchemyUserDatastore
from werkzeug.wrappers import Response

from collector_app.accounts.models import User
from collector_app.accounts.rules import normal_username
from collector_app.core.actor import Actor, Role
from collector_app.web.extensions import db, wants_json
from collector_app.web.pages import is_same_origin

Answer = str | Response | tuple[str, int]
# What people with a one-time password may do before they have chosen their own.
WHILE_CHANGING = ("accounts.change_password", "accounts.save_password", "accounts.logout")
ANYBODY = "anybody"  # marks the few routes that need no login


class LoginUser(UserMixin, User):  # type: ignore[misc]  # the mixin has no types
    """A `User` with what Flask-Security asks of it; only the web layer knows this class."""

    @property
    def roles(self) -> list["_OneRole"]:
        """Return the one role in the shape that Flask-Security reads."""
        return [_OneRole(self.role)]

    @property
    def actor(self) -> Actor:
        """Return the actor that services are told."""
        return Actor(user_id=self.id, role=self.role, name=self.full_name)


class _OneRole(RoleMixin):  # type: ignore[misc]  # the mixin has no types
    """A role as Flask-Security knows it; roles are an enum of the code, not a table."""

    def __init__(self, role: Role) -> None:
        self.name = role.value
        self.permissions: list[str] = []


def register_login(app: Flask) -> None:
    """Set up Flask-Security for sessions; the pages are our own, so that every route is declared.

    Its blueprint is left out: it would bring views, texts and commits of its own.
    """
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the scheme
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": normal_username}}],
        SECURITY_JOIN_USER_ROLES=False,  # one role, a column
        SECURITY_REGISTERABLE=False,
    )
    datastore = SQLAlchemyUserDatastore(db, LoginUser, _OneRole)
    Security(app, datastore, register_blueprint=False)


def enter(user_id: int) -> None:
    """Begin the session of a person in this browser; nothing of an earlier session stays.

    Flask keeps sessions in a signed cookie, so there is no session id that somebody could have
    planted; clearing it also drops the CSRF token of the time before.
    """
    session.clear()
    session.permanent = True
    login_user(db.session.get(LoginUser, user_id), remember=False)


def leave() -> None:
    """End the session in this browser."""
    logout_user()
    session.clear()


def allow(*roles: Role | str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare who may call a view, and check it; a test walks every route for this mark.

    Anonymous people are sent to the login, wrong roles get 403.
    """

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if ANYBODY not in roles:
                if not current_user.is_authenticated:
                    return _send_to_login()
                if current_user.role not in roles:
                    abort(403)
                if current_user.must_change_password and request.endpoint not in WHILE_CHANGING:
                    return redirect(url_for("accounts.change_password"))
            return view(*args, **kwargs)

        checked.allowed_roles = roles  # type: ignore[attr-defined]
        return checked

    return mark


def _send_to_login() -> Response:
    """Answer people who are not logged in, in the way their browser's request can follow."""
    if wants_json():
        return make_response(jsonify(error={"code": "login_needed"}), 401)
    if "HX-Request" in request.headers:  # htmx would put the login page into a part of this page
        return Response(status=401, headers={"HX-Redirect": _login_url(_page_of_htmx())})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(_login_url(wanted))


def _page_of_htmx() -> str:
    """Return the path of the page that htmx asks from; empty when it tells nothing of ours."""
    try:
        path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:  # not an address at all
        return ""
    return path if is_same_origin(path) else ""


def _login_url(wanted: str) -> str:
    is_worth_keeping = wanted not in ("", "/")
    return url_for("accounts.login", next=wanted if is_worth_keeping else None)


def current_actor() -> Actor:
    """Return who acts in this request; only for views behind `allow`."""
    actor: Actor = current_user.actor
    return actor
