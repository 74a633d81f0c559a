"""`make screens`: the pictures of the manual and the README, taken of the demo that is running.

First those of the manual's chapters, then one of every page that links lead to (`site_walk`), with
a list of them. What the demo has nothing of is made as people make it: a draft, an agreement, a
plan of tomorrow. A page that was reached by nothing, and is not in `NO_PICTURE`, is an error.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from collector_app.app import create_app
from collector_app.demo.people import PASSWORD
from config import DevConfig
from scripts.serving import logged_in
from scripts.site_walk import FoundPage, Walk, walked

FOLDER = Path(__file__).parents[1] / "docs" / "manual" / "imagenes"
PAGES = FOLDER / "paginas"
LIST = FOLDER.parent / "pantallas.md"
PORT = int(os.environ.get("PORT", "5000"))
HOME = f"http://127.0.0.1:{PORT}"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
COLOURS = 96  # enough for flat pages; keeps each picture well under 200 KB


PEOPLE = {  # who opens a page: the first who may; phones belong to who goes from door to door
    "gestor1": "gestor",
    "despacho1": "despachador",
    "supervisor1": "supervisor",
    "admin": "administrador",
}
MOST_PAGES = 400  # addresses opened for each person
SMALL = (683, 384)  # of a page in the list: half of a screen
FEW_COLOURS = 48
JOB_MS = 180_000
STARTS = (  # the first page of each, and what links lead to only once something happened
    "/",
    "/phone/sin-copia",
    "/phone/con-senal",
    "/phone/bloqueado",
    "/planes/1/comparar",
    "/guion/1",
    "/zonas/historial/1",
)
CARTERA = """No. de cliente,Nombre,Domicilio,Municipio,Crédito,Factura,Fecha de factura,\
Fecha de vencimiento,Importe,Saldo vencido
PANT-1,Ferretería Tornillo,Calle Balmaceda 120,La Serena,KP-1,FP-1,01/09/2026,01/10/2026,1200,1200
PANT-2,Rosa Elena Prado,Calle Matta 45,La Serena,KP-2,FP-2,05/09/2026,05/10/2026,mil pesos,900
"""
# Rules without a picture, and why: files, parts of pages, and what people of the demo never made.
NO_PICTURE = {
    "/": "leads to the first page of each",
    "/ausencias/lista.<any(xlsx, csv):kind>": "a file",
    "/cartera/<int:client_id>/expediente/fotos/<sha256>": "a file",
    "/cartera/importar/<int:batch_id>/observaciones.<any(xlsx, csv):kind>": "a file",
    "/conciliacion/<int:file_id>": "needs a file of payments",
    "/contactos/enviado/<int:contact_id>": "needs a message that was sent",
    "/convenios/<int:agreement_id>.pdf": "a file",
    "/convenios/finiquitos/<int:letter_id>.pdf": "a file",
    "/cumplimiento/acreedores/<int:creditor_id>": "needs a creditor",
    "/faltas/lista.<any(xlsx, csv):kind>": "a file",
    "/informes/<int:report_id>/<any(pdf, xlsx):file_kind>": "a file",
    "/phone/api/v1/day": "for the phone",
    "/phone/api/v1/openapi.json": "a file",
    "/phone/app.webmanifest": "a file",
    "/phone/copias": "for the service worker",
    "/phone/guardadas": "for the service worker",
    "/phone/ir": "leads to another page",
    "/phone/llave": "for the service worker",
    "/phone/painter.js": "a file",
    "/phone/sw.js": "a file",
    "/planes/<int:plan_id>/tablero/mapa.json": "part of a page",
    "/planes/<int:plan_id>/tablero/panel": "part of a page",
    "/quejas/lista.<any(xlsx, csv):kind>": "a file",
    "/recibos/lista.<any(xlsx, csv):kind>": "a file",
    "/recibos/<int:receipt_id>": "needs a receipt of a phone",
    "/recibos/<int:receipt_id>.pdf": "a file",
    "/recibos/verificar/<code>": "needs a receipt of a phone",
    "/respaldo/documentos/<int:document_id>": "a file",
    "/revision/fotos/<sha256>": "a file",
    "/tablero/eventos": "a stream",
    "/tablero/mapa.json": "part of a page",
    "/tablero/vivo": "part of a page",
    "/trabajos/<job_id>": "lives as long as a job",
    "/zonas/borradores/<int:draft_id>/lugares.json": "part of a page",
    "/zonas/borradores/<int:draft_id>/mapa.json": "part of a page",
    "/zonas/propuestas/<int:proposal_id>/cambios": "a file",
    "/zonas/puntos": "part of a page",
}


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


def main() -> int:
    """Take every picture, join two of them for the README, and name what is missing."""
    PAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ["CHROME"], args=FLAGS)
        for shot in SHOTS:
            take(browser, shot)
            sys.stdout.write(f"{shot.name}\n")
        cover()
        make_what_is_missing(browser)
        found = walk()
        take_all(browser, found.pages)
        browser.close()
    LIST.write_text("\n".join(list_of(found.pages)) + "\n", encoding="utf-8")
    missing = [rule for rule in found.missing if rule not in NO_PICTURE]
    for rule in missing:
        sys.stderr.write(f"no picture of {rule}: no link leads there, or nothing of it exists\n")
    return 1 if missing else 0


def walk() -> Walk:
    """Follow the links of the running demo as each of its people."""
    people = [(name, logged_in(PORT, name)) for name in PEOPLE]
    people.append(("", httpx.Client(base_url=HOME, follow_redirects=True)))
    for _name, browser in people:
        browser.timeout = httpx.Timeout(JOB_MS / 1000)
    return walked(create_app(DevConfig()), HOME, people, MOST_PAGES, STARTS)


def make_what_is_missing(browser: Browser) -> None:
    """Make one of each thing that the demo has none of, as people make it."""
    for what, username, steps in (
        ("a plan of tomorrow", "despacho1", _plan_tomorrow),
        ("an import", "despacho1", _import),
        ("a draft of zones", "despacho1", _draft),
        ("a proposal of zones", "despacho1", _proposal),
        ("an agreement", "supervisor1", _agreement),
        ("a webhook", "admin", _webhook),
    ):
        with logged_in_page(browser, username) as page:
            try:
                steps(page)
                sys.stdout.write(f"made: {what}\n")
            except BrowserError as error:
                sys.stderr.write(f"not made: {what}: {error.message.splitlines()[0]}\n")


def _plan_tomorrow(page: Page) -> None:
    page.goto(f"{HOME}/planes")
    page.locator("a[rel=next]").first.click()
    page.locator("[name=seconds]").select_option(index=0)
    page.locator("main form[method=post] button.primary").last.click()
    page.wait_for_url("**/planes/*", timeout=JOB_MS)


def _import(page: Page) -> None:
    page.goto(f"{HOME}/cartera/importar")
    file = {"name": "cartera.csv", "mimeType": "text/csv", "buffer": CARTERA.encode()}
    page.set_input_files("[type=file]", files=[file])  # type: ignore[list-item]
    page.locator("main form[method=post] button.primary").first.click()
    page.wait_for_url("**/cartera/importar/*", timeout=JOB_MS)


def _draft(page: Page) -> None:
    page.goto(f"{HOME}/zonas/borradores")
    page.locator("main form[method=post] button").first.click()
    page.wait_for_url("**/zonas/borradores/*")


def _proposal(page: Page) -> None:
    page.goto(f"{HOME}/zonas/proponer")
    page.locator("main form[method=post] button.primary").first.click()
    page.wait_for_url("**/zonas/propuestas/*", timeout=JOB_MS)


def _agreement(page: Page) -> None:
    page.goto(f"{HOME}/cartera")
    page.locator("main table a[href^='/cartera/']").first.click()
    page.locator("a[href*='/convenios/nuevo/']").first.click()
    for field in ("creditor", "creditor_account", "reference"):
        with suppress(BrowserError):
            page.fill(f"[name={field}]", "Crédito Vecino, S.A. de C.V.", timeout=2_000)
    page.locator("main form[method=post] button.primary").last.click()
    page.wait_for_load_state()


def _webhook(page: Page) -> None:
    page.goto(f"{HOME}/webhooks")
    page.fill("[name=url]", "https://example.com/ruta")
    page.locator("main form[method=post] [type=checkbox]").first.check()
    page.locator("main form[method=post] button.primary").first.click()
    page.wait_for_load_state()


def take_all(browser: Browser, pages: Iterable[FoundPage]) -> None:
    """Take each page at the size of its device, and keep it small."""
    for old in PAGES.glob("*.png"):
        old.unlink()
    for username, theirs in groupby(
        sorted(pages, key=lambda one: one.username), key=lambda one: one.username
    ):
        with logged_in_page(browser, username) as page:
            for one in theirs:
                is_phone = username.startswith("gestor")
                page.set_viewport_size(PHONE if is_phone else DESK)  # type: ignore[arg-type]
                page.goto(HOME + one.path)
                page.wait_for_timeout(1000)  # maps draw their tiles
                file = PAGES / f"{one.name}.png"
                page.screenshot(path=file)
                squeeze(file, FEW_COLOURS, SMALL)
                sys.stdout.write(f"{one.path}\n")


@contextmanager
def logged_in_page(browser: Browser, username: str) -> Iterator[Page]:
    """Open a browser of somebody's own; without a name nobody logs in."""
    context = browser.new_context(
        viewport=DESK, has_touch=username.startswith("gestor"), locale="es-MX"
    )
    page = context.new_page()
    if username:
        log_in(page, username)
    try:
        yield page
    finally:
        context.close()


def list_of(pages: Iterable[FoundPage]) -> Iterator[str]:
    """Yield the page of the manual that shows them all, by the first word of the address."""
    yield "# Todas las pantallas"
    yield ""
    yield "Una por una, de la empresa de demostración; las hace `make screens`."
    of_area = lambda one: one.path.split("/")[1].partition("?")[0] or "inicio"  # noqa: E731
    for area, theirs in groupby(sorted(pages, key=of_area), key=of_area):
        yield f"\n## {area}\n"
        for one in theirs:
            who = PEOPLE.get(one.username, "cualquiera")
            yield f"**{one.title}** · `{one.rule}` · {who}\n"
            yield f"![{one.title}](imagenes/paginas/{one.name}.png)\n"


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


def squeeze(file: Path, colours: int = COLOURS, most: tuple[int, int] | None = None) -> None:
    """Keep the picture small: flat pages need few colours, and some not their whole size."""
    with Image.open(file) as picture:
        flat = picture.convert("RGB")
        if most is not None:
            flat.thumbnail(most, Image.Resampling.LANCZOS)
        flat.quantize(colours).save(file, optimize=True)


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
    sys.exit(main())
