"""The page of the law: what everybody sees, and what only an admin changes."""

from datetime import date
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance import queries
from collector_app.compliance.profile_files import law_profile, law_profiles
from collector_app.compliance.services import choose_profile
from collector_app.core.actor import Actor, Role
from tests.compliance.test_every_rule import READ_BY_PEOPLE
from tests.factories import make_client, make_user

SYSTEM = Actor.system("test")
TODAY = date(2026, 3, 10)
ZONE = ZoneInfo("America/Mexico_City")


def test_the_page_shows_rules_sources_and_legal_hours(client_as):
    page = client_as(Role.SUPERVISOR).get("/cumplimiento").text

    assert "México, crédito financiero (prudente)" in page
    assert "LFT art. 74" in page
    assert "07:00–22:00" in page
    assert "No se permite contactar en sábado" in page
    assert "Es día de descanso: Natalicio de Benito Juárez" in page
    assert "A lo más dos intentos de visita en siete días." in page


@pytest.mark.parametrize("profile_id", law_profiles())
def test_what_only_people_can_heed_is_shown_under_its_law_and_under_no_other(
    client_as, session, profile_id
):
    told = [one for one in law_profile(profile_id).rules if type(one) in READ_BY_PEOPLE]
    supervisor = client_as(Role.SUPERVISOR)
    shown = {}
    for chosen in ("none", profile_id):
        choose_profile(session, SYSTEM, chosen, TODAY, "prueba", today=TODAY)
        session.commit()
        shown[chosen] = unescape(supervisor.get("/cumplimiento").text)

    assert all(one.source.text in shown[profile_id] for one in told)
    assert all(one.source.article in shown[profile_id] for one in told)
    assert not any(one.source.text in shown["none"] for one in told)


def test_an_admin_changes_the_profile(client_as, session):
    form = {"profile_id": "cl", "from_on": "2026-03-10", "reason": "cartera de Chile"}

    page = client_as(Role.ADMIN).post("/cumplimiento/perfil", data=form, follow_redirects=True)

    assert "Ley 19.496" in page.text
    assert "cartera de Chile" in page.text


def test_a_wrong_form_comes_back_with_what_was_typed(client_as):
    form = {"profile_id": "cl", "from_on": "2020-01-01", "reason": "cartera de Chile"}

    page = client_as(Role.ADMIN).post("/cumplimiento/perfil", data=form)

    assert page.status_code == 422
    assert "Elige hoy o un día que viene" in page.text
    assert "cartera de Chile" in page.text


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DISPATCHER])
def test_others_read_but_do_not_change(client_as, role):
    client = client_as(role)

    assert "Cambiar perfil" not in client.get("/cumplimiento").text
    assert client.post("/cumplimiento/perfil", data={}).status_code == 403


def test_a_client_is_banned_by_number_and_the_ban_lifted(client_as, session):
    debtor = make_client(session)
    client = client_as(Role.SUPERVISOR)

    form = {
        "external_id": f" {debtor.external_id} ",
        "reason": "queja en CONDUSEF",
        "kind": "deceased",
    }
    page = client.post("/cumplimiento/prohibiciones", data=form, follow_redirects=True)
    assert "queja en CONDUSEF" in page.text
    assert debtor.name in page.text

    assert "El titular falleció<br>" in page.text

    (ban,) = queries.bans(session, date(2026, 3, 10))
    lifted = client.post(
        f"/quejas/prohibiciones/{ban.id}/levantar",
        data={"reason": "resuelta"},
        follow_redirects=True,
    )
    assert debtor.name not in lifted.text


def test_an_unknown_client_number_is_told_at_its_field(client_as):
    form = {"external_id": "NADA-1", "reason": "queja"}

    page = client_as(Role.SUPERVISOR).post("/cumplimiento/prohibiciones", data=form)

    assert page.status_code == 422
    assert "No hay un cliente con ese número." in page.text


def test_the_hours_a_client_asked_for_are_shown(client_as, session):
    debtor = make_client(session)
    form = {
        "wish_number": debtor.external_id,
        "weekdays": ["0", "2"],
        "starts_at": "15:00",
        "ends_at": "18:30",
        "reason": "carta del 9 de marzo",
    }
    client = client_as(Role.DISPATCHER)

    page = client.post("/cumplimiento/horarios", data=form, follow_redirects=True)

    assert "15:00–18:30" in page.text
    assert "carta del 9 de marzo" in page.text
    assert (
        client.post("/cumplimiento/horarios", data=form | {"ends_at": "14:00"}).status_code == 422
    )

    [asked] = queries.wishes(session, TODAY)
    ends = f"/cumplimiento/horarios/{asked.id}/terminar"
    assert "Escribe por qué" in client.post(ends, follow_redirects=True).text
    page = client.post(ends, data={"reason": "ya no lo pide"}, follow_redirects=True)
    assert "vale el horario de la ley" in page.text
    assert "15:00–18:30" not in page.text
    told = client_as(Role.SUPERVISOR).get(f"/cartera/{debtor.id}/expediente").text
    assert "15:00–18:30, lunes, miércoles (carta del 9 de marzo)" in unescape(told)
    assert "Terminó el horario que pidió: ya no lo pide" in unescape(told)


def test_an_exception_is_asked_for_by_one_and_granted_by_another(client_as, session):
    debtor = make_client(session)
    form = {
        "override_number": debtor.external_id,
        "rule": "house.rest_after_contact|",
        "reason": "pidió que volviéramos mañana",
        "to_on": "2026-03-12",
    }
    first = client_as(Role.SUPERVISOR)
    page = first.post("/cumplimiento/excepciones", data=form, follow_redirects=True)
    assert "Espera a otra persona" in page.text
    [asked] = queries.overrides(session, date(2026, 3, 10))

    address = f"/cumplimiento/excepciones/{asked.id}/autorizar"
    assert "pídeselo a otra persona" in first.post(address, follow_redirects=True).text
    second = make_user(session, Role.SUPERVISOR)
    granted = client_as(second).post(address, follow_redirects=True)
    assert "Autorizada" in granted.text
    assert second.full_name in granted.text.partition("Excepciones</h2>")[2]
    assert "house." not in granted.text.partition("</dialog>")[0]

    ends = f"/cumplimiento/excepciones/{asked.id}/terminar"
    assert "Escribe por qué" in first.post(ends, follow_redirects=True).text
    assert "Revocada" not in first.get("/cumplimiento").text
    revoked = first.post(ends, data={"reason": "Se quejó"}, follow_redirects=True)
    assert "Revocada" in revoked.text
    assert "Se quejó" in revoked.text
    assert queries.terms_on(session, date(2026, 3, 10), ZONE) == {}


def test_grounds_on_which_a_law_lets_visits_are_told_in_words(client_as, session):
    choose_profile(session, SYSTEM, "co", date(2026, 3, 10), "prueba", today=date(2026, 3, 10))
    session.commit()

    page = client_as(Role.SUPERVISOR).get("/cumplimiento").text

    assert "(Microcrédito, con autorización escrita)" in page
    assert "(microcredit_authorised)" not in page
