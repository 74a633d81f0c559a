"""Reparar el día: say what happened, see at once what it does, apply it, take it back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.audit.chain import last_deed
from collector_app.city.addresses import NoAddressBook, address_book
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import CollectorError
from collector_app.planning.maps import colour_class
from collector_app.planning.queries import RouteRow
from collector_app.planning.reasons import skip_sentences
from collector_app.planning.rules import SkipCause
from collector_app.portfolio.queries import ClientFilter, client_cards, client_list, client_names
from collector_app.repairs import services
from collector_app.repairs.forms import FIELDS, RepairForm
from collector_app.repairs.maps import preview_map
from collector_app.repairs.prepared import LIST, Prepared, joined, prepared_list, text_of
from collector_app.repairs.queries import PublishedDay, shown_published_day
from collector_app.repairs.repaired_plan import reached_routes, repaired_plan
from collector_app.repairs.repairing import Preview, cards_of, names_of, preview_of
from collector_app.repairs.rules import (
    DayChange,
    DayMovedOn,
    ListOutdated,
    NoSuchPlace,
    RepairKind,
    VisitForbidden,
)
from collector_app.repairs.shown import shown, still_holds
from collector_app.repairs.wording import change_sentence, move_sentence
from collector_app.visits.queries import visits_between
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import hora_del_dia, local_zone
from collector_app.web.words import message
from routing.geo import is_on_earth

bp = Blueprint("repairs", __name__)

OFFICE_ROLES = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
MOST_MATCHES = 20
ASKED = "ver"  # in the address once the form was sent


@bp.get("")
@allow(*OFFICE_ROLES)
def board() -> Answer:
    form = RepairForm(request.args, meta={"csrf": False})
    return _page(form, is_asked=ASKED in request.args)


@bp.post("")
@allow(*OFFICE_ROLES)
def apply() -> Answer:
    """Apply what was previewed; when the day moved on meanwhile, show what it would do now."""
    form = RepairForm()
    published = _published()
    _offer(form, published, has_names=False)
    if published is None or not _is_complete(form):
        return _page(form, is_asked=True, status=422)
    session = db.session()
    try:
        asked = _asked(form, _prepared(published))
        preview = shown().take(
            (published.plan.id, asked), partial(still_holds, session)
        ) or preview_of(session, published, asked, local_zone())
        if preview.fingerprint != request.form.get("huella"):
            raise DayMovedOn(plan=published.plan.id)
        new = repaired_plan(preview)
        session.rollback()  # what was read is read again, locked
        with transaction() as writing:
            plan_id = services.apply_repair(
                writing,
                current_actor(),
                new,
                before_id=preview.plan.id,
                asked=preview.asked,
                moves=preview.moves,
                retimed=preview.retimed,
                zone=local_zone(),
            )
    except CollectorError as error:
        form.form_errors.append(_told(error))
        return _page(form, is_asked=isinstance(error, DayMovedOn), status=409)
    flash(_("Listo: los gestores ya ven su nueva ruta."), "good")
    return redirect(url_for(".board", plan=plan_id), code=303)


@bp.post("/deshacer")
@allow(*OFFICE_ROLES)
def undo() -> Response:
    with transaction() as session:
        services.undo_repair(session, current_actor(), today=_today(), zone=local_zone())
    flash(_("Se deshizo: vale otra vez la ruta de antes. Lo visitado sigue hecho."), "good")
    return redirect(url_for(".board"), code=303)


def _page(form: RepairForm, *, is_asked: bool, status: int = 200) -> Answer:
    """Show what can happen, the form of what was chosen, and what it would do."""
    deed, published = last_deed(db.session()), _published()
    if published is None:
        return render_template("repairs/board.html", plan=None, form=form)
    _offer(form, published)
    preview, prepared = None, tuple[Prepared, ...]()
    try:
        prepared = _prepared(published)
        if is_asked and _is_complete(form) and (prepared or form.kind is not None):
            asked = _asked(form, prepared)
            preview = preview_of(db.session(), published, asked, local_zone())
            shown().keep((published.plan.id, asked), deed, preview)
    except CollectorError as error:
        form.form_errors.append(_told(error))
        status = max(status, 422)
    drawn = preview_map(preview, reached_routes(preview)) if preview else None
    page = render_template(
        "repairs/board.html",
        plan=published.plan,
        form=form,
        fields=_shown(form),
        kinds=FIELDS,
        repairs=_history(published),
        prepared=_listed(published, prepared),
        texts=[one.text for one in prepared],
        list_with_this=_with_this(form, prepared) if preview else [],
        preview=preview,
        map=drawn,
        colour_class=colour_class,
        **(_about(preview) if preview else {}),
    )
    return page, status


def _is_complete(form: RepairForm) -> bool:
    """Tell whether the form says all of a change, or nothing beside what is on the list."""
    return form.validate() or (form.kind is None and bool(_texts()))


def _asked(form: RepairForm, prepared: Sequence[Prepared]) -> DayChange:
    """Return what is on the list and in the form as one change."""
    changes = [one.change for one in prepared]
    if form.kind is not None:
        changes.append(form.change(_place(form), []))
    return replace(joined(changes), pinned=tuple(sorted(set(_pinned()))))


def _texts() -> list[str]:
    return request.values.getlist(LIST)


def _prepared(published: PublishedDay) -> tuple[Prepared, ...]:
    """Return what is on the list, checked against today's routes."""

    def read(form: RepairForm) -> DayChange:
        _offer(form, published, has_names=False)
        if form.kind is None or not form.validate():
            raise ListOutdated
        return form.change(_place(form), [])

    return prepared_list(_texts(), read)


def _with_this(form: RepairForm, prepared: Sequence[Prepared]) -> list[str]:
    """Return the list with what the form says at its end."""
    texts = [one.text for one in prepared]
    return texts if form.kind is None else [*texts, text_of(form)]


def _listed(published: PublishedDay, prepared: Sequence[Prepared]) -> list[tuple[str, list[str]]]:
    """Return what each item of the list says, and the list without it."""
    names = {one.collector_id: one.name for one in published.workdays.values()}
    clients = _names_of_clients(one.change for one in prepared)
    texts = [one.text for one in prepared]
    return [
        (change_sentence(one.change, clients, names), [*texts[:i], *texts[i + 1 :]])
        for i, one in enumerate(prepared)
    ]


def _names_of_clients(changes: Iterable[DayChange]) -> dict[int, str]:
    ids = [one.client_id for one in changes if one.client_id is not None]
    return {id_: card.name for id_, card in client_cards(db.session(), ids).items()}


def _about(preview: Preview) -> dict[str, object]:
    """Return what the page says of a preview, in words."""
    cards, collectors = cards_of(preview), names_of(preview)
    clients = {client_id: card.name for client_id, card in cards.items()}
    named = {one.client_id for one in preview.asked.every}
    return {
        "what": change_sentence(preview.asked, clients, collectors),
        "moves": [
            (clients.get(one.client_id, ""), move_sentence(one, collectors, preview.forbidden), one)
            for one in preview.moves
        ],
        "pinnable": [
            (stop.client_id, clients.get(stop.client_id, ""))
            for route in preview.standing.routes
            for stop in route.stops
            if stop.client_id not in {*preview.visited, *named}
        ],
        "clients": clients,
        "block_sentence": block_sentence,
        "sent": [
            (name, value)
            for name, value in request.values.items(multi=True)
            if name not in {"csrf_token", "huella", "fija", ASKED}
        ],
    }


def _offer(form: RepairForm, published: PublishedDay | None, *, has_names: bool = True) -> None:
    """Say what may be chosen; without the names of a thousand clients where none is shown."""
    if published is None or form.kind is None:
        form.offer([], [], [])
        return
    on_route = [
        (route.collector_id, route.collector_name)
        for route in published.routes
        if route.collector_id not in published.sick
    ]
    able = [
        (one.collector_id, one.name)
        for one in published.workdays.values()
        if one.collector_id not in published.sick
    ]
    form.offer(
        able if form.kind is RepairKind.URGENT else on_route,
        [one for one in able if one[0] != form.gestor.data],
        _clients(form, published.routes, has_names=has_names),
    )


def _clients(
    form: RepairForm, routes: Sequence[RouteRow], *, has_names: bool
) -> list[SelectChoice]:
    """Return the clients to choose from: those found, or the stops still to be made."""
    session = db.session()
    if form.kind is RepairKind.URGENT:
        words = (form.buscar.data or "").strip()
        found = (
            client_list(session, ClientFilter(search=words), limit=MOST_MATCHES) if words else []
        )
        if len(found) == 1 and not form.cliente.data:
            form.cliente.data = found[0].id
        form.found_nobody = bool(words) and not found
        return [SelectChoice(one.id, f"{one.name} · {one.external_id}") for one in found]
    if "cliente" not in FIELDS[form.kind or RepairKind.LATE]:
        return []
    visited = {
        one.client_id for one in visits_between(session, *clock.local_day(_today(), local_zone()))
    }
    open_stops = [
        (route, stop) for route in routes for stop in route.stops if stop.client_id not in visited
    ]
    if not has_names:
        return [SelectChoice(stop.client_id, "") for _route, stop in open_stops]
    names = client_names(session, [stop.client_id for _route, stop in open_stops])
    return [
        SelectChoice(
            stop.client_id,
            f"{hora_del_dia(stop.starts_s)} · {names[stop.client_id]}",
            optgroup=route.collector_name,
        )
        for route, stop in open_stops
    ]


def _shown(form: RepairForm) -> tuple[str, ...]:
    """Return the fields that the page shows: of an urgent client, first the search."""
    if form.kind is None:
        return ()
    if form.kind is RepairKind.URGENT and len(form.cliente.choices) == 1:
        return ("buscar",)
    return FIELDS[form.kind]


def _place(form: RepairForm) -> tuple[float, float] | None:
    """Return where the streets are closed, as written or as the address book knows it.

    Raises
    ------
    NoSuchPlace
        If nobody knows where that is.
    """
    if form.kind is not RepairKind.STREET_CLOSED:
        return None
    place = form.place()
    if place is not None:
        return place
    try:
        book = address_book(Path(current_app.instance_path), current_app.config["CITY"])
    except NoAddressBook as error:
        raise NoSuchPlace("lugar", "latitude and longitude") from error
    found = book.search(form.lugar.data or "", limit=1)
    if not found or not is_on_earth(found[0].point):
        raise NoSuchPlace("lugar", "a place in the city")
    return found[0].point.lat, found[0].point.lon


def _pinned() -> list[int]:
    return request.values.getlist("fija", type=int)


def _history(published: PublishedDay) -> list[tuple[object, str]]:
    """Return the repairs in force with what happened, the last first."""
    rows = published.repairs
    names = {one.collector_id: one.name for one in published.workdays.values()}
    clients = _names_of_clients(change for row in rows for change in row.change.every)
    return [(one, change_sentence(one.change, clients, names)) for one in reversed(rows)]


def _told(error: CollectorError) -> str:
    """Return the sentence of an error, with the rules and articles behind it."""
    sentence = message(error.code, error.facts)
    if isinstance(error, VisitForbidden):
        cause = SkipCause(str(error.facts["cause"]))
        details = error.facts["details"]
        why = skip_sentences(cause, details if isinstance(details, dict) else {})
        return f"{sentence} {'; '.join(why)}."
    return sentence


def _published() -> PublishedDay | None:
    return shown_published_day(db.session(), _today())


def _today() -> date:
    return clock.today(local_zone())
