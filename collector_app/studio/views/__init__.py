"""Pages of the studio: drafts of zones, how they begin and end, and their borders as files."""

from collector_app.studio.views import borders, drafts
from collector_app.studio.views.blueprint import bp

__all__ = ["borders", "bp", "drafts"]
