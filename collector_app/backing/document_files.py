"""Where the bytes of papers lie, below the folder of the instance."""

from pathlib import Path

from collector_app.core.storage import FileStore

MOST_DOCUMENT_BYTES = 10 << 20  # a scanned contract; read whole when it is shown


def document_store(instance: Path) -> FileStore:
    """Return where papers are kept."""
    return FileStore(instance / "documents", MOST_DOCUMENT_BYTES)
