"""Webhooks: who is told of what, and how each telling went."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput
from collector_app.web.extensions import db, transaction
from collector_app.web.words import message
from collector_app.webhooks import services
from collector_app.webhooks.forms import WebhookForm
from collector_app.webhooks.queries import deliveries, webhooks
from collector_app.webhooks.rules import EXAMPLE, DeliveryState, WebhookEvent, secret_of

bp = Blueprint("webhooks", __name__)


@bp.get("")
@allow(Role.ADMIN)
def overview() -> str:
    return _page(WebhookForm(formdata=None))


@bp.post("")
@allow(Role.ADMIN)
def add() -> Answer:
    """Add a webhook and show its secret this once."""
    form = WebhookForm()
    if not form.validate_on_submit():
        return _page(form), 422
    chosen = [WebhookEvent(one) for one in form.events.data]
    try:
        with transaction() as session:
            made = services.add_webhook(
                session,
                current_actor(),
                form.url.data,
                chosen,
                may_be_private=current_app.config["WEBHOOKS_PRIVATE"],
            )
    except InvalidInput as error:
        form.url.errors = [message(error.code, error.facts)]
        return _page(form), 422
    secret = secret_of(current_app.config["SECRET_KEY"], made.salt)
    return _page(WebhookForm(formdata=None), secret)


@bp.get("/<int:webhook_id>")
@allow(Role.ADMIN)
def log(webhook_id: int) -> str:
    session = db.session()
    return render_template(
        "webhooks/log.html",
        webhook=services.webhook_numbered(session, webhook_id),
        rows=deliveries(session, webhook_id),
        states=DeliveryState,
    )


@bp.post("/<int:webhook_id>/probar")
@allow(Role.ADMIN)
def test(webhook_id: int) -> Response:
    with transaction() as session:
        services.send_test(session, current_actor(), webhook_id)
    flash(_("La prueba sale en unos segundos."), "good")
    return redirect(url_for(".log", webhook_id=webhook_id), code=303)


@bp.post("/<int:webhook_id>/encender")
@allow(Role.ADMIN)
def turn_on(webhook_id: int) -> Response:
    with transaction() as session:
        services.turn_on(session, current_actor(), webhook_id)
    return redirect(url_for(".log", webhook_id=webhook_id), code=303)


@bp.post("/<int:webhook_id>/quitar")
@allow(Role.ADMIN)
def remove(webhook_id: int) -> Response:
    with transaction() as session:
        services.remove_webhook(session, current_actor(), webhook_id)
    flash(_("Ya no se le avisa de nada."), "good")
    return redirect(url_for(".overview"), code=303)


def _page(form: WebhookForm, new_secret: str | None = None) -> str:
    return render_template(
        "webhooks/overview.html",
        form=form,
        rows=webhooks(db.session()),
        events={one.value: one for one in WebhookEvent},
        new_secret=new_secret,
        example=EXAMPLE,
    )
