"""flask city: build packs from OpenStreetMap extracts, and choose the one in use."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from collector_app.city.packs import built_packs, pack_folder, pack_in_use, use_pack
from collector_app.core.errors import CollectorError
from collector_app.web.words import message
from routing.errors import BasemapFailed, UnusableExtract
from routing.travel.streets.build import BuildStep, build_pack
from routing.travel.streets.pack import PackInfo

city = AppGroup("city", help="Ciudad: calles y mapa, hechos de un extracto de OpenStreetMap.")

STEPS = {
    BuildStep.READING: "Leyendo calles",
    BuildStep.NETWORK: "Armando la red",
    BuildStep.HIERARCHY: "Preparando tiempos de viaje",
    BuildStep.BASEMAP: "Dibujando el mapa",
    BuildStep.ADDRESSES: "Reuniendo direcciones",
    BuildStep.WRITING: "Guardando",
}


@city.command("build")
@click.argument("extract", type=click.Path(path_type=Path))
@click.option("--name", help="Nombre del paquete; si no se dice, el del archivo.")
@click.option("--use/--no-use", "put_into_use", default=True, help="Ponerlo en uso al terminar.")
def build(extract: Path, name: str | None, put_into_use: bool) -> None:
    """Hace un paquete de ciudad de EXTRACT (.osm.pbf, .osm, .osm.gz)."""
    instance = Path(current_app.instance_path)
    try:
        folder = pack_folder(instance, name or extract.name.partition(".")[0].lower())
        info = build_with_progress(extract, folder)
        if put_into_use:
            use_pack(instance, folder.name)
    except CollectorError as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    except (UnusableExtract, BasemapFailed) as error:
        raise click.ClickException(_("No se pudo hacer el paquete: %(why)s", why=error)) from error
    click.echo(_("Listo: %(name)s, %(km)s km de calles.", name=info.name, km=round(info.street_km)))


@city.command("use")
@click.argument("name")
def use(name: str) -> None:
    """Pone en uso el paquete NAME."""
    try:
        use_pack(Path(current_app.instance_path), name)
    except CollectorError as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    configured = current_app.config["CITY"]
    if configured and configured != name:
        text = _(
            "Pero COLLECTOR_CITY dice %(city)s, y eso manda. Quítalo primero.", city=configured
        )
        raise click.ClickException(text)
    click.echo(_("En uso: %(name)s", name=name))


@city.command("list")
def list_cities() -> None:
    """Muestra los paquetes hechos aquí y cuál está en uso."""
    instance = Path(current_app.instance_path)
    used = pack_in_use(instance, current_app.config["CITY"])
    packs = list(built_packs(instance))
    if not packs:
        click.echo(_("Aún no hay ninguno. Haz uno con: flask city build EXTRACTO.osm.pbf"))
        return
    table = Table(box=box.SIMPLE)
    for head in (_("Ciudad"), _("Calles"), _("Hecha de"), _("En uso")):
        table.add_column(head)
    for pack in packs:
        mark = _("sí") if used and pack.name == used.name else ""
        table.add_row(pack.name, f"{pack.street_km:,.0f} km", pack.extract, mark)
    Console().print(table)


def build_with_progress(extract: Path, folder: Path) -> PackInfo:
    """Build a pack, saying on the terminal what is being done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("", total=None)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return build_pack(
            extract, folder, lambda step, count: bar.update(task, description=_doing(step, count))
        )


def _doing(step: BuildStep, count: int) -> str:
    """Say the step; the map is long enough to tell how much of it is drawn."""
    return f"{STEPS[step]} {count} %" if step is BuildStep.BASEMAP else STEPS[step]
