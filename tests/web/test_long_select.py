"""Long lists to choose from: what is quick writes what WTForms does."""

import pytest
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

from collector_app.web.long_select import MOST_REPEATED, LongSelect, SharedSelect, shared_choices

CHOICES = [
    SelectChoice(0, "Elige…"),
    SelectChoice(1, "Rosa <b> & Cía"),
    SelectChoice(2, 'Ana "la" Gestora', optgroup="Zona norte"),
    SelectChoice(3, "Cerrado", render_kw={"disabled": True}, optgroup="Zona norte"),
]


def written(widget: Select, chosen: int) -> str:
    class Choosing(Form):
        who = SelectField(choices=CHOICES, coerce=int, widget=widget)

    return str(Choosing(data={"who": chosen}).who(class_="input"))


@pytest.mark.parametrize("chosen", [0, 1, 2, 3, 99])
def test_it_writes_the_same_as_the_widget_of_wtforms(chosen):
    assert written(LongSelect(), chosen) == written(Select(), chosen)


class Row(Form):
    """A row that chooses from as many people as there are."""

    who = SelectField(coerce=int, widget=SharedSelect())


def row(people: int, chosen: int) -> SelectField:
    made = Row(data={"who": chosen})
    made.who.choices = [(0, "Nadie"), *((n, f"Gestor <{n}>") for n in range(1, people))]
    return made.who


def test_a_short_list_stands_in_each_row():
    short = row(MOST_REPEATED, 3)

    assert str(short()).count("<option") == MOST_REPEATED
    assert shared_choices(short) == ""


def test_of_a_long_list_a_row_has_its_own_choice_and_the_page_the_whole_once():
    long = row(MOST_REPEATED + 1, 3)

    assert str(long(**{"class": "input"})) == (
        '<select class="input" data-shared-choices="" id="who" name="who">'
        '<option value="0">Nadie</option><option selected value="3">Gestor &lt;3&gt;</option>'
        "</select>"
    )
    assert shared_choices(long).count("<option") == MOST_REPEATED + 1
    assert "<3>" not in shared_choices(long)


def test_a_choice_that_is_not_in_the_long_list_is_the_first():
    assert str(row(99, 1000)()).count("<option") == 1
