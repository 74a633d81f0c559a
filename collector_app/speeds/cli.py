"""flask city calibrate: learn the speeds of the streets from what the collectors logged."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from collector_app.city.packs import pack_folder, pack_in_use
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import CollectorError
from collector_app.planning.queries import workdays
from collector_app.speeds.services import undo_speeds, use_speeds
from collector_app.speeds.trips import Unusable, logged_trips
from collector_app.visits.queries import visits_between
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone, porcentaje
from collector_app.web.words import message
from routing.errors import BrokenPack
from routing.travel.slots import Slot
from routing.travel.streets import StreetTravel
from routing.travel.streets.calibration import (
    Calibration,
    Dropped,
    Errors,
    Measured,
    Trip,
    Verdict,
    calibrate,
    measure_trips,
)
from routing.travel.streets.calibration.judge import FEWEST_DAYS, FEWEST_TRIPS
from routing.travel.streets.calibration.trips import SLOTS
from routing.travel.streets.network import Bools
from routing.travel.streets.rules import CLASSES
from routing.travel.streets.speeds import SpeedFactors

SHOWN = ("primary", "secondary", "tertiary", "residential")

REASONS: Mapping[Unusable | Dropped, object] = {
    "no_vehicle": lazy_gettext("gestor sin jornada"),
    "on_foot": lazy_gettext("a pie"),
    "no_fix": lazy_gettext("sin ubicación buena"),
    "far": lazy_gettext("lejos del domicilio"),
    "wrong_clock": lazy_gettext("reloj del teléfono mal puesto"),
    "opened_late": lazy_gettext("visita anotada después"),
    Dropped.TOO_NEAR: lazy_gettext("muy cerca"),
    Dropped.TOO_SHORT: lazy_gettext("muy corto"),
    Dropped.TOO_FAST: lazy_gettext("demasiado rápido"),
    Dropped.TOO_LONG: lazy_gettext("demasiado largo"),
    Dropped.PAUSE: lazy_gettext("con comida o pausa"),
    Dropped.NO_WAY: lazy_gettext("sin camino por las calles"),
}
SLOT_NAMES: Mapping[Slot, object] = {
    Slot.NIGHT: lazy_gettext("noche"),
    Slot.MORNING_PEAK: lazy_gettext("mañana, hora pico"),
    Slot.MIDDAY: lazy_gettext("mediodía"),
    Slot.EVENING_PEAK: lazy_gettext("tarde, hora pico"),
    Slot.EVENING: lazy_gettext("noche, hasta las 22"),
}


@click.command("calibrate")
@click.option("--days", type=click.IntRange(1, 3660), default=60, show_default=True)
@click.option("--city", "name", help="Paquete; si no se dice, el que está en uso.")
@click.option("--dry-run", is_flag=True, help="Solo decir qué se aprendería; no guarda nada.")
@click.option("--undo", is_flag=True, help="Volver a las velocidades de antes.")
@with_appcontext
def calibrate_speeds(days: int, name: str | None, dry_run: bool, undo: bool) -> None:
    """Aprende las velocidades de las calles de los traslados entre visitas."""
    try:
        pack = _pack(name)
        if undo:
            _undo(pack)
        else:
            _learn(pack, days, is_kept=not dry_run)
    except CollectorError as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    except BrokenPack as error:
        text = _("No se pudo leer la ciudad: %(why)s", why=error)
        raise click.ClickException(text) from error


def _pack(name: str | None) -> Path:
    instance = Path(current_app.instance_path)
    pack = (
        pack_folder(instance, name) if name else pack_in_use(instance, current_app.config["CITY"])
    )
    if pack is None:
        text = _("No hay ninguna ciudad en uso. Haz una con: flask city build EXTRACTO.osm.pbf")
        raise click.ClickException(text)
    return pack


def _undo(pack: Path) -> None:
    with transaction() as session:
        is_undone = undo_speeds(session, Actor.system("command line"), pack)
    if not is_undone:
        raise click.ClickException(_("No hay velocidades anteriores a las que volver."))
    click.echo(_("Listo: están en uso las velocidades de antes."))


def _learn(pack: Path, days: int, *, is_kept: bool) -> None:
    zone = local_zone()
    end = clock.now()
    session = db.session()
    visits = visits_between(session, end - timedelta(days=days), end)
    vehicles = {row.collector_id: row.vehicle for row in workdays(session)}
    session.rollback()  # no transaction stays open while the trips are ridden
    trips, unusable = logged_trips(visits, vehicles, zone)
    click.echo(_("Traslados entre visitas: %(n)s", n=len(trips) + unusable.total()))
    travel = StreetTravel(pack)
    with _riding(pack) as ride:
        learnt = calibrate(ride, trips, travel.factors)
    _say_dropped(unusable)
    _say_dropped(learnt.dropped)
    if learnt.verdict is Verdict.TOO_FEW:
        text = _(
            "Hay %(n)s traslados útiles de %(days)s días y hacen falta al menos %(least)s de "
            "%(least_days)s días: no se cambia nada.",
            n=learnt.trips,
            days=learnt.days,
            least=FEWEST_TRIPS,
            least_days=FEWEST_DAYS,
        )
        raise click.ClickException(text)
    _say_learnt(learnt)
    if learnt.verdict is Verdict.NO_BETTER:
        click.echo(_("Las velocidades nuevas no aciertan más: se quedan las de antes."))
    elif learnt.verdict is Verdict.NOT_RIDDEN:
        text = _(
            "Más de la mitad del tiempo entre visitas no es de camino: no dice nada de las calles "
            "y se quedan las velocidades de antes."
        )
        click.echo(text)
    elif not is_kept:
        click.echo(_("Aciertan más. Era una prueba: no se guardó nada."))
    else:
        with transaction() as writing:
            use_speeds(writing, Actor.system("command line"), pack, learnt)
        click.echo(
            _("Listo: en uso desde el próximo plan. Para volver: flask city calibrate --undo")
        )


@contextmanager
def _riding(
    pack: Path,
) -> Iterator[Callable[[SpeedFactors, Sequence[Trip]], tuple[Measured, Bools]]]:
    """Give what rides trips over the streets at some speeds, with a bar."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def ride(factors: SpeedFactors, trips: Sequence[Trip]) -> tuple[Measured, Bools]:
            task = bar.add_task(_("Recorriendo traslados"), total=len(trips))
            travel = StreetTravel(pack, factors)
            return measure_trips(travel, trips, lambda done: bar.update(task, completed=done))

        yield ride


def _say_dropped(counts: Counter[Unusable] | Counter[Dropped]) -> None:
    for reason, count in counts.most_common():
        if count:
            click.echo(_("  no sirven, %(why)s: %(n)s", why=REASONS[reason], n=count))


def _say_learnt(learnt: Calibration) -> None:
    fit = learnt.fit
    assert fit is not None  # noqa: S101 - there were trips enough
    click.echo(_("Útiles: %(n)s de %(days)s días", n=learnt.trips, days=learnt.days))
    click.echo(_("Parte de la velocidad libre a la que se circula:"))
    for s, slot in enumerate(SLOTS):
        own = int(fit.own_cell[s].sum())
        shown = ", ".join(f"{name} {learnt.factors[name][slot]:.2f}" for name in SHOWN)
        click.echo(
            _(
                "  %(slot)s (%(n)s traslados; propias de la hora: %(own_slot)s, clases de calle "
                "con la suya: %(own)s de %(all)s): %(shown)s",
                slot=SLOT_NAMES[slot],
                n=int(fit.trips_of_slot[s]),
                own_slot=_("sí") if fit.own_slot[s] else _("no"),
                own=own,
                all=len(CLASSES),
                shown=shown,
            )
        )
    for title, errors in ((_("Antes"), learnt.before), (_("Después"), learnt.after)):
        if errors is not None:
            click.echo(_errors(title, errors))


def _errors(title: str, errors: Errors) -> str:
    return str(
        _(
            "%(title)s, en %(n)s traslados de días apartados: error mediano %(median)s, sesgo "
            "%(bias)s, más %(parking)s s por parada",
            title=title,
            n=errors.count,
            median=porcentaje(errors.median_share),
            bias=porcentaje(errors.bias_share),
            parking=round(errors.parking_s),
        )
    )
