"""The menu of each role."""

from pathlib import Path

import pytest
from flask import Flask, g
from flask_babel import Babel
from flask_login import AnonymousUserMixin

from collector_app.core.actor import Role
from collector_app.web.nav import (
    GROUPS,
    MENU,
    MOST_IN_GROUP,
    MenuItem,
    navigation,
    navigation_groups,
)


class Somebody:
    is_authenticated = True

    def __init__(self, role: Role) -> None:
        self.role = role


@pytest.fixture
def small_app():
    """An application with three pages of the menu."""
    app = Flask(__name__)
    app.secret_key = "test"
    Babel(app)
    for endpoint, path, roles in (
        ("zones.overview", "/zonas", (Role.SUPERVISOR, Role.ADMIN)),
        ("portfolio.clients", "/cartera", (Role.SUPERVISOR,)),
        ("exchange.upload", "/cartera/importar", (Role.SUPERVISOR, "anybody")),
    ):
        view = lambda: ""  # noqa: E731
        view.allowed_roles = roles
        app.add_url_rule(path, endpoint, view)
    return app


def menu(app: Flask, path: str, role: Role | None) -> list[MenuItem]:
    with app.test_request_context(path):
        g._login_user = Somebody(role) if role else AnonymousUserMixin()
        return navigation()


def test_people_find_the_pages_that_they_may_open(small_app):
    assert [i.url for i in menu(small_app, "/", Role.ADMIN)] == ["/zonas"]
    assert len(menu(small_app, "/", Role.SUPERVISOR)) == 3
    assert menu(small_app, "/", Role.COLLECTOR) == []


def test_nobody_finds_nothing(small_app):
    assert menu(small_app, "/", None) == []


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/cartera", "/cartera"),
        ("/cartera/17", "/cartera"),
        ("/cartera/importar/3", "/cartera/importar"),
        ("/carteras", None),
        ("/", None),
    ],
)
def test_the_nearest_entry_is_the_current_one(small_app, path, current):
    items = menu(small_app, path, Role.SUPERVISOR)

    assert [i.url for i in items if i.is_current] == ([current] if current else [])


def test_the_group_of_the_present_page_is_the_current_one(small_app):
    with small_app.test_request_context("/zonas"):
        g._login_user = Somebody(Role.ADMIN)
        [group] = navigation_groups()

    assert group.is_current
    assert [item.url for item in group.items] == ["/zonas"]


def test_a_group_is_short_enough_to_fit_on_a_screen():
    assert max(len(entries) for _, _, entries in GROUPS) <= MOST_IN_GROUP


def test_every_icon_of_the_menu_is_drawn():
    sprite = (Path(__file__).parents[2] / "static/icons.svg").read_text()
    icons = [icon for _, _, icon in MENU] + [icon for _, icon, _ in GROUPS]

    assert [icon for icon in icons if f'id="{icon}"' not in sprite] == []
