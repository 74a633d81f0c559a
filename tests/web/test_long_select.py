"""Long lists to choose from: what is quick writes what WTForms does."""

import pytest
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

from collector_app.web.long_select import LongSelect

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
