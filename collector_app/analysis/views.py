"""Pages of the cartera's movement: aging and roll rates, vintages, the simulator."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.analysis import queries
from collector_app.analysis.charts import lines
from collector_app.analysis.forms import (
    VINTAGE_SPLITS,
    Span,
    Split,
    bucket_of,
    form_of,
    quarter_of,
    span_of,
    split_of,
)
from collector_app.analysis.rules import (
    PAID_UP,
    Ends,
    Levers,
    RollMatrix,
    Vintage,
    late_at,
    lever_gains,
    month_of,
    roll_matrix,
    vintages_of,
    weekly_cash,
)
from collector_app.analysis.sheets import (
    credit_columns,
    credit_lines,
    moved_columns,
    moved_lines,
)
from collector_app.audit.downloads import hand_out
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.figures.keeping import kept
from collector_app.indicators.queries import NOBODY, Grouping, group_names, moved
from collector_app.indicators.rules import Dimension, Ints, Moved, usual_period, wilson
from collector_app.payments.money_shown import MoneyShown, money_shown
from collector_app.portfolio.rules import AgingBucket
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.pages import page_of_request
from collector_app.web.words import label

bp = Blueprint("analysis", __name__)

MOST_ROWS = 50_000  # of one download
TOLD_AGES = (3, 6, 12)  # months at which groups are compared
DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("")
@allow(*DESK)
def overview() -> str:
    """Show how old the debt is, where each bucket went, and DSO and CEI between two days."""
    zone, span, money = local_zone(), _span(), _money()
    matrix = roll_matrix(kept(queries.rolls, span.opening, span.closing, zone, money.asked))
    return render_template(
        "analysis/overview.html",
        span=span,
        first_day=span.opening + timedelta(days=1),  # indicators begin on the morning after
        aging=kept(queries.aging, span.closing, zone, money.asked),
        matrix=matrix,
        cure_intervals=[
            wilson(one.cured_clients, one.clients) if one.clients else None for one in matrix
        ],
        buckets=AgingBucket,
        paid_up=PAID_UP,
        receivables=kept(queries.receivables, span.opening, span.closing, zone, money.asked),
        known_since=kept(queries.first_known_balance),
        money=money,
    )


@bp.get("/rodamiento.<any(xlsx, csv):kind>")
@allow(*DESK)
def rolls_file(kind: str) -> Response:
    """Hand out the matrix of roll rates: a line per pair of buckets."""
    span, money = _span(), _money()
    matrix = roll_matrix(kept(queries.rolls, span.opening, span.closing, local_zone(), money.asked))
    columns = {
        "origin": _("El %(day)s", day=span.opening.isoformat()),
        "to": _("El %(day)s", day=span.closing.isoformat()),
        "balance": _("Saldo inicial"),
        "currency": _("Moneda"),
        "share": _("Parte"),
    }
    name = f"rodamiento-{span.opening}-{span.closing}"
    lines = tuple(_roll_lines(matrix, money.currency))
    return hand_out(current_actor(), name, kind, columns, lines)


@bp.get("/clientes")
@allow(*DESK)
def clients() -> str:
    """Show the clients of a bucket, or those who went from one to another."""
    money, ends = _money(), _ends()
    known, places = _moved(ends, money)
    page = page_of_request(len(places))
    rows = queries.moved_rows(db.session(), known, places[page.offset : page.offset + page.size])
    return render_template(
        "analysis/clients.html", ends=ends, rows=rows, page=page, money=money, most=MOST_ROWS
    )


@bp.get("/clientes.<any(xlsx, csv):kind>")
@allow(*DESK)
def clients_file(kind: str) -> Response:
    """Hand out the same clients."""
    money, ends = _money(), _ends()
    known, places = _moved(ends, money)
    found = queries.moved_rows(db.session(), known, places[:MOST_ROWS])
    name = f"clientes-{ends.opening}-{ends.closing}"
    return hand_out(
        current_actor(), name, kind, moved_columns(), moved_lines(found, money.currency)
    )


@bp.get("/cosechas/creditos")
@allow(*DESK)
def credits() -> str:
    """Show the credits of a vintage, or those of one zone or segment in it."""
    session, zone, money = db.session(), local_zone(), _money()
    today, split = clock.today(zone), split_of(request.args)
    asked = _credits_asked(money)
    page = page_of_request(queries.count_credits_behind(session, today, zone, asked))
    rows = queries.credits_behind(session, today, zone, asked, offset=page.offset, limit=page.size)
    return render_template(
        "analysis/credits.html",
        quarter=asked.quarter,
        split=split,
        group_name=_group_name(split),
        rows=rows,
        page=page,
        money=money,
        most=MOST_ROWS,
    )


@bp.get("/cosechas/creditos.<any(xlsx, csv):kind>")
@allow(*DESK)
def credits_file(kind: str) -> Response:
    """Hand out the same credits."""
    zone, money = local_zone(), _money()
    asked = _credits_asked(money)
    found = queries.credits_behind(db.session(), clock.today(zone), zone, asked, limit=MOST_ROWS)
    name = f"cosecha-{asked.quarter[0]}-{asked.quarter[1]}"
    return hand_out(
        current_actor(), name, kind, credit_columns(), credit_lines(found, money.currency)
    )


@bp.get("/cosechas")
@allow(*DESK)
def vintages() -> str:
    """Show for each quarter of lending how much was ever a month late, by age."""
    zone, money, split = local_zone(), _money(), split_of(request.args)
    today = clock.today(zone)
    month = (today.year, today.month)
    groups = kept(queries.vintage_groups, today, zone, money.asked, split.by) if split.by else {}
    cells = (
        kept(queries.vintage_cells, today, zone, money.asked)
        if split.group is None
        else groups.get(split.group, [])
    )
    found = vintages_of(cells, month)
    shares = [one.late_by_age for one in found]
    return render_template(
        "analysis/vintages.html",
        split=split,
        splits=VINTAGE_SPLITS,
        groups=_named_vintages(split, {key: vintages_of(of, month) for key, of in groups.items()}),
        group_name=_group_name(split),
        late_at=late_at,
        told_ages=TOLD_AGES,
        vintages=found,
        ages=range(max(map(len, shares), default=0)),
        highest=max((share for row in shares for share in row), default=0.0),
        lines=lines(shares),
        money=money,
    )


@bp.get("/simulador")
@allow(*DESK)
def simulator() -> tuple[str, int] | str:
    """Show what other levers would yield; they begin as they stand in the last four weeks."""
    zone, money = local_zone(), _money()
    period = usual_period(clock.today(zone))
    now = kept(queries.levers_now, Grouping(period, zone, currency=money.asked))
    typed = request.args.copy()
    typed.poplist("moneda")
    form = form_of(now, typed)
    if typed and not form.validate():
        return _simulated(form, now, now, money), 422
    return _simulated(form, now, form.levers() if typed else now, money)


def _simulated(form: object, now: Levers, then: Levers, money: MoneyShown) -> str:
    before, after = weekly_cash(now, now), weekly_cash(then, now)
    return render_template(
        "analysis/simulator.html",
        form=form,
        now=month_of(now),
        then=month_of(then),
        gains=lever_gains(then),
        before=before,
        after=after,
        lines=lines([before, after]),
        money=money,
    )


def _roll_lines(matrix: Iterable[RollMatrix], currency: str) -> Iterable[dict[str, Cell]]:
    for row in matrix:
        for end, share in row.shares.items():
            yield {
                "origin": label(row.origin),
                "to": _("Pagado") if end == PAID_UP else label(AgingBucket(end)),
                "balance": row.opening_cents / CENTS_PER_PESO,
                "currency": currency,
                "share": round(share, 4),
            }


def _named_vintages(
    split: Split, groups: Mapping[int, list[Vintage]]
) -> list[tuple[int, str, list[Vintage]]]:
    """Return the vintages of groups by name, what is in none of them last."""
    if split.by is None:
        return []
    names = group_names(db.session(), split.by, groups)
    in_order = sorted(groups, key=lambda one: (one == NOBODY, names.get(one, "")))
    return [(one, names.get(one, _nobody(split.by)), groups[one]) for one in in_order]


def _group_name(split: Split) -> str | None:
    """Return the name of the one zone or segment that is asked for.

    Raises
    ------
    NotFound
        If there is none.
    """
    if split.by is None or split.group is None:
        return None
    if split.group == NOBODY:
        return _nobody(split.by)
    names = group_names(db.session(), split.by, [split.group])
    if split.group not in names:
        text = f"no {split.by.value} {split.group}"
        raise NotFound(text)
    return names[split.group]


def _nobody(by: Dimension) -> str:
    return str(_("Sin zona") if by is Dimension.ZONE else _("Sin segmento o ya no deben"))


def _credits_asked(money: MoneyShown) -> queries.CreditsAsked:
    split, today = split_of(request.args), clock.today(local_zone())
    of = None
    if split.by is not None and split.group is not None:
        of = queries.GroupOfClients(split.by, split.group)
    return queries.CreditsAsked(money.asked, quarter_of(request.args, today), of)


def _money() -> MoneyShown:
    return money_shown(request.args, clock.today(local_zone()), local_zone())


def _moved(ends: Ends, money: MoneyShown) -> tuple[Moved, Ints]:
    """Return everybody at both ends, and the places of those who are meant."""
    known = kept(moved, ends.opening, ends.closing, local_zone(), money.asked)
    return known, known.behind(ends.origin, ends.to, is_paid_up=ends.is_paid_up)


def _ends() -> Ends:
    span, to = _span(), request.args.get("a")
    return Ends(
        span.opening,
        span.closing,
        bucket_of(request.args, "de"),
        bucket_of(request.args, "a"),
        is_paid_up=to == PAID_UP,
    )


def _span() -> Span:
    return span_of(request.args, clock.today(local_zone()))
