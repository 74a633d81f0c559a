"""A field to choose some of a few things, one check box each."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class _Box(CheckboxInput):  # type: ignore[misc]  # WTForms has no types
    # HTML knows no "at least one of these": `required` would demand every single box.
    validation_attrs = ("disabled",)


class CheckBoxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Check boxes in a list. With `InputRequired` at least one has to be chosen, any one."""

    widget = ListWidget(prefix_label=False)
    option_widget = _Box()
