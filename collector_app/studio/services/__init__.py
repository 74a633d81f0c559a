"""What people do with drafts of zones: begin one, edit it, publish it or put it aside."""

from collector_app.studio.services.beginnings import (
    begin_from_proposal,
    begin_from_today,
)
from collector_app.studio.services.edits import (
    EDITORS,
    MadeEdit,
    edit_draft,
    effect_on_draft,
    record_edit,
)
from collector_app.studio.services.endings import PUBLISHERS, discard_draft, publish_draft
from collector_app.studio.services.from_borders import FirstBorders, begin_from_borders

__all__ = [
    "EDITORS",
    "PUBLISHERS",
    "FirstBorders",
    "MadeEdit",
    "begin_from_borders",
    "begin_from_proposal",
    "begin_from_today",
    "discard_draft",
    "edit_draft",
    "effect_on_draft",
    "publish_draft",
    "record_edit",
]
