"""Quejas: the register with its deadlines, taking one, answering one."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.accounts.models import User
from collector_app.audit.downloads import hand_out
from collector_app.complaints import queries, services
from collector_app.complaints.files import complaint_columns, complaint_line
from collector_app.complaints.forms import LONGEST, AnswerForm, ComplaintForm
from collector_app.complaints.rules import ComplaintData, ComplaintKind, complaint_folio
from collector_app.compliance.forms import LiftForm
from collector_app.compliance.queries import client_numbered
from collector_app.compliance.sentences import source_words
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.web.downloads import dated
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.skeletons import skeleton_for
from collector_app.web.words import message

bp = Blueprint("complaints", __name__)
DESK = (Role.SUPERVISOR, Role.ADMIN)


@bp.get("")
@allow(*DESK)
def register() -> str:
    return _register(AnswerForm(), None)


@bp.get("/lista.<any(xlsx, csv):kind>")
@allow(*DESK)
def register_file(kind: str) -> Response:
    """Hand out the whole register, also what the page no longer shows."""
    zone = local_zone()
    today = clock.today(zone)
    lines = [
        complaint_line(one, today, zone) for one in queries.register(db.session(), zone, limit=None)
    ]
    return hand_out(current_actor(), dated("quejas"), kind, complaint_columns(), lines)


@bp.get("/nueva")
@allow(*services.TAKERS)
def new() -> str:
    form = _offered(ComplaintForm())
    form.number.data = request.args.get("number", "")
    return _new(form)


@bp.post("/nueva")
@allow(*services.TAKERS)
def take() -> Answer:
    form = _offered(ComplaintForm())
    if not form.validate_on_submit():
        return _new(form), 422
    client_id = client_numbered(db.session(), form.number.data)
    about = int(form.about.data) if form.about.data else None
    try:
        if client_id is None:
            raise NotFound
        with transaction() as session:
            data = ComplaintData(
                client_id, ComplaintKind(form.kind.data), form.text.data or "", about
            )
            folio = complaint_folio(
                services.take_complaint(session, current_actor(), data, zone=local_zone()).id
            )
    except NotFound:
        form.number.errors = [_("No hay un cliente con ese número.")]
        return _new(form), 422
    except InvalidInput as error:
        form.text.errors = [message(error.code, error.facts)]
        return _new(form), 422
    flash(_("Queja registrada. Dile al cliente su folio: %(folio)s", folio=folio), "good")
    return redirect(url_for(".new"), code=303)


@bp.post("/<int:complaint_id>/responder")
@allow(*DESK)
def answer(complaint_id: int) -> Answer:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _register(form, complaint_id), 422
    try:
        with transaction() as session:
            services.answer_complaint(
                session,
                current_actor(),
                complaint_id,
                form.answer.data or "",
                may_contact=form.may_contact.data,
                zone=local_zone(),
            )
    except InvalidInput as error:
        form.answer.errors = [message(error.code, error.facts)]
        return _register(form, complaint_id), 422
    flash(_("Respondida."), "good")
    return redirect(url_for(".register"), code=303)


@bp.post("/prohibiciones/<int:ban_id>/levantar")
@allow(*DESK)
def lift(ban_id: int) -> Answer:
    """Lift a ban, whoever put it down, with the pause that came with it."""
    form = LiftForm()
    if not form.validate_on_submit():
        flash(_("Escribe por qué se levanta la prohibición."), "bad")
        return redirect(url_for("compliance.overview"), code=303)
    with transaction() as session:
        ended = services.lift_ban_and_pauses(
            session,
            current_actor(),
            ban_id,
            form.reason.data,
            today=clock.today(local_zone()),
        )
    flash(
        _("Se levantó y terminó la pausa de la cobranza: desde hoy se le puede visitar.")
        if ended
        else _("Se levantó: desde hoy se le puede visitar."),
        "good",
    )
    return redirect(url_for("compliance.overview"), code=303)


def _new(form: ComplaintForm) -> str:
    base = skeleton_for(current_actor().role)
    return render_template("complaints/new.html", base=base, form=form)


def _register(form: AnswerForm, wrong_id: int | None) -> str:
    return render_template(
        "complaints/register.html",
        complaints=queries.register(db.session(), local_zone()),
        today=clock.today(local_zone()),
        form=form,
        wrong_id=wrong_id,
        longest=LONGEST,
        source_words=source_words,
    )


def _offered(form: ComplaintForm) -> ComplaintForm:
    people = db.session().execute(
        select(User.id, User.full_name)
        .where(User.role == Role.COLLECTOR, User.active)
        .order_by(User.full_name)
    )
    form.offer([(str(id_), name) for id_, name in people])
    return form
