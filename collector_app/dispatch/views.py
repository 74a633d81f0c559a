"""The dispatch board: lanes of stops beside a map, edited by mouse or keyboard, then published."""

from collections.abc import Set
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.edits import StaleDraft, check_version
from collector_app.core.errors import CollectorError, NotFound
from collector_app.core.money import USUAL_CURRENCY, added
from collector_app.dispatch import comparison, maps, publishing, services
from collector_app.dispatch.editing import drafted
from collector_app.dispatch.forms import EditForm, PublishForm, WantedEdit
from collector_app.dispatch.optimising_job import MANY_ROUTES, OptimiseOrder, request_optimising
from collector_app.dispatch.queries import (
    BoardPage,
    Draft,
    board_page,
    draft_of,
    shown_board,
    shown_causes,
    unassigned,
    version_of,
)
from collector_app.dispatch.rules import Cost, Optimise, Order, PlaceStop, with_room_instead
from collector_app.dispatch.wording import (
    cost_sentence,
    edit_sentence,
    meanwhile_sentence,
    refusal_sentence,
)
from collector_app.planning.directions import travel_of
from collector_app.planning.maps import colour_class
from collector_app.planning.queries import (
    last_published_plan,
    plan_head,
    plan_row,
    plans_of_day,
    published_plan_id,
    route_heads,
    routes_of_plan,
    shown_legality,
)
from collector_app.planning.reasons import skip_sentences
from collector_app.planning.rules import SkipCause
from collector_app.planning.travel_times import travel_settings
from collector_app.planning.worth import nearness_of
from collector_app.portfolio.queries import client_cards, other_currencies
from collector_app.repairs.day_problem import WAITING
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import fecha, local_zone
from collector_app.web.pages import page_of_request

bp = Blueprint("dispatch", __name__)


@bp.app_template_global()
def board_draft(plan_id: int) -> Draft:
    """Return how far the board of a plan is, for the plan's own page, which shows no edits."""
    return draft_of(db.session(), plan_id)


OFFICE_ROLES = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
PLANNERS = (Role.DISPATCHER, Role.ADMIN)
MAY_COME_IN = WAITING | {SkipCause.TAKEN_OFF}
MOST_LANES = 12  # with more collectors a board shows the stops of those asked for
MOST_SHOWN = 60  # unassigned clients on the page; the filters find the others


class Asked(NamedTuple):
    """Which of the unassigned clients to show, and whose stops where there are many routes."""

    cause: SkipCause | None
    words: str
    lanes: frozenset[int]


@bp.get("/<int:plan_id>/tablero")
@allow(*OFFICE_ROLES)
def board(plan_id: int) -> str:
    page = _shown(plan_id)
    parts = _panel(page)
    lanes, cards = _open_lanes(page), parts["cards"]
    assert isinstance(cards, dict)  # noqa: S101 - for the type checker
    return render_template("dispatch/board.html", map=maps.board_map(page, lanes, cards), **parts)


@bp.get("/<int:plan_id>/comparar")
@allow(*OFFICE_ROLES)
def compare(plan_id: int) -> str:
    """Show a plan beside another one of its day, the newest unless ``?con=`` says which."""
    session = db.session()
    plan = plan_row(session, plan_id)
    if plan is None:
        text = f"no plan {plan_id}"
        raise NotFound(text)
    others = [one for one in plans_of_day(session, plan.day) if one.id != plan_id]
    asked = request.args.get("con", type=int)
    other = next((one for one in others if one.id == asked), others[0] if others else None)
    if other is None:
        return render_template("dispatch/compare.html", plan=plan, other=None)
    found = comparison.compare(
        *(routes_of_plan(session, one, has_reasons=False) for one in (plan_id, other.id))
    )
    page = page_of_request(len(found.moved))
    moved = found.moved[page.offset : page.offset + page.size]
    return render_template(
        "dispatch/compare.html",
        plan=plan,
        other=other,
        others=others,
        found=found,
        moved=moved,
        cards=client_cards(session, [one.client_id for one in moved]),
        page=page,
    )


@bp.get("/<int:plan_id>/tablero/panel")
@allow(*OFFICE_ROLES)
def panel(plan_id: int) -> str:
    """Show the lanes alone, as after a filter."""
    return render_template("dispatch/_panel.html", is_answer=True, **_panel(_shown(plan_id)))


@bp.get("/<int:plan_id>/tablero/mapa.json")
@allow(*OFFICE_ROLES)
def map_state(plan_id: int) -> Response:
    page = _shown(plan_id)
    lanes = _open_lanes(page)
    cards = client_cards(db.session(), _visited_by(page, lanes))
    return jsonify(maps.map_state(page, lanes, cards))


@bp.post("/<int:plan_id>/tablero")
@allow(*PLANNERS)
def edit(plan_id: int) -> Answer:
    """Follow an order; htmx gets the lanes with the new figures, others the whole page again."""
    status, said, wrong = 200, "", ""
    form = EditForm()
    wanted, page, offered = None, None, None
    try:
        if form.validate_on_submit():
            wanted = form.to_command()
            if _takes_long(plan_id, wanted):
                return _go_on(_optimise_later(plan_id, wanted))
            said, page = _follow(plan_id, wanted)
        else:
            status, wrong = 422, _("Falta un dato del cambio.")
    except CollectorError as error:
        db.session.rollback()
        status = error.status
        page = _shown(plan_id)
        wrong = _refusal(page, error, *(wanted.seen, wanted.order) if wanted else (None, None))
        offered = with_room_instead(error, wanted.order, page.state) if wanted else None
    if "HX-Request" in request.headers:
        parts = _panel(page or _shown(plan_id), said, wrong)
        shown = render_template("dispatch/_panel.html", is_answer=True, offered=offered, **parts)
        return shown, status
    flash(wrong or said, "bad" if wrong else "good")
    return redirect(url_for(".board", plan_id=plan_id), code=303)


@bp.post("/<int:plan_id>/tablero/publicar")
@allow(*PLANNERS)
def publish(plan_id: int) -> Response:
    return _answer_publishing(plan_id, ".board")


@bp.post("/<int:plan_id>/publicar")
@allow(*OFFICE_ROLES)
def publish_plan(plan_id: int) -> Response:
    """Publish from the page of a plan: the same as from its board, with its edits as they are."""
    return _answer_publishing(plan_id, "planning.detail")


def _answer_publishing(plan_id: int, page: str) -> Response:
    """Publish what the person saw, and lead back to the page they asked from."""
    form = PublishForm()
    shown_id = plan_id
    if not form.validate_on_submit():
        flash(_("No se publicó: la página no dijo qué mostraba. Mírala otra vez y publica."), "bad")
        return redirect(url_for(page, plan_id=plan_id), code=303)
    seen = form.version.data
    try:
        shown_id = _publish(plan_id, form.replaces.data, seen)
    except CollectorError as error:
        flash(_refusal(_shown(plan_id), error, seen, None), "bad")
    return redirect(url_for(page, plan_id=shown_id), code=303)


def _publish(plan_id: int, replaces: int | None, seen: int) -> int:
    """Publish a board and say so; return the id of the plan that phones see now.

    Parameters
    ----------
    replaces : int or None
        The plan that the person saw published, 0 for none; None replaces whatever phones see.
    seen : int
        The version of the board that the person saw.
    """
    session = db.session()
    page = board_page(session, plan_id)
    before = last_published_plan(session, page.plan.day)
    seen_routes = routes_of_plan(session, before.id) if before else []
    told = publishing.difference(seen_routes, page)
    new = publishing.edited_plan(session, page, local_zone()) if page.can_undo else None
    session.rollback()  # what was read is read again, locked
    with transaction() as writing:
        published_id = services.publish_board(
            writing,
            current_actor(),
            plan_id,
            seen,
            new=new,
            moves=told.moves,
            retimed=told.retimed,
            zone=local_zone(),
            replaces=replaces,
        )
    if before is not None and told.retimed:
        text = ngettext(
            "Publicado: %(num)s gestor verá en su teléfono qué cambió.",
            "Publicado: %(num)s gestores verán en su teléfono qué cambió.",
            len(told.retimed),
        )
    else:
        text = _("Publicado: los gestores ya ven su ruta del %(day)s.", day=fecha(page.plan.day))
    flash(text, "good")
    return published_id


def _takes_long(plan_id: int, wanted: WantedEdit) -> bool:
    is_search = isinstance(wanted.order, Optimise)
    return is_search and len(route_heads(db.session(), plan_id)) > MANY_ROUTES


def _optimise_later(plan_id: int, wanted: WantedEdit) -> str:
    """Put a search into the queue, and return the address where its bar is seen."""
    actor = current_actor()
    check_version(wanted.seen, version_of(db.session(), plan_id))
    order = OptimiseOrder(
        job_id=uuid4().hex,
        plan_id=plan_id,
        seen=wanted.seen,
        actor_id=actor.user_id,
        role=actor.role.value,
        title=_("Optimizar el resto del plan %(n)s", n=plan_id),
        back_url=url_for(".board", plan_id=plan_id),
    )
    return url_for("jobs.progress", job_id=request_optimising(order))


def _go_on(url: str) -> Answer:
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": url})
    return redirect(url, code=303)


def _follow(plan_id: int, wanted: WantedEdit) -> tuple[str, BoardPage]:
    """Work an edit out, store it, and return what it did and costs, with the board as it is now."""
    session = db.session()
    travel = travel_of(travel_settings(current_app.config, Path(current_app.instance_path)))
    made = drafted(session, plan_id, wanted.seen, wanted.order, zone=local_zone(), travel=travel)
    session.rollback()  # what was read is read again, locked
    with transaction() as writing:
        services.add_edit(
            writing,
            current_actor(),
            plan_id,
            wanted.seen,
            kind=made.kind,
            what=made.what,
            cost=made.cost,
            effect=made.effect,
        )
    page = _shown(plan_id)
    clients = _names(page)
    stored = next(one for one in page.edits if one.number == wanted.seen + 1)
    sentence = edit_sentence(stored, clients, page.names)
    has_cost = made.effect.routes or stored.cost != Cost()
    told = f"{sentence}. {cost_sentence(stored.cost)}" if has_cost else f"{sentence}."
    return told, page


def _shown(plan_id: int) -> BoardPage:
    return shown_board(db.session(), plan_id)


def _refusal(page: BoardPage, error: CollectorError, seen: int | None, order: Order | None) -> str:
    """Return why an order was not followed, or a board not published where there is no order."""
    about = error.facts.get("client")
    clients = _names(page, {about} if isinstance(about, int) else set())
    if isinstance(error, StaleDraft) and seen is not None:
        return meanwhile_sentence(
            page.edits, seen, clients, page.names, is_publishing=order is None
        )
    moved = order.client_id if isinstance(order, PlaceStop) else None
    return refusal_sentence(error, clients, page.names, moved)


def _names(page: BoardPage, others: Set[int] = frozenset()) -> dict[int, str]:
    cards = client_cards(db.session(), _mentioned(page) | others)
    return {one: card.name for one, card in cards.items()}


def _mentioned(page: BoardPage) -> set[int]:
    return {client for one in page.edits for client in one.what.clients}


def _panel(page: BoardPage, said: str = "", wrong: str = "") -> dict[str, object]:
    session, asked = db.session(), _asked()
    found = unassigned(
        session,
        page,
        tuple(SkipCause) if asked.cause is None else (asked.cause,),
        asked.words,
        first=MAY_COME_IN,  # they are looked for first
        limit=MOST_SHOWN,
        planned=shown_causes(session, page),
    )
    lanes = _open_lanes(page)
    everybody = _visited_by(page, lanes) | _mentioned(page)
    everybody |= {one.client_id for one in found.rows}
    cards = client_cards(session, everybody)
    expected = {who: one.expected(page.currencies) for who, one in page.state.routes.items()}
    checked = shown_legality(session, page.plan.id, local_zone())
    shown_id = published_plan_id(session, page.plan.day)
    is_past = page.plan.day < clock.today(local_zone())
    return {
        "page": page,
        "plan": page.plan,
        "on_phones": plan_head(session, shown_id) if shown_id else None,
        "cards": cards,
        "clients": {one: card.name for one, card in cards.items()},
        "colour_class": colour_class,
        "causes": found.causes.most_common(),
        "unassigned_count": found.causes.total(),
        "asked": asked,
        "lanes": lanes,
        "are_many": len(page.hours) > MOST_LANES,
        "unassigned": found.rows,
        "currencies": other_currencies(session, [one.client_id for one in found.rows]),
        "found": found.count,
        "checked": checked,
        "expected": expected,
        "expected_in_all": added(expected.values()),
        "usual_currency": USUAL_CURRENCY,
        "nearness": nearness_of(page.plan.parameters),
        "skip_sentences": skip_sentences,
        "edit_sentence": edit_sentence,
        "cost_sentence": cost_sentence,
        "may_edit": current_actor().role in PLANNERS and not is_past,
        "is_past": is_past,
        "said": said,
        "wrong": wrong,
    }


def _asked() -> Asked:
    cause = request.values.get("causa", "")
    words = request.values.get("buscar", "").strip()
    # Whoever gets or gives a stop is looked at next.
    lanes = [*request.values.getlist("gestor"), *request.form.getlist("collector_id")]
    return Asked(
        SkipCause(cause) if cause in list(SkipCause) else None,
        words,
        frozenset(int(one) for one in lanes if one.isdecimal()),
    )


def _open_lanes(page: BoardPage) -> frozenset[int]:
    """Return the collectors whose stops are shown: all, or of many those asked for."""
    everybody = frozenset(page.hours)
    if len(everybody) <= MOST_LANES:
        return everybody
    working = [who for who in page.hours if page.state.routes[who].stops]
    return (_asked().lanes & everybody) or frozenset(working[:1])


def _visited_by(page: BoardPage, lanes: Set[int]) -> set[int]:
    return {stop.client_id for who in lanes for stop in page.state.routes[who].stops}
