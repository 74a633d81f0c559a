"""Reads cards and scripts in the language of the screens."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext

from collector_app.compliance.rules import (
    Profile,
    identification,
    reason_blocks,
    word_blocks,
)
from collector_app.playbook.rules import Card, Script
from collector_app.portfolio.rules import Stage
from collector_app.visits.rules import Objection

_FILE = Path(__file__).parent / "words.es.toml"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def card_for(objection: Objection) -> Card:
    """Return the card of an objection."""
    texts = {name: str(gettext(text)) for name, text in _words()["card"][objection.value].items()}
    return Card(objection=objection, **texts)


def script_for(
    profile: Profile, stage: Stage, whom: str, collector: str, opening: str | None = None
) -> Script:
    """Return what is said at a door under a law, at a stage of the debt.

    Parameters
    ----------
    opening : str, optional
        Said instead of that of the stage, unless the law forbids one of its words.
    whom, collector : str
        For the notice that tells a third party nothing of the debt: "a Rosa", and who asks.
    """
    words = _words()
    notice = str(gettext(words["neutral"]["notice"]))
    return Script(
        identification=identification(profile),
        opening=_legal(profile, opening) or str(gettext(words["opening"][stage.value])),
        reason_blocks=reason_blocks(profile),
        neutral_notice=notice.format(whom=whom, collector=collector),
        neutral_rule=str(gettext(words["neutral"]["rule"])),
        errors=tuple(str(gettext(text)) for text in words["error"].values()),
    )


def openings(profile: Profile) -> dict[str, str]:
    """Return how to begin at each stage of the debt, for a phone that knows its clients' stages."""
    return {stage.value: script_for(profile, stage, "", "").opening for stage in Stage}


def _legal(profile: Profile, opening: str | None) -> str | None:
    """Return an opening unless it breaks the law, which may have changed since it was written."""
    return None if opening and word_blocks(profile, opening) else opening
