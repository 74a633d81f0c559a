"""Text files in the character sets and with the delimiters that people send."""

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector_app.exchange.rules import FileProblem, UnreadableFile
from collector_app.exchange.sheets import delimited
from collector_app.exchange.sheets.delimited import decode, read_delimited
from collector_app.exchange.sheets.headings import score
from tests.exchange.files import HEADINGS, csv_text, row

TEXT = csv_text(HEADINGS, row(Nombre="Íñigo Núñez"))


def opened(data: bytes):
    return read_delimited(data, "cartera", score)


def cells(data: bytes):
    return opened(data).grids[0].rows


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp850", "cp850"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_accents_arrive_whatever_the_character_set(encoding, told):
    found = opened(TEXT.encode(encoding))

    assert found.encoding == told
    assert found.grids[0].rows[0][0] == "No. Cliente"
    assert found.grids[0].rows[1][1] == "Íñigo Núñez"


def test_foreign_letters_of_utf8_stay_what_they_are():
    assert decode("Ñandú Владимир".encode()) == ("Ñandú Владимир", "utf-8")


def test_utf16_with_a_mark_of_the_other_order_is_read():
    assert cells(b"\xfe\xff" + TEXT.encode("utf-16-be"))[1][1] == "Íñigo Núñez"


@given(st.text(alphabet="aeinoáéíñóúÑ¿° ,;", min_size=1, max_size=40))
@example("Ñ° 12")  # by chance the UTF-8 of a Cyrillic letter
def test_windows_text_is_never_taken_for_another_set(text):
    decoded, _ = decode(text.encode("cp1252"))

    assert decoded == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_our_headings(delimiter):
    found = opened(csv_text(HEADINGS, row(), delimiter=delimiter).encode())

    assert found.delimiter == delimiter
    assert len(found.grids[0].rows[1]) == len(HEADINGS)


def test_commas_inside_quotes_and_amounts_do_not_decide():
    address = "Av. Juárez 12, int. 3, Centro, CDMX, México"
    rows = [row(Domicilio=address) for _ in range(5)]
    text = csv_text(
        ["Cartera, al 10 de marzo, de 2026, sucursal Centro"], HEADINGS, *rows, delimiter=";"
    )

    found = opened(text.encode())

    assert found.delimiter == ";"
    assert found.grids[0].rows[2][3] == address


def test_a_quoted_line_end_stays_inside_its_cell():
    assert (
        cells(csv_text(HEADINGS, row(Domicilio="Calle 1\nint. 2"), row()).encode())[1][3]
        == "Calle 1\nint. 2"
    )


def test_the_hint_of_excel_names_the_delimiter_and_keeps_its_row():
    found = opened(b"sep=|\r\n" + csv_text(HEADINGS, row(), delimiter="|").encode())

    assert found.delimiter == "|"
    assert found.grids[0].rows[0] == []
    assert found.grids[0].rows[1][0] == "No. Cliente"


def test_the_end_mark_of_dos_is_passed_over():
    assert cells(TEXT.encode("cp850") + b"\x1a") == cells(TEXT.encode("cp850"))


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ('="00123"', "00123"),
        ("'=1+1", "=1+1"),
        ("'-5", "-5"),
        ("'00123", "00123"),
        ("'Tito' Gómez", "'Tito' Gómez"),
        ("'", "'"),
    ],
)
def test_marks_that_only_say_this_is_text_are_taken_away(written, cell):
    assert cells(csv_text([written, "x"]).encode())[0][0] == cell


def problem_of(data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        opened(data)
    return refused.value


def test_a_quotation_without_end_is_told_with_its_row():
    plain = row(Importe=1500.0, Saldo_vencido=1234.5)
    text = csv_text(HEADINGS, plain, plain, plain, plain)
    first, second, rest = text.split("\r\n", 2)
    broken = f'{first}\r\n"{second}\r\n{rest}'

    refused = problem_of(broken.encode())

    assert refused.problem is FileProblem.OPEN_QUOTES
    assert refused.facts["row"] == 2


def test_a_quotation_longer_than_a_cell_may_be_is_told():
    text = csv_text(HEADINGS) + '"' + "x" * 200_000

    assert problem_of(text.encode()).problem is FileProblem.OPEN_QUOTES


def test_a_long_note_of_many_lines_is_no_open_quotation():
    note = "primera, segunda\ntercera, cuarta\nquinta, sexta\nséptima"

    assert cells(csv_text(HEADINGS, row(Domicilio=note)).encode())[1][3] == note


def test_binary_data_is_no_text():
    assert problem_of(bytes(range(256)) * 20).problem is FileProblem.NO_SPREADSHEET


def test_a_mark_that_lies_about_the_bytes_is_damage():
    assert problem_of(b"\xef\xbb\xbf" + "Ñ".encode("cp1252")).problem is FileProblem.DAMAGED


@pytest.mark.parametrize(("rows", "is_fine"), [(3, True), (4, False)])
def test_too_many_rows_are_refused(monkeypatch, rows, is_fine):
    monkeypatch.setattr(delimited, "MAX_ROWS", 3)
    data = csv_text(*([["a", "b"]] * rows)).encode()

    if is_fine:
        assert len(cells(data)) == rows
    else:
        assert problem_of(data).problem is FileProblem.TOO_MANY_ROWS


def test_too_many_columns_are_refused():
    assert problem_of(csv_text(["x"] * 257).encode()).problem is FileProblem.TOO_MANY_ROWS
    assert len(cells(csv_text(["x"] * 256).encode())[0]) == 256


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    with suppress(UnreadableFile):
        opened(data)


@given(
    st.lists(
        st.lists(st.text(alphabet="aeñ ;,\"'\n0=", max_size=6), min_size=2, max_size=4),
        min_size=1,
        max_size=4,
    )
)
@example([["", ",,\n\n"]])  # as if it had swallowed rows
@example([["", "\na,,\n"]])
def test_what_csv_writes_is_read_back(rows):
    quiet = [[f"x{cell}" for cell in row] for row in rows]
    headed = [["Nombre", "Saldo", "Domicilio"], *quiet]

    assert cells(csv_text(*headed).encode()) == headed
