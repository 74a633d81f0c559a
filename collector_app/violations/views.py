"""Faltas: what was done outside the rules, what it may cost, and what people decide about it."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.accounts.models import User
from collector_app.audit.downloads import hand_out
from collector_app.compliance.profile_files import law_profiles
from collector_app.compliance.rules import penalties
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, RuleBroken, Unavailable
from collector_app.core.jobs import JobStatus
from collector_app.violations import queries, services
from collector_app.violations.files import case_columns, case_line
from collector_app.violations.forms import CaseFilterForm, DaysForm, DecisionForm, SanctionForm
from collector_app.violations.judging_job import ARRIVALS, KIND
from collector_app.violations.queries import CaseFilter
from collector_app.violations.rules import CaseState, check_days
from collector_app.web.downloads import dated
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.pages import page_of_request, redirect_back
from collector_app.web.words import message

bp = Blueprint("violations", __name__)
DAYS_SHOWN = 7
# Days beyond these can't be counted from in every time zone, and nothing was done on them.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
DESK = (Role.SUPERVISOR, Role.ADMIN)


@bp.get("")
@allow(*DESK)
def overview() -> Answer:
    form, is_good = _asked()
    return _list(form), 200 if is_good else 422


@bp.get("/lista.<any(xlsx, csv):kind>")
@allow(*DESK)
def cases_file(kind: str) -> Answer:
    """Hand out the faltas that the list is filtered to, all pages of them."""
    form, is_good = _asked()
    if not is_good:
        return _list(form), 422
    zone = local_zone()
    lines = [case_line(one, zone) for one in queries.case_list(db.session(), _filter(form))]
    return hand_out(current_actor(), dated("faltas"), kind, case_columns(), lines)


def _asked() -> tuple[CaseFilterForm, bool]:
    """Return what the address asks for, with days in it, and whether all of it can be."""
    today = clock.today(local_zone())
    form = CaseFilterForm(request.args)
    form.offer(_collectors())
    is_good = form.validate()
    last = min(max(form.to.data or today, EARLIEST), LATEST)
    first = max(form.first.data or last - timedelta(days=DAYS_SHOWN - 1), EARLIEST)
    try:
        check_days(first, last)
    except InvalidInput as error:
        form.to.errors = [message(error.code, error.facts)]
        is_good = False
        first = last
    form.first.data, form.to.data = first, last
    return form, is_good


@bp.post("/juzgar")
@allow(*DESK)
def judge() -> Answer:
    form = DaysForm()
    if not form.validate_on_submit():
        return redirect(url_for(".overview"), code=303)
    first = max(form.first.data, EARLIEST)
    last = min(form.to.data, clock.today(local_zone()))
    try:
        check_days(first, last)
    except InvalidInput as error:
        flash(message(error.code, error.facts), "bad")
        return redirect(url_for(".overview"), code=303)
    back = url_for(".overview", first=first, to=last)
    arguments = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "title": _("Juzgar otra vez"),
        "back_url": back,
    }
    job_id = jobs.enqueue(KIND, arguments, started_by=current_actor().user_id)
    return redirect(url_for("jobs.progress", job_id=job_id), code=303)


@bp.post("/<int:case_id>/decidir")
@allow(*DESK)
def decide(case_id: int) -> Answer:
    form = DecisionForm()
    form.offer()
    if not form.validate_on_submit():
        flash(_("Elige qué fue y escribe por qué."), "bad")
        return redirect_back(url_for(".overview"))
    try:
        with transaction() as session:
            services.decide_case(
                session,
                current_actor(),
                case_id,
                CaseState(form.state.data),
                form.reason.data or "",
            )
    except (InvalidInput, RuleBroken) as error:
        flash(message(error.code, error.facts), "bad")
    else:
        flash(_("Se guardó."), "good")
    return redirect_back(url_for(".overview"))


@bp.post("/multas")
@allow(*DESK)
def note_sanction() -> Answer:
    form = SanctionForm()
    form.offer(_laws_with_penalty())
    if not form.validate_on_submit():
        flash(_("Elige la ley y el día, y escribe la autoridad y el expediente."), "bad")
        return redirect_back(url_for(".overview"))
    try:
        with transaction() as session:
            services.note_sanction(
                session,
                current_actor(),
                form.law.data,
                form.final_on.data,
                form.reference.data,
                today=clock.today(local_zone()),
            )
    except InvalidInput as error:
        flash(message(error.code, error.facts), "bad")
    else:
        flash(_("La multa quedó anotada."), "good")
    return redirect_back(url_for(".overview"))


@bp.post("/multas/<int:sanction_id>/retirar")
@allow(*DESK)
def withdraw_sanction(sanction_id: int) -> Answer:
    with transaction() as session:
        services.withdraw_sanction(session, current_actor(), sanction_id)
    flash(_("La multa ya no cuenta."), "good")
    return redirect_back(url_for(".overview"))


def _filter(form: CaseFilterForm) -> CaseFilter:
    asked = form.state.data if form.state.data in set(CaseState) else None
    people = {value for value, _name in form.collector.choices if value}
    return CaseFilter(
        form.first.data,
        form.to.data,
        local_zone(),
        CaseState(asked) if asked else None,
        int(form.collector.data) if form.collector.data in people else None,
    )


def _list(form: CaseFilterForm) -> str:
    session, wanted = db.session(), _filter(form)
    counts = queries.case_counts(session, wanted)
    page = page_of_request(counts[wanted.state] if wanted.state else sum(counts.values()))
    decision, noting = DecisionForm(), SanctionForm()
    decision.offer()
    laws = _laws_with_penalty()
    noting.offer(laws)
    return render_template(
        "violations/overview.html",
        form=form,
        counts=counts,
        costs=queries.cost_of_cases(session, wanted),
        late=queries.late_count(session, wanted, clock.now()),
        cases=queries.case_list(session, wanted, offset=page.offset, limit=page.size),
        page=page,
        decision=decision,
        noting=noting,
        law_names=dict(laws),
        sanctions=queries.sanction_list(session),
        today=clock.today(local_zone()),
        states=CaseState,
        now=clock.now(),
        last_run=_last_run(),
        me=current_actor().user_id,
        block_sentence=block_sentence,
    )


def _laws_with_penalty() -> list[tuple[str, str]]:
    return [(id_, law.name) for id_, law in law_profiles().items() if penalties(law)]


def _collectors() -> list[tuple[str, str]]:
    people = db.session().execute(
        select(User.id, User.full_name).where(User.role == Role.COLLECTOR).order_by(User.full_name)
    )
    return [(str(id_), name) for id_, name in people]


def _last_run() -> JobStatus | None:
    try:
        return jobs.last_run(ARRIVALS)
    except Unavailable:
        return None
