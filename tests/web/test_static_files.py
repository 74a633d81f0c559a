"""Static files: kept for good when their address names their content; text travels compressed."""

import gzip
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest
import rcssmin
from flask import url_for

from collector_app.core.actor import Role
from collector_app.web import static_files
from collector_app.web.static_files import FOR_GOOD, content_hash, scripts_hash

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture
def get(anonymous):
    """Ask for a file; the answer is read and closed at once."""
    return lambda path, **headers: anonymous.get(path, headers=headers, buffered=True)


@pytest.fixture
def address(app):
    with app.test_request_context("/"):
        return url_for("static", filename="parts.css")


def test_an_address_names_the_content(address):
    assert address == f"/static/parts.css?v={content_hash(STATIC / 'parts.css')}"


def test_a_changed_file_gets_another_address(tmp_path):
    path = tmp_path / "a.css"
    path.write_text("a{}")
    before = content_hash(path)
    path.write_text("b{}")

    assert content_hash(path) != before


def test_a_file_that_is_not_there_has_no_hash(app, tmp_path):
    assert content_hash(tmp_path / "none.css") is None
    with app.test_request_context("/"):
        assert url_for("static", filename="none.css") == "/static/none.css"


@pytest.mark.parametrize(
    ("query", "kept"), [("", "no-cache"), ("?v=0000000000", "no-cache"), (None, FOR_GOOD)]
)
def test_only_the_address_of_this_content_is_kept_for_good(get, address, query, kept):
    answer = get(address if query is None else f"/static/parts.css{query}")

    assert answer.headers["Cache-Control"] == kept


def test_scripts_are_kept_for_good_also_those_that_another_imports(app, get):
    with app.test_request_context("/"):
        script = url_for("static", filename="phone/outbox/page.js")
    imported = urljoin(script, "../vault/gate.js")

    assert script == f"/static/scripts/{scripts_hash(STATIC)}/phone/outbox/page.js"
    for path in (script, imported):
        assert get(path).headers["Cache-Control"] == FOR_GOOD


def test_a_script_of_a_version_of_before_is_what_it_is_now_and_not_kept(get):
    answer = get("/static/scripts/0000000000/phone/menu.js", **{"Accept-Encoding": "identity"})

    assert answer.data == (STATIC / "phone" / "menu.js").read_bytes()
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_changed_script_gives_all_of_them_another_address(tmp_path, monkeypatch):
    monkeypatch.setattr(static_files, "LOOKED_AT_FOR_S", 0.0)
    (tmp_path / "a.js").write_text("1")
    (tmp_path / "b.js").write_text("2")
    before = scripts_hash(tmp_path)
    assert scripts_hash(tmp_path) == before

    (tmp_path / "b.js").write_text("3")

    assert scripts_hash(tmp_path) != before


def test_files_do_not_vary_by_the_cookie_and_pages_do(client_as, address):
    browser = client_as(Role.COLLECTOR)

    assert "Cookie" not in browser.get(address, buffered=True).headers.get("Vary", "")
    assert "Cookie" in browser.get("/phone/").headers["Vary"]


def test_static_answers_set_no_cookie(client_as, address):
    assert "Set-Cookie" not in client_as(Role.ADMIN).get(address, buffered=True).headers


@pytest.mark.parametrize(
    ("asked", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_text_travels_in_the_best_encoding_that_the_browser_reads(
    get, address, asked, encoding, unpack
):
    plain = (STATIC / "parts.css").read_bytes()

    answer = get(address, **{"Accept-Encoding": asked})

    assert answer.headers.get("Content-Encoding") == encoding
    whole = unpack(answer.data)
    assert whole == (plain if encoding is None else rcssmin.cssmin(plain))
    assert (b"/*" in whole) == (encoding is None)
    assert answer.content_length == len(answer.data)
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_compression_is_worth_it(get, address):
    plain = (STATIC / "parts.css").stat().st_size

    answer = get(address, **{"Accept-Encoding": "br"})

    assert len(answer.data) < plain / 3


def test_a_browser_that_has_the_file_is_told_so_whatever_the_encoding(get, address):
    first = get(address, **{"Accept-Encoding": "br"})

    again = get(address, **{"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.data == b""


def test_a_part_of_a_file_is_sent_as_it_is(get):
    answer = get("/static/parts.css", **{"Accept-Encoding": "br", "Range": "bytes=0-9"})

    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "parts.css").read_bytes()[:10]


def test_pages_are_compressed_too(get):
    answer = get("/entrar", **{"Accept-Encoding": "br"})

    assert answer.headers["Content-Encoding"] == "br"
    assert "<title>Entrar" in brotli.decompress(answer.data).decode()


def test_short_answers_and_redirects_are_left_alone(get):
    answer = get("/usuarios", **{"Accept-Encoding": "br"})

    assert answer.status_code == 302
    assert "Content-Encoding" not in answer.headers


def test_pictures_are_not_compressed_again(get):
    answer = get("/static/mark.svg", **{"Accept-Encoding": "br"})
    assert answer.status_code == 200

    picture = get("/static/vendor/leaflet/images/layers.png", **{"Accept-Encoding": "br"})
    assert picture.status_code == 200
    assert "Content-Encoding" not in picture.headers
