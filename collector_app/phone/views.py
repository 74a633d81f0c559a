"""The gestor's phone: today's list, a stop, a visit, the map of the route."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.agreements.rules import own_discount_basis
from collector_app.compliance.queries import client_profile
from collector_app.compliance.rules import cash_blocks
from collector_app.compliance.sentences import door_sentence
from collector_app.contacts.message_texts import unfilled_texts
from collector_app.contacts.queries import faults_of_visit
from collector_app.contacts.rules import ADDRESSEES, ANSWERED, CHANNELS, WRITTEN
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.facts import FactConflict
from collector_app.doors.queries import OwnStop, own_stop
from collector_app.doors.rules import DoorReport
from collector_app.doors.services import log_visit
from collector_app.messages.queries import unread_messages
from collector_app.payments.rules import PaymentMethod
from collector_app.phone.answers import read_place
from collector_app.phone.forms import VisitForm
from collector_app.phone.legs import leg_to, legs_left
from collector_app.phone.maps import route_map
from collector_app.phone.offer import offer_for
from collector_app.phone.queries import (
    Door,
    Today,
    door_of_client,
    door_of_stop,
    find_clients,
    stop_file,
    today_of,
)
from collector_app.phone.rules import (
    StopFilter,
    geo_url,
    google_maps_url,
    main_reason,
    waze_url,
)
from collector_app.planning.directions import Guide, open_guide
from collector_app.planning.queries import had_route
from collector_app.planning.reasons import reason_sentences
from collector_app.planning.travel_times import travel_settings
from collector_app.portfolio.queries import client_cards
from collector_app.promises.rules import PromiseFlag
from collector_app.promises.services import promise_told
from collector_app.repairs.queries import route_news
from collector_app.repairs.wording import news_sentence
from collector_app.stages.promise_limits import promise_limits
from collector_app.strategy.queries import treatment_of
from collector_app.strategy.rules import HUNDREDTHS
from collector_app.visits import rules
from collector_app.visits.rules import Outcome, PersonMet
from collector_app.visits.services import keep_conflict
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import fecha, local_zone, pesos
from collector_app.web.words import label, message

bp = Blueprint("phone", __name__)

# What the tiles of the outcomes tell record.css: for whom to appear, what to ask next.
MET = {
    one.value: " ".join(person for person in rules.PersonMet if one in rules.offered(person))
    for one in rules.Outcome
}
FIELDS = {one.value: " ".join(rules.asked(one)) for one in rules.Outcome}


@bp.context_processor
def _links() -> dict[str, Callable[..., object]]:
    """Give the pages the links to other apps and the words for reasons."""
    return {
        "geo_url": geo_url,
        "google_maps_url": google_maps_url,
        "waze_url": waze_url,
        "main_reason": main_reason,
        "reason_sentences": reason_sentences,
        "instant_s": _instant_s,
    }


@bp.get("/")
@allow(Role.COLLECTOR)
def today() -> str:
    zone = local_zone()
    shown = request.args.get("ver", StopFilter.PENDING.value)
    found = today_of(db.session(), _me(), _day(), zone)
    return render_template(
        "phone/today.html",
        today=found,
        was_taken_away=found is None and had_route(db.session(), _me(), _day()),
        news=_news(found) if found else None,
        messages=unread_messages(db.session(), _me()),
        shown=StopFilter(shown) if shown in list(StopFilter) else StopFilter.PENDING,
        filters=StopFilter,
    )


@bp.get("/mapa", endpoint="map")
@allow(Role.COLLECTOR)
def route_on_map() -> str:
    found = today_of(db.session(), _me(), _day(), local_zone())
    drawn = route_map(found) if found else None
    return render_template("phone/map.html", today=found, map=drawn)


@bp.get("/ruta")
@allow(Role.COLLECTOR)
def directions() -> str:
    """Show the turns of every ride still to make."""
    found, guide = today_of(db.session(), _me(), _day(), local_zone()), _guide()
    legs = list(legs_left(found, guide)) if found and guide else []
    return render_template("phone/directions.html", today=found, guide=guide, legs=legs)


@bp.get("/parada/<int:stop_id>/como-llegar")
@allow(Role.COLLECTOR)
def way_to_stop(stop_id: int) -> str:
    """Show the turns to one stop, from the one before it or from where the phone is."""
    _stop_at_hand(stop_id)
    found, guide = today_of(db.session(), _me(), _day(), local_zone()), _guide()
    card = next((one for one in found.stops if one.id == stop_id), None) if found else None
    if found is None or card is None:
        message = f"stop {stop_id} is of a route that was replaced"
        raise NotFound(message)
    here = read_place(request.args.get("desde", ""))
    leg = leg_to(found, card, guide, here) if guide else None
    return render_template("phone/way_to_stop.html", today=found, stop=card, guide=guide, leg=leg)


@bp.get("/parada/<int:stop_id>")
@allow(Role.COLLECTOR)
def stop(stop_id: int) -> str:
    planned = _stop_at_hand(stop_id)
    found = stop_file(db.session(), stop_id, _day(), local_zone())
    return render_template("phone/stop.html", stop=found.card, file=found, day=planned.day)


@bp.get("/parada/<int:stop_id>/registrar")
@allow(Role.COLLECTOR)
def record(stop_id: int) -> str:
    planned = _stop_at_hand(stop_id)
    return _visit_page(VisitForm(), door_of_stop(db.session(), planned, _day(), local_zone()))


@bp.post("/parada/<int:stop_id>/registrar")
@allow(Role.COLLECTOR)
def save(stop_id: int) -> Response | tuple[str, int]:
    """Store a visit; a route that was replaced or ended meanwhile loses nothing."""
    planned = _own_stop(stop_id)
    return _saved(door_of_stop(db.session(), planned, _day(), local_zone()))


@bp.get("/clientes")
@allow(Role.COLLECTOR)
def clients() -> str:
    """Find a client of one's own zones who is not on the route."""
    text = request.args.get("q", "")
    found = find_clients(db.session(), _me(), _day(), text)
    return render_template("phone/clients.html", text=text, clients=found)


@bp.get("/cliente/<int:client_id>/registrar")
@allow(Role.COLLECTOR)
def record_client(client_id: int) -> str:
    return _visit_page(VisitForm(), _own_door(client_id))


@bp.post("/cliente/<int:client_id>/registrar")
@allow(Role.COLLECTOR)
def save_client(client_id: int) -> Response | tuple[str, int]:
    return _saved(_own_door(client_id))


@bp.get("/pendientes")
@allow(Role.COLLECTOR)
def outbox() -> str:
    """Show what waits on this phone; the phone itself fills the page, also without signal."""
    return render_template("phone/outbox.html")


@bp.get("/contacto")
@allow(Role.COLLECTOR)
def contact() -> str:
    """Show where a call or a message is told; the phone fills it from its day, also offline."""
    return render_template(
        "phone/contact.html",
        channels=CHANNELS,
        written=WRITTEN,
        answered=ANSWERED,
        addressees=ADDRESSEES,
        messages=unfilled_texts(),
    )


@bp.get("/recibos")
@allow(Role.COLLECTOR)
def receipts() -> str:
    """Show the receipts that this phone gave; the phone fills the page, also without signal."""
    return render_template("phone/receipts.html", methods=PaymentMethod)


def _saved(door: Door) -> Response | tuple[str, int]:
    form = VisitForm()
    try:
        if form.validate() and _is_stored(form, door):
            return redirect(url_for("phone.today"), code=303)
    except FactConflict as conflict:
        with transaction() as session:
            keep_conflict(session, current_actor(), conflict)
        form.form_errors.append(_both_told(conflict, door.debt.currency))
        return _visit_page(form, door), conflict.status
    return _visit_page(form, door), 422


def _is_stored(form: VisitForm, door: Door) -> bool:
    """Store what the form tells and say so; on a refusal, say beside the field what to do."""
    actor, zone = current_actor(), local_zone()
    report = form.to_report(door.client.id, door.stop_id, zone)
    try:
        with transaction() as session:
            visit = log_visit(session, actor, report, zone=zone)
            broken = faults_of_visit(session, visit, zone)
            unusual = _unusual(session, report)
    except InvalidInput as refused:
        form.blame(refused.field, message(refused.code, refused.facts))
        return False
    else:
        flash(_read_back(report, door.debt.currency), "good")
        if broken:
            said = "; ".join(door_sentence(one) for one in broken)
            flash(_("Queda anotado como falta: %(why)s.", why=said), "warn")
        if unusual:
            said = "; ".join(label(one) for one in unusual)
            flash(_("La oficina revisará esta promesa: %(why)s.", why=said), "warn")
    return True


def _visit_page(form: VisitForm, door: Door) -> str:
    law = client_profile(db.session(), door.client.id, _day(), local_zone())
    form.offer(door.debt, _day(), may_take_money=not cash_blocks(law))
    limits = promise_limits(db.session(), door.client.id, _day(), local_zone())
    back = url_for("phone.stop", stop_id=door.stop_id) if door.stop_id else url_for("phone.clients")
    return render_template(
        "phone/record.html",
        door=door,
        form=form,
        back_url=back,
        met=MET,
        fields=FIELDS,
        limits=limits,
        offer=offer_for(door, limits, local_zone(), _most_discount(door.client.id)),
    )


def _most_discount(client_id: int) -> float:
    """Return the discount, in percent, that a collector may offer a client without asking."""
    applied = treatment_of(db.session(), _day(), local_zone(), client_id)
    return own_discount_basis(applied.treatment if applied else None) / HUNDREDTHS


def _unusual(session: Session, report: DoorReport) -> tuple[PromiseFlag, ...]:
    """Return what the house would not take in the promise of a visit; it is kept all the same."""
    told = report.promise
    if told is None:
        return ()
    stored = promise_told(session, told.uuid)
    limits = promise_limits(
        session, told.client_id, _day(), local_zone(), except_id=stored.id if stored else None
    )
    return limits.flags(told.amount_cents, told.due_on)


def _both_told(conflict: FactConflict, currency: str) -> str:
    """Say what is stored and what came under its id now; nothing of it was saved in its place."""
    text = _(
        "%(kept)s Está guardado: %(stored)s. Ahora llegó: %(told)s.",
        kept=message(conflict.code, conflict.facts),
        stored=_told(conflict.stored, currency),
        told=_told(conflict.told, currency),
    )
    return str(text)


def _told(values: Mapping[str, str], currency: str) -> str:
    """Return what differs in a fact as people read it; ids and words that were typed stay out."""
    said = {
        "amount_cents": lambda value: pesos(int(value), currency),
        "due_on": lambda value: fecha(date.fromisoformat(value)),
        "outcome": lambda value: label(Outcome(value)),
        "person_met": lambda value: label(PersonMet(value)),
        "method": lambda value: label(PaymentMethod(value)),
    }
    known = [said[name](value) for name, value in values.items() if name in said]
    return ", ".join(map(str, known)) or str(_("otros datos"))


def _read_back(report: DoorReport, currency: str) -> str:
    """Say what was stored, with its figures, so that a slip is noticed at the door."""
    if report.payment and report.promise:
        text = _(
            "Guardado: recibiste %(sum)s y prometió %(rest)s para el %(day)s.",
            sum=pesos(report.payment.amount_cents, currency),
            rest=pesos(report.promise.amount_cents, currency),
            day=fecha(report.promise.due_on),
        )
    elif report.payment:
        text = _("Guardado: recibiste %(sum)s.", sum=pesos(report.payment.amount_cents, currency))
    elif report.promise:
        text = _(
            "Guardado: prometió %(sum)s para el %(day)s.",
            sum=pesos(report.promise.amount_cents, currency),
            day=fecha(report.promise.due_on),
        )
    else:
        text = _("Guardado: %(outcome)s.", outcome=label(report.visit.outcome))
    return str(text)


def _stop_at_hand(stop_id: int) -> OwnStop:
    """Return a stop of today or of tomorrow: the phone keeps both for days without signal."""
    found = _own_stop(stop_id)
    if not _day() <= found.day <= _day() + timedelta(days=1):
        message = f"stop {stop_id} is of {found.day}"
        raise NotFound(message)
    return found


def _own_stop(stop_id: int) -> OwnStop:
    found = own_stop(db.session(), _me(), stop_id)
    if found is None:
        message = f"stop {stop_id} does not exist or is not this collector's"
        raise NotFound(message)
    return found


def _own_door(client_id: int) -> Door:
    found = door_of_client(db.session(), current_actor(), client_id, _day(), local_zone())
    if found is None:
        message = f"client {client_id} does not exist or is not this collector's"
        raise NotFound(message)
    return found


def _guide() -> Guide | None:
    return open_guide(travel_settings(current_app.config, Path(current_app.instance_path)))


def _instant_s(day: date, second_s: int) -> int:
    """Return epoch seconds, for scripts, of a time of day."""
    return int(clock.at_second(day, second_s, local_zone()).timestamp())


def _me() -> int:
    user_id = current_actor().user_id
    assert user_id is not None  # noqa: S101 - who logs in has an id
    return user_id


def _day() -> date:
    return clock.today(local_zone())


def _news(found: Today) -> tuple[datetime, list[str]] | None:
    """Return when the route was last repaired and what that changed on it."""
    session, me = db.session(), _me()
    news = route_news(session, me, found.route.plan_id)
    if news is None:
        return None
    cards = client_cards(session, [one.client_id for one in news.moves])
    return news.made_at, [news_sentence(one, me, cards[one.client_id].name) for one in news.moves]
