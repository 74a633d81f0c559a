"""The desk's pages of an import, from the upload to the history."""

import html
import io
import re

import openpyxl
import pytest
from sqlalchemy import select

from collector_app.core import jobs
from collector_app.core.actor import Role
from collector_app.exchange.import_job import apply_import, preview_import
from collector_app.exchange.models import ImportBatch
from collector_app.portfolio.models import Client
from collector_app.worker import HANDLERS
from tests.exchange.files import HEADINGS, csv_text, read, row
from tests.factories import make_client


def silent(_share: float, _note: str) -> None:
    """Tell nobody how far the job is."""


def text_of(answer) -> str:
    """What a person reads: no tags, entities as letters, single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def desk(client_as):
    return client_as(Role.DISPATCHER)


@pytest.fixture
def upload(desk, session):
    """Upload rows and run the job of the preview as the worker would."""

    def send(*rows, name="cartera.csv", data=None, run=True, **fields):
        content = data if data is not None else csv_text(HEADINGS, *rows).encode()
        answer = desk.post(
            "/cartera/importar",
            data={"file": (io.BytesIO(content), name), "country": "MX", **fields},
        )
        assert answer.status_code == 303, answer.text
        job = jobs.status(answer.location.rpartition("/")[2])
        if run:
            assert HANDLERS[job.kind] is preview_import
            preview_import(job.arguments, silent)
        session.expire_all()
        return session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first().id

    return send


def accept(desk, batch_id):
    page = desk.get(f"/cartera/importar/{batch_id}")
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page.text)[1]
    return desk.post(f"/cartera/importar/{batch_id}/aceptar", data={"fingerprint": fingerprint})


def test_without_imports_the_page_says_how_to_begin(desk):
    page = text_of(desk.get("/cartera/importar"))

    assert "Aún no hay importaciones" in page
    assert "Plantilla de Excel" in page
    assert "Días de atraso" in page


def chosen_country(desk) -> str:
    return re.search(r'<option selected value="(\w\w)"', desk.get("/cartera/importar").text)[1]


def test_the_first_import_is_of_the_country_of_the_city_then_as_the_last(city, desk, upload):
    assert chosen_country(desk) == "CL"  # the drawn town lies there; the pages speak es_MX

    upload(row(), country="PE", run=False)

    assert chosen_country(desk) == "PE"


def test_the_first_import_beside_credits_lends_in_their_currency(city, session, desk):
    make_client(session)  # its credit is in MXN, wherever the city lies

    assert chosen_country(desk) == "MX"


def test_without_a_city_the_country_is_that_of_the_language(desk):
    assert chosen_country(desk) == "MX"


def test_the_template_is_a_cartera_that_can_be_imported(desk, tmp_path):
    answer = desk.get("/cartera/importar/plantilla.xlsx")
    path = tmp_path / "plantilla.xlsx"
    path.write_bytes(answer.data)

    reading = read(path)

    assert "plantilla-cartera.xlsx" in answer.headers["Content-Disposition"]
    assert reading.issues == ()
    assert reading.rows[0].client_id == "C-00123"
    assert reading.rows[0].balance_cents == 123_450
    assert reading.sheets[0].headings.ignored == ()


def test_a_file_is_uploaded_previewed_accepted_and_applied(desk, upload, session):
    batch_id = upload(row(), row(Factura="F-2", Saldo_vencido="mucho"))

    page = text_of(desk.get(f"/cartera/importar/{batch_id}"))
    assert "Por aceptar" in text_of(desk.get("/cartera/importar"))
    assert "cartera 3 M · Saldo vencido mucho Se esperaba un importe" in page
    assert "Clientes 1 0 0" in page
    assert session.scalars(select(Client)).all() == []

    job = jobs.status(accept(desk, batch_id).location.rpartition("/")[2])
    assert HANDLERS[job.kind] is apply_import
    assert apply_import(job.arguments, silent)["next_url"] == f"/cartera/importar/{batch_id}"
    done = desk.get(f"/cartera/importar/{batch_id}")
    assert "Aplicada" in text_of(done)
    assert "Aceptar y guardar" not in done.text
    session.expire_all()
    assert session.scalars(select(Client.name)).all() == ["Rosa Díaz"]


def test_accepting_another_preview_than_the_present_one_starts_nothing(desk, upload, session):
    batch_id = upload(row())
    before = session.get(ImportBatch, batch_id).job_id

    answer = desk.post(
        f"/cartera/importar/{batch_id}/aceptar",
        data={"fingerprint": "0" * 64},
        follow_redirects=True,
    )

    session.expire_all()
    assert "La revisión cambió mientras tanto" in text_of(answer)
    assert session.get(ImportBatch, batch_id).job_id == before


def test_accepting_what_was_applied_is_refused(desk, upload):
    batch_id = upload(row())
    page = desk.get(f"/cartera/importar/{batch_id}").text
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page)[1]
    apply_import(jobs.status(accept(desk, batch_id).location.rpartition("/")[2]).arguments, silent)

    again = desk.post(f"/cartera/importar/{batch_id}/aceptar", data={"fingerprint": fingerprint})

    assert again.status_code == 409
    assert "No hay nada que aceptar" in text_of(again)


def test_a_file_without_changes_offers_nothing_to_accept(desk, upload):
    batch_id = upload(row())
    apply_import(jobs.status(accept(desk, batch_id).location.rpartition("/")[2]).arguments, silent)

    again = desk.get(f"/cartera/importar/{upload(row())}")

    assert "Este archivo no cambia nada" in text_of(again)
    assert "Aceptar y guardar" not in again.text


def test_a_change_of_the_place_of_visits_is_shown_before_it_is_taken(desk, upload):
    def file(kind, authorised):
        headings = [*HEADINGS, "Tipo de domicilio", "Visita autorizada"]
        return csv_text(headings, [*row(), kind, authorised]).encode()

    first = upload(data=file("Trabajo", "Sí"))
    apply_import(jobs.status(accept(desk, first).location.rpartition("/")[2]).arguments, silent)

    page = text_of(desk.get(f"/cartera/importar/{upload(data=file('Casa', 'No'))}"))

    assert "Tipo de domicilio Trabajo Casa" in page
    assert "Visita autorizada Sí No" in page


def test_an_origin_that_is_none_names_its_row_and_column(desk, upload):
    headings = [*HEADINGS, "Origen del domicilio"]
    data = csv_text(headings, [*row(), "Un vecino"]).encode()

    page = text_of(desk.get(f"/cartera/importar/{upload(data=data)}"))

    assert "Se esperaba Cliente, Contrato o Encontrado." in page
    assert "Origen del domicilio" in page
    assert "Un vecino" in page


def test_a_creditor_that_nobody_added_names_its_row_and_column(desk, upload):
    headings = [*HEADINGS, "Entidad acreedora"]
    data = csv_text(headings, [*row(), "Banco Boreal"]).encode()

    page = text_of(desk.get(f"/cartera/importar/{upload(data=data)}"))

    assert "No hay un acreedor con ese nombre." in page
    assert "Entidad acreedora" in page
    assert "Banco Boreal" in page


def test_a_file_that_is_no_spreadsheet_is_explained(desk, upload):
    batch_id = upload(data=b"%PDF-1.7", name="cartera.pdf")

    page = text_of(desk.get(f"/cartera/importar/{batch_id}"))

    assert "Esto no es una hoja de cálculo" in page
    assert "Subir otro archivo" in page


def test_before_the_worker_comes_the_page_leads_to_its_progress(desk, upload, session):
    batch_id = upload(row(), run=False)

    page = desk.get(f"/cartera/importar/{batch_id}")

    job_id = session.get(ImportBatch, batch_id).job_id
    assert f'href="/trabajos/{job_id}"' in page.text
    assert "Revisar otra vez" in page.text


def test_a_file_can_be_looked_at_again(desk, upload, session):
    batch_id = upload(row())
    before = session.get(ImportBatch, batch_id).job_id

    answer = desk.post(f"/cartera/importar/{batch_id}/revisar")

    session.expire_all()
    job_id = session.get(ImportBatch, batch_id).job_id
    assert answer.location == f"/trabajos/{job_id}"
    assert job_id != before


def test_an_upload_without_a_file_says_so(desk):
    answer = desk.post("/cartera/importar", data={"country": "MX"})

    assert answer.status_code == 422
    assert "Elige el archivo de tu cartera." in text_of(answer)


def test_balances_of_a_day_to_come_are_refused(desk):
    file = (io.BytesIO(b"x"), "a.csv")

    answer = desk.post(
        "/cartera/importar", data={"country": "MX", "file": file, "cut_on": "2026-03-11"}
    )

    assert answer.status_code == 422
    assert "Elige un día hasta hoy" in text_of(answer)


def test_a_file_over_the_limit_is_refused(app, desk, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)

    answer = desk.post(
        "/cartera/importar", data={"country": "MX", "file": (io.BytesIO(b"x" * 2_000), "a.csv")}
    )

    assert answer.status_code == 413


def test_only_the_name_of_an_uploaded_path_is_kept(upload, session):
    batch_id = upload(row(), name="..\\..\\etc/Mi cartera.csv")

    assert session.get(ImportBatch, batch_id).file_name == "Mi cartera.csv"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_rows_to_correct_are_downloaded(desk, upload, kind):
    batch_id = upload(row(Saldo_vencido="mucho"))

    answer = desk.get(f"/cartera/importar/{batch_id}/observaciones.{kind}")

    assert answer.status_code == 200
    assert f"observaciones-{batch_id}.{kind}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_row_that_does_not_come_in_is_told_so_in_each_of_its_notices(desk, upload):
    other = {"No_Cliente": "C-002", "Crédito": "CR-2", "Factura": "F-2"}
    batch_id = upload(
        row(Saldo_vencido="mucho", Latitud="norte"),
        row(**other, Latitud="norte", Longitud="oeste"),
    )

    told = text_of(desk.get(f"/cartera/importar/{batch_id}"))

    assert "No entran 1 filas por corregir" in told
    assert "Con aviso 1 filas que entran" in told
    enters = re.findall(r"cartera (\d) .*?\. (Sí|No) ", told.partition("¿Entra?")[2])
    assert enters == [("2", "No"), ("2", "No"), ("3", "Sí"), ("3", "Sí")]


def test_a_download_of_nothing_is_not_found(desk, upload):
    batch_id = upload(row())

    assert desk.get(f"/cartera/importar/{batch_id}/observaciones.xlsx").status_code == 404
    assert desk.get(f"/cartera/importar/{batch_id}/observaciones.exe").status_code == 404
    assert desk.get("/cartera/importar/999").status_code == 404


def test_names_from_a_file_are_never_code(desk, upload):
    evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    page = desk.get(f"/cartera/importar/{upload(row(Nombre=evil), row(Saldo_vencido=evil))}")

    assert "<img src=x" not in page.text
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_the_xlsx_of_observations_opens(desk, upload):
    batch_id = upload(row(Saldo_vencido="mucho"))

    data = desk.get(f"/cartera/importar/{batch_id}/observaciones.xlsx").data

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]][:4] == ["Hoja", "Fila", "Entró", "Qué revisar"]


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR])
def test_other_roles_do_not_import(client_as, role):
    client = client_as(role)

    assert client.get("/cartera/importar").status_code == 403
    assert client.post("/cartera/importar").status_code == 403


def test_how_the_file_was_read_is_shown(desk, upload):
    rows = [[*one, "extra"] for one in (row(), ["TOTAL", *[""] * 12])]
    data = csv_text([*HEADINGS, "Color"], *rows, delimiter=";").encode("cp1252")

    page = text_of(desk.get(f"/cartera/importar/{upload(data=data)}"))

    assert "cp1252" in page
    assert "Separador ;" in page
    assert "N Color No se leyó: No la conocemos" in page
    assert "totales o encabezados repetidos): 3" in page
