"""flask plan: make the plan of a day here and now, list plans, and say how good they foretold."""

import json
import sys
from dataclasses import asdict
from datetime import datetime, timedelta

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from collector_app.audit.queries import last_facts
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import CollectorError
from collector_app.planning import queries, services
from collector_app.planning.day_plan import PlanRequest, make_plan
from collector_app.planning.forms import DEFAULT_SECONDS, DEFAULT_SEED
from collector_app.planning.queries import PlanRow
from collector_app.planning.rules import AIMS, MOST_PERCENT, CertificateState, PlanAim
from collector_app.portfolio.queries import ClientCard, client_cards
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import distancia, hace, local_zone, minutos, sumas
from collector_app.web.words import label, message
from routing.scoring.calibration import Calibration

plan = AppGroup("plan", help="Planes: quién visita a quién cada día.")
DAY = click.DateTime(["%Y-%m-%d"])
PERCENT = click.IntRange(0, MOST_PERCENT)
CHANGED_EXIT = 3  # of a certificate that holds as of then; 2 is a wrong call


@plan.command("run")
@click.option("--date", "on", type=DAY, help="Día, AAAA-MM-DD. Si no se dice, hoy.")
@click.option("--seconds", type=click.IntRange(1, 600), default=DEFAULT_SECONDS, show_default=True)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
@click.option(
    "--proof", type=click.IntRange(0, 600), default=0, help="Segundos por ruta para una cota."
)
@click.option(
    "--aim",
    type=click.Choice([one.value for one in PlanAim]),
    default=PlanAim.BALANCED.value,
    show_default=True,
    help="Lo que importa más.",
)
@click.option("--travel-percent", type=PERCENT, help="Peso del trayecto, en vez del de --aim.")
@click.option("--unfairness-percent", type=PERCENT, help="Peso de cada hora sobre el promedio.")
@click.option("--lend", "may_lend", is_flag=True, help="Prestar clientes entre zonas vecinas.")
@click.option("--publish", "is_published", is_flag=True, help="Publicarlo al terminar.")
def run(  # noqa: PLR0913 - one for each option
    on: datetime | None,
    seconds: int,
    seed: int,
    proof: int,
    aim: str,
    travel_percent: int | None,
    unfairness_percent: int | None,
    *,
    may_lend: bool,
    is_published: bool,
) -> None:
    """Hace el plan de un día y lo guarda."""
    zone, actor = local_zone(), Actor.system("command line")
    today = clock.today(zone)
    day = on.date() if on else today
    try:
        services.check_day(actor, day, today)
        asked = PlanRequest(
            day,
            seconds,
            seed,
            actor,
            proof_seconds=proof,
            aim=PlanAim(aim),
            weights=AIMS[PlanAim(aim)].or_else(travel_percent, unfairness_percent),
            may_lend=may_lend,
        )
        plan_id = _with_bar(asked)
        if is_published:
            with transaction() as session:
                services.publish(session, actor, plan_id, today=today, zone=zone)
    except CollectorError as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    row = queries.plan_row(db.session(), plan_id)
    if row is not None:
        click.echo(_line(row))


@plan.command("list")
@click.option("--date", "on", type=DAY, help="Día, AAAA-MM-DD. Si no se dice, hoy.")
def list_plans(on: datetime | None) -> None:
    """Muestra los planes de un día."""
    day = on.date() if on else clock.today(local_zone())
    rows = queries.plans_of_day(db.session(), day)
    if not rows:
        click.echo(_("No hay planes del %(day)s.", day=day))
    for row in rows:
        click.echo(_line(row))


@plan.command("calibration")
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Todo, como JSON.")
def calibration(days: int, as_json: bool) -> None:
    """Compara lo que los planes publicados esperaban con lo que pasó."""
    last = clock.today(local_zone())
    first = last - timedelta(days=days - 1)
    quality = queries.forecast_quality(db.session(), first, last)
    if as_json:
        click.echo(json.dumps(asdict(quality), default=str, indent=1))
        return
    click.echo(
        _(
            "Del %(first)s al %(last)s: visitas a paradas de planes publicados %(n)s, "
            "de ellas con supuestos %(assumed)s",
            first=first,
            last=last,
            n=quality.count,
            assumed=quality.assumed_count,
        )
    )
    for kind, one in quality.by_kind.items():
        _echo_calibration(label(kind), one)


def _echo_calibration(name: str, one: Calibration) -> None:
    click.echo(
        _(
            "%(name)s: Brier %(brier)s, sin plan %(baseline)s, mejora %(skill)s; pasó en "
            "%(came)s de %(n)s",
            name=name,
            brier=f"{one.brier:.4f}",
            baseline=f"{one.baseline:.4f}",
            skill=f"{one.skill:+.1%}",
            came=one.happened,
            n=one.count,
        )
    )
    if not one.is_enough:
        click.echo("  " + _("Muy pocas visitas para decir algo."))
    for part in one.bins:
        click.echo(
            "  "
            + _(
                "se esperaba %(predicted)s, pasó %(observed)s (95 %%: %(low)s a %(high)s), n %(n)s",
                predicted=f"{part.predicted:.1%}",
                observed=f"{part.observed:.1%}",
                low=f"{part.low:.1%}",
                high=f"{part.high:.1%}",
                n=part.count,
            )
        )


@plan.command("certificate")
@click.argument("plan_id", type=int)
def certify(plan_id: int) -> None:
    """Muestra qué se revisó de un plan publicado y lo revisa otra vez.

    Termina con 1 si el plan ya no es el que se revisó, y con 3 si sigue siéndolo pero la ley o lo
    decidido sobre sus clientes cambió desde que se publicó.
    """
    session = db.session()
    if queries.plan_row(session, plan_id) is None:
        raise click.ClickException(_("No hay un plan %(n)s.", n=plan_id))
    told = last_facts(session, services.PUBLISHED, f"plan:{plan_id}") or {}
    sealed = told.get("certificate")
    if not isinstance(sealed, dict):  # plans of before the log had seals have none
        raise click.ClickException(_("El plan %(n)s no se ha publicado.", n=plan_id))
    click.echo(json.dumps(sealed, ensure_ascii=False, indent=2))
    found = queries.verify(session, plan_id, sealed, local_zone())
    differing = ", ".join(
        f"{name} ({then} → {now})" for name, (then, now) in found.differing.items()
    )
    match found.state:
        case CertificateState.HOLDS:
            click.echo(label(found.state))
        case CertificateState.CHANGED_SINCE:
            clients = {one.client_id for one in found.breaches}
            _echo_changes(found, differing, client_cards(session, clients))
            sys.exit(CHANGED_EXIT)
        case _:
            raise click.ClickException(f"{label(found.state)}: {differing}")


def _echo_changes(
    found: queries.Verification, differing: str, cards: dict[int, ClientCard]
) -> None:
    """Say what became of the law and of decisions since a plan was published."""
    click.echo(label(found.state), err=True)
    if differing:
        click.echo(_("Las reglas de ese día se corrigieron: %(names)s", names=differing), err=True)
    for one in found.breaches:
        why = "; ".join(block_sentence(block) for block in one.blocks)
        click.echo(
            _(
                "Hoy ya no se permite: cliente %(n)s: %(why)s",
                n=cards[one.client_id].external_id,
                why=why,
            ),
            err=True,
        )


def _with_bar(request: PlanRequest) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Empezando"), total=1.0)
        return make_plan(
            request,
            lambda share, note: bar.update(task, completed=share, description=note),
        )


def _line(row: PlanRow) -> str:
    state = _("publicado") if row.is_published else _("borrador")
    if row.withdrawn_at is not None:
        state = _("retirado")
    return str(
        _(
            "Plan %(n)s del %(day)s (%(state)s): gestores %(routes)s, paradas %(stops)s, "
            "fuera %(skipped)s, trayecto %(time)s y %(far)s, se espera %(sum)s; hecho %(when)s",
            n=row.id,
            day=row.day,
            state=state,
            stops=row.stop_count,
            routes=row.route_count,
            skipped=row.skipped_count,
            time=minutos(row.travel_s),
            far=distancia(row.travel_m),
            sum=sumas(row.expected),
            when=hace(row.created_at),
        )
    )
