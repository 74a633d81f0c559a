"""Which rules something that was done broke: hours, limits, and who heard of the debt."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from collector_app.compliance.rules.creditors import beside
from collector_app.compliance.rules.deciding import Block, ContactFacts, decide
from collector_app.compliance.rules.duties import person_blocks, word_blocks
from collector_app.compliance.rules.profile import Channel, Profile
from collector_app.core import clock


def fact_blocks(
    profile: Profile,
    facts: ContactFacts,
    at: datetime,
    person: str,
    *,
    talked: bool,
    channel: Channel = Channel.VISIT,
    said: Iterable[str | None] = (),
) -> tuple[Block, ...]:
    """Return every rule that a visit, a call or a message broke.

    Parameters
    ----------
    facts : ContactFacts
        What had been done before it; the hour is that of the client's clock.
    person : str
        Who opened, answered or was written to; a code of `visits.rules.PersonMet`.
    talked : bool
        Whether the debt was spoken of.
    said : iterable of str or None
        The message as it was sent, and what was noted of it.
    """
    day = at.astimezone(facts.zone).date()
    second_s = clock.second_of_day(at, facts.zone)
    own = replace(facts, asked_in=None)
    profile = beside(profile, facts.creditors)
    blocks = decide(profile, own, day, second_s, channel).blocks
    persons = person_blocks(profile, person) if talked else ()
    return (*blocks, *persons, *word_blocks(profile, *said))


def signing_blocks(profile: Profile, facts: ContactFacts, at: datetime) -> tuple[Block, ...]:
    """Return every rule about days, hours, bans and wishes that a signature in person breaks.

    It is no attempt of ours to reach somebody, so that limits of how often don't count it, nor is
    it bound to the place where somebody is visited.
    """
    alone = replace(facts, history=(), place=None)
    return decide(
        profile,
        replace(alone, asked_in=None),
        at.astimezone(facts.zone).date(),
        clock.second_of_day(at, facts.zone),
    ).blocks
