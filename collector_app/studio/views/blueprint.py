"""The blueprint of the studio, and who may do what in it."""

from pathlib import Path

from flask import Blueprint, current_app

from collector_app.city.packs import streets_in_use
from collector_app.core.actor import Role
from routing.travel.streets.pack import Pack

bp = Blueprint("studio", __name__)

EDITORS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
PUBLISHERS = (Role.DISPATCHER, Role.ADMIN)


def streets() -> Pack | None:
    """Return the streets of the city in use."""
    return streets_in_use(Path(current_app.instance_path), current_app.config["CITY"])
