"""The service worker of the phone, and the list of what it keeps for days without signal."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector_app.accounts.access import ANYBODY, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.offline.queries import stored_visits
from collector_app.offline.rules import IMPORTED, PICTURES, SCRIPTS, STYLES, build_of
from collector_app.phone.queries import Today, today_of
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.maps.chart import streets_below
from collector_app.web.static_files import content_hash, scripts_hash, static_folder

bp = Blueprint("offline", __name__)

SCOPE = "/phone/"
KEEPER = "Kept-For"  # header of a page: the id of the person whom it was made for
LIBRARY = "vendor/protomaps-leaflet/protomaps-leaflet.js"
MOST_ASKED = 50  # drafts that a phone asks about at once
PAGE_OF_OURS = re.compile(r"(/[a-z0-9_-]+)+")  # whole: no other host, no query


@bp.get("/sw.js")
@allow(ANYBODY)
def worker() -> Response:
    """Answer the service worker: who is logged out needs a newer one as much as anybody."""
    shell = list(_shell())
    start = {
        "build": build_of(shell),
        "shell": shell,
        "scripts": url_for("static", filename="", scripts=scripts_hash(static_folder())),
        "noCopy": url_for("offline.no_copy"),
        "locked": url_for("offline.locked"),
        "painter": url_for("offline.painter"),
        "beyond": url_for("offline.beyond"),
        "onlyWithSignal": url_for("offline.only_with_signal"),
    }
    script = (
        f"import {{ start }} from {json.dumps(_static('phone/offline/worker.js'))};\n"
        f"start({json.dumps(start)});\n"
    )
    answer = current_app.response_class(script, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = SCOPE
    return answer


@bp.get("/painter.js")
@allow(ANYBODY)
def painter() -> Response:
    """Answer the worker that paints the streets, in the scope: it starts without signal, too.

    The library is no module, and only a worker that is none can load it.
    """
    script = (
        f"importScripts({json.dumps(_static(LIBRARY))});\n"
        f"import({json.dumps(_static('maps/painter.js'))})"
        ".then(({ start }) => start(), () => postMessage({ lost: true }));\n"
    )
    return current_app.response_class(script, mimetype="text/javascript")


@bp.get("/app.webmanifest")
@allow(ANYBODY)
def manifest() -> Response:
    """Answer what a phone needs to put the application on its home screen."""
    icons = [
        {"src": _static(f"phone/icons/{name}.png"), "sizes": size, "type": "image/png"} | more
        for name, size, more in (
            ("icon-192", "192x192", {}),
            ("icon-512", "512x512", {}),
            ("maskable-512", "512x512", {"purpose": "maskable"}),
        )
    ]
    told = {
        "id": SCOPE,
        "name": _("La ruta del gestor"),
        "short_name": _("Mi ruta"),
        "lang": "es",
        "start_url": SCOPE,
        "scope": SCOPE,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f4f6f5",
        "theme_color": "#0a5549",
        "icons": icons,
    }
    answer = current_app.response_class(
        json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json"
    )
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/sin-copia")
@allow(ANYBODY)
def no_copy() -> str:
    """Show what is said without signal when a page was never opened; nothing personal."""
    return render_template("offline/no_copy.html")


@bp.get("/con-senal")
@allow(ANYBODY)
def only_with_signal() -> str:
    """Show what is said without signal instead of a page that is never kept; nothing personal."""
    return render_template("offline/only_with_signal.html")


@bp.get("/ir")
@allow(Role.COLLECTOR)
def beyond() -> Response:
    """Go on to a page outside of the phone's scope, which the service worker does not see.

    The way leads through its scope, so that without signal it can say so in the browser's stead.
    """
    asked = request.args.get("a", "")
    return redirect(asked if PAGE_OF_OURS.fullmatch(asked) else url_for("phone.today"))


@bp.app_template_global("from_phone")
def from_phone(url: str) -> str:
    """Return the address of a page of ours for a link on the phone; see `beyond`."""
    has_worker = current_user.is_authenticated and current_user.role == Role.COLLECTOR
    if not has_worker or url.startswith(SCOPE):
        return url
    return url_for("offline.beyond", a=url)


@bp.get("/bloqueado")
@allow(ANYBODY)
def locked() -> str:
    """Show what asks for the PIN of a phone; nothing personal, the phone has it on its disk."""
    return render_template("offline/locked.html")


@bp.get("/pin")
@allow(Role.COLLECTOR)
def pin() -> str:
    """Show where a PIN for this phone is chosen or changed; the office never hears of it."""
    return render_template("offline/pin.html")


@bp.get("/copias")
@allow(Role.COLLECTOR)
def copies() -> Response:
    """List what the phone should keep: pages of today and tomorrow, and the map of the city."""
    me, zone = current_actor().user_id or 0, local_zone()
    day = clock.today(zone)
    today = today_of(db.session(), me, day, zone)
    next_day = today_of(db.session(), me, day + timedelta(days=1), zone)
    pages = dict(_pages(today, day)) | dict(_pages_of_tomorrow(next_day, day))
    return jsonify(pages=pages, map=streets_below().get("url"))


@bp.get("/guardadas")
@allow(Role.COLLECTOR)
def stored() -> Response:
    """Tell which visits arrived, of those that the phone sent without hearing an answer."""
    asked = request.args.getlist("uuid")[:MOST_ASKED]
    known = stored_visits(db.session(), current_actor().user_id or 0, asked)
    return jsonify(stored=sorted(known))


@bp.after_app_request
def name_keeper(response: Response) -> Response:
    """Say whom a page of the phone was made for, so that its copy is shown to nobody else."""
    is_own = request.blueprint == bp.name and request.endpoint != "offline.pin"
    is_kept = request.path.startswith(SCOPE) and not is_own
    if is_kept and response.status_code == 200 and current_user.is_authenticated:
        response.headers[KEEPER] = str(current_user.id)
    return response


def _pages(today: Today | None, day: date) -> Iterator[tuple[str, str]]:
    """Yield the addresses to keep, each with a version that changes when its page may have."""
    states = [build_of([day.isoformat(), repr(stop)]) for stop in today.stops] if today else []
    whole = build_of([day.isoformat(), *states])
    yield url_for("phone.today"), whole
    for name in ("phone.outbox", "phone.receipts", "phone.contact", "playbook_phone.on_phone"):
        yield url_for(name), build_of([day.isoformat()])
    if today is None:
        return
    yield url_for("phone.today", ver="all"), whole
    for name in _known("phone.map", "phone.directions"):
        yield url_for(name), whole
    for stop, state in zip(today.stops, states, strict=True):
        for name in _known("phone.stop", "phone.record", "phone.way_to_stop"):
            yield url_for(name, stop_id=stop.id), state


def _pages_of_tomorrow(next_day: Today | None, day: date) -> Iterator[tuple[str, str]]:
    """Yield the pages that hold nothing of a day, and those of tomorrow's stops."""
    states = [build_of([repr(stop)]) for stop in next_day.stops] if next_day else []
    whole = build_of([day.isoformat(), *states])
    for name in _known(
        "day_package.tomorrow", "day_package.change", "day_package.ready", "offline.pin"
    ):
        yield url_for(name), whole
    for stop, state in zip(next_day.stops if next_day else (), states, strict=True):
        for name in _known("phone.stop", "phone.record"):
            yield url_for(name, stop_id=stop.id), state


def _known(*names: str) -> list[str]:
    return [name for name in names if name in current_app.view_functions]


def _shell() -> Iterator[str]:
    """Yield the addresses of the files that the phone's pages load."""
    folder = static_folder()
    scripts = scripts_hash(folder)
    for name in (*STYLES, *SCRIPTS, *PICTURES):
        if content_hash(folder / name):
            yield _static(name)
    for name in IMPORTED:
        yield url_for("static", filename=name, scripts=scripts)
    yield painter_url()
    yield url_for("offline.no_copy", v=scripts)
    yield url_for("offline.only_with_signal", v=scripts)
    yield url_for("offline.locked", v=scripts)


@bp.app_template_global()
def painter_url() -> str:
    """Return the address of the worker that paints the streets, another one for each version."""
    return url_for("offline.painter", v=scripts_hash(static_folder()))


def _static(name: str) -> str:
    return url_for("static", filename=name)
