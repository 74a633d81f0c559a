"""Respaldo: guarantees, people and papers of one client, and the papers themselves."""

from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.backing import services
from collector_app.backing.document_files import document_store
from collector_app.backing.forms import DocumentForm, GuaranteeForm, ObligorForm
from collector_app.backing.models import CreditDocument
from collector_app.backing.queries import backing_of, bill_numbers
from collector_app.backing.rules import GuaranteeState, document_type
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.storage import FileStore
from collector_app.portfolio.models import Credit
from collector_app.portfolio.queries import client_cards
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.pages import redirect_back
from collector_app.web.words import message

bp = Blueprint("backing", __name__)
DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("/<int:client_id>")
@allow(*DESK)
def client(client_id: int) -> str:
    return _page(client_id)


@bp.post("/<int:client_id>/garantias")
@allow(*DESK)
def add_guarantee(client_id: int) -> Answer:
    form = GuaranteeForm()
    form.offer(_credits(client_id))
    if not form.validate_on_submit():
        return _page(client_id, guarantee_form=form), 422
    try:
        with transaction() as session:
            services.add_guarantee(session, current_actor(), form.to_data())
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(client_id, guarantee_form=form), 422
    return _added(client_id)


@bp.post("/<int:client_id>/obligados")
@allow(*DESK)
def add_obligor(client_id: int) -> Answer:
    form = ObligorForm()
    form.offer(_credits(client_id))
    if not form.validate_on_submit():
        return _page(client_id, obligor_form=form), 422
    with transaction() as session:
        data = form.to_data(client_id, clock.today(local_zone()))
        services.add_obligor(session, current_actor(), data)
    return _added(client_id)


@bp.post("/<int:client_id>/documentos")
@allow(*DESK)
def add_document(client_id: int) -> Answer:
    form = DocumentForm()
    form.offer(_credits(client_id), bill_numbers(db.session(), client_id))
    if not form.validate_on_submit():
        return _page(client_id, document_form=form), 422
    stream = form.file.data.stream
    try:
        media_type = document_type(stream.read(16))
        stream.seek(0)
        stored = _store().save(stream)
    except InvalidInput as error:
        form.file.errors = [message(error.code, error.facts)]
        return _page(client_id, document_form=form), 422
    with transaction() as session:
        services.add_document(session, current_actor(), form.to_data(), stored, media_type)
    return _added(client_id)


@bp.post("/garantias/<int:guarantee_id>/<any(in_force, enforced, released):state>")
@allow(*DESK)
def change_guarantee(guarantee_id: int, state: str) -> Response:
    with transaction() as session:
        row = services.change_guarantee(
            session,
            current_actor(),
            guarantee_id,
            GuaranteeState(state),
            today=clock.today(local_zone()),
        )
        credit = session.get_one(Credit, row.credit_id)
        client_id = credit.client_id
    return _added(client_id)


@bp.post("/obligados/<int:obligor_id>/terminar")
@allow(*DESK)
def end_obligor(obligor_id: int) -> Response:
    try:
        with transaction() as session:
            client_id = services.end_obligor(
                session,
                current_actor(),
                obligor_id,
                request.form.get("reason", ""),
                today=clock.today(local_zone()),
            ).client_id
    except InvalidInput as error:
        flash(message(error.code, error.facts), "bad")
        return redirect_back(url_for("portfolio.clients"))
    return _added(client_id)


@bp.get("/documentos/<int:document_id>")
@allow(*DESK)
def document(document_id: int) -> Response:
    """Give a paper as it was brought; nothing in it runs."""
    row = db.session().get(CreditDocument, document_id)
    if row is None or row.erased_at is not None or row.sha256 is None:
        message_ = f"no document {document_id}"
        raise NotFound(message_)
    with _store().open(row.sha256) as file:
        answer = make_response(file.read())
    answer.headers["Content-Type"] = row.media_type
    answer.headers.set("Content-Disposition", "attachment", filename=row.file_name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"  # personal data
    return answer


def _store() -> FileStore:
    return document_store(Path(current_app.instance_path))


def _added(client_id: int) -> Response:
    flash(_("Guardado."), "good")
    return redirect(url_for(".client", client_id=client_id), code=303)


def _page(
    client_id: int,
    guarantee_form: GuaranteeForm | None = None,
    obligor_form: ObligorForm | None = None,
    document_form: DocumentForm | None = None,
) -> str:
    today, credits = clock.today(local_zone()), _credits(client_id)
    cards = client_cards(db.session(), [client_id])
    guarantee_form = guarantee_form or GuaranteeForm(formdata=None, given_on=today)
    guarantee_form.offer(credits)
    obligor_form = obligor_form or ObligorForm(formdata=None)
    obligor_form.offer(credits)
    document_form = document_form or DocumentForm(formdata=None, dated_on=today)
    document_form.offer(credits, bill_numbers(db.session(), client_id))
    return render_template(
        "backing/client.html",
        client=cards[client_id],
        has_credits=bool(credits),
        backing=backing_of(db.session(), client_id, today, local_zone()),
        states=GuaranteeState,
        guarantee_form=guarantee_form,
        obligor_form=obligor_form,
        document_form=document_form,
    )


def _credits(client_id: int) -> list[tuple[str, str]]:
    """Return the credits to choose from; raises `NotFound` for nobody."""
    session = db.session()
    if client_id not in client_cards(session, [client_id]):
        message_ = f"no client {client_id}"
        raise NotFound(message_)
    found = session.query(Credit).filter_by(client_id=client_id).order_by(Credit.external_id)
    return [(str(one.id), f"{one.external_id} {one.product or ''}".strip()) for one in found]
