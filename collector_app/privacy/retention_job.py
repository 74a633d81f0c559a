"""The durable job that lets go of data whose time is over, once a day."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.jobs import Recurring, Report
from collector_app.privacy.erased_files import delete_erased_files, delete_untold_pictures
from collector_app.privacy.services import apply_retention
from collector_app.web.extensions import transaction
from collector_app.web.filters import local_zone

KIND = "retention"
# Nine hours after midnight UTC people of Mexico sleep.
DAILY = Recurring(KIND, every=timedelta(days=1), after=timedelta(hours=9))


def run_retention(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Erase everybody whose time is over and who owes nothing; says how many, and how many wait."""
    del arguments
    report(0.1, str(_("Buscando datos con el plazo vencido")))
    with transaction() as session:
        erased = apply_retention(
            session, Actor.system(KIND), day=clock.today(local_zone()), zone=local_zone()
        )
    delete_erased_files()
    untold = delete_untold_pictures()
    return {"erased": erased.count, "owing": erased.owing, "untold": untold, "next_url": "/datos"}
