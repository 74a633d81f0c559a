"""Cumplimiento: the law in force with its sources, and the clients nobody may contact."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.compliance import queries, services
from collector_app.compliance.forms import BanForm, LiftForm, ProfileForm
from collector_app.compliance.profile_files import house_rules, law_profiles
from collector_app.compliance.rules import ContactFacts, HourWindow, decide
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("compliance", __name__)

DAYS_SHOWN = 7
LegalDay = tuple[date, tuple[HourWindow, ...], list[str]]


@bp.get("")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def overview() -> str:
    return _page()


@bp.post("/perfil")
@allow(Role.ADMIN)
def choose() -> Answer:
    form = _offered(ProfileForm())
    if not form.validate_on_submit():
        return _page(profile_form=form), 422
    try:
        with transaction() as session:
            services.choose_profile(
                session,
                current_actor(),
                form.profile_id.data,
                form.from_on.data,
                form.reason.data,
                today=clock.today(local_zone()),
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(profile_form=form), 422
    flash(_("Se guardó. Los planes que ya existen no cambian; vuelve a planear esos días."), "good")
    return redirect(url_for(".overview"), code=303)


@bp.post("/prohibiciones")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def ban() -> Answer:
    form = BanForm()
    if not form.validate_on_submit():
        return _page(ban_form=form), 422
    client_id = queries.client_numbered(db.session(), form.external_id.data)
    if client_id is None:
        form.external_id.errors = [_("No hay un cliente con ese número.")]
        return _page(ban_form=form), 422
    try:
        with transaction() as session:
            services.ban_contact(
                session,
                current_actor(),
                client_id,
                form.reason.data,
                clock.today(local_zone()),
                form.to_on.data,
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(ban_form=form), 422
    flash(
        _("Desde hoy nadie lo visita. Si ya está en una ruta publicada, avisa al gestor."), "good"
    )
    return redirect(url_for(".overview"), code=303)


@bp.post("/prohibiciones/<int:ban_id>/levantar")
@allow(Role.SUPERVISOR, Role.ADMIN)
def lift(ban_id: int) -> Answer:
    form = LiftForm()
    if not form.validate_on_submit():
        flash(_("Escribe por qué se levanta la prohibición."), "bad")
        return redirect(url_for(".overview"), code=303)
    with transaction() as session:
        services.lift_ban(
            session, current_actor(), ban_id, form.reason.data, today=clock.today(local_zone())
        )
    flash(_("Se levantó: desde hoy se le puede visitar."), "good")
    return redirect(url_for(".overview"), code=303)


def _page(profile_form: ProfileForm | None = None, ban_form: BanForm | None = None) -> str:
    session, today = db.session(), clock.today(local_zone())
    law = queries.law_in_force(session, today)
    return render_template(
        "compliance/overview.html",
        law=law,
        house=house_rules(),
        names={profile.id: profile.name for profile in law_profiles().values()},
        days=_days(session, today),
        choices=queries.choices(session),
        bans=queries.bans(session, today),
        profile_form=profile_form or _offered(ProfileForm(profile_id=law.id, from_on=today)),
        ban_form=ban_form or BanForm(),
        lift_form=LiftForm(),
        may_choose=current_actor().role is Role.ADMIN,
        may_lift=current_actor().role in (Role.SUPERVISOR, Role.ADMIN),
    )


def _offered(form: ProfileForm) -> ProfileForm:
    form.offer([(profile.id, profile.name) for profile in law_profiles().values()])
    return form


def _days(session: Session, today: date) -> list[LegalDay]:
    """Return the coming days with their windows, or why there are none."""
    days = []
    for n in range(DAYS_SHOWN):
        day = today + timedelta(days=n)
        decision = decide(queries.law_in_force(session, day), ContactFacts(local_zone()), day)
        days.append((day, decision.windows, [block_sentence(one) for one in decision.blocks]))
    return days
