"""The supervisor's desk."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.reports.maps import live_dots, today_map
from collector_app.reports.queries import live_version, today_board
from collector_app.reports.rules import StopState
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.zones.queries import zones_on

bp = Blueprint("reports", __name__)

DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("/")
@allow(*DESK)
def dashboard() -> str:
    zone = local_zone()
    day = clock.today(zone)
    today = today_board(db.session(), day, zone)
    return render_template(
        "reports/dashboard.html",
        map=today_map(today, zones_on(db.session(), day)),
        may_plan=current_actor().role in (Role.DISPATCHER, Role.ADMIN),
        states=StopState,
        today=today,
        dots=live_dots(today),
        seen=today.newest_visit_id,
    )


@bp.get("/vivo")
@allow(*DESK)
def live() -> str | Response:
    if request.args.get("version") == live_version(db.session()):
        return Response(status=204)  # nothing new: htmx leaves the page as it is
    zone = local_zone()
    today = today_board(db.session(), clock.today(zone), zone)
    seen = request.args.get("seen", default=0, type=int)
    return render_template("reports/_live.html", today=today, dots=live_dots(today), seen=seen)
