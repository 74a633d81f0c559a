"""Who may enter: login, the actor of a request, and the roles that each route declares."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app
from flask_security import RoleMixin, Security, UserMixin, current_user
from flask_security.datastore import SQLAlchemyUserDatastore
from werkzeug.wrappers import Response

from collector_app.accounts.models import User
from collector_app.core.actor import Actor, Role
from collector_app.web.extensions import db

Answer = str | Response | tuple[str, int]
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
    """Set up Flask-Security: user names, Argon2id, no self-registration."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the scheme
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": _username}}],
        SECURITY_USERNAME_ENABLE=True,
        SECURITY_JOIN_USER_ROLES=False,  # one role, a column
        SECURITY_REGISTERABLE=False,
        SECURITY_LOGIN_URL="/entrar",
        SECURITY_LOGOUT_URL="/salir",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/entrar",
        SECURITY_LOGIN_USER_TEMPLATE="accounts/login.html",
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_URL="/cambiar-contrasena",
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
    )
    datastore = SQLAlchemyUserDatastore(db, LoginUser, _OneRole)
    Security(app, datastore)


def _username(identity: str) -> str | None:
    name = identity.strip().lower()
    return name if 0 < len(name) <= 64 else None


def allow(*roles: Role | str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare who may call a view, and check it; a test walks every route for this mark.

    Anonymous people are sent to the login, wrong roles get 403.
    """

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if ANYBODY not in roles:
                if not current_user.is_authenticated:
                    return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
                if current_user.role not in roles:
                    abort(403)
            return view(*args, **kwargs)

        checked.allowed_roles = roles  # type: ignore[attr-defined]
        return checked

    return mark


def current_actor() -> Actor:
    """Return who acts in this request; only for views behind `allow`."""
    actor: Actor = current_user.actor
    return actor
