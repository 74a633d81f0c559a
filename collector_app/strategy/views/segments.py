"""Estrategia: the segments in their order, one segment while it is written, and its treatments."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.figures.keeping import kept
from collector_app.portfolio.rules import Stage
from collector_app.strategy import queries, services
from collector_app.strategy.forms import (
    SegmentForm,
    TreatmentForm,
    condition_sentences,
    suggestions,
    usual_treatment,
)
from collector_app.strategy.rules import (
    MOST_SEGMENTS,
    BadTreatment,
    Condition,
    SegmentRule,
    TooManySegments,
    TraitColumns,
    share_alone,
    shares,
)
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("strategy", __name__)
READERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
WRITERS = (Role.SUPERVISOR, Role.ADMIN)
NEW_ID = 0  # of a segment that is not stored yet


@bp.get("")
@allow(*READERS)
def overview() -> str:
    rows, rest = queries.segment_board(db.session(), _clients())
    return render_template(
        "strategy/overview.html",
        rows=rows,
        rest=rest,
        stages=Stage,
        sentences={row.rule.id: condition_sentences(row.rule) for row in rows},
        may_write=current_actor().role in WRITERS,
        is_full=len(rows) >= MOST_SEGMENTS,
    )


@bp.get("/segmentos/nuevo")
@allow(*WRITERS)
def new() -> str:
    return _segment_page(SegmentForm(), None)


@bp.post("/segmentos/nuevo")
@allow(*WRITERS)
def write() -> Answer:
    return _save(None)


@bp.get("/segmentos/<int:segment_id>")
@allow(*WRITERS)
def segment(segment_id: int) -> str:
    form = SegmentForm()
    rule = queries.segment_named(db.session(), segment_id)
    form.offer()
    form.show(rule)
    return _segment_page(form, segment_id, rule.conditions)


@bp.post("/segmentos/<int:segment_id>")
@allow(*WRITERS)
def change(segment_id: int) -> Answer:
    queries.segment_named(db.session(), segment_id)
    return _save(segment_id)


@bp.post("/segmentos/<int:segment_id>/mover")
@allow(*WRITERS)
def move(segment_id: int) -> Response:
    steps = -1 if request.form.get("to") == "up" else 1
    with transaction() as session:
        services.move_segment(session, current_actor(), segment_id, steps)
    return redirect(url_for(".overview"), code=303)


@bp.post("/segmentos/<int:segment_id>/quitar")
@allow(*WRITERS)
def remove(segment_id: int) -> Response:
    with transaction() as session:
        services.remove_segment(session, current_actor(), segment_id)
    flash(_("Segmento quitado; sus clientes pasan a los segmentos que siguen."), "good")
    return redirect(url_for(".overview"), code=303)


@bp.get("/segmentos/<int:segment_id>/<stage>")
@allow(*WRITERS)
def treatment(segment_id: int, stage: str) -> str:
    form, at = TreatmentForm(), _stage(stage)
    form.offer()
    rule = queries.segment_named(db.session(), segment_id)
    form.show(queries.treatment_at(db.session(), segment_id, at) or usual_treatment(at))
    return _treatment_page(form, rule, at)


@bp.post("/segmentos/<int:segment_id>/<stage>")
@allow(*WRITERS)
def treat(segment_id: int, stage: str) -> Answer:
    form, at = TreatmentForm(), _stage(stage)
    form.offer()
    rule = queries.segment_named(db.session(), segment_id)
    if not form.validate_on_submit():
        return _treatment_page(form, rule, at), 422
    try:
        with transaction() as session:
            services.set_treatment(
                session,
                current_actor(),
                segment_id,
                at,
                form.treatment(),
                day=clock.today(local_zone()),
            )
    except BadTreatment as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _treatment_page(form, rule, at), 422
    flash(_("Tratamiento guardado; vale desde el próximo plan."), "good")
    return redirect(url_for(".overview"), code=303)


@bp.post("/segmentos/<int:segment_id>/<stage>/quitar")
@allow(*WRITERS)
def clear(segment_id: int, stage: str) -> Response:
    at = _stage(stage)
    with transaction() as session:
        services.clear_treatment(session, current_actor(), segment_id, at)
    flash(_("Tratamiento quitado: valen solo las reglas de la casa."), "good")
    return redirect(url_for(".overview"), code=303)


def _save(segment_id: int | None) -> Answer:
    form = SegmentForm()
    form.offer()
    if not form.validate_on_submit():
        return _segment_page(form, segment_id), 422
    conditions, faults = form.read()
    if faults:
        return _segment_page(form, segment_id, faults=faults), 422
    if "preview" in request.form:
        return _segment_page(form, segment_id, conditions)
    try:
        with transaction() as session:
            services.save_segment(session, current_actor(), form.name.data, conditions, segment_id)
    except TooManySegments as error:
        form.form_errors.append(message(error.code, error.facts))
        return _segment_page(form, segment_id, conditions), 409
    flash(_("Segmento guardado."), "good")
    return redirect(url_for(".overview"), code=303)


def _segment_page(
    form: SegmentForm,
    segment_id: int | None,
    conditions: tuple[Condition, ...] | None = None,
    faults: dict[int, str] | None = None,
) -> str:
    """Show a segment, and whom it would hold once its conditions can be read."""
    form.offer()
    preview = None
    if conditions is not None:
        draft = SegmentRule(segment_id or NEW_ID, form.name.data or "", conditions)
        clients = _clients()
        alone = share_alone(draft, clients)
        preview = (alone, shares(_with(draft), clients)[draft.id])
    return render_template(
        "strategy/segment.html",
        form=form,
        segment_id=segment_id,
        preview=preview,
        faults=faults or {},
        suggestions=suggestions(queries.known_words(db.session(), clock.today(local_zone()))),
    )


def _clients() -> TraitColumns:
    """Return what is known of everybody who owes something; segments are applied to it anew."""
    zone = local_zone()
    return kept(queries.trait_columns, clock.today(zone), zone)


def _with(draft: SegmentRule) -> list[SegmentRule]:
    """Return the segments with a draft in its place: a new one comes last."""
    rules = queries.segment_rules(db.session())
    if draft.id == NEW_ID:
        return [*rules, draft]
    return [draft if one.id == draft.id else one for one in rules]


def _treatment_page(form: TreatmentForm, rule: SegmentRule, stage: Stage) -> str:
    is_set = queries.treatment_at(db.session(), rule.id, stage) is not None
    return render_template(
        "strategy/treatment.html", form=form, rule=rule, stage=stage, is_set=is_set
    )


def _stage(name: str) -> Stage:
    if name not in {one.value for one in Stage}:
        text = f"no stage {name}"
        raise NotFound(text)
    return Stage(name)
