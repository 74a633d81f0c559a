"""Convenios: offer and calculate, approve, sign, follow up."""

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.agreements import queries, services
from collector_app.agreements.agreement_pdf import agreement_pdf
from collector_app.agreements.forms import AgreementForm, CancelForm, SignForm
from collector_app.agreements.queries import AgreementRow
from collector_app.agreements.rules import (
    AgreementState,
    DebtNotSettled,
    Instalment,
    check_content,
    check_terms,
    may_grant,
    schedule,
)
from collector_app.agreements.settlement_letter import settlement_pdf
from collector_app.agreements.settlements import settlement
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound, RuleBroken
from collector_app.payments.queries import NO_DEBT, debts
from collector_app.portfolio.models import Client
from collector_app.portfolio.queries import ClientCard, client_cards
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.pages import page_of_request
from collector_app.web.words import message
from collector_app.zones.queries import may_see

bp = Blueprint("agreements", __name__)
PEOPLE = (Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN)
AGENDA_DAYS = 7
DUE_SHOWN = 20  # beside the agreements; the agenda has all


@bp.get("")
@allow(*PEOPLE)
def overview() -> str:
    session, today, zone = db.session(), clock.today(local_zone()), local_zone()
    actor = current_actor()
    is_office = actor.role is not Role.COLLECTOR
    last = today + timedelta(days=AGENDA_DAYS)
    due = queries.coming_due(session, today, last, zone) if is_office else []
    page = page_of_request(queries.agreement_count(session, actor))
    return render_template(
        "agreements/overview.html",
        base=_base(),
        agreements=queries.agreements(
            session, actor, today, zone, rows=slice(page.offset, page.offset + page.size)
        ),
        page=page,
        due=due[:DUE_SHOWN],
        due_count=len(due),
        cards=client_cards(session, {one.client_id for one in due[:DUE_SHOWN]}),
    )


@bp.get("/nuevo/<int:client_id>")
@allow(*PEOPLE)
def new(client_id: int) -> str:
    card = _client(client_id)
    today = clock.today(local_zone())
    debt = debts(db.session(), today, [client_id]).get(client_id, NO_DEBT)
    form = AgreementForm()
    form.suggest(debt.balance_cents, today, card.external_id)
    return _new_page(client_id, form)


@bp.post("/nuevo/<int:client_id>")
@allow(*PEOPLE)
def propose(client_id: int) -> Answer:
    form = AgreementForm()
    _client(client_id)
    if not form.validate_on_submit():
        return _new_page(client_id, form), 422
    today, terms, content = clock.today(local_zone()), form.terms(), form.content()
    try:
        check_terms(terms, today)
        if "calculate" in request.form:
            return _new_page(client_id, form, schedule(terms))
        check_content(content, terms.debt_cents)
        with transaction() as session:
            made = services.propose(
                session, current_actor(), client_id, terms, content, today=today, zone=local_zone()
            ).id
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _new_page(client_id, form), 422
    except RuleBroken as error:
        form.form_errors.append(message(error.code, error.facts))
        return _new_page(client_id, form), 422
    flash(_("Convenio guardado."), "good")
    return redirect(url_for(".detail", agreement_id=made), code=303)


@bp.get("/<int:agreement_id>")
@allow(*PEOPLE)
def detail(agreement_id: int) -> str:
    return _detail_page(agreement_id, SignForm(), CancelForm())


@bp.get("/<int:agreement_id>.pdf")
@allow(*PEOPLE)
def pdf(agreement_id: int) -> Response:
    answer = make_response(agreement_pdf(_agreement(agreement_id)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="convenio-{agreement_id}.pdf"'
    return answer


@bp.get("/finiquito/<int:client_id>.pdf")
@allow(Role.SUPERVISOR, Role.ADMIN)
def settlement_letter(client_id: int) -> Answer:
    """Give the carta finiquito; while something is owed go back to the file and say so."""
    session, zone = db.session(), local_zone()
    client = session.get(Client, client_id)
    if client is None:
        message_ = f"no client {client_id}"
        raise NotFound(message_)
    today = clock.today(zone)
    try:
        told = settlement(session, client, today, zone)
    except DebtNotSettled as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for("client_file.file", client_id=client_id), code=303)
    answer = make_response(settlement_pdf(told, today))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="finiquito-{client_id}.pdf"'
    return answer


@bp.post("/<int:agreement_id>/aprobar")
@allow(Role.SUPERVISOR, Role.ADMIN)
def approve(agreement_id: int) -> Answer:
    try:
        with transaction() as session:
            services.approve(session, current_actor(), agreement_id)
    except RuleBroken as error:
        flash(message(error.code, error.facts), "bad")
    else:
        flash(_("Aprobado. Falta la firma del cliente."), "good")
    return redirect(url_for(".detail", agreement_id=agreement_id), code=303)


@bp.post("/<int:agreement_id>/firmar")
@allow(*PEOPLE)
def sign(agreement_id: int) -> Answer:
    form = SignForm()
    _agreement(agreement_id)
    if not form.validate_on_submit():
        return _detail_page(agreement_id, form, CancelForm()), 422
    try:
        with transaction() as session:
            services.sign(session, current_actor(), agreement_id, form.name.data or "", form.png())
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _detail_page(agreement_id, form, CancelForm()), 422
    except RuleBroken as error:
        flash(message(error.code, error.facts), "bad")
    else:
        flash(_("Firmado. El convenio está vigente."), "good")
    return redirect(url_for(".detail", agreement_id=agreement_id), code=303)


@bp.post("/<int:agreement_id>/cancelar")
@allow(Role.SUPERVISOR, Role.ADMIN)
def cancel(agreement_id: int) -> Answer:
    form = CancelForm()
    _agreement(agreement_id)
    try:
        with transaction() as session:
            services.cancel(session, current_actor(), agreement_id, form.reason.data or "")
    except InvalidInput as error:
        form.reason.errors = [message(error.code, error.facts)]
        return _detail_page(agreement_id, SignForm(), form), 422
    flash(_("Convenio cancelado."), "good")
    return redirect(url_for(".detail", agreement_id=agreement_id), code=303)


def _new_page(client_id: int, form: AgreementForm, preview: tuple[Instalment, ...] = ()) -> str:
    actor = current_actor()
    needs_approval = bool(preview) and not may_grant(actor.role, form.terms().discount_basis)
    return render_template(
        "agreements/new.html",
        base=_base(),
        client=_client(client_id),
        form=form,
        preview=preview,
        terms=form.terms() if preview else None,
        needs_approval=needs_approval,
    )


def _detail_page(agreement_id: int, sign_form: SignForm, cancel_form: CancelForm) -> str:
    found, actor = _agreement(agreement_id), current_actor()
    return render_template(
        "agreements/detail.html",
        base=_base(),
        one=found,
        states=AgreementState,
        unpaid={part.number: part.amount_cents for part in queries.unpaid(found)},
        sign_form=sign_form,
        cancel_form=cancel_form,
        is_office=actor.role is not Role.COLLECTOR,
    )


def _agreement(agreement_id: int) -> AgreementRow:
    zone = local_zone()
    found = queries.agreements(db.session(), current_actor(), clock.today(zone), zone, agreement_id)
    if not found:
        message_ = f"no agreement {agreement_id}, or none of this actor's"
        raise NotFound(message_)
    return found[0]


def _client(client_id: int) -> ClientCard:
    session = db.session()
    cards = client_cards(session, [client_id])
    if client_id not in cards or not may_see(
        session, current_actor(), client_id, clock.today(local_zone())
    ):
        message_ = f"client {client_id} does not exist or is not this actor's"
        raise NotFound(message_)
    return cards[client_id]


def _base() -> str:
    is_phone = current_actor().role is Role.COLLECTOR
    return "base_phone.html" if is_phone else "base_desk.html"
