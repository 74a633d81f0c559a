"""`make screens`: the pictures of the manual and the README, taken of the demo that is running."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from collector_app.demo.people import PASSWORD

FOLDER = Path(__file__).parents[1] / "docs" / "manual" / "imagenes"
HOME = f"http://127.0.0.1:{os.environ.get('PORT', '5000')}"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
COLOURS = 96  # enough for flat pages; keeps each picture well under 200 KB


@dataclass(frozen=True)
class Shot:
    """A picture: whose page, where, after which taps."""

    name: str
    username: str
    path: str
    taps: tuple[str, ...] = ()


SHOTS = (
    Shot("gestor-ruta", "gestor1", "/phone/"),
    Shot("gestor-parada", "gestor1", "/phone/", (".stop-list a, a[href*='/phone/parada/']",)),
    Shot("gestor-registrar", "gestor1", "/phone/", ("a[href$='/registrar']",)),
    Shot("gestor-mapa", "gestor1", "/phone/mapa"),
    Shot("despachador-importar", "despacho1", "/cartera/importar"),
    Shot("despachador-zonas", "despacho1", "/zonas"),
    Shot("despachador-plan", "despacho1", "/planes", ("table a[href^='/planes/']",)),
    Shot(
        "despachador-tablero",
        "despacho1",
        "/planes",
        ("table a[href^='/planes/']", "a[href$='/tablero']:not([href='/tablero'])"),
    ),
    Shot("despachador-semana", "despacho1", "/planes/semana"),
    Shot("supervisor-tablero", "supervisor1", "/tablero"),
    Shot("supervisor-informes", "supervisor1", "/informes"),
    Shot("administrador-personas", "admin", "/usuarios"),
    Shot("administrador-webhooks", "admin", "/webhooks"),
    Shot("administrador-cumplimiento", "admin", "/cumplimiento"),
)


def main() -> None:
    """Take every picture, and join two of them for the README."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ["CHROME"], args=FLAGS)
        for shot in SHOTS:
            take(browser, shot)
            sys.stdout.write(f"{shot.name}\n")
        browser.close()
    cover()


def take(browser: Browser, shot: Shot) -> None:
    """Take one picture, at the size of its device."""
    is_phone = shot.username.startswith("gestor")
    context = browser.new_context(
        viewport=PHONE if is_phone else DESK, has_touch=is_phone, locale="es-MX"
    )
    page = context.new_page()
    log_in(page, shot.username)
    page.goto(HOME + shot.path)
    for selector in shot.taps:
        page.locator(selector).first.click()
        page.wait_for_load_state()
    page.wait_for_timeout(1500)  # the map draws its tiles
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()
    squeeze(FOLDER / f"{shot.name}.png")


def log_in(page: Page, username: str) -> None:
    """Log in as somebody of the demo."""
    page.goto(f"{HOME}/entrar")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/entrar" not in url)


def squeeze(file: Path) -> None:
    """Keep the picture small: flat pages need few colours."""
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)


def cover() -> None:
    """Put the plan and the phone side by side."""
    with (
        Image.open(FOLDER / "despachador-plan.png") as desk,
        Image.open(FOLDER / "gestor-ruta.png") as phone,
    ):
        small = phone.convert("RGB").resize(
            (round(phone.width * desk.height / phone.height), desk.height)
        )
        joined = Image.new("RGB", (desk.width + small.width + 24, desk.height), "white")
        joined.paste(desk.convert("RGB"), (0, 0))
        joined.paste(small, (desk.width + 24, 0))
        joined.quantize(COLOURS).save(FOLDER / "portada.png", optimize=True)


if __name__ == "__main__":
    main()
