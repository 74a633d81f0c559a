"""What the phone fetches to work without signal, and the pages that it fills from it."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from collector_app.accounts.access import ANYBODY, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.day_package.cursor import changed_since, with_cursor
from collector_app.day_package.description import phone_api
from collector_app.day_package.package import Json, package_of, stamped, tag_of
from collector_app.day_package.queries import packed_day
from collector_app.day_package.rides import ride_rows
from collector_app.phone.queries import today_of
from collector_app.planning.travel_times import travel_settings
from collector_app.sync.access import by_token, current_caller
from collector_app.sync.locking import demand_open_login
from collector_app.sync.refusals import refuse_as_agreed
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone

bp = Blueprint("day_package", __name__)
api = refuse_as_agreed(Blueprint("day_package_api", __name__))

SERVER_TIME = "Server-Time"  # header: epoch seconds, so that the phone knows how wrong its clock is


@api.get("/day")
@by_token()
def day() -> Response:
    """Answer the routes of a phone's collector of today and tomorrow; 304 when nothing changed.

    A phone that tells its ``cursor`` gets only what changed since. The token alone, which lies open
    on the phone, is given nothing: its collector must be logged in there, with the phone unlocked.
    """
    demand_open_login(current_caller().actor.user_id)
    now = clock.now()
    package = _package(current_caller().actor.user_id or 0, local_zone())
    cursor = request.args.get("cursor")
    told = with_cursor(package) if cursor is None else changed_since(package, cursor)
    answer = jsonify(stamped(told, now))
    answer.set_etag(tag_of(package))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers[SERVER_TIME] = f"{now.timestamp():.3f}"
    return answer.make_conditional(request)


@api.get("/openapi.json")
@allow(ANYBODY)
def description() -> Response:
    """Describe the phone's API; nothing of anybody stands in it."""
    return jsonify(phone_api(url_for(".description").rpartition("/")[0]))


@bp.get("/cambiar")
@allow(Role.COLLECTOR)
def change() -> str:
    """Show the page on which the phone orders the day anew; it holds nothing of anybody."""
    return render_template("day_package/change.html")


@bp.get("/listo")
@allow(Role.COLLECTOR)
def ready() -> str:
    """Show what must be on the phone before its collector leaves; the phone looks for itself."""
    return render_template("day_package/ready.html")


@bp.get("/manana")
@allow(Role.COLLECTOR)
def tomorrow() -> str:
    """Show the route of tomorrow."""
    zone = local_zone()
    on = clock.today(zone) + timedelta(days=1)
    found = today_of(db.session(), current_actor().user_id or 0, on, zone)
    return render_template("day_package/tomorrow.html", found=found)


def _package(me: int, zone: ZoneInfo) -> Json:
    settings = travel_settings(current_app.config, Path(current_app.instance_path))
    today = clock.today(zone)
    found = (packed_day(db.session(), me, one, zone) for one in (today, today + timedelta(days=1)))
    days = [(one, ride_rows(one, settings)) for one in found if one is not None]
    return package_of(days, me, zone)
