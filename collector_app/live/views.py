"""The supervisor's desk."""

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.live import maps
from collector_app.live.queries import Today, live_version, today_board
from collector_app.live.rules import StopState
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.zones.queries import zones_on

bp = Blueprint("live", __name__)

DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
PLANNERS = (Role.DISPATCHER, Role.ADMIN)


@bp.get("")
@allow(*DESK)
def board() -> str:
    today = _today()
    return render_template(
        "live/board.html",
        today=today,
        map=maps.today_map(today, zones_on(db.session(), today.day)),
        looks={state: maps.LOOKS[state] for state in StopState},
        may_plan=current_actor().role in PLANNERS,
        seen=today.newest_visit_id,
    )


@bp.get("/vivo")
@allow(*DESK)
def news() -> str | Response:
    if request.args.get("version") == live_version(db.session()):
        return Response(status=204)  # nothing new: htmx leaves the page as it is
    seen = request.args.get("seen", default=0, type=int)
    return render_template(
        "live/_news.html",
        today=_today(),
        seen=seen,
        may_plan=current_actor().role in PLANNERS,
    )


@bp.get("/mapa.json")
@allow(*DESK)
def map_news() -> Response:
    return jsonify(maps.live_answer(_today()))


def _today() -> Today:
    zone = local_zone()
    return today_board(db.session(), clock.today(zone), zone)
