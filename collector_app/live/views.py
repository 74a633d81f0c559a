"""The board of today."""

from typing import Any

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.live import maps, services
from collector_app.live.forms import NoteForm
from collector_app.live.queries import live_version, shown_alerts, shown_today
from collector_app.live.rules import StopState
from collector_app.live.snapshots import Snapshot, Snapshots
from collector_app.live.wording import sentence
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.maps import MapParts
from collector_app.web.streams import Bulletin, stream
from collector_app.zones.queries import zones_on

bp = Blueprint("live", __name__)

DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
PLANNERS = (Role.DISPATCHER, Role.ADMIN)


@bp.get("")
@allow(*DESK)
def board() -> str:
    shown = _snapshot()
    today = shown.today

    def chart() -> MapParts:
        return maps.today_map(today, zones_on(db.session(), today.day))

    return render_template(
        "live/board.html",
        map=_shared().maps.of((today.day, today.version), chart),
        looks={state: maps.LOOKS[state] for state in StopState},
        **_parts(shown, seen=today.newest_visit_id),
    )


@bp.get("/vivo")
@allow(*DESK)
def news() -> str | Response:
    shown = _snapshot()
    if request.args.get("version") == shown.today.version:
        return Response(status=204)  # nothing new: htmx leaves the page as it is
    seen = request.args.get("seen", default=0, type=int)
    return render_template("live/_news.html", **_parts(shown, seen=seen))


@bp.get("/eventos")
@allow(*DESK)
def events() -> Response:
    """Tell the page when something changed; see `web.streams` for how many may listen."""
    seen = request.headers.get("Last-Event-ID") or request.args.get("version", "")
    return stream(_bulletin(), seen)


@bp.get("/mapa.json")
@allow(*DESK)
def map_news() -> Response:
    today, shared = _snapshot().today, _shared()

    def told() -> bytes:
        return maps.live_answer(today, shared.stops)

    data = shared.news.of((today.day, today.version), told)
    return Response(data, mimetype="application/json")


@bp.post("/avisos")
@allow(*DESK)
def acknowledge() -> Answer:
    form = NoteForm()
    if not form.validate_on_submit():
        flash(_("Ese aviso ya no es el mismo: mira la lista otra vez."), "warn")
    else:
        today = clock.today(local_zone())
        with transaction() as session:
            services.acknowledge_alert(session, current_actor(), today, form.key(), form.note.data)
    return redirect(url_for(".board") + "#alerts", code=303)


def _parts(shown: Snapshot, seen: int) -> dict[str, Any]:
    return {
        "today": shown.today,
        "alerts": shown.alerts,
        "sentence": sentence,
        "may_plan": current_actor().role in PLANNERS,
        "seen": seen,
    }


def _snapshot() -> Snapshot:
    """Return the board as of now; who looks at the same version shares one."""
    zone = local_zone()
    day, session = clock.today(zone), db.session()
    version = live_version(session)  # before the rest: what is read is of this version or newer

    def read() -> Snapshot:
        today = shown_today(session, day, zone)
        return Snapshot(today, tuple(shown_alerts(session, today, zone)))

    return _shared().boards.of((day, version), read)


def _shared() -> Snapshots:
    shared: Snapshots = current_app.extensions.setdefault("live_snapshots", Snapshots())
    return shared


def _bulletin() -> Bulletin:
    """Return what all streams of this process share."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    shared: Bulletin = app.extensions.setdefault("live_bulletin", Bulletin(lambda: _version(app)))
    return shared


def _version(app: Flask) -> str:
    """Read the version outside of any request: streams hold no connection while they wait."""
    with app.app_context():
        return live_version(db.session())
