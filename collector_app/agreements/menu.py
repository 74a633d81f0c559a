"""What the menu says of agreements."""

from flask_login import current_user

from collector_app.agreements.queries import requests_waiting
from collector_app.core.actor import Role
from collector_app.web.extensions import db


def requests_in_menu() -> int:
    """Return how many requests wait for a decision, for those who decide."""
    decides = getattr(current_user, "role", None) in (Role.SUPERVISOR, Role.ADMIN)
    return requests_waiting(db.session()) if decides else 0
