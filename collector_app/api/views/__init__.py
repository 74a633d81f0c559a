"""The API itself, and the page where keys are given out."""

from collector_app.api.views.calls import bp as calls
from collector_app.api.views.keys import bp as keys
from collector_app.api.views.writes import bp as writes

__all__ = ["calls", "keys", "writes"]
