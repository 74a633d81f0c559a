"""Cumplimiento: the law in force with its sources, and the clients nobody may contact."""

from collections.abc import Callable
from datetime import date, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.compliance import client_terms, creditor_choices, queries, services
from collector_app.compliance.client_terms import OverrideData, WishData
from collector_app.compliance.forms import (
    BanForm,
    CreditForm,
    CreditorForm,
    CreditorLawForm,
    EndForm,
    LiftForm,
    OverrideForm,
    ProfileForm,
    WishForm,
)
from collector_app.compliance.profile_files import (
    HOUSE,
    house_rules,
    law_profile,
    law_profiles,
    profile_versions,
)
from collector_app.compliance.queries import CreditorRow
from collector_app.compliance.rules import (
    BanKind,
    ContactFacts,
    Ground,
    HourWindow,
    Rule,
    decide,
    liftable,
)
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound, RuleBroken
from collector_app.portfolio.services import tell_creditor as told_creditor
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import label, message

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


@bp.get("/acreedores")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def creditors() -> str:
    return _creditors_page()


@bp.post("/acreedores")
@allow(Role.ADMIN)
def add_creditor() -> Answer:
    form = CreditorForm()
    form.offer(_laws_of_creditors())
    if not form.validate_on_submit():
        return _creditors_page(creditor_form=form), 422
    try:
        with transaction() as session:
            added = creditor_choices.add_creditor(
                session,
                current_actor(),
                form.name.data,
                form.profile_id.data or None,
                form.reason.data,
                today=clock.today(local_zone()),
            )
            creditor_id = added.id
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _creditors_page(creditor_form=form), 422
    flash(_("Se agregó. Los archivos ya pueden nombrarlo en la columna «Acreedor»."), "good")
    return redirect(url_for(".creditor", creditor_id=creditor_id), code=303)


@bp.post("/acreedores/credito")
@allow(Role.DISPATCHER, Role.ADMIN)
def tell_creditor() -> Answer:
    form = CreditForm()
    form.offer(_owners())
    if not form.validate_on_submit():
        return _creditors_page(credit_form=form), 422
    credit_id = queries.credit_numbered(db.session(), form.credit_number.data)
    if credit_id is None:
        form.credit_number.errors = [_("No hay un crédito con ese número.")]
        return _creditors_page(credit_form=form), 422
    owner = int(form.creditor_id.data) if form.creditor_id.data else None
    with transaction() as session:
        told_creditor(session, current_actor(), credit_id, owner)
    flash(_("Se guardó. Desde ahora vale la ley de su acreedor; vuelve a planear."), "good")
    return redirect(url_for(".creditors"), code=303)


@bp.get("/acreedores/<int:creditor_id>")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def creditor(creditor_id: int) -> str:
    return _creditor_page(creditor_id)


@bp.post("/acreedores/<int:creditor_id>")
@allow(Role.ADMIN)
def choose_creditor_law(creditor_id: int) -> Answer:
    form = CreditorLawForm()
    form.offer(_laws_of_creditors())
    if not form.validate_on_submit():
        return _creditor_page(creditor_id, form), 422
    try:
        with transaction() as session:
            creditor_choices.choose_creditor_profile(
                session,
                current_actor(),
                creditor_id,
                form.profile_id.data or None,
                form.from_on.data,
                form.reason.data,
                today=clock.today(local_zone()),
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _creditor_page(creditor_id, form), 422
    flash(_("Se guardó. Vuelve a planear los días que ya tienen plan."), "good")
    return redirect(url_for(".creditor", creditor_id=creditor_id), code=303)


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
                kind=BanKind(form.kind.data),
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(ban_form=form), 422
    flash(
        _("Desde hoy nadie lo visita. Si ya está en una ruta publicada, avisa al gestor."), "good"
    )
    return redirect(url_for(".overview"), code=303)


@bp.post("/horarios")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def wish() -> Answer:
    form = WishForm()
    if not form.validate_on_submit():
        return _page(wish_form=form), 422
    client_id = queries.client_numbered(db.session(), form.wish_number.data)
    if client_id is None:
        form.wish_number.errors = [_("No hay un cliente con ese número.")]
        return _page(wish_form=form), 422
    data = WishData(
        client_id,
        form.marks(),
        _second_of(form.starts_at.data),
        _second_of(form.ends_at.data),
        form.reason.data,
    )
    try:
        with transaction() as session:
            client_terms.honour_wish(
                session, current_actor(), data, today=clock.today(local_zone())
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(wish_form=form), 422
    flash(_("Desde hoy solo se le visita en ese horario."), "good")
    return redirect(url_for(".overview"), code=303)


@bp.post("/horarios/<int:wish_id>/terminar")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def end_wish(wish_id: int) -> Answer:
    said = _("Terminado: desde ahora vale el horario de la ley y de la casa.")
    return _end(client_terms.end_wish, wish_id, said)


@bp.post("/excepciones")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def request_override() -> Answer:
    form = _with_rules(OverrideForm())
    if not form.validate_on_submit():
        return _page(override_form=form), 422
    client_id = queries.client_numbered(db.session(), form.override_number.data)
    if client_id is None:
        form.override_number.errors = [_("No hay un cliente con ese número.")]
        return _page(override_form=form), 422
    rule_id, _sep, ground = form.rule.data.partition("|")
    data = OverrideData(client_id, rule_id, ground or None, form.reason.data, form.to_on.data)
    try:
        with transaction() as session:
            client_terms.request_override(
                session, current_actor(), data, today=clock.today(local_zone())
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(override_form=form), 422
    flash(_("Se pidió. Vale cuando otra persona la autorice."), "good")
    return redirect(url_for(".overview"), code=303)


@bp.post("/excepciones/<int:override_id>/autorizar")
@allow(Role.SUPERVISOR, Role.ADMIN)
def grant_override(override_id: int) -> Answer:
    try:
        with transaction() as session:
            client_terms.grant_override(
                session, current_actor(), override_id, today=clock.today(local_zone())
            )
    except RuleBroken as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for(".overview"), code=303)
    flash(_("Autorizada. Termina sola en su fecha."), "good")
    return redirect(url_for(".overview"), code=303)


@bp.post("/excepciones/<int:override_id>/terminar")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def end_override(override_id: int) -> Answer:
    said = _("Terminada: la regla vale otra vez desde ahora.")
    return _end(client_terms.end_override, override_id, said)


def _end(end: Callable[..., object], decided_id: int, said: str) -> Answer:
    """End what was decided about a client, with the reason that was typed."""
    form = EndForm()
    if not form.validate_on_submit():
        flash(_("Escribe por qué, en 240 letras a lo más."), "bad")
        return redirect(url_for(".overview"), code=303)
    with transaction() as session:
        today = clock.today(local_zone())
        end(session, current_actor(), decided_id, form.reason.data, today=today)
    flash(said, "good")
    return redirect(url_for(".overview"), code=303)


def _page(
    profile_form: ProfileForm | None = None,
    ban_form: BanForm | None = None,
    wish_form: WishForm | None = None,
    override_form: OverrideForm | None = None,
) -> str:
    session, today = db.session(), clock.today(local_zone())
    law, known = queries.law_in_force(session, today), queries.creditors(session, today)
    asked = request.args.get("creditor", "")
    seen = next((one for one in known if str(one.id) == asked), None)
    return render_template(
        "compliance/overview.html",
        law=law,
        house=house_rules(today),
        law_versions=profile_versions(law.id),
        house_versions=profile_versions(HOUSE),
        names={profile.id: profile.name for profile in law_profiles().values()},
        days=_days(session, today, seen),
        creditors=known,
        seen=seen,
        choices=queries.choices(session),
        bans=queries.bans(session, today),
        profile_form=profile_form or _offered(ProfileForm(profile_id=law.id, from_on=today)),
        ban_form=ban_form or BanForm(),
        lift_form=LiftForm(),
        end_form=EndForm(),
        wishes=queries.wishes(session, today),
        overrides=queries.overrides(session, today),
        rule_texts={one.id: one.source.text for one in queries.every_profile(session, today).rules},
        ground_words={one.value: label(one) for one in Ground},
        wish_form=wish_form or WishForm(),
        override_form=override_form or _with_rules(OverrideForm()),
        me=current_actor().user_id,
        may_choose=current_actor().role is Role.ADMIN,
        may_lift=current_actor().role in (Role.SUPERVISOR, Role.ADMIN),
    )


def _creditors_page(
    creditor_form: CreditorForm | None = None, credit_form: CreditForm | None = None
) -> str:
    session, today = db.session(), clock.today(local_zone())
    creditor_form, credit_form = creditor_form or CreditorForm(), credit_form or CreditForm()
    creditor_form.offer(_laws_of_creditors())
    credit_form.offer(_owners())
    return render_template(
        "compliance/creditors.html",
        creditors=queries.creditors(session, today),
        names=_law_names(),
        house=queries.law_in_force(session, today),
        creditor_form=creditor_form,
        credit_form=credit_form,
        may_choose=current_actor().role is Role.ADMIN,
        may_tell=current_actor().role in (Role.DISPATCHER, Role.ADMIN),
    )


def _creditor_page(creditor_id: int, form: CreditorLawForm | None = None) -> str:
    session, today = db.session(), clock.today(local_zone())
    rows = queries.creditors(session, today)
    row = next((one for one in rows if one.id == creditor_id), None)
    if row is None:
        text = f"no creditor {creditor_id}"
        raise NotFound(text)
    form = form or CreditorLawForm(profile_id=row.profile_id or "", from_on=today)
    form.offer(_laws_of_creditors())
    return render_template(
        "compliance/creditor.html",
        creditor=row,
        law=law_profile(row.profile_id, today) if row.profile_id else None,
        house=queries.law_in_force(session, today),
        names=_law_names(),
        form=form,
        may_choose=current_actor().role is Role.ADMIN,
    )


def _law_names() -> dict[str, str]:
    return {profile.id: profile.name for profile in law_profiles().values()}


def _laws_of_creditors() -> list[tuple[str, str]]:
    return [("", _("Solo la de la casa")), *_law_names().items()]


def _owners() -> list[tuple[str, str]]:
    """Return whose a credit may be: the house's own, or a creditor's."""
    found = queries.creditors(db.session(), clock.today(local_zone()))
    return [("", _("De la casa")), *((str(one.id), one.name) for one in found)]


def _offered(form: ProfileForm) -> ProfileForm:
    form.offer([(profile.id, profile.name) for profile in law_profiles().values()])
    return form


def _with_rules(form: OverrideForm) -> OverrideForm:
    profile = queries.every_profile(db.session(), clock.today(local_zone()))
    form.offer(
        [
            (f"{rule.id}|{ground or ''}", _rule_text(rule, ground))
            for rule, ground in liftable(profile)
        ]
    )
    return form


def _rule_text(rule: Rule, ground: str | None) -> str:
    """Return what a rule says, and on what ground it is lifted."""
    return f"{rule.source.text} ({label(Ground(ground))})" if ground else rule.source.text


def _second_of(at: time) -> int:
    return at.hour * 3600 + at.minute * 60


def _days(session: Session, today: date, creditor: CreditorRow | None) -> list[LegalDay]:
    """Return the coming days with their windows, or why there are none.

    By the law of the house alone, or with that of a creditor beside it, as it holds on each day.
    """
    days = []
    for n in range(DAYS_SHOWN):
        day = today + timedelta(days=n)
        theirs = creditor.law_on(day) if creditor else None
        facts = ContactFacts(local_zone(), creditors=theirs)
        decision = decide(queries.law_in_force(session, day), facts, day)
        days.append((day, decision.windows, [block_sentence(one) for one in decision.blocks]))
    return days
