"""Faltas: what was done outside the rules, by whom, under which article, and what it may cost."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from sqlalchemy import select

from collector_app.accounts.access import Answer, allow
from collector_app.accounts.models import User
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput
from collector_app.portfolio.queries import client_cards
from collector_app.violations.forms import DaysForm
from collector_app.violations.queries import Verdict, judge
from collector_app.violations.rules import exposure
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("violations", __name__)
DAYS_SHOWN = 30


@bp.get("")
@allow(Role.SUPERVISOR, Role.ADMIN)
def overview() -> Answer:
    session, zone = db.session(), local_zone()
    today = clock.today(zone)
    form = DaysForm(request.args)
    form.validate()
    form.to.data = form.to.data or today
    form.first.data = form.first.data or form.to.data - timedelta(days=DAYS_SHOWN)
    try:
        verdict = judge(session, form.first.data, form.to.data, zone)
    except InvalidInput as error:
        form.to.errors = [message(error.code, error.facts)]
        verdict = Verdict(0, 0, 0, (), ())
    return render_template(
        "violations/overview.html",
        form=form,
        verdict=verdict,
        exposures=exposure(verdict.violations, verdict.profiles),
        cards=client_cards(session, {one.client_id for one in verdict.violations}),
        people=dict(iter(session.execute(select(User.id, User.full_name)))),
        block_sentence=block_sentence,
    ), 422 if form.errors else 200
