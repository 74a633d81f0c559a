"""What people and programs are told when something goes wrong."""

import logging
import re

import pytest
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from collector_app.core.actor import Role
from collector_app.core.errors import CollectorError, InvalidInput, NotFound
from collector_app.web import errors


@pytest.fixture
def answer_to(app):
    """What the application answers when a view raises this."""

    def handled(error: Exception, accept: str = "text/html"):
        with app.test_request_context("/x", headers={"Accept": accept}):
            return app.make_response(app.handle_user_exception(error))

    return handled


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotFound("client 17"), 404, "No lo encontramos"),
        (InvalidInput("monto", "un número"), 422, "Revisa monto: un número."),
        (RequestEntityTooLarge(), 413, "máximo 32 MB"),
    ],
)
def test_a_page_says_what_happened_in_plain_words(answer_to, error, status, said):
    answer = answer_to(error)

    assert answer.status_code == status
    assert said in answer.get_data(as_text=True)
    assert "client 17" not in answer.get_data(as_text=True)


def test_a_program_gets_one_shape(answer_to):
    answer = answer_to(InvalidInput("monto", "un número"), accept="application/json")

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "invalid_input"


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("secret detail"), CollectorError("secret detail")]
)
def test_what_nobody_foresaw_gets_a_reference_that_the_log_has(answer_to, caplog, error):
    with caplog.at_level(logging.ERROR, errors.__name__):
        answer = answer_to(error)

    assert answer.status_code == 500
    reference = re.search(r"referencia: (\w{8})\.", answer.get_data(as_text=True))[1]
    assert reference in caplog.text
    assert "secret detail" not in answer.get_data(as_text=True)


def test_an_error_of_the_database_still_has_a_page(answer_to, monkeypatch):
    def broken(_role):
        raise RuntimeError

    monkeypatch.setattr(errors, "skeleton_for", broken)

    assert answer_to(ZeroDivisionError()).status_code == 500


def test_a_status_without_a_sentence_of_its_own_gets_a_general_one(answer_to):
    answer = answer_to(UnsupportedMediaType())

    assert answer.status_code == 415
    assert "Vuelve a cargarla" in answer.get_data(as_text=True)


def test_a_wrong_method_names_the_right_ones(anonymous):
    answer = anonymous.get("/salir")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("role", "skeleton"), [(Role.COLLECTOR, "phone.css"), (Role.SUPERVISOR, "desk.css")]
)
def test_people_see_errors_in_the_pages_they_know(client_as, role, skeleton):
    answer = client_as(role).get("/no-existe")

    assert answer.status_code == 404
    assert skeleton in answer.text


def test_anonymous_people_see_errors_without_a_menu(anonymous):
    answer = anonymous.get("/no-existe")

    assert answer.status_code == 404
    assert "<nav" not in answer.text


def test_a_form_without_its_token_is_refused_kindly(app, anonymous):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = anonymous.post("/entrar", data={"username": "a", "password": "b"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 400
    assert "La página caducó" in answer.text
