"""Agenda de promesas: what is overdue, due today and coming, and the cash to expect of it."""

from dataclasses import asdict

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.agenda import queries
from collector_app.agenda.charts import cash_chart
from collector_app.agenda.forms import ALL, BY_COLLECTOR, BYS, FOLLOWS, WantedAgenda
from collector_app.agenda.rules import COVERAGE, CashWeek, Due, Follow, grouped, total
from collector_app.audit.downloads import hand_out
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.figures.keeping import kept
from collector_app.payments.money_shown import MoneyShown, money_shown
from collector_app.portfolio.queries import client_cards
from collector_app.web.downloads import dated
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.pages import page_of_request
from collector_app.web.skeletons import skeleton_for
from collector_app.web.words import label
from collector_app.zones.queries import clients_of, collectors, zones_on

bp = Blueprint("agenda", __name__)

PEOPLE = (Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("")
@allow(*PEOPLE)
def promises() -> str:
    """List what clients said they would pay; a collector sees their own clients alone."""
    wanted, now = WantedAgenda.of(request.args), clock.now()
    mine = [one for one in _dues() if wanted.takes(one)]
    listed = [one for one in mine if wanted.follow in (None, one.follow)]
    page = page_of_request(len(listed))
    shown = listed[page.offset : page.offset + page.size]
    clients = {one.client_id for one in shown}
    return render_template(
        "agenda/promises.html",
        base=skeleton_for(current_actor().role),
        wanted=wanted,
        asked=request.args.get("ver", ALL),
        follows=FOLLOWS,
        bys=[one for one in BYS if not (_is_phone() and one == BY_COLLECTOR)],
        whole=total(mine),
        groups=grouped(listed, wanted.key),
        rows=shown,
        page=page,
        clients=client_cards(db.session(), clients),
        reminders=queries.reminders(db.session(), clients, now, local_zone()),
        sentence=block_sentence,
        zones={one.id: one for one in zones_on(db.session(), clock.today(local_zone()))},
        collectors={one.id: one.name for one in collectors(db.session())},
        is_phone=_is_phone(),
        now=now,
    )


@bp.get("/lista.<any(xlsx, csv):kind>")
@allow(*DESK)
def promises_file(kind: str) -> Response:
    """Hand out the list, a line per promise."""
    wanted = WantedAgenda.of(request.args)
    listed = [one for one in _dues() if wanted.takes(one) and wanted.follow in (None, one.follow)]
    names = client_cards(db.session(), {one.client_id for one in listed})
    zones = {one.id: one.name for one in zones_on(db.session(), clock.today(local_zone()))}
    people = {one.id: one.name for one in collectors(db.session())}
    columns = {
        "due_on": _("Vence"),
        "follow": _("Estado"),
        "number": _("Número"),
        "client": _("Cliente"),
        "collector": _("Gestor"),
        "zone": _("Zona"),
        "left": _("Falta"),
        "currency": _("Moneda"),
        "share": _("Probabilidad"),
        "sample": _("Promesas en que se basa"),
    }
    words = {one: label(one) for one in Follow}
    lines: list[dict[str, Cell]] = [
        {
            "due_on": one.due_on,
            "follow": words[one.follow],
            "number": names[one.client_id].external_id,
            "client": names[one.client_id].name,
            "collector": people.get(one.collector_id or 0),
            "zone": zones.get(one.zone_id or 0),
            "left": one.left_cents / CENTS_PER_PESO,
            "currency": one.currency,
            "share": None if one.share is None else round(one.share, 3),
            "sample": one.sample,
        }
        for one in listed
    ]
    return _file(columns, lines, "promesas", kind)


@bp.get("/pronostico")
@allow(*DESK)
def cash() -> str:
    """Show thirteen weeks of cash: what was said, what is expected, and the interval."""
    money = _money()
    found = _cash(money)
    return render_template(
        "agenda/cash.html",
        found=found,
        chart=cash_chart(found.known, len(found.weeks)),
        coverage=COVERAGE,
        money=money,
    )


@bp.get("/pronostico.<any(xlsx, csv):kind>")
@allow(*DESK)
def cash_file(kind: str) -> Response:
    """Hand out the forecast, a line per week."""
    columns = {
        "starts_on": _("Semana del"),
        "said_cents": _("Dicho"),
        "kept_cents": _("Esperado de lo dicho"),
        "unsaid_cents": _("Esperado de los demás"),
        "low_cents": _("Desde"),
        "high_cents": _("Hasta"),
        "total_cents": _("Acumulado"),
        "total_low_cents": _("Acumulado desde"),
        "total_high_cents": _("Acumulado hasta"),
        "currency": _("Moneda"),
    }
    money = _money()
    found = _cash(money)
    lines = [{"currency": money.currency, **_week_line(one, found)} for one in found.weeks]
    return _file(columns, lines, "pronostico", kind)


def _week_line(week: CashWeek, found: queries.CashForecast) -> dict[str, Cell]:
    """Return a week as a line of the file; what nobody knows is empty."""
    unknown = set() if found.knows_others else {"unsaid_cents"}
    if not found.knows(week):
        unknown = {name for name in asdict(week) if name not in ("starts_on", "said_cents")}
    return {
        name: None
        if name in unknown
        else value / CENTS_PER_PESO
        if name.endswith("_cents")
        else value
        for name, value in asdict(week).items()
    }


def _dues() -> tuple[Due, ...]:
    """Return what the actor may see: a collector's own are of now."""
    actor, today = current_actor(), clock.today(local_zone())
    told = kept(queries.dues, today, local_zone())
    if actor.role is not Role.COLLECTOR:
        return told
    own = clients_of(db.session(), actor.user_id or 0, today)
    return queries.dues_of(db.session(), today, local_zone(), own, told)


def _money() -> MoneyShown:
    return money_shown(request.args, clock.today(local_zone()), local_zone())


def _cash(money: MoneyShown) -> queries.CashForecast:
    return kept(queries.cash_forecast, clock.today(local_zone()), local_zone(), money.asked)


def _is_phone() -> bool:
    return current_actor().role is Role.COLLECTOR


def _file(columns: dict[str, str], lines: list[dict[str, Cell]], name: str, kind: str) -> Response:
    return hand_out(current_actor(), dated(name), kind, columns, lines)
