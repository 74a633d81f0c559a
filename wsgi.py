"""The WSGI entry point, and what the `flask` command finds."""

from collector_app.app import create_app
from collector_app.worker import worker

app = create_app()
app.cli.add_command(worker)
