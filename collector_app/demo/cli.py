"""flask demo: a company to try everything with."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from collector_app.core import clock
from collector_app.demo.load import (
    DemoPlace,
    is_loaded,
    load_company,
    play_morning,
    prepare_city,
    publish_today,
)
from collector_app.demo.people import PASSWORD, STAFF
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.words import label

demo = AppGroup("demo", help="Una empresa inventada en una ciudad real, para probarlo todo.")

PAGES = {
    "collector": "/phone/",
    "supervisor": "/tablero",
    "dispatcher": "/planes",
    "admin": "/cumplimiento",
}


@demo.command("load")
def load() -> None:
    """Carga la demostración si falta, publica la ruta de hoy y dice cómo entrar."""
    if os.environ.get("COLLECTOR_ENV") != "development" and not current_app.testing:
        message = "la demostración trae contraseñas conocidas: solo con COLLECTOR_ENV=development"
        raise click.ClickException(message)
    zone = local_zone()
    place = DemoPlace(Path(current_app.instance_path), zone, clock.today(zone))
    with Progress(
        TextColumn("{task.description:<70}"), BarColumn(), TimeElapsedColumn(), transient=True
    ) as bar:
        task = bar.add_task("Preparando la demostración", total=1.0)
        tell = lambda share, note: bar.update(task, completed=share, description=note)  # noqa: E731
        prepare_city(place, tell)
        was_loaded = is_loaded(db.session())
        db.session().rollback()
        if not was_loaded:
            load_company(place, tell)
        plan_id = publish_today(place, tell)
        if plan_id is not None and not was_loaded:
            play_morning(place, plan_id, tell)
    _print_logins()


def _print_logins() -> None:
    home = f"http://127.0.0.1:{os.environ.get('PORT', '5000')}"
    table = Table(box=box.SIMPLE)
    for head in ("Usuario", "Quién es", "Papel", "Empieza en"):
        table.add_column(head)
    for one in STAFF:
        table.add_row(one.username, one.full_name, label(one.role), PAGES[one.role.value])
    console = Console()
    console.print(table)
    console.print(f"  Contraseña de todos: [bold]{PASSWORD}[/bold]\n  Dirección: {home}\n")
