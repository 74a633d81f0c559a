"""How figures are shown."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from flask import render_template_string
from flask_babel import force_locale, gettext
from hypothesis import given
from hypothesis import strategies as st

from collector_app.web.filters import pesos

LOCALES = ("es_MX", "es_AR", "es_CO", "es_CL", "es_PE", "es_ES", "pt_BR", "en_IN", "ar_EG", "de_CH")
CURRENCIES = ("MXN", "USD", "ARS", "COP", "CLP", "PEN", "BRL", "UYU")
AMOUNTS = (0, 1, 99, 100, 12_345, 99_999, 100_000, 123_456, 99_999_999, 10**12 + 5, -1, -123_456)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_amount_is_written_as_babel_writes_it(app, locale):
    with app.test_request_context(), force_locale(locale):
        for currency in CURRENCIES:
            for cents in AMOUNTS:
                assert pesos(cents, currency) == format_currency(
                    cents / 100, currency, locale=locale
                )


@given(st.integers(min_value=-(10**11), max_value=10**11))
def test_every_amount_of_pesos_is_written_as_babel_writes_it(cents):
    assert pesos(cents) == format_currency(cents / 100, "MXN")


def test_sums_of_a_database_and_averages_are_amounts_too(app):
    with app.test_request_context():
        assert pesos(Decimal(123_456)) == "$1,234.56"
        assert pesos(123_456.4) == "$1,234.56"


def test_words_of_templates_are_those_of_the_country(app):
    source = "{{ _('Gestor') }}, {{ ngettext('%(num)s parada', '%(num)s paradas', 2) }}"

    with app.test_request_context():
        told = render_template_string(source)
        assert told == f"{gettext('Gestor')}, 2 paradas"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (100_000, "100,000"), (-12_345, "-12,345")],
)
def test_large_counts_are_grouped_as_people_read_them(app, count, shown):
    with app.test_request_context():
        assert render_template_string("{{ n | numero }}", n=count) == shown
        forms = "'%(num)s cliente de %(one)s', '%(num)s clientes de %(one)s'"
        told = render_template_string(f"{{{{ ngettext({forms}, n, one='Ana') }}}}", n=count)
        assert told == f"{shown} clientes de Ana"
