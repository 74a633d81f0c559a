"""A day that is typed: a year that nobody means is told, in every form of the office."""

import pytest
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.fields.core import UnboundField

from collector_app.absences.forms import AbsenceForm
from collector_app.backing.forms import DocumentForm, GuaranteeForm
from collector_app.core.clock import FIRST_DAY
from collector_app.web.day_field import LAST_DAY, DayField
from tests.web.test_form_lengths import forms

# A phone keeps what was told at the door as it is; a final fine has its own limits and sentence.
OTHERWISE = {
    ("VisitForm", "promise_date"),
    ("VisitForm", "appointment_date"),
    ("SanctionForm", "final_on"),
}


def days(kind: type) -> set[tuple[str, str]]:
    return {
        (form.__name__, name)
        for form in forms()
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField) and field.field_class is kind
    }


def test_every_day_that_the_office_types_is_looked_at():
    assert days(DateField) == OTHERWISE
    assert days(DayField)


@pytest.mark.parametrize(
    ("form", "field"),
    [(GuaranteeForm, "given_on"), (DocumentForm, "dated_on"), (AbsenceForm, "from_on")],
)
@pytest.mark.parametrize(
    ("typed", "year"),
    [
        (FIRST_DAY.isoformat(), None),
        ("1999-12-31", "1999"),
        (LAST_DAY.isoformat(), None),
        ("2100-01-01", "2100"),
        ("0202-06-01", "0202"),
    ],
)
def test_a_year_that_nobody_means_is_told_with_the_year_that_was_read(
    app, form: type[FlaskForm], field: str, typed: str, year: str | None
):
    with app.test_request_context("/", method="POST", data={field: typed}):
        filled = form()
        for one in filled:
            if hasattr(one, "choices"):
                one.choices = one.choices or []
        filled.validate()

    told = filled.errors.get(field, [])
    assert told == (
        [f"Revisa el año: se leyó {year} y va del 2000 al 2099."] if year is not None else []
    )
