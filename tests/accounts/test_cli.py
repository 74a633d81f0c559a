"""flask accounts create-admin."""

import re

import pytest

from collector_app.accounts.cli import create_admin
from tests.factories import make_user


@pytest.fixture
def run(app, session):
    return lambda *options, **more: app.test_cli_runner().invoke(create_admin, options, **more)


def test_the_first_administrator_is_made_without_a_question(run, anonymous):
    result = run("--username", "root", "--name", "Ada", "--password", "una-frase-muy-mia")

    assert result.exit_code == 0, result.output
    assert "una-frase" not in result.output
    answer = anonymous.post("/entrar", data={"username": "root", "password": "una-frase-muy-mia"})
    assert answer.location == "/"


def test_without_a_password_a_one_time_password_is_printed(run, anonymous):
    result = run("--username", "root", "--name", "Ada")

    password = re.search(r"horas: (\S+)", result.output).group(1)
    anonymous.post("/entrar", data={"username": "root", "password": password})
    assert anonymous.get("/").location == "/contrasena"


def test_what_is_missing_is_asked(run):
    result = run(input="root\nAda\n")

    assert result.exit_code == 0, result.output
    assert "Administrador root creado." in result.output


def test_the_password_may_come_from_the_environment(run, anonymous):
    run("--username", "root", "--name", "Ada", env={"COLLECTOR_ADMIN_PASSWORD": "una-frase-mia"})

    answer = anonymous.post("/entrar", data={"username": "root", "password": "una-frase-mia"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--username", "r", "--name", "A"), "Usuario: de 3 a 32"),
        (("--username", "root", "--name", "A", "--password", "short"), "Contraseña: de 12 a 128"),
        (("--username", "rosa", "--name", "A"), "Ya hay una persona con ese usuario"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(run, session, options, complaint):
    make_user(session, username="rosa")
    session.commit()

    result = run(*options)

    assert result.exit_code == 1
    assert complaint in result.output
