"""Where people land after logging in."""

from collector_app.core.actor import Role


def test_anonymous_people_are_sent_to_the_login(anonymous):
    answer = anonymous.get("/")

    assert answer.status_code == 302
    assert answer.location.startswith("/entrar")


def test_a_collector_lands_on_the_phone_page(client_as):
    client = client_as(Role.COLLECTOR)

    assert client.get("/").location == "/phone/"
