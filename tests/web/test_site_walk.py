"""The walk that takes pictures finds what links lead to, and names what they don't."""

import httpx
from flask import Flask, Response

from scripts.screens import NO_PICTURE
from scripts.site_walk import FoundPage, rules_of, walked

HOME = "http://127.0.0.1"
TOWN = """<!doctype html><html><title>Inicio · Prueba</title>
<a href="/clientes/1?de=lista#arriba">Uno</a> <a href="/clientes/2">Dos</a>
<a href="/lista.csv">Lista</a> <a href="https://example.com/fuera">Fuera</a></html>"""


def client_page(client_id: int) -> str:
    return f"<!doctype html><html><title>Cliente {client_id}</title></html>"


def town() -> Flask:
    app = Flask("town", static_folder=None)
    app.add_url_rule("/", "home", lambda: TOWN)
    app.add_url_rule("/clientes/<int:client_id>", "client", client_page)
    app.add_url_rule("/lista.csv", "file", lambda: Response("a,b", mimetype="text/csv"))
    app.add_url_rule("/parte", "part", lambda: "<p>Parte de una página</p>")
    app.add_url_rule("/olvidada", "forgotten", lambda: TOWN)
    return app


def walk(app: Flask):
    browser = httpx.Client(
        base_url=HOME, transport=httpx.WSGITransport(app=app), follow_redirects=True
    )
    return walked(app, HOME, [("ana", browser)], 20, ("/", "/parte"))


def test_each_rule_is_opened_once_at_the_first_address_that_a_link_gives():
    assert walk(town()).pages == (
        FoundPage("/", "/", "ana", "Inicio"),
        FoundPage("/clientes/<int:client_id>", "/clientes/1?de=lista", "ana", "Cliente 1"),
    )


def test_what_no_link_reaches_is_named_and_files_and_parts_are_not():
    assert walk(town()).missing == ("/olvidada",)


def test_a_way_out_of_the_phone_leads_to_the_page_behind_it():
    app = Flask("phone", static_folder=None)
    link = "<!doctype html><html><a href='/phone/ir?a=/caja%3Fdia%3D1'>Caja</a></html>"
    app.add_url_rule("/", "home", lambda: link.replace("'", '"'))
    app.add_url_rule("/phone/ir", "beyond", lambda: "<p>a otra parte</p>")
    app.add_url_rule("/caja", "cash", lambda: "<!doctype html><html><title>Caja</title></html>")

    assert [one.path for one in walk(app).pages] == ["/", "/caja?dia=1"]


def test_what_needs_no_picture_is_still_in_the_site_map(app):
    assert NO_PICTURE.keys() <= set(rules_of(app))


def test_pages_of_one_area_have_names_of_their_own(app):
    rules = list(rules_of(app))
    names = {FoundPage(rule, rule, "ana", "").name for rule in rules}
    assert len(names) == len(rules)
