"""Etapas: the life of each credit of a client as of a day, and what people decide about it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import CollectorError, InvalidInput, NotFound
from collector_app.portfolio.queries import client_cards
from collector_app.stages import services
from collector_app.stages.forms import MoveForm, PauseForm, ResumeForm
from collector_app.stages.policy_file import house_stages
from collector_app.stages.queries import ClientLife, client_life
from collector_app.stages.rules import MoveRefused, NoPause
from collector_app.web.as_of import asked_day
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("stages", __name__)
READERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("/<int:client_id>")
@allow(*READERS)
def client(client_id: int) -> str:
    return _page(client_id)


@bp.post("/<int:client_id>/pausar")
@allow(*services.DECIDERS)
def pause(client_id: int) -> Answer:
    form, today = PauseForm(), clock.today(local_zone())
    form.offer(_credits_of(client_id), today)
    if not form.validate_on_submit():
        return _page(client_id, pause_form=form), 422
    try:
        with transaction() as session:
            services.pause(session, current_actor(), form.to_data(client_id), today=today)
    except InvalidInput as error:
        _blame(form, error)
        return _page(client_id, pause_form=form), 422
    flash(_("En pausa."), "good")
    return redirect(url_for(".client", client_id=client_id), code=303)


@bp.post("/<int:client_id>/mover")
@allow(*services.DECIDERS)
def move(client_id: int) -> Answer:
    form = MoveForm()
    form.offer(_credits_of(client_id))
    if not form.validate_on_submit():
        return _page(client_id, move_form=form), 422
    try:
        with transaction() as session:
            services.move(session, current_actor(), form.to_data(), zone=local_zone())
    except (InvalidInput, MoveRefused) as error:
        _blame(form, error)
        return _page(client_id, move_form=form), 422
    flash(_("La etapa cambió."), "good")
    return redirect(url_for(".client", client_id=client_id), code=303)


@bp.post("/pausas/<int:pause_id>/reanudar")
@allow(*services.DECIDERS)
def resume(pause_id: int) -> Response:
    """End a pause; when it can't be done, go back to the page and say why."""
    form, today = ResumeForm(), clock.today(local_zone())
    try:
        with transaction() as session:
            row = services.resume(
                session, current_actor(), pause_id, form.reason.data or "", today=today
            )
            client_id = row.client_id
    except (InvalidInput, NoPause) as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for("portfolio.clients"), code=303)
    flash(_("Se reanudó la cobranza."), "good")
    return redirect(url_for(".client", client_id=client_id), code=303)


def _page(
    client_id: int, pause_form: PauseForm | None = None, move_form: MoveForm | None = None
) -> str:
    today = clock.today(local_zone())
    day = asked_day(today)
    cards = client_cards(db.session(), [client_id])
    if client_id not in cards:
        message_ = f"no client {client_id}"
        raise NotFound(message_)
    life = client_life(db.session(), client_id, day, local_zone())
    credits = _credits(life)
    if pause_form is None:
        pause_form = PauseForm(formdata=None)
        pause_form.offer(credits, today)
    if move_form is None:
        move_form = MoveForm(formdata=None)
        move_form.offer(credits)
    return render_template(
        "stages/client.html",
        client=cards[client_id],
        life=life,
        owed=life.ledger.owed_on(day),
        day=day,
        today=today,
        policy=house_stages(),
        pause_form=pause_form,
        resume_form=ResumeForm(formdata=None),
        move_form=move_form,
        may_decide=current_actor().role in services.DECIDERS,
    )


def _credits_of(client_id: int) -> list[tuple[str, str]]:
    today = clock.today(local_zone())
    return _credits(client_life(db.session(), client_id, today, local_zone()))


def _credits(life: ClientLife) -> list[tuple[str, str]]:
    return [
        (str(one.credit_id), f"{one.external_id} {one.product or ''}".strip())
        for one in life.credits
    ]


def _blame(form: PauseForm | MoveForm, error: CollectorError) -> None:
    """Say at the field that was wrong what is wrong with it."""
    wrong = "from_on" if isinstance(form, PauseForm) else "stage"
    form[wrong].errors = [message(error.code, error.facts)]
