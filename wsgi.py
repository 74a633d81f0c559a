"""The WSGI entry point."""

from collector_app.app import create_app

app = create_app()
