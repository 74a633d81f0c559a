"""Experimentos: champion against challenger, from what is fixed to what may be said of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import RuleBroken
from collector_app.portfolio.rules import Stage
from collector_app.strategy import queries, services
from collector_app.strategy.forms import ExperimentForm, StopForm, usual_treatment
from collector_app.strategy.rules import (
    LEAST_CLIENTS,
    Arm,
    BadExperiment,
    BadTreatment,
    Conclusion,
    Measure,
    is_too_small,
)
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("experiments", __name__)
READERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
WRITERS = (Role.SUPERVISOR, Role.ADMIN)
_FIELDS = {"ends_on": "days"}  # of the terms, as the form calls them


@bp.get("")
@allow(*READERS)
def overview() -> str:
    zone = local_zone()
    return render_template(
        "strategy/experiments.html",
        experiments=queries.experiments(db.session(), zone),
        today=clock.today(zone),
        arms=Arm,
        has_segments=bool(queries.segment_rules(db.session())),
        may_write=current_actor().role in WRITERS,
    )


@bp.get("/nuevo")
@allow(*WRITERS)
def new() -> str:
    form = ExperimentForm()
    form.begin_with(usual_treatment(Stage.EARLY))
    form.share_percent.data, form.days.data = 50, 28
    return _new(form)


@bp.post("/nuevo")
@allow(*WRITERS)
def begin() -> Answer:
    form, zone = ExperimentForm(), local_zone()
    form.offer_segments(queries.segment_rules(db.session()))
    if not form.validate_on_submit():
        return _new(form), 422
    try:
        with transaction() as session:
            begun = services.start_experiment(
                session,
                current_actor(),
                form.segment_id.data,
                Stage(form.stage.data),
                form.terms(clock.today(zone)),
                form.treatment(),
                zone=zone,
            ).id
    except (BadExperiment, BadTreatment) as error:
        field = _FIELDS.get(error.field, error.field)
        form[field].errors = [message(error.code, error.facts)]
        return _new(form), 422
    except RuleBroken as error:
        form.form_errors.append(message(error.code, error.facts))
        return _new(form), 409
    flash(_("Experimento en marcha; nada de él se puede cambiar."), "good")
    return redirect(url_for(".detail", experiment_id=begun), code=303)


@bp.get("/<int:experiment_id>")
@allow(*READERS)
def detail(experiment_id: int) -> str:
    return _detail(experiment_id, StopForm())


@bp.post("/<int:experiment_id>/detener")
@allow(*WRITERS)
def stop(experiment_id: int) -> Answer:
    form = StopForm()
    try:
        with transaction() as session:
            services.stop_experiment(
                session, current_actor(), experiment_id, form.reason.data or ""
            )
    except BadExperiment as error:
        form.reason.errors = [message(error.code, error.facts)]
        return _detail(experiment_id, form), 422
    flash(_("Experimento detenido: todos vuelven al tratamiento en vigor."), "good")
    return redirect(url_for(".detail", experiment_id=experiment_id), code=303)


def _new(form: ExperimentForm) -> str:
    form.offer_segments(queries.segment_rules(db.session()))
    return render_template("strategy/experiment_new.html", form=form)


def _detail(experiment_id: int, form: StopForm) -> str:
    """Show an experiment; before its end its figures only to who asks for them."""
    session, zone = db.session(), local_zone()
    today = clock.today(zone)
    row = queries.experiment(session, experiment_id, zone)
    found = queries.result(session, row, today, zone)
    return render_template(
        "strategy/experiment.html",
        one=row,
        found=found,
        form=form,
        changed_on=queries.champion_changes(session, row, zone),
        is_short=is_too_small(row.clients[Arm.CHAMPION], row.clients[Arm.CHALLENGER]),
        is_shown=found.conclusion is not Conclusion.RUNNING or "avance" in request.args,
        conclusions=Conclusion,
        arms=Arm,
        is_money=row.terms.measure is Measure.RECOVERED,
        least=LEAST_CLIENTS,
        may_write=current_actor().role in WRITERS,
    )
