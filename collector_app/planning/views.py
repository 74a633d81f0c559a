"""Planes: the plans of a day, one plan with its routes, and how each collector works."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.absences.queries import absences_from, absent_on
from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.audit.downloads import hand_out
from collector_app.compliance.queries import law_in_force
from collector_app.compliance.rules import ContactFacts, decide
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.money import USUAL_CURRENCY
from collector_app.jobs.queries import workers
from collector_app.jobs.rules import START_COMMAND
from collector_app.planning import queries, services
from collector_app.planning.forms import DEFAULT_SEED, PROOF_S, PlanForm, WorkdayForm
from collector_app.planning.maps import colour_class, plan_map
from collector_app.planning.queries import PlanRow, RouteHead
from collector_app.planning.reasons import reason_sentences, skip_sentences, weighing_sentence
from collector_app.planning.remedies import remedy_of
from collector_app.planning.rules import NobodyToPlan, PlanAim, PlanPolicy, SkipCause
from collector_app.planning.sheets import columns_of_stops, features_of_routes, lines_of_stops
from collector_app.planning.worth import nearness_of, worth_of
from collector_app.portfolio.queries import client_cards, other_currencies
from collector_app.web.day_field import is_meant
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import fecha, local_zone
from collector_app.web.pages import page_of_request
from collector_app.web.words import message
from collector_app.zones.queries import collectors, zones_on

bp = Blueprint("planning", __name__)
bp.add_app_template_global(weighing_sentence)  # of `planning/_worth.html`, on the phone as well

OFFICE_ROLES = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
MOST_BREACHES = 10  # named on the page; all are counted
MANY_ROUTES = 12  # from here on a plan shows the stops of one collector at a time
CALIBRATION_DAYS = (7, 30, 90)  # periods to look back on


@bp.get("")
@allow(*OFFICE_ROLES)
def board() -> str:
    return _board(_asked_day())


@bp.post("")
@allow(Role.DISPATCHER, Role.ADMIN)
def request_plan() -> Answer:
    form = PlanForm()
    form.offer()
    if not form.validate_on_submit():
        return _board(_today(), form), 422
    day = form.day.data
    try:
        with transaction() as session:
            job_id = services.request_plan(
                session,
                current_actor(),
                day,
                today=_today(),
                seconds=form.seconds.data,
                aim=PlanAim(form.aim.data),
                weights=form.weights,
                seed=DEFAULT_SEED + len(queries.plans_of_day(session, day)),
                proof_seconds=PROOF_S if form.proof.data else 0,
                may_lend=form.lend.data,
                title=_("Plan del %(day)s", day=fecha(day)),
                back_url=url_for(".board", dia=day.isoformat()),
            )
    except (InvalidInput, NobodyToPlan) as error:
        form.form_errors.append(message(error.code, error.facts))
        return _board(day, form), 422
    return redirect(url_for("jobs.progress", job_id=job_id), code=303)


@bp.get("/semana")
@allow(*OFFICE_ROLES)
def week() -> str:
    first = _asked_day()
    return render_template(
        "planning/week.html",
        week=queries.week_of_plans(db.session(), first),
        first=first,
        before=first - timedelta(days=queries.WEEK_DAYS),
        after=first + timedelta(days=queries.WEEK_DAYS),
        today=_today(),
    )


@bp.get("/<int:plan_id>/rutas.<any(xlsx, csv, geojson):kind>")
@allow(*OFFICE_ROLES)
def routes_file(plan_id: int, kind: str) -> Response:
    """Hand out a plan: a line for each stop, or the lines of its routes on a map."""
    session, plan = db.session(), _plan(plan_id)
    routes = queries.routes_of_plan(session, plan_id, has_reasons=False)
    cards = client_cards(session, {stop.client_id for route in routes for stop in route.stops})
    return hand_out(
        current_actor(),
        f"plan-{plan_id}-{plan.day.isoformat()}",
        kind,
        columns_of_stops(),
        lines_of_stops(routes, cards),
        features_of_routes(routes),
    )


@bp.get("/<int:plan_id>")
@allow(*OFFICE_ROLES)
def detail(plan_id: int) -> str:
    session = db.session()
    whole = queries.shown_plan(session, plan_id)
    if whole is None:
        raise _no_plan(plan_id)
    plan, heads = whole.plan, whole.heads
    shown = _asked_collector(heads)
    are_many = len(heads) > MANY_ROUTES
    opened = [shown] if shown else []
    routes = queries.routes_of_plan(session, plan_id, opened if are_many else None)
    cause = _asked_cause()
    page = page_of_request(sum(count for one, count in whole.causes if cause in (None, one)))
    left_out = queries.skipped_of_plan(session, plan_id, cause, offset=page.offset, limit=page.size)
    stops = [stop for route in routes for stop in route.stops]
    ids = [stop.client_id for stop in stops]
    policy = PlanPolicy()
    legality = queries.shown_legality(session, plan_id, local_zone())
    illegal = {one.client_id for one in legality.breaches[:MOST_BREACHES]}
    cards = client_cards(session, {*ids, *illegal, *(one.client_id for one in left_out)})
    shown_id = queries.published_plan_id(session, plan.day)
    return render_template(
        "planning/detail.html",
        plan=plan,
        on_phones=queries.plan_head(session, shown_id) if shown_id else None,
        heads=heads,
        are_many=are_many,
        routes=routes,
        nearness=nearness_of(plan.parameters),
        worths={stop.id: worth_of(stop, policy, stop.currency) for stop in stops},
        cards=cards,
        map=plan_map(plan, heads, routes, cards, only=shown) if heads else None,
        shown=shown,
        currencies=other_currencies(session, [one.client_id for one in left_out]),
        usual_currency=USUAL_CURRENCY,
        legality=legality,
        most_breaches=MOST_BREACHES,
        causes=whole.causes,
        cause=cause,
        left_out=left_out,
        page=page,
        is_past=plan.day < _today(),
        other_law=queries.other_law(session, plan_id),
        changed_creditors=queries.shown_changed_creditors(session, plan_id, local_zone()),
        may_plan=current_actor().role in services.PLANNERS,
        colour_class=colour_class,
        colour_of={one.collector_id: colour_class(n) for n, one in enumerate(heads)},
        reason_sentences=reason_sentences,
        skip_sentences=skip_sentences,
        remedy_of=remedy_of,
        names={client_id: card.name for client_id, card in cards.items()},
        block_sentence=block_sentence,
        aims={one.value: one for one in PlanAim},
    )


@bp.post("/<int:plan_id>/retirar")
@allow(*OFFICE_ROLES)
def withdraw(plan_id: int) -> Response:
    with transaction() as session:
        day = services.withdraw(session, current_actor(), plan_id).day
    other = queries.published_plan(db.session(), day)
    if other is None:
        flash(_("Retirado: los gestores ya no ven esta ruta."), "good")
    else:
        text = _(
            "No se retiró nada: los gestores ya no veían este plan, sino el %(n)s de %(who)s.",
            n=other.id,
            who=other.published_by or _("el sistema"),
        )
        flash(text, "warn")
    return redirect(url_for(".detail", plan_id=plan_id), code=303)


@bp.get("/jornadas")
@allow(Role.DISPATCHER, Role.ADMIN)
def workday_list() -> str:
    session = db.session()
    rows = {row.collector_id: row for row in queries.workdays(session)}
    return render_template(
        "planning/workdays.html",
        collectors=collectors(session),
        rows=rows,
        absent=absent_on(session, _today()),
    )


@bp.get("/jornadas/<int:collector_id>")
@allow(Role.DISPATCHER, Role.ADMIN)
def workday(collector_id: int) -> str:
    form = WorkdayForm()
    rows = {row.collector_id: row for row in queries.workdays(db.session())}
    if collector_id in rows:
        form.show(rows[collector_id])
    return _workday_page(form, collector_id)


@bp.post("/jornadas/<int:collector_id>")
@allow(Role.DISPATCHER, Role.ADMIN)
def save_workday(collector_id: int) -> Answer:
    form = WorkdayForm()
    form.offer()
    if not form.validate_on_submit():
        return _workday_page(form, collector_id), 422
    try:
        with transaction() as session:
            row = form.to_row(collector_id, _collector_name(collector_id))
            services.set_workday(session, current_actor(), row)
    except InvalidInput as error:
        form.ends.errors = [message(error.code, error.facts)]
        return _workday_page(form, collector_id), 422
    flash(_("Se guardó. Vale desde el próximo plan."), "good")
    return redirect(url_for(".workday_list"), code=303)


@bp.get("/calibracion")
@allow(*OFFICE_ROLES)
def calibration() -> str:
    days = _asked_days()
    last = _today()
    quality = queries.forecast_quality(db.session(), last - timedelta(days=days - 1), last)
    return render_template(
        "planning/calibration.html", quality=quality, days=days, offered=CALIBRATION_DAYS
    )


def _board(day: date, form: PlanForm | None = None) -> str:
    session = db.session()
    form = form or PlanForm(day=day)
    form.offer()
    law = decide(law_in_force(session, day), ContactFacts(local_zone()), day)
    workdays = queries.workdays_on(session, day)
    now_s = clock.second_of_day(clock.now(), local_zone())
    return render_template(
        "planning/board.html",
        day=day,
        today=_today(),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        plans=queries.plans_of_day(session, day),
        windows=law.windows,
        forbidden=[block_sentence(one) for one in law.blocks],
        workday_count=len(workdays),
        has_begun=day == _today() and any(one.starts_s <= now_s for one in workdays),
        absences=[one for one in absences_from(session, day) if one.from_on <= day],
        has_zones=any(zone.collector_id for zone in zones_on(session, day)),
        form=form,
        workers=workers(session, clock.now()),
        start_command=START_COMMAND,
        may_plan=current_actor().role in services.PLANNERS and day >= _today(),
    )


def _workday_page(form: WorkdayForm, collector_id: int) -> str:
    form.offer()
    name = _collector_name(collector_id)
    return render_template("planning/workday.html", form=form, name=name, collector_id=collector_id)


def _collector_name(collector_id: int) -> str:
    names = {one.id: one.name for one in collectors(db.session())}
    if collector_id not in names:
        text = f"no collector {collector_id}"
        raise NotFound(text)
    return names[collector_id]


def _plan(plan_id: int) -> PlanRow:
    plan = queries.plan_row(db.session(), plan_id)
    if plan is None:
        raise _no_plan(plan_id)
    return plan


def _no_plan(plan_id: int) -> NotFound:
    return NotFound(f"no plan {plan_id}")


def _today() -> date:
    return clock.today(local_zone())


def _asked_day() -> date:
    """Return the day of ``?dia=``; today when it is missing or no day to work on."""
    try:
        day = date.fromisoformat(request.args.get("dia", ""))
    except ValueError:
        return _today()
    return day if is_meant(day) else _today()


def _asked_days() -> int:
    """Return the days of ``?dias=`` when they are offered; else the middle choice."""
    asked = request.args.get("dias", type=int)
    return asked if asked in CALIBRATION_DAYS else CALIBRATION_DAYS[1]


def _asked_collector(routes: Sequence[RouteHead]) -> int | None:
    """Return the collector of ``?gestor=`` when there is a route of theirs; None is everybody."""
    asked = request.args.get("gestor", type=int)
    return asked if asked in {route.collector_id for route in routes} else None


def _asked_cause() -> SkipCause | None:
    asked = request.args.get("causa", "")
    return SkipCause(asked) if asked in list(SkipCause) else None
