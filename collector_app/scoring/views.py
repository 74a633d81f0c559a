"""Puntuación de un cliente: what it rests on, and the switch that turns it off."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.portfolio.queries import client_cards
from collector_app.scoring import queries, services
from collector_app.scoring.forms import OFF, ON, SwitchForm
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("scoring", __name__)

OFFICE_ROLES = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("/<int:client_id>")
@allow(*OFFICE_ROLES)
def client(client_id: int) -> str:
    return _page(client_id)


@bp.post("/<int:client_id>")
@allow(*OFFICE_ROLES)
def switch(client_id: int) -> Answer:
    form = SwitchForm()
    if not form.validate_on_submit():
        return _page(client_id, form), 422
    try:
        with transaction() as session:
            services.switch_scoring(
                session, current_actor(), client_id, form.reason.data, is_scored=form.is_scored
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(client_id, form), 422
    flash(
        _("Encendida: cuenta desde el próximo plan.")
        if form.is_scored
        else _("Apagada: desde el próximo plan su lugar no depende de ninguna puntuación."),
        "good",
    )
    return redirect(url_for(".client", client_id=client_id), code=303)


def _page(client_id: int, form: SwitchForm | None = None) -> str:
    session = db.session()
    card = client_cards(session, [client_id]).get(client_id)
    if card is None:
        text = f"no client {client_id}"
        raise NotFound(text)
    decisions = queries.decisions_of(session, client_id)
    is_scored = decisions[0].is_scored if decisions else True
    return render_template(
        "scoring/client.html",
        client=card,
        is_scored=is_scored,
        decisions=decisions,
        record=queries.record_of(session, client_id, clock.now(), local_zone()),
        form=form or SwitchForm(),
        next_state=OFF if is_scored else ON,
    )
