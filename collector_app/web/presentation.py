"""Everything that the pages of all areas share, registered in one go."""

from flask import Flask

from collector_app.web.compression import register_compression
from collector_app.web.errors import register_errors
from collector_app.web.filters import register_filters
from collector_app.web.long_select import register_shared_choices
from collector_app.web.nav import register_nav
from collector_app.web.pages import register_pages
from collector_app.web.static_files import register_static_files
from collector_app.web.words import register_words


def register_presentation(app: Flask) -> None:
    """Register words, filters, static files, menu, pages of lists, errors, compression."""
    register_words(app)
    register_filters(app)
    register_static_files(app)
    register_shared_choices(app)
    register_nav(app)
    register_pages(app)
    register_errors(app)
    register_compression(app)
