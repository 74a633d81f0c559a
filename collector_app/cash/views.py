"""Caja: the collector's cash of the day, and the counts that the office confirms."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.cash import queries, services
from collector_app.cash.forms import ConfirmForm, CountForm, DepositForm, OpenForm
from collector_app.cash.rules import SlipTaken
from collector_app.compliance.queries import profile_in_force
from collector_app.compliance.rules import cash_blocks
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import CollectorError, InvalidInput, RuleBroken
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone, pesos
from collector_app.web.words import message

bp = Blueprint("cash", __name__)


@bp.get("")
@allow(Role.COLLECTOR)
def mine() -> str:
    return _page()


@bp.post("/abrir")
@allow(Role.COLLECTOR)
def open_() -> Answer:
    form = OpenForm()
    if not form.validate_on_submit():
        return _page(open_form=form), 422
    return _done(
        lambda: services.open_cash_session(
            db.session(), current_actor(), form.float_amount.cents, today=clock.today(local_zone())
        ),
        _("Caja abierta."),
    )


@bp.post("/deposito")
@allow(Role.COLLECTOR)
def deposit() -> Answer:
    form = DepositForm()
    if not form.validate_on_submit():
        return _page(deposit_form=form), 422
    try:
        with transaction() as session:
            services.deposit(
                session, current_actor(), form.deposit_amount.cents, form.reference.data or ""
            )
    except InvalidInput as error:
        field = form.deposit_amount if error.field == "amount" else form.reference
        field.errors = [message(error.code, error.facts)]
        return _page(deposit_form=form), error.status
    except SlipTaken as error:
        stored = pesos(error.amount_cents)
        form.reference.errors = [message(error.code, {"stored_pesos": stored})]
        return _page(deposit_form=form), error.status
    except RuleBroken as error:
        flash(message(error.code, error.facts), "bad")
    else:
        flash(_("Depósito anotado."), "good")
    return redirect(url_for(".mine"), code=303)


@bp.post("/cerrar")
@allow(Role.COLLECTOR)
def close() -> Answer:
    form = CountForm()
    if not form.validate_on_submit():
        return _page(count_form=form), 422
    try:
        with transaction() as session:
            services.close_cash_session(
                session, current_actor(), form.counts(), form.explanation.data or ""
            )
    except InvalidInput as error:
        form.explanation.errors = [message(error.code, error.facts)]
        return _page(count_form=form), 422
    except RuleBroken as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for(".mine"), code=303)
    flash(_("Caja contada. Entrégala: otra persona la confirma."), "good")
    return redirect(url_for(".mine"), code=303)


@bp.get("/cierres")
@allow(Role.SUPERVISOR, Role.ADMIN)
def counts() -> str:
    return _counts(ConfirmForm(), None)


@bp.post("/cierres/<int:count_id>/confirmar")
@allow(Role.SUPERVISOR, Role.ADMIN)
def confirm(count_id: int) -> Answer:
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _counts(form, count_id), 422
    with transaction() as session:
        services.confirm_count(session, current_actor(), count_id, form.confirmed.cents)
    flash(_("Confirmado."), "good")
    return redirect(url_for(".counts"), code=303)


def _done(act: Callable[[], object], said: str) -> Answer:
    """Do it in a transaction and go back to the page with what was done, or why not."""
    try:
        with transaction():
            act()
    except CollectorError as error:
        flash(message(error.code, error.facts), "bad")
    else:
        flash(said, "good")
    return redirect(url_for(".mine"), code=303)


def _page(
    open_form: OpenForm | None = None,
    deposit_form: DepositForm | None = None,
    count_form: CountForm | None = None,
) -> str:
    actor = current_actor()
    assert actor.user_id is not None  # noqa: S101 - people who log in have one
    law = profile_in_force(db.session(), clock.today(local_zone()))
    return render_template(
        "cash/mine.html",
        cash=queries.open_cash(db.session(), actor.user_id),
        waiting=queries.received_since_count(db.session(), actor.user_id),
        forbidden=[block_sentence(one) for one in cash_blocks(law)],
        open_form=open_form or OpenForm(),
        deposit_form=deposit_form or DepositForm(),
        count_form=count_form or CountForm(),
    )


def _counts(form: ConfirmForm, wrong_id: int | None) -> str:
    return render_template(
        "cash/counts.html", counts=queries.counts(db.session()), form=form, wrong_id=wrong_id
    )
