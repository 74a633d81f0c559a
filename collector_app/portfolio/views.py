"""Cartera: the list of clients, and one client."""

from dataclasses import asdict

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.audit.downloads import hand_out
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.core.geojson import feature, point
from collector_app.portfolio import queries
from collector_app.portfolio.forms import VisitPlaceForm
from collector_app.portfolio.queries import ClientFilter
from collector_app.portfolio.rules import ClientKind, LocationQuality
from collector_app.portfolio.services import tell_visit_place
from collector_app.web.downloads import dated
from collector_app.web.extensions import db, transaction
from collector_app.web.pages import page_of_request
from collector_app.web.words import label

bp = Blueprint("portfolio", __name__)

OFFICE_ROLES = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("")
@allow(*OFFICE_ROLES)
def clients() -> str:
    session, wanted = db.session(), _asked_filter()
    page = page_of_request(queries.client_count(session, wanted))
    return render_template(
        "portfolio/clients.html",
        clients=queries.client_list(session, wanted, offset=page.offset, limit=page.size),
        page=page,
        wanted=wanted,
        kinds=tuple(ClientKind),
        municipalities=queries.municipalities(session),
        client_count=queries.client_count(session),
        unlocated_count=queries.client_count(session, ClientFilter(is_located=False)),
    )


@bp.get("/lista.<any(xlsx, csv, geojson):kind>")
@allow(*OFFICE_ROLES)
def clients_file(kind: str) -> Response:
    """Hand out the clients that the list shows, all pages of it."""
    rows = queries.client_list(db.session(), _asked_filter())
    columns = {
        "external_id": _("Número"),
        "name": _("Nombre"),
        "kind": _("Tipo"),
        "phone": _("Teléfono"),
        "address": _("Domicilio"),
        "neighbourhood": _("Colonia"),
        "municipality": _("Municipio"),
        "lat": _("Latitud"),
        "lon": _("Longitud"),
        "location_quality": _("Ubicación"),
    }
    words = {one: label(one) for kind_ in (ClientKind, LocationQuality) for one in kind_}
    lines = [
        {name: words.get(value, value) for name, value in asdict(row).items() if name in columns}
        for row in rows
    ]
    features = (
        feature(row.id, point(row.lat, row.lon), line)
        for row, line in zip(rows, lines, strict=True)
    )
    return hand_out(current_actor(), dated("cartera"), kind, columns, lines, features)


@bp.get("/<int:client_id>")
@allow(*OFFICE_ROLES)
def client(client_id: int) -> str:
    found, form = _client(client_id), VisitPlaceForm()
    form.offer()
    form.show(found.place)
    return render_template("portfolio/client.html", client=found, form=form)


@bp.post("/<int:client_id>/lugar")
@allow(*OFFICE_ROLES)
def tell_place(client_id: int) -> Answer:
    """Keep what kind of place the client is visited at."""
    found, form = _client(client_id), VisitPlaceForm()
    form.offer()
    if not form.validate_on_submit():
        return render_template("portfolio/client.html", client=found, form=form), 422
    with transaction() as session:
        is_news = tell_visit_place(
            session,
            current_actor(),
            client_id,
            form.kind(),
            is_authorised=bool(form.is_authorised.data),
            origin=form.told_origin(),
        )
    flash(_("Lugar de visita guardado.") if is_news else _("Ya se sabía así."), "good")
    return redirect(url_for(".client", client_id=client_id), code=303)


def _client(client_id: int) -> queries.ClientFile:
    found = queries.client_file(db.session(), client_id)
    if found is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    return found


def _asked_filter() -> ClientFilter:
    located = {"si": True, "no": False}.get(request.args.get("ubicacion", ""))
    kind = request.args.get("tipo", "")
    return ClientFilter(
        search=request.args.get("q", ""),
        municipality=request.args.get("municipio", ""),
        kind=ClientKind(kind) if kind in list(ClientKind) else None,
        is_located=located,
    )
