"""A list to choose from with many options, written many times faster than WTForms does."""

from typing import Any

from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

_PLAIN = Markup('<option value="%s">%s</option>')
_SELECTED = Markup('<option selected value="%s">%s</option>')


class LongSelect(Select):  # type: ignore[misc]  # WTForms has no types
    """Writes the same as its base; options with attributes of their own are left to that."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **kwargs: Any) -> Markup:
        """Return one option."""
        if kwargs or choice.render_kw:
            return Markup(super().render_option(choice, **kwargs))  # noqa: S704 - escaped there
        shown = _SELECTED if choice.selected else _PLAIN
        return shown % (choice.value, escape(choice.label or choice.value))
