"""Clients whose location needs a person, and the map on which one puts a client."""

from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.city.addresses import AddressBook, AddressMatch, NoAddressBook, address_book
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound, RuleBroken, StaleData
from collector_app.figures.keeping import kept
from collector_app.locations import queries, services
from collector_app.locations.forms import AnswerForm, PinForm
from collector_app.locations.queries import ProposedMove, position_of
from collector_app.locations.rules import BadPosition
from collector_app.locations.searching import guesses
from collector_app.portfolio.queries import (
    ClientCard,
    ClientFilter,
    client_cards,
    client_count,
    client_list,
)
from collector_app.web import maps
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.maps.chart import Chart
from collector_app.web.pages import page_of_request
from collector_app.web.words import message

bp = Blueprint("locations", __name__)

DECIDERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
ROWS = 30  # each with a search of its address
MOVES_SHOWN = 20
MATCHES = 6


@bp.get("/sin-ubicacion")
@allow(*DECIDERS)
def unlocated() -> str:
    session, book = db.session(), _book()
    wanted = ClientFilter(search=request.args.get("q", ""), is_located=False)
    page = page_of_request(client_count(session, wanted), ROWS)
    cards = client_list(session, wanted, offset=page.offset, limit=page.size)
    suspected = kept(queries.suspects, clock.today(local_zone()), local_zone())
    moves = queries.proposed_moves(session, clock.now(), client_ids=suspected)
    return render_template(
        "locations/unlocated.html",
        rows=[(card, _best_guess(book, card)) for card in cards],
        moves=moves[:MOVES_SHOWN],
        move_count=len(moves),
        proposal_of={one.card.id: one.proposal for one in moves},
        recent=queries.recent_decisions(session),
        has_book=book is not None,
        page=page,
        wanted=wanted,
        client_count=client_count(session),
        unlocated_count=client_count(session, ClientFilter(is_located=False)),
    )


@bp.get("/<int:client_id>/ubicacion")
@allow(*DECIDERS)
def pin(client_id: int) -> str:
    return _pin_page(client_id, None)


@bp.post("/<int:client_id>/ubicacion")
@allow(*DECIDERS)
def place(client_id: int) -> Answer:
    form = PinForm()
    if not form.validate_on_submit():
        return _pin_page(client_id, form), 422
    try:
        with transaction() as session:
            services.pin_client(
                session,
                current_actor(),
                client_id,
                form.to_command(),
                today=clock.today(local_zone()),
            )
    except BadPosition as error:
        form.lat.errors = [message(error.code, error.facts)]
        return _pin_page(client_id, form), 422
    except StaleData as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for(".pin", client_id=client_id), code=303)
    flash(_("Listo: quedó en el mapa."), "good")
    return redirect(url_for(".unlocated"), code=303)


@bp.post("/<int:client_id>/ubicacion/aceptar")
@allow(*DECIDERS)
def accept(client_id: int) -> Response:
    return _answer(client_id, services.accept_move, _("Listo: se movió a donde estuvo el gestor."))


@bp.post("/<int:client_id>/ubicacion/descartar")
@allow(*DECIDERS)
def dismiss(client_id: int) -> Response:
    return _answer(client_id, services.dismiss_move, _("Se queda donde estaba."))


@bp.post("/<int:client_id>/ubicacion/deshacer")
@allow(*DECIDERS)
def undo(client_id: int) -> Response:
    done = _("Se deshizo: está otra vez como antes.")
    return _answer(client_id, services.undo_decision, done)


def _answer(client_id: int, service: services.Decide, done: str) -> Response:
    """Let a service decide about what a button names, and go back to the list."""
    form = AnswerForm()
    if not form.validate_on_submit():
        flash(_("Vuelve a cargar la página e intenta otra vez."), "bad")
        return redirect(url_for(".unlocated"), code=303)
    try:
        with transaction() as session:
            today = clock.today(local_zone())
            service(session, current_actor(), client_id, form.about.data, today=today)
        flash(done, "good")
    except (RuleBroken, StaleData) as error:
        flash(message(error.code, error.facts), "bad")
    return redirect(url_for(".unlocated"), code=303)


def _pin_page(client_id: int, form: PinForm | None) -> str:
    session = db.session()
    card = client_cards(session, [client_id]).get(client_id)
    if card is None:
        message_ = f"no client {client_id}"
        raise NotFound(message_)
    book, text = _book(), request.args.get("q", "").strip()
    found = guesses(book, card) if book else []
    searched = book.search(text, limit=MATCHES) if book and text else []
    moves = queries.proposed_moves(session, clock.now(), client_ids=[client_id])
    form = form or _first_form(card, found, moves)
    at = _degrees(form.lat.data, form.lon.data)
    return render_template(
        "locations/pin.html",
        card=card,
        form=form,
        guesses=found,
        searched=searched,
        text=text,
        has_book=book is not None,
        move=moves[0] if moves else None,
        decisions=queries.decisions_about(session, client_id),
        map=maps.embed(_chart(session, card, at, book)),
    )


def _first_form(card: ClientCard, found: list[AddressMatch], moves: list[ProposedMove]) -> PinForm:
    """Return the form with the pin where the address asks for it, else where it is best guessed."""
    was = position_of(card)
    at = _degrees(request.args.get("lat"), request.args.get("lon")) or was
    if at is None and moves:
        at = (moves[0].proposal.lat, moves[0].proposal.lon)
    if at is None and found:
        at = found[0].point.lat, found[0].point.lon
    return PinForm(
        formdata=None,
        lat=at[0] if at else None,
        lon=at[1] if at else None,
        was=f"{was[0]!r},{was[1]!r}" if was else "",
    )


def _degrees(lat: object, lon: object) -> tuple[float, float] | None:
    """Return a place on Earth, None for what is none, such as "nan"."""
    try:
        place = float(str(lat)), float(str(lon))
    except ValueError:
        return None
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


def _chart(
    session: Session,
    card: ClientCard,
    at: tuple[float, float] | None,
    book: AddressBook | None,
) -> Chart:
    """Return the map on which the script puts the pin; without one, the middle of all clients."""
    points = [at] if at else queries.corners_of_all(session)
    centre = book.middle if book and not points else None
    name = _("Mapa para poner a %(name)s", name=card.name)
    return maps.new_map(name=name, points=points, centre=centre, shape="tall")


def _best_guess(book: AddressBook | None, card: ClientCard) -> AddressMatch | None:
    found = guesses(book, card, limit=1) if book else []
    return found[0] if found else None


def _book() -> AddressBook | None:
    """Return the address book of the city in use; without one people still have the map."""
    try:
        return address_book(Path(current_app.instance_path), current_app.config["CITY"])
    except NoAddressBook:
        return None
