"""flask accounts: what must work before anybody can log in."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from collector_app.accounts import services
from collector_app.accounts.services import PersonData
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import CollectorError, InvalidInput
from collector_app.web.extensions import transaction
from collector_app.web.words import message

accounts = AppGroup("accounts", help="Personas que entran al sistema.")


@accounts.command("create-admin")
@click.option("--username", prompt="Usuario", help="De 3 a 32 de a-z 0-9 . _ -")
@click.option("--name", prompt="Nombre completo", help="Nombre completo.")
@click.option(
    "--password",
    envvar="COLLECTOR_ADMIN_PASSWORD",
    help="Al menos 12 letras. Si no se dice, se hace una de un solo uso y se escribe. Otras "
    "personas de esta máquina pueden ver las opciones: mejor en COLLECTOR_ADMIN_PASSWORD.",
)
def create_admin(username: str, name: str, password: str | None) -> None:
    """Agrega un administrador; pregunta solo lo que las opciones no dicen."""
    data = PersonData(full_name=name, role=Role.ADMIN)
    try:
        with transaction() as session:
            user, given = services.create_person(
                session, Actor.system("command line"), username, data, password
            )
            user_name = user.username
    except CollectorError as error:
        raise click.ClickException(_sentence(error)) from error
    click.echo(_("Administrador %(name)s creado.", name=user_name))
    if password is None:
        click.echo(_("Contraseña de un solo uso, vale 72 horas: %(given)s", given=given))


def _sentence(error: CollectorError) -> str:
    """Return what is wrong as people read it; what was expected of a field is for programs."""
    wrong = {
        "username": _("Usuario: de 3 a 32 de a-z 0-9 . _ -, primero una letra o un número."),
        "password": _("Contraseña: de 12 a 128 letras, no siempre las mismas, sin el usuario."),
    }
    field = error.field if isinstance(error, InvalidInput) else ""
    return str(wrong.get(field) or message(error.code, error.facts))
