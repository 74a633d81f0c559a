"""The page of follow-up, and whom to visit in a zone."""

from flask import Blueprint, render_template, request

from collector_app.accounts.access import allow
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.follow_up import queries
from collector_app.follow_up.forms import NEVER, WantedFollowUp
from collector_app.follow_up.maps import heat_map
from collector_app.follow_up.rules import WINDOWS, heat, is_never, is_stale
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.maps import embed
from collector_app.web.pages import page_of_request
from collector_app.zones.queries import zones_on

bp = Blueprint("follow_up", __name__)

READERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
MOST_COLONIAS = 20


@bp.get("")
@allow(*READERS)
def overview() -> str:
    wanted = WantedFollowUp.of(request.args)
    today = clock.today(local_zone())
    page = queries.follow_up(db.session(), today, wanted.window_days, local_zone())
    colonias = heat(page.clients, lambda one: one.colonia)
    return render_template(
        "follow_up/overview.html",
        wanted=wanted,
        windows=WINDOWS,
        page=page,
        colonias=colonias[:MOST_COLONIAS],
        others=len(colonias[MOST_COLONIAS:]),
        map=embed(heat_map(page.clients, wanted.measure, by_colonia=wanted.by_colonia))
        if page.clients
        else None,
    )


@bp.get("/clientes")
@allow(*READERS)
def clients() -> str:
    """List the clients of a zone, or of all, whom nobody visited, ever or lately."""
    wanted = WantedFollowUp.of(request.args)
    today = clock.today(local_zone())
    page = queries.follow_up(db.session(), today, wanted.window_days, local_zone())
    found = [
        one
        for one in page.clients
        if wanted.zone_id in (None, one.zone_id)
        and (is_never(one) if wanted.listed == NEVER else is_stale(one, page.since))
    ]
    found.sort(key=lambda one: (-one.overdue_cents, one.id))
    shown = page_of_request(len(found))
    return render_template(
        "follow_up/clients.html",
        wanted=wanted,
        never=wanted.listed == NEVER,
        zones={zone.id: zone for zone in zones_on(db.session(), today)},
        clients=found[shown.offset : shown.offset + shown.size],
        list_page=shown,
    )
