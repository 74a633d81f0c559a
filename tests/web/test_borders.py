"""Requests that no browser of ours sends are refused, never a failure of ours."""

import pytest

from collector_app.core.actor import Role
from collector_app.web.borders import LARGEST_ID


def test_the_largest_id_is_looked_up_and_not_found(client_as):
    assert client_as(Role.ADMIN).get(f"/planes/{LARGEST_ID}").status_code == 404


@pytest.mark.parametrize("number", [LARGEST_ID + 1, 2**63, 10**40])
def test_a_number_that_no_id_can_have_is_not_found(client_as, number):
    client = client_as(Role.ADMIN)

    for path in (f"/planes/{number}", f"/cartera/{number}", f"/usuarios/{number}"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "%00=q", "n" * 101 + "=1", "dia=2026-01-01&dia=%00"])
def test_a_field_that_nobody_sends_is_refused(client_as, query):
    assert client_as(Role.ADMIN).get(f"/planes?{query}").status_code == 400


def test_a_form_with_a_nul_is_refused(anonymous):
    answer = anonymous.post("/entrar", data={"username": "a\0b", "password": "x"})

    assert answer.status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "hoy", ""])
def test_a_day_nobody_works_on_shows_today(client_as, day):
    assert client_as(Role.DISPATCHER).get(f"/planes?dia={day}").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_plan_for_such_a_day_is_refused_with_words(client_as, day):
    answer = client_as(Role.DISPATCHER).post("/planes", data={"day": day, "seconds": "5"})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "query", ["endpoint=x", "_external=1", "_method=POST", "_scheme=javascript"]
)
def test_names_that_flask_knows_are_plain_words_in_our_query(client_as, query):
    answer = client_as(Role.ADMIN).get(f"/cartera?{query}")

    assert answer.status_code == 200


@pytest.mark.parametrize("place", ["http://[", "http://x//evil.example/a", "javascript:alert(1)"])
def test_htmx_is_sent_to_the_login_whatever_page_it_claims(anonymous, place):
    answer = anonymous.get("/planes", headers={"HX-Request": "true", "HX-Current-URL": place})

    assert answer.status_code == 401
    assert "evil" not in answer.headers["HX-Redirect"]
    assert answer.headers["HX-Redirect"].startswith("/entrar")


def test_a_zone_number_that_fits_no_column_is_left_out(client_as):
    answer = client_as(Role.ADMIN).post(
        "/zonas/gestores",
        data={
            "from_on": "2026-12-01",
            "zones-0-zone_id": "9" * 25,
            "zones-0-collector_id": "0",
        },
    )

    assert answer.status_code < 500
