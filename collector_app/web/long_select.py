"""Lists to choose from with many options: written fast, and once where each row has one."""

from typing import Any

from flask import Flask
from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice, SelectField
from wtforms.widgets import Select, html_params

MOST_REPEATED = 30  # options that each row of a page may have for itself
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


class SharedSelect(LongSelect):
    """The list in each of many rows: a long one has the first and its own choice alone.

    200 zones with 200 collectors to choose from made a page of 40,000 options, 2.3 MB. The page
    holds the whole list once (`shared_choices`), and `desk/shared_choices.js` gives it to the row
    to which somebody goes.
    """

    def __call__(self, field: SelectField, **attributes: Any) -> Markup:
        """Return the list of one row."""
        if not _is_long(field):
            return Markup(super().__call__(field, **attributes))  # noqa: S704 - escaped there
        told = {"id": field.id, "name": field.name, "data-shared-choices": "", **attributes}
        own = [one for n, one in enumerate(field.choices) if n == 0 or one[0] == field.data]
        written = Markup(html_params(**told))  # noqa: S704 - escaped there
        return Markup("<select %s>%s</select>") % (written, _options(own, field))


def shared_choices(field: SelectField) -> Markup:
    """Return the whole list of rows with a `SharedSelect`, once for a page; nothing where short."""
    if not _is_long(field):
        return Markup()
    return Markup('<template id="shared-choices">%s</template>') % _options(field.choices)


def register_shared_choices(app: Flask) -> None:
    """Let templates write the list that rows share."""
    app.add_template_global(shared_choices)


def _is_long(field: SelectField) -> bool:
    return len(field.choices) > MOST_REPEATED


def _options(choices: Any, field: SelectField | None = None) -> Markup:
    return Markup().join(
        (_SELECTED if field is not None and value == field.data else _PLAIN) % (value, text)
        for value, text in choices
    )
