"""Convenios: offer and calculate, approve, sign, follow up."""

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.agreements import queries, services
from collector_app.agreements.agreement_pdf import agreement_pdf
from collector_app.agreements.files import agreement_columns, agreement_line
from collector_app.agreements.forms import AgreementForm, CancelForm, GrantForm, SignForm
from collector_app.agreements.queries import AgreementRow
from collector_app.agreements.rules import (
    DebtNotSettled,
    check_content,
    check_terms,
    grantors,
    may_grant,
)
from collector_app.agreements.settlement_letter import settlement_pdf
from collector_app.agreements.settlements import annul_letter, issue_letter, letter_of
from collector_app.audit.downloads import hand_out
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound, RuleBroken
from collector_app.payments.queries import NO_DEBT, debts
from collector_app.portfolio.erasures import is_kept_out
from collector_app.portfolio.queries import ClientCard, client_cards, creditors_of
from collector_app.schedules.rules import AgreementState, Instalment, schedule
from collector_app.web.downloads import dated
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.pages import page_of_request
from collector_app.web.skeletons import skeleton_for
from collector_app.web.words import message
from collector_app.zones.queries import own_card

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
    contradicted = queries.debts_after_letter(session, today, zone) if is_office else {}
    page = page_of_request(queries.agreement_count(session, actor))
    return render_template(
        "agreements/overview.html",
        base=skeleton_for(current_actor().role),
        agreements=queries.agreements(
            session, actor, today, zone, rows=slice(page.offset, page.offset + page.size)
        ),
        page=page,
        due=due[:DUE_SHOWN],
        due_count=len(due),
        contradicted=contradicted.values(),
        cards=client_cards(
            session, {one.client_id for one in due[:DUE_SHOWN]} | contradicted.keys()
        ),
    )


@bp.get("/lista.<any(xlsx, csv):kind>")
@allow(Role.SUPERVISOR, Role.ADMIN)
def agreements_file(kind: str) -> Response:
    """Hand out all agreements as they stand today."""
    zone, actor = local_zone(), current_actor()
    rows = queries.agreements(db.session(), actor, clock.today(zone), zone)
    lines = [agreement_line(one, zone) for one in rows]
    return hand_out(actor, dated("convenios"), kind, agreement_columns(), lines)


@bp.get("/nuevo/<int:client_id>")
@allow(*PEOPLE)
def new(client_id: int) -> str:
    card = _client(client_id)
    today = clock.today(local_zone())
    debt = debts(db.session(), today, local_zone(), [client_id]).get(client_id, NO_DEBT)
    form = AgreementForm()
    form.suggest(debt.balance_cents, today, card.external_id)
    form.creditor.data = _creditor_of(client_id)
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
    return _detail_page(agreement_id)


@bp.get("/<int:agreement_id>.pdf")
@allow(*PEOPLE)
def pdf(agreement_id: int) -> Response:
    answer = make_response(agreement_pdf(_agreement(agreement_id)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="convenio-{agreement_id}.pdf"'
    return answer


@bp.post("/finiquito/<int:client_id>")
@allow(Role.SUPERVISOR, Role.ADMIN)
def issue_settlement_letter(client_id: int) -> Response:
    """Give the carta finiquito; while something is owed go back to the file and say so."""
    zone = local_zone()
    try:
        with transaction() as session:
            letter = issue_letter(
                session, current_actor(), client_id, today=clock.today(zone), zone=zone
            )
            session.flush()
            letter_id = letter.id
    except DebtNotSettled as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for("client_file.file", client_id=client_id), code=303)
    return redirect(url_for(".settlement_letter", letter_id=letter_id), code=303)


@bp.get("/finiquitos/<int:letter_id>.pdf")
@allow(Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
def settlement_letter(letter_id: int) -> Response:
    answer = make_response(settlement_pdf(*letter_of(db.session(), letter_id)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="finiquito-{letter_id}.pdf"'
    answer.headers["Cache-Control"] = "no-store"  # personal data
    return answer


@bp.post("/finiquitos/<int:letter_id>/anular")
@allow(Role.SUPERVISOR, Role.ADMIN)
def annul_settlement_letter(letter_id: int) -> Response:
    try:
        with transaction() as session:
            client_id = annul_letter(
                session, current_actor(), letter_id, request.form.get("reason", "")
            ).client_id
    except InvalidInput as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for(".overview"), code=303)
    flash(_("La carta finiquito quedó anulada."), "good")
    return redirect(url_for("client_file.file", client_id=client_id), code=303)


@bp.post("/<int:agreement_id>/aprobar")
@allow(Role.SUPERVISOR, Role.ADMIN)
def approve(agreement_id: int) -> Answer:
    """Grant an agreement; one that a phone asked for comes with the rest of its paper."""
    form, actor = GrantForm(), current_actor()
    _agreement(agreement_id)
    is_request = form.creditor.name in request.form
    if is_request and not form.validate():
        return _detail_page(agreement_id, grant_form=form), 422
    try:
        with transaction() as session:
            if is_request:
                services.grant_request(session, actor, agreement_id, **form.paper())
            else:
                services.approve(session, actor, agreement_id)
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _detail_page(agreement_id, grant_form=form), 422
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
            services.cancel(
                session, current_actor(), agreement_id, form.reason.data or "", zone=local_zone()
            )
    except InvalidInput as error:
        form.reason.errors = [message(error.code, error.facts)]
        return _detail_page(agreement_id, SignForm(), form), 422
    flash(_("Convenio cancelado."), "good")
    return redirect(url_for(".detail", agreement_id=agreement_id), code=303)


def _new_page(client_id: int, form: AgreementForm, preview: tuple[Instalment, ...] = ()) -> str:
    actor = current_actor()
    needs_approval = bool(preview) and not may_grant(actor.role, form.terms().discount_basis)
    refusal = _refusal(client_id, form) if preview else ""
    return render_template(
        "agreements/new.html",
        base=skeleton_for(current_actor().role),
        client=_client(client_id),
        form=form,
        preview=preview,
        terms=form.terms() if preview else None,
        needs_approval=needs_approval and not refusal,
        refusal=refusal,
        blocks=_blocks_now(client_id),
    )


def _blocks_now(client_id: int) -> list[str]:
    """Return why the client may not be asked for a signature now, as people read it."""
    found = queries.signing_law(db.session(), client_id, clock.now(), local_zone())
    return [block_sentence(one) for one in found]


def _refusal(client_id: int, form: AgreementForm) -> str:
    """Return why an offer could not be kept at all, as people read it; empty when it could."""
    zone = local_zone()
    try:
        services.check_treatment(
            db.session(), current_actor(), client_id, form.terms(), clock.today(zone), zone
        )
    except RuleBroken as error:
        return message(error.code, error.facts)
    return ""


def _creditor_of(client_id: int) -> str:
    """Return the creditor of a client's credits where there is one, to begin the paper from."""
    names = set(creditors_of(db.session(), [client_id]).values())
    return names.pop() if len(names) == 1 else ""


def _detail_page(
    agreement_id: int,
    sign_form: SignForm | None = None,
    cancel_form: CancelForm | None = None,
    grant_form: GrantForm | None = None,
) -> str:
    found, actor = _agreement(agreement_id), current_actor()
    return render_template(
        "agreements/detail.html",
        base=skeleton_for(current_actor().role),
        one=found,
        blocks=_blocks_now(found.client_id) if found.state is AgreementState.APPROVED else [],
        states=AgreementState,
        unpaid={part.number: part.amount_cents for part in queries.unpaid(found)},
        sign_form=sign_form or SignForm(formdata=None),
        cancel_form=cancel_form or CancelForm(formdata=None),
        grant_form=grant_form or GrantForm(formdata=None, creditor=_creditor_of(found.client_id)),
        is_office=actor.role is not Role.COLLECTOR,
        is_erased=is_kept_out(db.session(), found.client_id),
        grantors=grantors(found.terms.discount_basis),
    )


def _agreement(agreement_id: int) -> AgreementRow:
    zone = local_zone()
    found = queries.agreements(db.session(), current_actor(), clock.today(zone), zone, agreement_id)
    if not found:
        message_ = f"no agreement {agreement_id}, or none of this actor's"
        raise NotFound(message_)
    return found[0]


def _client(client_id: int) -> ClientCard:
    return own_card(db.session(), current_actor(), client_id, clock.today(local_zone()))
