"""Logging in with a real browser, and that the watch on the pages hears what it must."""

import pytest

from collector_app.core.actor import Role
from tests.factories import PASSWORD, make_user

CSP = "Content Security Policy"


def test_a_person_logs_in_on_the_login_page(desk, session):
    person = make_user(session, Role.SUPERVISOR)
    page = desk()
    page.goto("/entrar")

    page.fill("[name=username]", person.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/entrar" not in url)

    assert page.context.request.get("/entrar", max_redirects=0).status == 302


def test_a_wrong_password_stays_on_the_page(phone, session, complaints):
    complaints.forgive("status of 401")
    person = make_user(session, Role.COLLECTOR)
    page = phone()
    page.goto("/entrar")

    page.fill("[name=username]", person.username)
    page.fill("[name=password]", "otra-cosa-larga")
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()

    assert "/entrar" in page.url


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        ("fetch('http://example.org/')", CSP),
        ("location.href = 'http://example.org/'", "foreign host"),
        ("console.error('something broke')", "something broke"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            CSP,
        ),
    ],
)
def test_the_watch_hears_what_a_page_does_wrong(desk, complaints, script, heard):
    complaints.forgive(".")
    page = desk()
    page.goto("/entrar")

    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(300)

    assert any(heard in one for one in complaints.heard)
