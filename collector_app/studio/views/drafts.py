"""Drafts of zones: edited on the map or beside it, compared, published."""

from uuid import uuid4

from flask import (
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock, jobs
from collector_app.core.edits import check_version
from collector_app.core.errors import RuleBroken, StaleData
from collector_app.studio import maps, queries, services
from collector_app.studio.comparison import side_by_side
from collector_app.studio.edit_job import KIND, DivisionOrder
from collector_app.studio.editing import crosses_itself
from collector_app.studio.figures import far_starts, measure
from collector_app.studio.forms import (
    BeginForm,
    EditForm,
    PublishForm,
    WantedClients,
    WantedEdit,
)
from collector_app.studio.grounds import Land
from collector_app.studio.outlines import proposed_zones
from collector_app.studio.queries import NO_ZONE, DraftPage
from collector_app.studio.rules import (
    Division,
    RedrawZone,
    division_as_json,
    is_division,
    kind_of,
    takes_long,
)
from collector_app.studio.streets import streets
from collector_app.studio.views.blueprint import EDITORS, PUBLISHERS, bp
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.maps import embed
from collector_app.web.pages import page_of_request
from collector_app.web.words import label, message
from collector_app.zones.maps import board_map, proposal_map
from collector_app.zones.queries import collectors, owners, zone_board
from collector_app.zones.rules import BadZoneCount


@bp.get("")
@allow(*EDITORS)
def drafts() -> str:
    return _drafts_page(BeginForm(formdata=None, name=_("Ajustes a las zonas de hoy")))


@bp.post("")
@allow(*EDITORS)
def begin() -> Answer:
    form = BeginForm()
    if not form.validate_on_submit():
        return _drafts_page(form), 422
    with transaction() as session:
        draft = services.begin_from_today(
            session, current_actor(), form.to_command(), clock.today(local_zone()), local_zone()
        )
        draft_id = draft.id
    return redirect(url_for(".draft", draft_id=draft_id), 303)


@bp.post("/de-propuesta/<int:proposal_id>")
@allow(*EDITORS)
def begin_from_proposal(proposal_id: int) -> Response:
    today = clock.today(local_zone())
    with transaction() as session:
        draft = services.begin_from_proposal(
            session, current_actor(), proposal_id, today, local_zone()
        )
        draft_id = draft.id
    return redirect(url_for(".draft", draft_id=draft_id), 303)


@bp.get("/<int:draft_id>")
@allow(*EDITORS)
def draft(draft_id: int) -> str:
    page = queries.draft_page(db.session(), draft_id)
    return render_template(
        "studio/draft.html", map=embed(maps.studio_map(page)), **_panel(page), **_publishing(page)
    )


@bp.post("/<int:draft_id>/cambios")
@allow(*EDITORS)
def edit(draft_id: int) -> Answer:
    """Follow an order; htmx gets the panel with the new figures, others the whole page again."""
    status, said, wrong = 200, "", ""
    form = EditForm()
    try:
        if form.validate_on_submit():
            wanted = form.to_command()
            if division := _long_division(draft_id, wanted):
                return _go_to(_enqueued(draft_id, wanted, division))
            land = _land()
            with transaction() as session:
                services.edit_draft(
                    session,
                    current_actor(),
                    draft_id,
                    wanted.seen,
                    wanted.order,
                    wanted.note,
                    land=land,
                )
        else:
            status, wrong = 422, " ".join(str(one) for all_ in form.errors.values() for one in all_)
    except (RuleBroken, StaleData, BadZoneCount) as error:
        status, wrong = error.status, message(error.code, error.facts)
    page = queries.draft_page(db.session(), draft_id)
    if not wrong:
        said = maps.said_of(page.edits[0])
        if isinstance(wanted.order, RedrawZone) and crosses_itself(wanted.order.ring):
            said += ". " + _("El lazo se cruza a sí mismo: se tomó el área que encierra. Revísala.")
    if "HX-Request" in request.headers:
        return render_template("studio/_panel.html", **_panel(page, said, wrong)), status
    flash(wrong or said, "bad" if wrong else "good")
    return redirect(url_for(".draft", draft_id=draft_id), 303)


@bp.get("/<int:draft_id>/comparar")
@allow(*EDITORS)
def compare(draft_id: int) -> str:
    """Show the draft beside the zones in force, collector by collector."""
    session, today, land = db.session(), clock.today(local_zone()), _land()
    page = queries.draft_page(session, draft_id)
    board = zone_board(session, today)
    now = {client: owner.collector_id for client, owner in owners(session, today).items()}
    zones = [zone for _key, zone in proposed_zones(page.state, page.places, land)]
    return render_template(
        "studio/comparison.html",
        page=page,
        board=board,
        figures=measure(page.state, page.start, page.places, land),
        sides=side_by_side(
            page.places,
            now,
            page.state.collector_of(),
            collectors(session),
            {who: one.month_h for who, one in land.strengths.items()},
        ),
        before=embed(board_map(board)),
        after=embed(proposal_map(zones, board)),
    )


@bp.get("/<int:draft_id>/clientes")
@allow(*EDITORS)
def clients(draft_id: int) -> str:
    """List the clients of a draft, to choose from with the keyboard."""
    page = queries.draft_page(db.session(), draft_id)
    wanted = WantedClients.of(request.args)
    chosen = queries.choose_clients(
        db.session(), page, wanted.zone, wanted.neighbourhood, wanted.search, wanted.cell
    )
    shown = page_of_request(len(chosen.rows))
    return render_template(
        "studio/clients.html",
        page=page,
        zones=page.state.zones,
        wanted=wanted,
        no_zone=NO_ZONE,
        neighbourhoods=chosen.neighbourhoods,
        clients=chosen.rows[shown.offset : shown.offset + shown.size],
        everybody=[row.client.id for row in chosen.rows],
        list_page=shown,
    )


@bp.post("/<int:draft_id>/publicar")
@allow(*PUBLISHERS)
def publish(draft_id: int) -> Answer:
    form = PublishForm()
    if not form.validate_on_submit():
        page = queries.draft_page(db.session(), draft_id)
        parts = _panel(page) | _publishing(page, form)
        return render_template("studio/draft.html", map=embed(maps.studio_map(page)), **parts), 422
    wanted = form.to_command()
    try:
        with transaction() as session:
            accepted = services.publish_draft(
                session,
                current_actor(),
                draft_id,
                wanted.seen,
                wanted.from_on,
                wanted.note,
                land=_land(),
            )
    except (RuleBroken, StaleData) as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for(".draft", draft_id=draft_id), 303)
    count = len(accepted.zone_ids)
    flash(
        ngettext("Se publicó: queda %(num)s zona.", "Se publicó: quedan %(num)s zonas.", count),
        "good",
    )
    return redirect(url_for("zones.overview"), 303)


@bp.post("/<int:draft_id>/descartar")
@allow(*EDITORS)
def discard(draft_id: int) -> Response:
    with transaction() as session:
        services.discard_draft(session, current_actor(), draft_id)
    flash(_("Se descartó el borrador. Las zonas siguen como estaban."), "good")
    return redirect(url_for(".drafts"), 303)


@bp.get("/<int:draft_id>/lugares.json")
@allow(*EDITORS)
def places(draft_id: int) -> Response:
    """Answer with where the clients of a draft are; that stays as long as the draft lives."""
    return jsonify(maps.map_places(queries.draft_page(db.session(), draft_id)))


@bp.get("/<int:draft_id>/mapa.json")
@allow(*EDITORS)
def map_state(draft_id: int) -> Response:
    """Answer with the zones as they are drawn now, and the zone of each client."""
    return jsonify(maps.map_state(queries.draft_page(db.session(), draft_id)))


def _drafts_page(form: BeginForm) -> str:
    return render_template(
        "studio/drafts.html", drafts=queries.open_drafts(db.session()), form=form
    )


def _land() -> Land:
    return queries.land_now(db.session(), clock.today(local_zone()), streets())


def _long_division(draft_id: int, wanted: WantedEdit) -> Division | None:
    """Return what a job has to do; whoever saw an old version is told so at once."""
    if not is_division(wanted.order):
        return None
    page = queries.draft_page(db.session(), draft_id)
    check_version(wanted.seen, page.row.version)
    return wanted.order if page.is_open and takes_long(len(page.places.ids)) else None


def _enqueued(draft_id: int, wanted: WantedEdit, division: Division) -> str:
    """Put a division into the queue; return where people see how it goes."""
    user_id = current_actor().user_id or 0
    order = DivisionOrder(
        job_id=uuid4().hex,
        user_id=user_id,
        draft_id=draft_id,
        seen=wanted.seen,
        order=division_as_json(division),
        note=wanted.note,
        title=label(kind_of(division)),
        back_url=url_for(".draft", draft_id=draft_id),
    )
    db.session.rollback()  # laying the store's tables in PostgreSQL waits for open transactions
    job_id = jobs.enqueue(KIND, order.as_arguments(), job_id=order.job_id, started_by=user_id)
    return url_for("jobs.progress", job_id=job_id)


def _go_to(url: str) -> Response:
    """Send a browser to another page, also when htmx asked."""
    if "HX-Request" in request.headers:
        answer = make_response("")
        answer.headers["HX-Redirect"] = url
        return answer
    return redirect(url, 303)


def _panel(page: DraftPage, said: str = "", wrong: str = "") -> dict[str, object]:
    land = _land()
    in_charge = {zone.collector_id for zone in page.state.zones.values()}
    staff = {one.id: one.name for one in collectors(db.session())}
    return {
        "page": page,
        "figures": measure(page.state, page.start, page.places, land),
        "names": staff,
        "idle_names": [name for who, name in staff.items() if who not in in_charge],
        "away": {who for who, one in land.strengths.items() if one.is_away},
        "far_starts": far_starts(page.state, page.places, land.strengths),
        "has_streets": land.streets is not None,
        "said": said,
        "wrong": wrong,
        "may_publish": current_actor().role in PUBLISHERS,
    }


def _publishing(page: DraftPage, form: PublishForm | None = None) -> dict[str, object]:
    fresh = PublishForm(formdata=None, version=page.row.version, from_on=clock.today(local_zone()))
    return {"publishing": form or fresh}
