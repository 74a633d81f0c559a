"""Whatever people type has an end: PostgreSQL refuses longer words with an error page."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import UUID, AnyOf, Length

import collector_app
from collector_app.compliance.forms import BanForm, LiftForm
from collector_app.core.orm import Model
from collector_app.live.forms import NoteForm
from collector_app.web.money_field import PesosField

# Read by a function that has its own end, or never kept.
OTHERWISE = {
    ("LoginForm", "next"): "followed when it is a page of ours, else dropped",
    ("PasswordForm", "next"): "followed when it is a page of ours, else dropped",
    ("NewPersonForm", "username"): "its pattern ends at 32 letters",
    ("NewPersonForm", "phone"): "its pattern ends at 15 digits",
    ("PersonForm", "phone"): "its pattern ends at 15 digits",
    ("ObligorForm", "phone"): "its pattern ends at 15 digits",
}
# What a field is kept in, where both have the same end.
COLUMNS = {
    ("BanForm", "external_id"): "client.external_id",
    ("BanForm", "reason"): "contact_ban.reason",
    ("WishForm", "wish_number"): "client.external_id",
    ("WishForm", "reason"): "contact_wish.reason",
    ("OverrideForm", "override_number"): "client.external_id",
    ("OverrideForm", "reason"): "rule_override.reason",
    ("ComplaintForm", "number"): "client.external_id",
    ("NoteForm", "note"): "alert_acknowledgement.note",
    ("CancelForm", "reason"): "agreement.cancelled_because",
    ("SignForm", "name"): "agreement.signed_by",
    ("DepositForm", "reference"): "cash_deposit.reference",
    ("VisitForm", "payment_reference"): "payment.reference",
    ("PersonForm", "full_name"): "user_account.full_name",
}


def forms() -> Iterator[type[FlaskForm]]:
    for module in pkgutil.walk_packages(collector_app.__path__, "collector_app."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)
    waiting, seen = list(FlaskForm.__subclasses__()), set()
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form not in seen and form.__module__.startswith("collector_app."):
            seen.add(form)
            yield form


def texts() -> Iterator[tuple[str, str, list[object]]]:
    """Each field of each form that takes words, with its validators."""
    for form in forms():
        for name in dir(form):
            field = getattr(form, name)
            if not isinstance(field, UnboundField):
                continue
            if issubclass(field.field_class, StringField) and field.field_class is not PesosField:
                told = field.kwargs.get("validators") or [*field.args[1:2], []][0]
                yield form.__name__, name, list(told)


def longest(validators: list[object]) -> int | None:
    return next((one.max for one in validators if isinstance(one, Length) and one.max > 0), None)


def test_every_field_that_takes_words_has_an_end():
    endless = {
        (form, name)
        for form, name, validators in texts()
        if longest(validators) is None
        and not any(isinstance(one, AnyOf | UUID) for one in validators)
    }

    assert endless == OTHERWISE.keys()


def test_no_field_takes_more_than_its_column_holds():
    found = {(form, name): longest(validators) for form, name, validators in texts()}

    for field, column in COLUMNS.items():
        table, name = column.split(".")
        assert found[field] == Model.metadata.tables[table].c[name].type.length, field


@pytest.mark.parametrize(
    ("form", "field", "most"),
    [(NoteForm, "note", 300), (BanForm, "external_id", 40), (LiftForm, "reason", 240)],
)
def test_words_at_the_end_are_taken_and_one_letter_more_is_not(app, form, field, most):
    for length, taken in ((most, True), (most + 1, False)):
        with app.test_request_context("/", method="POST", data={field: "a" * length}):
            filled = form()
            filled.validate()
            assert (field not in filled.errors) is taken
