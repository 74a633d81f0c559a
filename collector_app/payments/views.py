"""Recibos: those of the day, each as page and PDF, and the public page that verifies one."""

from collections import Counter
from collections.abc import Iterable, Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from collector_app.accounts.access import ANYBODY, Answer, allow, current_actor
from collector_app.audit.downloads import hand_out
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.payments import receipts, services
from collector_app.payments.files import receipt_columns, receipt_line
from collector_app.payments.forms import AnnulForm, ReceiptDaysForm
from collector_app.payments.models import Receipt
from collector_app.payments.receipt_pdf import in_letters, receipt_pdf
from collector_app.payments.receipts import ReceiptRow
from collector_app.web.downloads import dated
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone, pesos
from collector_app.web.skeletons import skeleton_for

bp = Blueprint("payments", __name__)
READERS = (Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN)


@bp.get("")
@allow(*READERS)
def today() -> str:
    day = clock.today(local_zone())
    return _list(ReceiptDaysForm(formdata=None, first=day, to=day))


@bp.get("/lista.<any(xlsx, csv):kind>")
@allow(Role.SUPERVISOR, Role.ADMIN)
def receipts_file(kind: str) -> Answer:
    """Hand out the receipts of some days, today's unless others are asked for."""
    zone = local_zone()
    day = clock.today(zone)
    form = ReceiptDaysForm(request.args or None, first=day, to=day)
    if request.args and not form.validate():
        return _list(form), 422
    start, end = clock.local_midnight(form.first.data, zone), clock.local_day(form.to.data, zone)[1]
    found = receipts.receipts_between(db.session(), current_actor(), start, end)
    lines = [receipt_line(one, zone) for one in found]
    return hand_out(current_actor(), dated("recibos"), kind, receipt_columns(), lines)


def _list(form: ReceiptDaysForm) -> str:
    session, actor = db.session(), current_actor()
    start, end = clock.local_day(clock.today(local_zone()), local_zone())
    found = receipts.receipts_between(session, actor, start, end)
    return render_template(
        "payments/receipts.html",
        base=skeleton_for(current_actor().role),
        form=form,
        receipts=found,
        totals=_totals(found),
        broken={} if actor.role is Role.COLLECTOR else receipts.broken_series(session),
        repeated=[] if actor.role is Role.COLLECTOR else receipts.repeated_folios(session),
    )


@bp.get("/<int:receipt_id>")
@allow(*READERS)
def receipt(receipt_id: int) -> str:
    return _page(_receipt(receipt_id), AnnulForm())


@bp.get("/<int:receipt_id>.pdf")
@allow(*READERS)
def pdf(receipt_id: int) -> Response:
    found = _receipt(receipt_id)
    answer = make_response(receipt_pdf(found, _public_address(found)))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{found.folio}.pdf"'
    return answer


@bp.post("/<int:receipt_id>/anular")
@allow(Role.SUPERVISOR, Role.ADMIN)
def annul(receipt_id: int) -> Answer:
    found, form = _receipt(receipt_id), AnnulForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    with transaction() as session:
        payment_id = session.scalars(
            select(Receipt.payment_id).where(Receipt.id == receipt_id)
        ).one()
        services.annul_payment(
            session, current_actor(), payment_id, form.reason.data, zone=local_zone()
        )
    flash(_("Se anuló. El folio no se vuelve a usar."), "good")
    return redirect(url_for(".receipt", receipt_id=receipt_id), code=303)


@bp.get("/verificar/<code>")
@allow(ANYBODY)
def verify(code: str) -> Answer:
    found = receipts.receipt_with_code(db.session(), code)
    page = render_template("payments/verify.html", receipt=found)
    return page, 200 if found else 404


def _totals(found: Iterable[ReceiptRow]) -> Mapping[str, int]:
    """Return the cents of the receipts that hold, by currency."""
    totals: Counter[str] = Counter()
    for one in found:
        totals[one.currency] += 0 if one.is_void else one.amount_cents
    return totals


def _page(found: ReceiptRow, form: AnnulForm) -> str:
    address = _public_address(found)
    text = _(
        "Recibo %(folio)s por %(sum)s. Verifícalo aquí: %(address)s",
        folio=found.folio,
        sum=pesos(found.amount_cents, found.currency),
        address=address,
    )
    return render_template(
        "payments/receipt.html",
        base=skeleton_for(current_actor().role),
        receipt=found,
        letters=in_letters(found.amount_cents, found.currency),
        text=text,
        address=address,
        form=form,
        annulment=receipts.annulment_of(db.session(), found.id) if found.is_void else None,
        may_annul=current_actor().role is not Role.COLLECTOR and not found.is_void,
    )


def _receipt(receipt_id: int) -> ReceiptRow:
    found = receipts.receipt_of(db.session(), current_actor(), receipt_id)
    if found is None:
        message = f"no receipt {receipt_id}, or none of this actor's"
        raise NotFound(message)
    return found


def _public_address(found: ReceiptRow) -> str:
    return url_for("payments.verify", code=found.code, _external=True)
