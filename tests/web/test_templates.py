"""What the skeletons and macros make of their arguments."""

import re
from pathlib import Path

import pytest
from flask import render_template_string
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired

from collector_app.core.actor import Role
from collector_app.web.pages import Page

ROOT = Path(__file__).parents[2]
EVIL = "<script>alert(1)</script>"


def icon_names() -> set[str]:
    return set(re.findall(r'id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))


@pytest.fixture
def render(app):
    def rendered(source: str, path: str = "/usuarios", **values: object) -> str:
        with app.test_request_context(path):
            return render_template_string(source, **values)

    return rendered


class ExampleForm(FlaskForm):
    name = StringField("Nombre", [InputRequired("Escribe el nombre.")])
    agree = BooleanField("De acuerdo")
    day = RadioField("Día", choices=[SelectChoice("a", "Hoy"), SelectChoice("b", "Mañana")])


FIELD = '{% from "_macros/forms.html" import field, error_summary, check, choices with context %}'


@pytest.fixture
def form(app):
    with app.test_request_context("/x", method="POST", data={"name": ""}):
        form = ExampleForm(meta={"csrf": False})
        form.validate()
        yield form


def test_a_field_with_an_error_points_at_its_help_and_its_error(render, form):
    page = render(FIELD + '{{ field(form.name, help="Completo", autocomplete="name") }}', form=form)

    assert '<label for="name">Nombre</label>' in page
    assert 'aria-describedby="name-help name-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'autocomplete="name"' in page
    assert 'id="name-help">Completo<' in page
    assert "Escribe el nombre.</span>" in page


def test_a_field_without_an_error_claims_none(render):
    page = render(
        FIELD + "{{ field(form.name) }}{{ error_summary(form) }}", form=form_without_error()
    )

    assert "aria-invalid" not in page
    assert "aria-describedby" not in page
    assert "Falta corregir" not in page


def form_without_error() -> ExampleForm:
    return ExampleForm(meta={"csrf": False})


@pytest.fixture(autouse=True)
def _context(app):
    """Forms are made inside a request."""
    with app.test_request_context("/x"):
        yield


def test_the_summary_links_to_the_fields_and_tells_errors_of_the_whole_form(render, form):
    form.form_errors.append("No van juntos.")

    page = render(FIELD + "{{ error_summary(form) }}", form=form)

    assert 'role="alert"' in page
    assert '<a href="#name">Nombre</a>: Escribe el nombre.' in page
    assert "<li>No van juntos.</li>" in page


def test_choices_are_a_group_with_a_name(render, form):
    page = render(FIELD + '{{ choices(form.day, "tiles") }}{{ check(form.agree) }}', form=form)

    assert "<legend>Día</legend>" in page
    assert page.count('type="radio"') == 2
    assert "<span>De acuerdo</span>" in page


def test_a_button_that_changes_something_posts_with_a_token(render):
    source = (
        '{% from "_macros/forms.html" import post_button with context %}'
        '{{ post_button("/planes/1/publicar", "Publicar", confirm="¿Publicar?") }}'
    )
    page = render(source)

    assert 'method="post" action="/planes/1/publicar" data-confirm="¿Publicar?"' in page
    assert 'name="csrf_token"' in page


TABLES = '{% from "_macros/tables.html" import table, sort_head, pager with context %}'


def test_a_table_has_a_caption_and_heads(render):
    page = render(
        TABLES + '{% call table("Clientes", ("Nombre", ("number", "Saldo"), ("actions", "Botones"),'
        ' sort_head("days", "Atraso"))) %}<tr><td>x</td></tr>{% endcall %}',
        path="/usuarios?sort=days&page=3",
    )

    assert '<caption class="only-spoken">Clientes</caption>' in page
    assert '<th scope="col">Nombre</th>' in page
    assert '<th scope="col" class="number">Saldo</th>' in page
    assert '<span class="only-spoken">Botones</span>' in page
    assert 'aria-sort="ascending"' in page
    assert 'href="/usuarios?sort=-days"' in page


def test_a_short_list_has_no_pager(render):
    assert render(TABLES + "{{ pager(page) }}", page=Page(1, 50, 50)).strip() == ""


def test_the_pager_keeps_the_query(render):
    page = render(TABLES + "{{ pager(page) }}", path="/usuarios?q=a", page=Page(2, 50, 120))

    assert "51 a 100 de 120" in page
    assert 'rel="prev" href="/usuarios?q=a&amp;page=1"' in page
    assert 'href="/usuarios?q=a&amp;page=2" aria-current="page"' in page
    assert 'rel="next" href="/usuarios?q=a&amp;page=3"' in page


CARDS = (
    '{% from "_macros/cards.html" import page_head, card, kpi, badge, progress, notice, facts,'
    " empty, dialog, opener with context %}"
)


@pytest.mark.parametrize(
    "call",
    [
        "{{ page_head(evil, evil) }}",
        "{{ kpi(evil, evil, evil) }}",
        "{{ badge(evil) }}",
        "{{ progress(1, 2, evil) }}",
        '{{ notice("warn", evil) }}',
        "{{ facts(((evil, evil),)) }}",
        '{{ empty("map", evil, evil) }}',
        '{{ opener("x", evil) }}',
        "{% call card(evil) %}{{ evil }}{% endcall %}",
        '{% call dialog("x", evil) %}{{ evil }}{% endcall %}',
    ],
)
def test_no_macro_lets_a_text_become_html(render, call):
    page = render(CARDS + call, evil=EVIL)

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_facts_that_are_empty_are_left_out_and_zero_is_not(render):
    page = render(CARDS + '{{ facts((("Zona", none), ("Nota", ""), ("Pagos", 0))) }}')

    assert re.findall(r"<dt>(.*?)</dt>", page) == ["Pagos"]


def test_progress_of_nothing_is_no_error(render):
    assert 'value="0" max="1"' in render(CARDS + '{{ progress(0, 0, "Paradas") }}')


def test_every_icon_that_a_template_or_a_menu_names_is_drawn():
    named = set()
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'icon\("([\w-]+)"', template.read_text()))

    assert len(named) > 10
    assert named <= icon_names()


def test_no_template_has_inline_scripts_styles_or_handlers():
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text), template
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or 'type="application/json"' in script, template


def test_the_desk_carries_what_htmx_needs_and_names_its_regions(client_as):
    page = client_as(Role.ADMIN).get("/usuarios").text

    assert '"allowEval": false' in page
    assert '"includeIndicatorStyles": false' in page
    assert '"selfRequestsOnly": true' in page
    assert 'name="csrf-token"' in page
    assert 'lang="es-MX"' in page
    assert '<a class="skip" href="#content">' in page
    assert '<main id="content"' in page
    assert 'aria-current="page"' in page


def test_the_phone_carries_neither_htmx_nor_the_desks_styles(client_as):
    page = client_as(Role.COLLECTOR).get("/contrasena").text

    assert "htmx" not in page
    assert "desk.css" not in page
    assert "phone.css" in page
    assert "<h1>Cambiar contraseña</h1>" in page
