"""The bytes of papers that were erased: deleted after the commit, and again by the daily chore."""

from pathlib import Path

from flask import current_app

from collector_app.backing.document_files import document_store
from collector_app.backing.queries import erased_papers
from collector_app.web.extensions import db


def delete_erased_files() -> int:
    """Delete what no paper needs any more; returns how many files. Twice deletes nothing more.

    A database that takes an erasure back must still find its file, so that this is no part of the
    transaction; whatever is missed by a fall in between, the daily chore finds.
    """
    store = document_store(Path(current_app.instance_path))
    return sum(store.delete(one) for one in erased_papers(db.session()))
