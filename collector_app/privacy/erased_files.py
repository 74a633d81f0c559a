"""Bytes of papers and pictures that nobody needs: deleted after the commit, and daily."""

from datetime import timedelta
from itertools import islice
from pathlib import Path

from flask import current_app

from collector_app.backing.document_files import document_store
from collector_app.backing.queries import erased_papers
from collector_app.core import clock
from collector_app.sync.evidence_files import evidence_store
from collector_app.sync.queries.evidence import erased_pictures, told_pictures
from collector_app.web.extensions import db

UNTOLD_FOR = timedelta(days=90)  # a photo waits for its event; see docs/operations.md
AT_ONCE = 500  # hashes in one statement


def delete_erased_files() -> int:
    """Delete what no paper or visit needs any more; returns how many files. Twice deletes none.

    A database that takes an erasure back must still find its file, so that this is no part of the
    transaction; whatever is missed by a fall in between, the daily chore finds.
    """
    session, papers = db.session(), document_store(Path(current_app.instance_path))
    pictures = evidence_store()
    deleted = [papers.delete(one) for one in erased_papers(session)]
    return sum(deleted) + sum(pictures.delete(one) for one in erased_pictures(session))


def delete_untold_pictures() -> int:
    """Delete pictures that came long ago and that no event tells of; returns how many.

    A phone sends a photo after its event. One alone is left when a database came from a backup;
    the phone tells the event again, and keeps the photo for as long as it may have to: what is
    deleted here, it would be asked for again.
    """
    session, pictures = db.session(), evidence_store()
    old = pictures.kept_since_before(clock.now() - UNTOLD_FOR)
    deleted = 0
    while some := list(islice(old, AT_ONCE)):
        untold = set(some) - told_pictures(session, some)
        deleted += sum(pictures.delete(one) for one in untold)
    return deleted
