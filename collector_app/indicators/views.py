"""Indicators at the desk: all of them, one by groups, and the rows behind it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.audit.downloads import hand_out
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.costs.queries import costs_since
from collector_app.costs.rules import WHO_KNOWS_COSTS
from collector_app.figures.asking import Pending, answers
from collector_app.figures.keeping import kept
from collector_app.figures.rules import Question
from collector_app.indicators import queries, services
from collector_app.indicators.charts import bars, spark
from collector_app.indicators.definitions import definitions
from collector_app.indicators.forms import Asked, TargetForm, asked
from collector_app.indicators.queries import Grouping
from collector_app.indicators.questions import (
    as_chosen,
    is_usual,
    questions_of_detail,
    questions_of_overview,
    with_clients,
)
from collector_app.indicators.rules import (
    CATALOGUE,
    Count,
    Dimension,
    Indicator,
    Moved,
    RowKind,
    Section,
    Unit,
    adds_up,
    figure,
    is_met,
)
from collector_app.indicators.sheets import columns_of, sheet_rows
from collector_app.jobs.standing import standing
from collector_app.payments.money_shown import MoneyShown, money_shown
from collector_app.web.borders import LARGEST_ID
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.pages import Page, page_of_request
from collector_app.web.words import label, message

bp = Blueprint("indicators", __name__)

DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
WHO_SETS_TARGETS = (Role.SUPERVISOR, Role.ADMIN)
MOST_ROWS = 50_000  # of one download
_LOOK_AGAIN_S = 2
_LAST_S = 2**33  # an instant that no job is put into the queue after


@bp.get("")
@allow(*DESK)
def overview() -> Answer:
    session, wanted, money = db.session(), _asked(), _money()
    grouping = Grouping(wanted.period, local_zone(), currency=money.asked)
    found = _added_up(grouping, questions_of_overview(grouping))
    if isinstance(found, Pending):
        return _waiting_page("indicators/overview.html", found, wanted=wanted, money=money)
    now, before, weeks = found
    return render_template(
        "indicators/overview.html",
        wanted=wanted,
        sections={
            section: [one for one in Indicator if CATALOGUE[one].section is section]
            for section in Section
        },
        catalogue=CATALOGUE,
        definitions=definitions(),
        figures={one: figure(one, now) for one in Indicator},
        earlier={one: figure(one, before) for one in Indicator},
        sparks={
            one: spark([figure(one, weeks.get(week, {})).value for week in _grouping(wanted).weeks])
            for one in Indicator
        },
        targets=_targets(session, wanted, money),
        money=money,
    )


@bp.get("/<indicator>")
@allow(*DESK)
def detail(indicator: str) -> Answer:
    return _detail(_known(indicator), TargetForm())


@bp.post("/<indicator>/meta")
@allow(*WHO_SETS_TARGETS)
def set_target(indicator: str) -> Answer:
    one, form = _known(indicator), TargetForm()
    wanted = _asked_of(one)
    _offer_groups(form, wanted)
    if not form.validate_on_submit():
        return _detail(one, form, status=422)
    try:
        with transaction() as session:
            today = clock.today(local_zone())
            actor, target = current_actor(), form.value(one)
            if form.group is None:
                services.set_target(session, actor, one, target, today)
            else:
                services.set_group_target(session, actor, one, wanted.by, form.group, target, today)
    except InvalidInput as error:
        form.target.errors = [message(error.code, error.facts)]
        return _detail(one, form, status=422)
    flash(_("Meta guardada: cuenta desde hoy."), "good")
    return redirect(url_for(".detail", indicator=one.value, por=wanted.by.value), code=303)


@bp.get("/<indicator>/filas")
@allow(*DESK)
def rows(indicator: str) -> str:
    one, session = _known(indicator), db.session()
    wanted = _asked_of(one)
    _require_rows(one)
    kind, grouping = CATALOGUE[one].rows, with_clients(_grouping(wanted))
    moved = _moved(grouping, wanted.group) if kind is RowKind.MOVEMENTS else None

    def read(page: Page, *, is_counted: bool) -> tuple[int, list[queries.BehindRow]]:
        return queries.rows_behind(
            session,
            kind,
            grouping,
            wanted.group,
            offset=page.offset,
            limit=page.size,
            is_counted=is_counted,
            is_of_money=CATALOGUE[one].is_of_money,
            moved=moved,
        )

    hoped = page_of_request(LARGEST_ID)
    count, found = read(hoped, is_counted=True)
    page = page_of_request(count)
    if page.offset != hoped.offset:  # beyond the last one
        _count, found = read(page, is_counted=False)
    return render_template(
        "indicators/rows.html",
        indicator=one,
        kind=kind,
        wanted=wanted,
        rows=found,
        page=page,
        most_rows=MOST_ROWS,
        money=_money(),
    )


@bp.get("/<indicator>/filas.<any(xlsx, csv):kind>")
@allow(*DESK)
def rows_file(indicator: str, kind: str) -> Response:
    one = _known(indicator)
    wanted = _asked_of(one)
    _require_rows(one)
    grouping = with_clients(_grouping(wanted))
    row_kind = CATALOGUE[one].rows
    _count, found = queries.rows_behind(
        db.session(),
        row_kind,
        grouping,
        wanted.group,
        limit=MOST_ROWS,
        is_counted=False,
        is_of_money=CATALOGUE[one].is_of_money,
        moved=_moved(grouping, wanted.group) if row_kind is RowKind.MOVEMENTS else None,
    )
    name = f"{one.value}-{wanted.period.from_on}-{wanted.period.to_on}"
    columns, lines = columns_of(row_kind), sheet_rows(row_kind, found, local_zone())
    return hand_out(current_actor(), name, kind, columns, lines)


def _detail(indicator: Indicator, form: TargetForm, status: int = 200) -> Answer:
    session, wanted, money = db.session(), _asked_of(indicator), _money()
    grouping = _grouping(wanted)
    shown = {
        "indicator": indicator,
        "definition": CATALOGUE[indicator],
        "definitions": definitions(),
        "dimensions": _splits(indicator),
        "may_see_rows": _may_see_rows(indicator),
        "costs_since": costs_since(session, money.currency),
        "wanted": wanted,
        "money": money,
    }
    found = _added_up(grouping, questions_of_detail(grouping, CATALOGUE[indicator].section))
    if isinstance(found, Pending):
        _flash_errors(form)
        return _waiting_page("indicators/detail.html", found, **shown)
    counted, whole_tally = found
    groups = queries.by_group(indicator, counted, grouping)
    whole = figure(indicator, whole_tally)
    target = _targets(session, wanted, money).get(indicator)
    own = _own_targets(session, indicator, wanted, money)
    row_targets = [own.get(row.group, target) for row in groups]
    _offer_groups(form, wanted)
    if target is not None and not form.is_submitted():
        form.show(target, indicator)
    page = render_template(
        "indicators/detail.html",
        **shown,
        wanted_days=whole_tally.get(Count.PERIOD_DAYS, 0),
        groups=groups,
        bars=bars([row.figure for row in groups], row_targets),
        row_targets=row_targets,
        own_targets=own,
        is_met=is_met,
        whole=whole,
        target=target,
        targets=queries.targets_of(session, indicator),
        form=form,
        may_set=current_actor().role in WHO_SETS_TARGETS,
        nobody=queries.NOBODY,
        is_of_today=wanted.by in queries.OF_TODAY,
        met_again=[
            one
            for one in (CATALOGUE[indicator].part, CATALOGUE[indicator].whole)
            if not adds_up(one, wanted.by)
        ],
    )
    return page, status


def _added_up(grouping: Grouping, questions: Sequence[Question]) -> Any:
    """Return the answers to questions, or `Pending` when the worker has to add them up first."""
    if is_usual(grouping):
        return [kept(one.read, *one.asked) for one in questions]
    again = request.args.get("otra", type=int)
    before = None if again is None else datetime.fromtimestamp(max(0, min(again, _LAST_S)), UTC)
    return answers([as_chosen(one) for one in questions], before)


def _waiting_page(template: str, pending: Pending, **shown: Any) -> Answer:
    """Show a page without its figures, which looks again by itself until they are there."""
    path = request.path.removesuffix("/meta")  # where a target was sent to
    again = int(pending.job.enqueued_at.timestamp()) + 1
    page = make_response(
        render_template(
            template,
            **shown,
            pending=pending,
            asked_url=f"{path}?{urlencode(request.args)}",
            again_url=f"{path}?{urlencode({**request.args, 'otra': again})}",
            **standing(pending.job),
        )
    )
    if not pending.has_failed:
        page.status_code = HTTPStatus.ACCEPTED
        page.headers["Retry-After"] = str(_LOOK_AGAIN_S)
    return page


def _flash_errors(form: TargetForm) -> None:
    """Say above a page that has no form yet what was wrong with what somebody sent."""
    for error in form.target.errors:
        flash(error, "bad")


def _asked() -> Asked:
    return asked(request.args, clock.today(local_zone()))


def _asked_of(indicator: Indicator) -> Asked:
    """Return what is asked; a split that the indicator does not have gives way to the usual one."""
    wanted, splits = _asked(), _splits(indicator)
    return wanted if wanted.by in splits else replace(wanted, by=splits[0], group=None)


def _splits(indicator: Indicator) -> tuple[Dimension, ...]:
    """Return what this person may split by.

    Costs of collectors are wages, and so are those of a zone or stage that one of them visits.
    """
    splits = CATALOGUE[indicator].splits
    if _may_see_rows(indicator):
        return splits
    return tuple(one for one in splits if one is Dimension.WEEK)


def _may_see_rows(indicator: Indicator) -> bool:
    """Tell whether the wages among the rows of costs are this person's business."""
    return not CATALOGUE[indicator].is_of_costs or current_actor().role in WHO_KNOWS_COSTS


def _require_rows(indicator: Indicator) -> None:
    if not _may_see_rows(indicator):
        current_actor().require(*WHO_KNOWS_COSTS)


def _money() -> MoneyShown:
    return money_shown(request.args, clock.today(local_zone()), local_zone())


def _targets(session: Session, wanted: Asked, money: MoneyShown) -> dict[Indicator, float]:
    """Return the targets in force; those in money are of the house's currency alone."""
    found = queries.targets_on(session, wanted.period.to_on)
    if money.asked is None:
        return found
    return {one: target for one, target in found.items() if CATALOGUE[one].unit is not Unit.CENTS}


def _own_targets(
    session: Session, indicator: Indicator, wanted: Asked, money: MoneyShown
) -> dict[int, float]:
    """Return the targets of single groups; those in money are of the house's currency alone."""
    if money.asked is not None and CATALOGUE[indicator].unit is Unit.CENTS:
        return {}
    return queries.group_targets_on(session, indicator, wanted.by, wanted.period.to_on)


def _offer_groups(form: TargetForm, wanted: Asked) -> None:
    if form.whose.choices:
        return
    today = clock.today(local_zone())
    groups = queries.groups_with_targets(db.session(), wanted.by, today)
    form.offer(
        (group, label(queries.STAGES[group]) if name is None else name) for group, name in groups
    )


def _grouping(wanted: Asked) -> Grouping:
    return Grouping(wanted.period, local_zone(), wanted.by, _money().asked)


def _moved(grouping: Grouping, group: int | None) -> Moved:
    if grouping.by is Dimension.WEEK and group is not None and group in grouping.weeks:
        grouping = grouping.in_week(group)
    ends = queries.ends_of(grouping)
    return kept(queries.moved, *ends, grouping.zone, grouping.currency)


def _known(name: str) -> Indicator:
    if name not in {one.value for one in Indicator}:
        text = f"no indicator {name}"
        raise NotFound(text)
    return Indicator(name)
