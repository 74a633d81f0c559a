"""Costos: what collecting costs, told with the day from which it holds."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.accounts.queries import people
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput
from collector_app.costs import services
from collector_app.costs.forms import CostForm
from collector_app.costs.queries import costs_told
from collector_app.costs.rules import WHO_KNOWS_COSTS
from collector_app.payments.queries import currencies
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("costs", __name__)


@bp.get("")
@allow(*WHO_KNOWS_COSTS)
def overview() -> str:
    return _page(CostForm(formdata=None, from_on=clock.today(local_zone()).replace(day=1)))


@bp.post("")
@allow(*WHO_KNOWS_COSTS)
def record() -> Answer:
    form = CostForm()
    _offer(form)
    if not form.validate_on_submit():
        return _page(form), 422
    wanted = form.to_command()
    try:
        with transaction() as session:
            services.set_cost(
                session,
                current_actor(),
                wanted.kind,
                wanted.collector_id,
                wanted.amount,
                wanted.currency,
                wanted.from_on,
            )
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(form), error.status
    flash(_("Costo guardado: los indicadores de costo ya lo cuentan desde ese día."), "good")
    return redirect(url_for(".overview"), code=303)


def _page(form: CostForm) -> str:
    _offer(form)
    rows = costs_told(db.session(), clock.today(local_zone()))
    return render_template("costs/overview.html", form=form, rows=rows)


def _offer(form: CostForm) -> None:
    if not form.kind.choices:
        session = db.session()
        collectors = [one for one in people(session) if one.role is Role.COLLECTOR]
        form.offer(collectors, currencies(session))
