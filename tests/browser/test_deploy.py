"""A new version comes while phones are out: what they keep goes on under it, none is lost."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector_app.visits.models import Visit
from collector_app.web import static_files
from tests.browser.badge import badge
from tests.browser.test_offline import (
    caches,
    city,
    collector,
    count_visits,
    cut,
    page,
    stops,
    write_visit,
)
from tests.browser.test_phone_day import Thumb

__all__ = ["city", "collector", "page", "stops"]

WORKER_LOOKS_FOR_NEWS = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/phone/");
  await registration.update();
}"""


class Releases:
    """The static files of the office, which a deploy replaces; each says its number on the page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._menu = (folder / "phone" / "menu.js").read_text()
        self._worker = (folder / "phone" / "offline" / "worker.js").read_text()
        self.deploy(1)

    def deploy(self, number: int) -> None:
        says = f'\ndocument.documentElement.dataset.release = "{number}";\n'
        (self._folder / "phone" / "menu.js").write_text(self._menu + says)
        worker = self._folder / "phone" / "offline" / "worker.js"
        worker.write_text(f"{self._worker}\n/* release {number} */\n")
        static_files._scripts.clear()  # the processes of a deploy are new ones


@pytest.fixture(autouse=True)
def releases(app: Flask, tmp_path, monkeypatch) -> Releases:
    folder = tmp_path / "static"
    shutil.copytree(str(app.static_folder), folder, symlinks=False)
    monkeypatch.setattr(app, "static_folder", str(folder))
    return Releases(folder)


def shells(page: Page) -> list[str]:
    return [name for name in caches(page) if name.startswith("shell-")]


def comes_to_the_new_version(page: Page, before: list[str]) -> None:
    page.wait_for_function(
        """async before => {
          const now = (await caches.keys()).filter(name => name.startsWith("shell-"));
          return now.length === 1 && now[0] !== before[0];
        }""",
        arg=before,
    )


def test_what_waited_is_sent_and_a_draft_goes_on_under_the_new_version(
    page, session, stops, releases
):
    expect(page.locator("html")).to_have_attribute("data-release", "1")
    before = shells(page)
    cut(page)
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    write_visit(page)
    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    page.goto(f"/phone/parada/{stops[1].id}/registrar")
    Thumb(page).tile("Nadie")
    Thumb(page).tile("No estaba")
    page.get_by_label("Nota").fill("Vuelvo a las cinco")
    uuid = page.locator("[name=uuid]").input_value()

    releases.deploy(2)
    page.goto("/phone/")  # still without signal: the old version shows, and keeps what it has
    expect(page.locator("html")).to_have_attribute("data-release", "1")
    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    page.context.set_offline(False)

    page.goto("/phone/")
    comes_to_the_new_version(page, before)
    expect(badge(page)).to_have_text("Todo enviado")
    assert count_visits(session) == 1
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-release", "2")
    page.goto(f"/phone/parada/{stops[1].id}/registrar")
    expect(page.get_by_text("Recuperamos lo que ya habías escrito")).to_be_visible()
    expect(page.get_by_label("Nota")).to_have_value("Vuelvo a las cinco")
    with page.expect_response("**/events"):
        Thumb(page).on(".dock", "Guardar visita")
    session.rollback()
    assert set(session.scalars(select(Visit.note))) == {"Perro bravo", "Vuelvo a las cinco"}
    assert uuid in session.scalars(select(Visit.uuid)).all()


def test_signal_that_is_gone_right_after_the_new_version_came_leaves_a_whole_phone(
    page, session, stops, releases
):
    before = shells(page)
    releases.deploy(2)
    page.evaluate(WORKER_LOOKS_FOR_NEWS)
    comes_to_the_new_version(page, before)
    cut(page)

    page.goto(f"/phone/parada/{stops[0].id}/registrar")  # a copy that the old version made
    write_visit(page)

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    page.context.set_offline(False)
    expect(badge(page)).to_have_text("Todo enviado")
    assert count_visits(session) == 1
    page.goto("/phone/")
    expect(page.locator("html")).to_have_attribute("data-release", "2")


def test_a_form_that_was_open_over_the_deploy_saves_and_sends(page, session, stops, releases):
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    before = shells(page)
    releases.deploy(2)
    page.evaluate(WORKER_LOOKS_FOR_NEWS)
    comes_to_the_new_version(page, before)
    expect(page.locator("html")).to_have_attribute("data-release", "1")

    write_visit(page)

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    assert count_visits(session) == 1
    expect(page.locator("html")).to_have_attribute("data-release", "2")
