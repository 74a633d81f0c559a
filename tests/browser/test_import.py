"""An Excel file in a real browser: uploaded, looked at, accepted, and there it is."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.core import jobs
from collector_app.core.actor import Role
from collector_app.web.extensions import db
from collector_app.worker import HANDLERS
from tests.exchange.files import HEADINGS, row, xlsx
from tests.factories import make_client

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def work(page: Page) -> None:
    """Do what the worker would do with the job that the page waits for, and go where it leads."""
    job = jobs.status(page.url.rpartition("/")[2])
    db.session().rollback()  # a worker's session begins after the upload
    result = HANDLERS[job.kind](job.arguments, lambda _share, _note: None)
    page.goto(result["next_url"])


def complaints_of_axe(page: Page) -> str:
    found = Axe().run(page)
    return "" if not found.violations_count else found.generate_report()


@pytest.fixture
def cartera(tmp_path):
    return xlsx(
        tmp_path / "cartera.xlsx",
        ["Financiera del Valle"],
        HEADINGS,
        row(),
        row(No_Cliente="C-2", Nombre=EVIL, Crédito="CR-2"),
        row(Factura="F-2", Saldo_vencido=EVIL),
    )


def test_a_file_goes_from_the_computer_into_the_cartera(desk, cartera):
    page = desk(Role.DISPATCHER)
    page.goto("/cartera/importar")
    assert complaints_of_axe(page) == ""

    page.get_by_label("Archivo", exact=True).set_input_files(cartera)
    page.get_by_role("button", name="Revisar archivo").click()
    work(page)

    issue = page.get_by_role("table", name="Observaciones").get_by_role("row").nth(1)
    expect(issue).to_contain_text("Cartera")
    expect(issue).to_contain_text("M · Saldo vencido")
    expect(issue).to_contain_text(EVIL)
    assert complaints_of_axe(page) == ""

    page.get_by_role("button", name="Aceptar y guardar").click()
    work(page)
    expect(page.get_by_text("Aplicada ahora")).to_be_visible()

    page.goto("/cartera")
    page.get_by_role("link", name="Rosa Díaz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rosa Díaz")
    assert complaints_of_axe(page) == ""


def test_rows_to_correct_are_downloaded(desk, cartera):
    page = desk(Role.DISPATCHER)
    page.goto("/cartera/importar")
    page.get_by_label("Archivo", exact=True).set_input_files(cartera)
    page.get_by_role("button", name="Revisar archivo").click()
    work(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar filas (Excel)").click()

    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_search_in_the_list_keeps_its_filter(desk, session):
    make_client(session, name="Rosa Díaz", municipality="Tlalpan")
    make_client(session, name="Rosa Paz", municipality="Coyoacán")
    make_client(session, name="Ana Sol", municipality="Tlalpan")
    page = desk(Role.SUPERVISOR)
    page.goto("/cartera")

    page.get_by_label("Municipio").select_option("Tlalpan")
    page.get_by_role("searchbox").fill("rosa")
    page.get_by_role("button", name="Buscar").click()

    rows = page.get_by_role("table", name="Clientes").get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Rosa Díaz")
    expect(page.get_by_label("Municipio")).to_have_value("Tlalpan")
    assert complaints_of_axe(page) == ""
