"""Choosing some of a few things."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from collector_app.web.check_boxes import CheckBoxesField


class Choice(Form):
    events = CheckBoxesField(
        "Avisos",
        [InputRequired("Elige al menos una cosa.")],
        choices=[SelectChoice("a", "A"), SelectChoice("b", "B")],
    )


def test_no_single_box_is_demanded_by_the_browser():
    shown = str(Choice().events())

    assert shown.count('type="checkbox"') == 2
    assert "required" not in shown


@pytest.mark.parametrize(
    ("sent", "errors"),
    [([], ["Elige al menos una cosa."]), (["b"], []), (["a", "b"], []), (["c"], ["c"])],
)
def test_at_least_one_of_those_offered_is_chosen(sent, errors):
    form = Choice(MultiDict([("events", one) for one in sent]))

    form.validate()

    assert len(form.events.errors) == len(errors)
    assert [error for error in errors if error not in form.events.errors[0]] == []
