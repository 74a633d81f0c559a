"""Where each person lands after logging in."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.core.actor import Role

bp = Blueprint("accounts", __name__)

HOME = {
    Role.COLLECTOR: "/phone/",
    Role.SUPERVISOR: "/tablero",
    Role.DISPATCHER: "/planes",
    Role.ADMIN: "/tablero",
}


@bp.get("/")
@allow(*HOME)
def home() -> Response:
    """Send each role to its first page."""
    return redirect(HOME[current_actor().role])
