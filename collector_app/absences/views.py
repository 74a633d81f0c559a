"""Ausencias: who does not work on which days, told and cancelled."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.absences import services
from collector_app.absences.files import absence_columns, absence_line
from collector_app.absences.forms import AbsenceForm
from collector_app.absences.queries import absences_from
from collector_app.absences.rules import AbsenceOverlaps, WrongAbsence
from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.audit.downloads import hand_out
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.web.downloads import dated
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message
from collector_app.zones.queries import collectors

bp = Blueprint("absences", __name__)

OFFICE_ROLES = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("")
@allow(*OFFICE_ROLES)
def absences() -> str:
    today = clock.today(local_zone())
    return _page(AbsenceForm(formdata=None, from_on=today, to_on=today))


@bp.get("/lista.<any(xlsx, csv):kind>")
@allow(*OFFICE_ROLES)
def absences_file(kind: str) -> Response:
    """Hand out the absences of today and those that come."""
    lines = [absence_line(one) for one in absences_from(db.session(), clock.today(local_zone()))]
    return hand_out(current_actor(), dated("ausencias"), kind, absence_columns(), lines)


@bp.post("")
@allow(*OFFICE_ROLES)
def record() -> Answer:
    form = AbsenceForm()
    form.offer(collectors(db.session()))
    if not form.validate_on_submit():
        return _page(form), 422
    wanted = form.to_command()
    try:
        with transaction() as session:
            services.record_absence(
                session,
                current_actor(),
                wanted.collector_id,
                wanted.kind,
                wanted.from_on,
                wanted.to_on,
                wanted.note,
            )
    except (AbsenceOverlaps, WrongAbsence) as error:
        form.to_on.errors = [message(error.code, error.facts)]
        return _page(form), 422
    flash(_("Se guardó. Los próximos planes de esos días no cuentan con esa persona."), "good")
    return redirect(url_for(".absences"), code=303)


@bp.post("/<int:absence_id>/cancelar")
@allow(*OFFICE_ROLES)
def cancel(absence_id: int) -> Response:
    with transaction() as session:
        services.cancel_absence(session, current_actor(), absence_id)
    flash(_("Se canceló la ausencia: esos días vuelve a contar."), "good")
    return redirect(url_for(".absences"), code=303)


def _page(form: AbsenceForm) -> str:
    session = db.session()
    form.offer(collectors(session))
    today = clock.today(local_zone())
    rows = absences_from(session, today)
    return render_template("absences/absences.html", form=form, rows=rows, today=today)
