"""The page of follow-up, and whom to visit in a zone."""

from flask import Blueprint, Response, render_template, request

from collector_app.accounts.access import allow, current_actor
from collector_app.audit.downloads import hand_out
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.geojson import area, feature, point
from collector_app.figures.keeping import kept
from collector_app.follow_up import files, queries
from collector_app.follow_up.forms import NEVER, WantedFollowUp
from collector_app.follow_up.maps import heat_map
from collector_app.follow_up.rules import WINDOWS
from collector_app.payments.money_shown import MoneyShown, money_shown
from collector_app.portfolio.queries import client_cards
from collector_app.web.downloads import dated
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
    wanted, money = WantedFollowUp.of(request.args), _money()
    page = _follow_up(wanted, money)
    return render_template(
        "follow_up/overview.html",
        wanted=wanted,
        windows=WINDOWS,
        page=page,
        colonias=page.colonias[:MOST_COLONIAS],
        others=len(page.colonias[MOST_COLONIAS:]),
        map=embed(heat_map(page, wanted.measure, money.currency, by_colonia=wanted.by_colonia))
        if page.corners
        else None,
        money=money,
    )


@bp.get("/zonas.<any(xlsx, csv):kind>")
@allow(*READERS)
def zones_file(kind: str) -> Response:
    """Hand out how each zone is covered."""
    money = _money()
    zones = _follow_up(WantedFollowUp.of(request.args), money).zones
    lines = [files.zone_line(one, money.currency) for one in zones]
    return hand_out(current_actor(), dated("zonas"), kind, files.zone_columns(), lines)


@bp.get("/colonias.<any(xlsx, csv, geojson):kind>")
@allow(*READERS)
def colonias_file(kind: str) -> Response:
    """Hand out the money of every colonia; on a map, with the line around its clients."""
    money = _money()
    page = _follow_up(WantedFollowUp.of(request.args), money)
    lines = [files.colonia_line(one, money.currency) for one in page.colonias]
    features = (
        feature(number, area(page.outlines[one.place]), line)
        for number, (one, line) in enumerate(zip(page.colonias, lines, strict=True), start=1)
    )
    columns = files.colonia_columns()
    return hand_out(current_actor(), dated("colonias"), kind, columns, lines, features)


@bp.get("/clientes")
@allow(*READERS)
def clients() -> str:
    """List the clients of a zone, or of all, whom nobody visited, ever or lately."""
    wanted = WantedFollowUp.of(request.args)
    session, today = db.session(), clock.today(local_zone())
    found = _not_visited(wanted)
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


@bp.get("/clientes/lista.<any(xlsx, csv, geojson):kind>")
@allow(*READERS)
def clients_file(kind: str) -> Response:
    """Hand out the clients that the list shows, all pages of it."""
    session, found = db.session(), _not_visited(WantedFollowUp.of(request.args))
    names = {one.id: one.name for one in zones_on(session, clock.today(local_zone()))}
    cards = client_cards(session, [one.client_id for one in found])
    lines = [
        files.client_line(one, cards[one.client_id], names.get(one.zone_id or 0)) for one in found
    ]
    features = (
        feature(one.client_id, point(cards[one.client_id].lat, cards[one.client_id].lon), line)
        for one, line in zip(found, lines, strict=True)
    )
    name, columns = dated("sin-visita"), files.client_columns()
    return hand_out(current_actor(), name, kind, columns, lines, features)


def _money() -> MoneyShown:
    return money_shown(request.args, clock.today(local_zone()), local_zone())


def _follow_up(wanted: WantedFollowUp, money: MoneyShown) -> queries.FollowUp:
    zone = local_zone()
    return kept(queries.follow_up, clock.today(zone), wanted.window_days, zone, money.asked)


def _not_visited(wanted: WantedFollowUp) -> list[queries.NotVisited]:
    zone = local_zone()
    return [
        one
        for one in kept(queries.not_visited, clock.today(zone), wanted.window_days, zone)
        if wanted.zone_id in (None, one.zone_id)
        and (one.visited_on is None) == (wanted.listed == NEVER)
    ]
