"""The streets of the city in use."""

from pathlib import Path

from flask import current_app

from collector_app.city.packs import streets_in_use
from routing.travel.streets.pack import Pack


def streets() -> Pack | None:
    """Return the streets of the city in use, None without one."""
    return streets_in_use(Path(current_app.instance_path), current_app.config["CITY"])
