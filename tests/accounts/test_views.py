"""The login, the password and the pages of people, through the browser's eyes."""

import re

import pytest
from sqlalchemy import select

from collector_app.accounts import services
from collector_app.accounts.models import User
from collector_app.core.actor import Role
from tests.factories import PASSWORD, actor_of, make_user

CREDENTIALS = {"username": "rosa", "password": PASSWORD}


@pytest.fixture
def rosa(session) -> User:
    user = make_user(session, Role.DISPATCHER, username="rosa", full_name="Rosa Luna")
    session.commit()
    return user


def test_anonymous_people_are_sent_to_the_login_and_back(anonymous, rosa):
    answer = anonymous.get("/usuarios?q=a")
    assert answer.status_code == 302
    assert answer.location == "/entrar?next=/usuarios?q%3Da"

    page = anonymous.get(answer.location).text
    assert 'value="/usuarios?q=a"' in page

    answer = anonymous.post("/entrar", data={**CREDENTIALS, "next": "/usuarios?q=a"})
    assert answer.location == "/usuarios?q=a"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil", "/\t/evil.example"],
)
def test_the_login_never_leads_to_another_site(anonymous, rosa, target):
    answer = anonymous.post("/entrar", data={**CREDENTIALS, "next": target})

    assert answer.location == "/"


def test_a_part_of_a_page_that_htmx_asks_for_sends_the_whole_page_to_the_login(anonymous):
    answer = anonymous.get(
        "/usuarios", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/usuarios"}
    )

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/entrar?next=/usuarios"


def test_a_program_is_told_to_log_in_without_a_page(anonymous):
    answer = anonymous.get("/usuarios", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "login_needed"


def test_a_collector_lands_on_the_phone_page(client_as):
    assert client_as(Role.COLLECTOR).get("/").location == "/phone/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(anonymous, rosa):
    wrong = anonymous.post("/entrar", data={"username": "rosa", "password": "wrong"})
    unknown = anonymous.post("/entrar", data={"username": "nadie", "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 401
    assert "no van juntos" in wrong.text
    assert wrong.text.replace('value="rosa"', "") == unknown.text.replace('value="nadie"', "")


def test_empty_fields_are_named(anonymous):
    answer = anonymous.post("/entrar", data={"username": "", "password": ""})

    assert answer.status_code == 422
    assert "Escribe tu usuario." in answer.text
    assert "Escribe tu contraseña." in answer.text


def test_guessing_gets_a_page_that_says_how_long_to_wait(anonymous, rosa):
    for _ in range(10):
        assert anonymous.post("/entrar", data={"username": "x", "password": "y"}).status_code == 401

    answer = anonymous.post("/entrar", data=CREDENTIALS)

    assert answer.status_code == 429
    assert "Espera 1 min" in answer.text
    assert answer.headers["Retry-After"] == "60"


def test_nothing_of_an_earlier_session_survives_a_login(anonymous, rosa):
    with anonymous.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"

    anonymous.post("/entrar", data=CREDENTIALS)

    with anonymous.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] == rosa.fs_uniquifier


def test_logging_out_ends_copies_of_the_cookie_too(app, client_as, rosa):
    client = client_as(rosa)
    stolen = client.get_cookie("session")

    assert client.post("/salir").location == "/entrar"

    thief = app.test_client()
    thief.set_cookie("session", stolen.value)
    assert thief.get("/contrasena").status_code == 302
    assert client.get("/contrasena").status_code == 302


def test_logging_out_needs_a_post(client_as, rosa):
    assert client_as(rosa).get("/salir").status_code == 405


def test_a_deactivated_person_is_out_at_the_next_click(session, client_as, rosa):
    client = client_as(rosa)
    assert client.get("/contrasena").status_code == 200

    services.deactivate(session, actor_of(make_user(session, Role.ADMIN)), rosa.id)
    session.commit()

    assert client.get("/contrasena").status_code == 302


def test_a_one_time_password_opens_nothing_but_its_replacement(session, anonymous, rosa):
    rosa.must_change_password = True
    rosa.password_set_at = rosa.created_at
    session.commit()
    anonymous.post("/entrar", data=CREDENTIALS)

    assert anonymous.get("/").location == "/contrasena"
    answer = anonymous.post(
        "/contrasena",
        data={"old": PASSWORD, "password": "una-frase-mia", "again": "una-frase-mia"},
    )
    assert answer.location == "/"
    assert anonymous.get("/").location == "/planes"


def test_changing_the_password_keeps_this_session_and_ends_the_others(client_as, rosa):
    here, elsewhere = client_as(rosa), client_as(rosa)

    here.post(
        "/contrasena",
        data={"old": PASSWORD, "password": "una-frase-mia", "again": "una-frase-mia"},
    )

    assert here.get("/contrasena").status_code == 200
    assert elsewhere.get("/contrasena").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "complaint"),
    [
        ("wrong", "una-frase-mia", "una-frase-mia", "no es tu contraseña actual"),
        (PASSWORD, "corta", "corta", "Entre 12 y 128"),
        (PASSWORD, "una-frase-mia", "otra-frase-mia", "No es igual"),
        (PASSWORD, "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "Repite demasiado"),
        (PASSWORD, "yo-soy-rosa-luna", "yo-soy-rosa-luna", "No debe llevar tu usuario"),
        (PASSWORD, PASSWORD, PASSWORD, "Es la misma"),
    ],
)
def test_a_password_that_can_not_be_taken_says_why(client_as, rosa, old, new, again, complaint):
    answer = client_as(rosa).post("/contrasena", data={"old": old, "password": new, "again": again})

    assert answer.status_code == 422
    assert complaint in answer.text
    assert PASSWORD not in answer.text


def test_an_administrator_adds_somebody_who_then_logs_in(client_as, anonymous):
    admin = client_as(Role.ADMIN)

    answer = admin.post(
        "/usuarios/nuevo",
        data={"username": "Luis", "full_name": "Luis Rey", "role": "collector", "supervisor_id": 0},
    )

    assert answer.status_code == 201
    password = re.search(r'class="one-time">([^<]+)<', answer.text).group(1)
    assert "Luis Rey" in admin.get("/usuarios").text
    assert password not in admin.get("/usuarios").text
    answer = anonymous.post("/entrar", data={"username": "luis", "password": password})
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("changed", "status", "complaint"),
    [
        ({"username": "rosa"}, 409, "Ya hay una persona con ese usuario"),
        ({"username": "á b"}, 422, "De 3 a 32 letras"),
        ({"full_name": ""}, 422, "Escribe el nombre."),
        ({"role": "system"}, 422, ""),
        ({"phone": "llámame"}, 422, "Escribe solo el número."),
    ],
)
def test_a_person_that_can_not_be_added_says_why(
    session, client_as, rosa, changed, status, complaint
):
    data = {"username": "luis", "full_name": "Luis", "role": "collector", "supervisor_id": 0}

    answer = client_as(Role.ADMIN).post("/usuarios/nuevo", data={**data, **changed})

    assert answer.status_code == status
    assert complaint in answer.text
    assert session.scalar(select(User.id).where(User.username == "luis")) is None


def test_an_administrator_changes_a_person(session, client_as, rosa):
    boss = make_user(session, Role.SUPERVISOR)
    admin = client_as(Role.ADMIN)
    assert 'value="Rosa Luna"' in admin.get(f"/usuarios/{rosa.id}").text

    answer = admin.post(
        f"/usuarios/{rosa.id}",
        data={"full_name": "Rosa Sol", "role": "collector", "supervisor_id": boss.id},
    )

    assert answer.location == "/usuarios"
    session.refresh(rosa)
    assert (rosa.full_name, rosa.role, rosa.supervisor_id) == ("Rosa Sol", "collector", boss.id)


def test_access_is_taken_away_given_back_and_renewed(client_as, anonymous, rosa):
    admin = client_as(Role.ADMIN)

    admin.post(f"/usuarios/{rosa.id}/desactivar")
    assert "ya no puede entrar" in admin.get(f"/usuarios/{rosa.id}").text
    assert anonymous.post("/entrar", data=CREDENTIALS).status_code == 401

    admin.post(f"/usuarios/{rosa.id}/activar")
    assert anonymous.post("/entrar", data=CREDENTIALS).status_code == 303

    answer = admin.post(f"/usuarios/{rosa.id}/contrasena")
    assert 'class="one-time"' in answer.text
    assert anonymous.get("/contrasena").status_code == 302


def test_administrators_are_not_offered_to_lock_themselves_out(session, client_as):
    me = make_user(session, Role.ADMIN)
    client = client_as(me)

    assert "Quitar acceso" not in client.get(f"/usuarios/{me.id}").text
    assert client.post(f"/usuarios/{me.id}/desactivar").status_code == 409


def test_a_person_who_does_not_exist_is_not_found(client_as):
    assert client_as(Role.ADMIN).get("/usuarios/999999").status_code == 404


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER])
def test_only_administrators_see_the_people(client_as, role):
    assert client_as(role).get("/usuarios").status_code == 403


def test_a_search_without_a_match_says_so(client_as):
    assert "Nadie se llama así" in client_as(Role.ADMIN).get("/usuarios?q=zzz").text


def test_flask_securitys_own_pages_are_not_there(app):
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security")]
