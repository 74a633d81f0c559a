"""Pages of the zones: who answers for which part of the city, and proposals to redraw it."""

from dataclasses import asdict
from hashlib import blake2b
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound, RuleBroken, StaleData
from collector_app.figures.keeping import kept
from collector_app.portfolio.queries import ClientFilter, client_cards, client_count, client_list
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.maps import embed
from collector_app.web.maps.chart import Chart
from collector_app.web.pages import page_of_request
from collector_app.web.words import message
from collector_app.zones import maps, queries, services
from collector_app.zones.comparison import Comparison, Way, compare, way
from collector_app.zones.forms import AssignmentsForm, DayOfClients, ProposeForm
from collector_app.zones.proposal_order import KIND, ProposalOrder
from collector_app.zones.queries import ProposalPage, ZoneBoard
from collector_app.zones.services import AcceptedZones, Placement
from collector_app.zones.territories import suggest_collectors

bp = Blueprint("zones", __name__)

WRITERS = (Role.DISPATCHER, Role.ADMIN)
READERS = (Role.SUPERVISOR, *WRITERS)


@bp.get("")
@allow(*READERS)
def overview() -> str:
    return _overview_page()


@bp.get("/puntos")
@allow(*READERS)
def dots() -> Response:
    """Tell where the clients live and in which zones, in columns of numbers."""
    found = kept(queries.zone_dots, clock.today(local_zone()))
    answer = Response(found.columns, mimetype="application/x-columns")
    answer.set_etag(blake2b(found.columns, digest_size=16).hexdigest())
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request.environ)


@bp.post("/gestores")
@allow(*WRITERS)
def assign() -> Answer:
    form = AssignmentsForm().offer(queries.collectors(db.session()))
    if not form.validate_on_submit():
        return _overview_page(assignments=form), 422
    wanted = form.to_command()
    with transaction() as session:
        for zone_id, collector_id in wanted.collector_of.items():
            services.assign_collector(
                session, current_actor(), zone_id, collector_id, wanted.from_on
            )
    flash(_("Se guardó quién atiende cada zona."), "good")
    return redirect(url_for(".overview"), 303)


@bp.post("/sin-zona")
@allow(*WRITERS)
def place() -> Response:
    with transaction() as session:
        placement = services.place_new_clients(session, current_actor(), clock.today(local_zone()))
    _tell_placed(placement)
    return redirect(url_for(".overview"), 303)


@bp.get("/proponer")
@allow(*WRITERS)
def proposing() -> str:
    session = db.session()
    today_has = queries.zones_on(session, clock.today(local_zone()))
    staff = queries.collectors(session)
    form = ProposeForm(
        formdata=None,
        zone_count=len(today_has) or len(staff) or None,
        from_today=bool(today_has) and len(today_has) == len(staff),
    )
    return _proposing_page(form.offer(today_has))


@bp.post("/proponer")
@allow(*WRITERS)
def propose() -> Answer:
    session = db.session()
    form = ProposeForm().offer(queries.zones_on(session, clock.today(local_zone())))
    if not form.validate_on_submit():
        return _proposing_page(form), 422
    user_id = current_actor().user_id or 0
    order = ProposalOrder(
        job_id=uuid4().hex,
        user_id=user_id,
        title=str(_("Proponer zonas")),
        back_url=url_for(".proposing"),
        **asdict(form.to_command()),
    )
    db.session.rollback()  # laying the store's tables in PostgreSQL waits for open transactions
    job_id = jobs.enqueue(KIND, order.as_arguments(), job_id=order.job_id, started_by=user_id)
    return redirect(url_for("jobs.progress", job_id=job_id), 303)


@bp.get("/historial")
@allow(*READERS)
def history() -> str:
    """Say who had the clients of a search on a day."""
    session, today = db.session(), clock.today(local_zone())
    asked = DayOfClients.of(request.args, today)
    wanted = ClientFilter(search=asked.search)
    shown = page_of_request(client_count(session, wanted) if asked.search else 0)
    found = (
        client_list(session, wanted, offset=shown.offset, limit=shown.size) if asked.search else []
    )
    return render_template(
        "zones/history.html",
        asked=asked,
        clients=found,
        had=queries.tenures_on(session, [one.id for one in found], asked.day),
        list_page=shown,
    )


@bp.get("/historial/<int:client_id>")
@allow(*READERS)
def client_history(client_id: int) -> str:
    """Say who had a client from the first day on."""
    session, today = db.session(), clock.today(local_zone())
    card = client_cards(session, [client_id]).get(client_id)
    if card is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    return render_template(
        "zones/client_history.html",
        client=card,
        tenures=queries.tenures(session, client_id),
        today=today,
    )


@bp.get("/propuestas/<int:proposal_id>")
@allow(*READERS)
def proposal(proposal_id: int) -> str:
    return _proposal_page(queries.proposal_page(db.session(), proposal_id))


@bp.get("/propuestas/<int:proposal_id>/cambios")
@allow(*READERS)
def changes(proposal_id: int) -> str:
    """Say what would change with the collectors chosen so far; nothing is saved."""
    page = queries.proposal_page(db.session(), proposal_id)
    form = AssignmentsForm(request.args).offer(queries.collectors(db.session()))
    board = queries.zone_board(db.session(), clock.today(local_zone()))
    return render_template(
        "zones/_changes.html", comparison=_comparison(board, page, form), board=board, page=page
    )


@bp.post("/propuestas/<int:proposal_id>/aceptar")
@allow(*WRITERS)
def accept(proposal_id: int) -> Answer:
    form = AssignmentsForm().offer(queries.collectors(db.session()))
    if not form.validate_on_submit():
        page = queries.proposal_page(db.session(), proposal_id)
        return _proposal_page(page, form), 422
    wanted = form.to_command()
    try:
        with transaction() as session:
            accepted = services.accept_proposal(
                session, current_actor(), proposal_id, wanted.from_on, wanted.collector_of
            )
    except (RuleBroken, StaleData) as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for(".proposal", proposal_id=proposal_id), 303)
    _tell_accepted(accepted)
    return redirect(url_for(".overview"), 303)


@bp.post("/propuestas/<int:proposal_id>/descartar")
@allow(*WRITERS)
def discard(proposal_id: int) -> Response:
    with transaction() as session:
        services.discard_proposal(session, current_actor(), proposal_id)
    flash(_("Se descartó la propuesta. Las zonas siguen como estaban."), "good")
    return redirect(url_for(".overview"), 303)


def _proposing_page(form: ProposeForm) -> str:
    session, today = db.session(), clock.today(local_zone())
    board = queries.zone_overview(session, today, kept(queries.zone_hours, today))
    return render_template(
        "zones/proposing.html",
        form=form,
        board=board,
        map=embed(_overview_map(board)) if board.located else None,
    )


def _overview_page(assignments: AssignmentsForm | None = None) -> str:
    session, today = db.session(), clock.today(local_zone())
    board = queries.zone_overview(session, today, kept(queries.zone_hours, today))
    staff = queries.collectors(session)
    active = {one.id for one in staff}
    in_charge = {load.zone.id: load.zone.collector_id for load in board.zones}
    fresh = AssignmentsForm.filled(
        board.day, {zone: who if who in active else None for zone, who in in_charge.items()}
    )
    return render_template(
        "zones/overview.html",
        board=board,
        map=embed(_overview_map(board)) if board.located else None,
        proposals=queries.open_proposals(session),
        assignments=_as_typed(assignments, fresh.offer(staff)),
        inactive={zone for zone, who in in_charge.items() if who and who not in active},
        may_write=current_actor().role in WRITERS,
    )


def _overview_map(board: ZoneBoard) -> Chart:
    if board.located > maps.MOST_NAMED_DOTS:
        dots = kept(queries.zone_dots, board.day)
        return maps.wide_board_map(board, dots.corners, url_for(".dots"))
    return maps.board_map(queries.zone_board(db.session(), board.day))


def _proposal_page(page: ProposalPage, form: AssignmentsForm | None = None) -> str:
    session = db.session()
    today = clock.today(local_zone())
    board = queries.zone_board(session, today)
    staff = queries.collectors(session)
    form = _as_typed(form, _suggested(page, board).offer(staff))
    comparison = _comparison(board, page, form)
    return render_template(
        "zones/proposal.html",
        page=page,
        board=board,
        form=form,
        comparison=comparison,
        ways=_ways(board, page, comparison),
        before=embed(maps.board_map(board)),
        after=embed(maps.proposal_map(page.zones, board, page.barriers)),
        may_write=current_actor().role in WRITERS,
    )


def _ways(board: ZoneBoard, page: ProposalPage, changes: Comparison) -> list[Way]:
    """Return a proposal and the one drawn beside it, today's zones made even first."""
    if page.beside_id is None:
        return []
    other = queries.proposal_page(db.session(), page.beside_id)
    its = _comparison(board, other, _suggested(other, board))
    both = [way(page, changes), way(other, its)]
    return sorted(both, key=lambda one: one.is_cold)


def _as_typed(typed: AssignmentsForm | None, fresh: AssignmentsForm) -> AssignmentsForm:
    """Keep what somebody typed if its rows are still those of the page."""
    if typed is None or typed.zone_ids() == fresh.zone_ids():
        return typed or fresh
    flash(message(StaleData.code, {}), "warn")
    return fresh


def _suggested(page: ProposalPage, board: ZoneBoard) -> AssignmentsForm:
    session = db.session()
    owners = queries.owners(session, board.day)
    staff = [one.id for one in queries.collectors(session)]
    now = {client_id: owner.collector_id for client_id, owner in owners.items()}
    suggestion = suggest_collectors(page.zones, now, staff)
    return AssignmentsForm.filled(board.day, dict(enumerate(suggestion)))


def _comparison(board: ZoneBoard, page: ProposalPage, form: AssignmentsForm) -> Comparison:
    session = db.session()
    return compare(
        board,
        queries.owners(session, board.day),
        page.zones,
        form.collector_of(),
        queries.collectors(session),
    )


def _tell_placed(placement: Placement) -> None:
    placed, too_far = placement.placed, placement.too_far
    flash(
        ngettext(
            "%(num)s cliente entró a una zona.", "%(num)s clientes entraron a una zona.", placed
        ),
        "good" if placed else "info",
    )
    if too_far:
        flash(
            ngettext(
                "%(num)s cliente está a más de 25 km de todos: revisa su ubicación.",
                "%(num)s clientes están a más de 25 km de todos: revisa su ubicación.",
                too_far,
            ),
            "warn",
        )


def _tell_accepted(accepted: AcceptedZones) -> None:
    count = len(accepted.zone_ids)
    flash(ngettext("Listo: queda %(num)s zona.", "Listo: quedan %(num)s zonas.", count), "good")
    placed = accepted.newcomers.placed
    if placed:
        flash(
            ngettext(
                "%(num)s cliente que llegó después quedó en la zona de su vecino más cercano.",
                "%(num)s clientes que llegaron después quedaron en la zona de su vecino más "
                "cercano.",
                placed,
            ),
            "info",
        )
