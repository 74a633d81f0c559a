"""The page of follow-up, and whom to visit in a zone."""

from flask import Blueprint, render_template, request

from collector_app.accounts.access import allow
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.figures.keeping import kept
from collector_app.follow_up import queries
from collector_app.follow_up.forms import NEVER, WantedFollowUp
from collector_app.follow_up.maps import heat_map
from collector_app.follow_up.rules import WINDOWS
from collector_app.portfolio.queries import client_cards
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
    zone = local_zone()
    page = kept(queries.follow_up, clock.today(zone), wanted.window_days, zone)
    return render_template(
        "follow_up/overview.html",
        wanted=wanted,
        windows=WINDOWS,
        page=page,
        colonias=page.colonias[:MOST_COLONIAS],
        others=len(page.colonias[MOST_COLONIAS:]),
        map=embed(heat_map(page, wanted.measure, by_colonia=wanted.by_colonia))
        if page.corners
        else None,
    )


@bp.get("/clientes")
@allow(*READERS)
def clients() -> str:
    """List the clients of a zone, or of all, whom nobody visited, ever or lately."""
    wanted = WantedFollowUp.of(request.args)
    session, zone = db.session(), local_zone()
    today = clock.today(zone)
    found = [
        one
        for one in kept(queries.not_visited, today, wanted.window_days, zone)
        if wanted.zone_id in (None, one.zone_id)
        and (one.visited_on is None) == (wanted.listed == NEVER)
    ]
    page = page_of_request(len(found))
    shown = found[page.offset : page.offset + page.size]
    return render_template(
        "follow_up/clients.html",
        wanted=wanted,
        never=wanted.listed == NEVER,
        zones={one.id: one for one in zones_on(session, today)},
        clients=shown,
        cards=client_cards(session, [one.client_id for one in shown]),
        list_page=page,
    )
