"""Mensajes: from the office to one collector, read on the phone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core.actor import Role
from collector_app.messages import services
from collector_app.messages.forms import MessageForm
from collector_app.messages.queries import latest_messages
from collector_app.web.extensions import db, transaction
from collector_app.zones.queries import collectors

bp = Blueprint("messages", __name__)

OFFICE_ROLES = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("")
@allow(*OFFICE_ROLES)
def messages() -> str:
    form = MessageForm(formdata=None)
    form.collector_id.data = request.args.get("gestor", type=int)
    return _page(form)


@bp.post("")
@allow(*OFFICE_ROLES)
def send() -> Answer:
    form = MessageForm()
    form.offer(collectors(db.session()))
    if not form.validate_on_submit() or not form.text.data.strip():
        return _page(form), 422
    with transaction() as session:
        services.send_message(session, current_actor(), form.collector_id.data, form.text.data)
    flash(_("Enviado: aparecerá en su lista, y aquí cuándo lo leyó."), "good")
    return redirect(url_for(".messages"), code=303)


@bp.post("/<int:office_message_id>/leido")
@allow(Role.COLLECTOR)
def read(office_message_id: int) -> Response:
    with transaction() as session:
        services.read_message(session, current_actor(), office_message_id)
    return redirect(url_for("phone.today"), code=303)


def _page(form: MessageForm) -> str:
    session = db.session()
    form.offer(collectors(session))
    return render_template("messages/messages.html", form=form, rows=latest_messages(session))
