"""The bytes of papers and pictures that were erased: deleted after the commit, and daily."""

from pathlib import Path

from flask import current_app

from collector_app.backing.document_files import document_store
from collector_app.backing.queries import erased_papers
from collector_app.sync.evidence_files import evidence_store
from collector_app.sync.queries.evidence import erased_pictures
from collector_app.web.extensions import db


def delete_erased_files() -> int:
    """Delete what no paper or visit needs any more; returns how many files. Twice deletes none.

    A database that takes an erasure back must still find its file, so that this is no part of the
    transaction; whatever is missed by a fall in between, the daily chore finds.
    """
    session, papers = db.session(), document_store(Path(current_app.instance_path))
    pictures = evidence_store()
    deleted = [papers.delete(one) for one in erased_papers(session)]
    return sum(deleted) + sum(pictures.delete(one) for one in erased_pictures(session))
