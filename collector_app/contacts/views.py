"""Contactos: may this client be called or written to now, the message, and what was done."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.compliance.rules import Channel, decide
from collector_app.compliance.sentences import block_sentence
from collector_app.contacts import services
from collector_app.contacts.forms import ContactForm, MessageForm
from collector_app.contacts.message_texts import MessageText, texts_for
from collector_app.contacts.models import Contact
from collector_app.contacts.queries import contacts_of, law_for, pressures, treatment_blocks
from collector_app.contacts.rules import (
    CHANNELS,
    LONGEST_TEXT,
    WRITTEN,
    MessageRefused,
    app_url,
)
from collector_app.core import clock
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.facts import FactConflict
from collector_app.payments.queries import NO_DEBT, debts, promise_states
from collector_app.portfolio.queries import ClientCard
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import PromiseBeyondPolicy, PromiseState
from collector_app.stages.promise_limits import promise_limits
from collector_app.stages.queries import client_stages
from collector_app.visits.services import keep_conflict
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import fecha, local_zone, pesos
from collector_app.web.skeletons import skeleton_for
from collector_app.web.words import label, message
from collector_app.zones.queries import own_card

bp = Blueprint("contacts", __name__)


@bp.get("/<int:client_id>")
@allow(*services.PEOPLE)
def client(client_id: int) -> str:
    """Show what may be done now.

    ``texto`` chooses a message of the house, ``mensaje`` brings another, ``canal`` a channel.
    """
    card = _client(client_id)
    form = MessageForm()
    form.offer(_channel())
    form.text.data = request.args.get("mensaje", "")[:LONGEST_TEXT]
    wanted = request.args.get("texto")
    for one in _texts(card):
        if one.id == wanted:
            form.suggest(one)
    return _page(card, form, ContactForm())


@bp.post("/<int:client_id>/mensaje")
@allow(*services.PEOPLE)
def send(client_id: int) -> Answer:
    card, form = _client(client_id), MessageForm()
    form.offer(_channel())
    if not form.validate_on_submit():
        return _page(card, form, ContactForm()), 422
    try:
        with transaction() as session:
            sent_id = services.send_message(
                session, current_actor(), form.fact(client_id), zone=local_zone()
            ).id
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(card, form, ContactForm()), 422
    except MessageRefused as error:
        form.form_errors.append(message(error.code, error.facts))
        form.form_errors.extend(block_sentence(one) for one in error.blocks)
        return _page(card, form, ContactForm()), 422
    return redirect(url_for(".sent", contact_id=sent_id), code=303)


@bp.get("/enviado/<int:contact_id>")
@allow(*services.PEOPLE)
def sent(contact_id: int) -> str:
    """Hand a message that passed the gate over to the app that sends it."""
    contact = db.session().get(Contact, contact_id)
    if contact is None or contact.text is None:
        message_ = f"no message {contact_id}"
        raise NotFound(message_)
    card = _client(contact.client_id)
    return render_template(
        "contacts/sent.html",
        base=skeleton_for(current_actor().role),
        client=card,
        contact=contact,
        url=app_url(contact.channel, card.phone, contact.text),
    )


@bp.post("/<int:client_id>/registrar")
@allow(*services.PEOPLE)
def record(client_id: int) -> Answer:
    card, form, actor = _client(client_id), ContactForm(), current_actor()
    form.offer(_channel())
    if not form.validate_on_submit():
        return _page(card, MessageForm(), form), 422
    try:
        with transaction() as session:
            _contact, blocks = services.record_contact(
                session, actor, form.fact(client_id, local_zone()), zone=local_zone()
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(card, MessageForm(), form), 422
    except PromiseBeyondPolicy as error:
        form.form_errors.append(message(error.code, error.facts))
        form.form_errors.extend(label(flag) for flag in error.flags)
        return _page(card, MessageForm(), form), 422
    except FactConflict as conflict:
        with transaction() as session:
            keep_conflict(session, actor, conflict)
        flash(message(conflict.code, conflict.facts), "warn")
        return redirect(url_for(".client", client_id=client_id), code=303)
    flash(_("Contacto guardado."), "good")
    if blocks:
        said = "; ".join(block_sentence(one) for one in blocks)
        flash(_("Queda anotado como falta: %(why)s.", why=said), "warn")
    return redirect(url_for(".client", client_id=client_id), code=303)


def _page(card: ClientCard, message_form: MessageForm, contact_form: ContactForm) -> str:
    session, zone, now = db.session(), local_zone(), clock.now()
    day, second_s = clock.today(zone), clock.second_of_day(now, zone)
    profile, facts = law_for(session, card.id, now, zone)
    for form in (message_form, contact_form):
        form.offer(_channel())
    return render_template(
        "contacts/client.html",
        base=skeleton_for(current_actor().role),
        client=card,
        decisions={one: decide(profile, facts, day, second_s, one) for one in CHANNELS},
        treated=treatment_blocks(session, card.id, now, zone, WRITTEN),
        pressures=pressures(profile, facts, day),
        sentence=block_sentence,
        texts=_texts(card),
        message_form=message_form,
        contact_form=contact_form,
        done=contacts_of(session, card.id),
        limits=promise_limits(session, card.id, day, zone),
        channels=Channel,
    )


def _texts(card: ClientCard) -> list[MessageText]:
    day = clock.today(local_zone())
    debt = debts(db.session(), day, local_zone(), [card.id]).get(card.id, NO_DEBT)
    facts = {
        "client": card.name,
        "collector": current_actor().name,
        "overdue": pesos(debt.overdue_cents),
        "balance": pesos(debt.balance_cents),
        "days": str(debt.days_past_due),
    }
    states = promise_states(db.session(), day, [card.id], zone=local_zone()).get(card.id, [])
    open_ones = [one for one in states if one.state is PromiseState.OPEN]
    if open_ones:
        first = min(open_ones, key=lambda one: one.due_on)
        facts |= {
            "promised": pesos(first.amount_cents - first.paid_cents),
            "promised_day": fecha(first.due_on),
        }
    stage = client_stages(db.session(), day, local_zone(), [card.id]).get(card.id, Stage.PREVENTIVE)
    return texts_for(stage, facts)


def _channel() -> Channel:
    asked = request.args.get("canal")
    return next((one for one in CHANNELS if one.value == asked), Channel.WHATSAPP)


def _client(client_id: int) -> ClientCard:
    return own_card(db.session(), current_actor(), client_id, clock.today(local_zone()))
