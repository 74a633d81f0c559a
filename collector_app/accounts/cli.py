"""flask accounts: what must work before anybody can log in."""

import click
from flask.cli import AppGroup

from collector_app.accounts import services
from collector_app.accounts.services import PersonData
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import CollectorError
from collector_app.web.extensions import transaction

accounts = AppGroup("accounts", help="People who log in.")


@accounts.command("create-admin")
@click.option("--username", prompt="User name", help="3 to 32 of a-z 0-9 . _ -")
@click.option("--name", prompt="Full name")
@click.option(
    "--password",
    envvar="COLLECTOR_ADMIN_PASSWORD",
    help="At least 12 letters. Left out: a one-time password is made and printed. "
    "Other people on this machine can see options, so better set COLLECTOR_ADMIN_PASSWORD.",
)
def create_admin(username: str, name: str, password: str | None) -> None:
    """Add an administrator; asks only for what the options leave out."""
    data = PersonData(full_name=name, role=Role.ADMIN)
    try:
        with transaction() as session:
            user, given = services.create_person(
                session, Actor.system("command line"), username, data, password
            )
            user_name = user.username
    except CollectorError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Administrator {user_name} created.")
    if password is None:
        click.echo(f"One-time password, valid for 72 hours: {given}")
