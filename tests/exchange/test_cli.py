"""flask cartera import: the same import from the command line."""

import json

import pytest
from sqlalchemy import select

from collector_app.exchange.models import ImportBatch
from collector_app.portfolio.models import Client
from tests.exchange.files import HEADINGS, csv_text, row, text_file, xlsx


@pytest.fixture
def run(app, session):
    """Run the command: ``run(path, "--dry-run")``; warnings and progress stay apart."""

    def command(*arguments):
        result = app.test_cli_runner().invoke(args=["cartera", "import", *map(str, arguments)])
        session.expire_all()
        return result

    return command


def clients(session):
    return session.scalars(select(Client.external_id).order_by(Client.id)).all()


def test_a_file_is_imported_and_summed_up(run, session, tmp_path):
    result = run(xlsx(tmp_path / "a.xlsx", HEADINGS, row(), row(Factura="F-2", Saldo_vencido="x")))

    assert result.exit_code == 0, result.output
    assert "Importado" in result.output
    assert "2 filas, 1 no entran" in result.output
    assert "Se esperaba" in result.output
    assert clients(session) == ["C-001"]
    assert session.scalars(select(ImportBatch)).one().applied_at is not None


def test_a_dry_run_tells_and_writes_nothing(run, session, tmp_path, app):
    result = run(xlsx(tmp_path / "a.xlsx", HEADINGS, row()), "--dry-run")

    assert result.exit_code == 0
    assert "Esto pasaría al importar" in result.output
    assert clients(session) == []
    assert session.scalars(select(ImportBatch)).all() == []


def test_the_second_time_nothing_changes(run, tmp_path):
    path = xlsx(tmp_path / "a.xlsx", HEADINGS, row())
    run(path)

    assert "no cambia nada" in run(path).output


def test_changes_are_listed_with_before_and_after(run, tmp_path):
    run(xlsx(tmp_path / "a.xlsx", HEADINGS, row()))

    result = run(xlsx(tmp_path / "b.xlsx", HEADINGS, row(Saldo_vencido=5)), "--dry-run")

    assert "$1,234.50" in result.output
    assert "$5.00" in result.output


def test_json_is_all_that_stands_on_the_output(run, tmp_path):
    result = run(
        xlsx(tmp_path / "a.xlsx", HEADINGS, row(), row(Factura="F-2", Saldo_vencido="x")),
        "--json",
        "--dry-run",
    )

    told = json.loads(result.stdout)
    assert told["dry_run"] is True
    assert told["applied"] is False
    assert told["tallies"]["client"] == {"created": 1, "changed": 0, "unchanged": 0}
    (issue,) = told["issues"]
    assert (issue["sheet"], issue["row"], issue["column"], issue["value"]) == (
        "Cartera",
        3,
        "M",
        "x",
    )
    assert issue["problem"] == "no_amount"
    assert "importe" in issue["expected"]


def test_when_no_row_is_of_use_the_command_fails(run, session, tmp_path):
    result = run(xlsx(tmp_path / "a.xlsx", HEADINGS, row(Saldo_vencido="x")))

    assert result.exit_code == 1
    assert "Ninguna fila puede entrar" in result.output
    assert clients(session) == []


def test_a_file_that_can_not_be_read_fails_with_a_sentence(run, session, tmp_path):
    path = text_file(tmp_path / "a.csv", "x,y\n1,2\n")

    result = run(path)

    assert result.exit_code == 1
    assert "No encontramos los encabezados" in result.stderr
    assert "unreadable" in session.scalars(select(ImportBatch)).one().report


def test_the_same_failure_as_json(run, tmp_path):
    result = run(text_file(tmp_path / "a.csv", "x,y\n1,2\n"), "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "no_headings"


def test_a_file_that_is_not_there_is_a_wrong_option(run, tmp_path):
    assert run(tmp_path / "none.csv").exit_code == 2


def test_the_day_and_the_country_can_be_told(run, session, tmp_path):
    text = csv_text(
        ("No. Cliente", "Nombre", "Teléfono", "Domicilio", "Saldo vencido", "Días de atraso"),
        ["1", "Rosa", "987654321", "Calle 1", 5, 10],
    )

    run(text_file(tmp_path / "a.csv", text), "--cut-on", "2026-03-01", "--country", "CL")

    client = session.scalars(select(Client)).one()
    assert client.phone == "+56987654321"
    assert client.credits[0].currency == "CLP"
    assert client.credits[0].invoices[0].due_on.isoformat() == "2026-02-19"


def test_names_do_not_format_the_screen(run, tmp_path):
    result = run(xlsx(tmp_path / "a.xlsx", HEADINGS, row(Saldo_vencido="[red]x[/red]")))

    assert "[red]x[/red]" in result.output


def test_what_was_found_by_address_is_counted(run, city, tmp_path):
    house = row(Domicilio="Benito Juárez 10", Colonia="Centro", Latitud="", Longitud="")

    result = run(xlsx(tmp_path / "a.xlsx", HEADINGS, house), "--dry-run", "--country", "CL")

    assert "Buscados por su domicilio: Con seguridad: 1" in result.output


def test_addresses_that_could_not_be_searched_are_told(run, tmp_path):
    nowhere = row(Latitud="", Longitud="")

    result = run(xlsx(tmp_path / "a.xlsx", HEADINGS, nowhere), "--dry-run")

    assert "no se buscaron" in result.output
