"""When the law leaves a client open to a visit, moment by moment, and how much of it is left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from collector_app.compliance.rules import (
    Block,
    CapLeft,
    Channel,
    ContactFacts,
    CreditorLaw,
    ForbiddenWords,
    Profile,
    caps_left,
    cash_blocks,
    decide,
    forbidden_words,
    identification,
    reason_blocks,
    turning_points_s,
)
from collector_app.core import clock

LIVES_S = 36 * 3600  # a day's route and the night after it; older data leaves the phone
MOST_EXTRAS = 12  # clients of the own zone that may be added; each is a row of the matrix
NO_WAY_S = 2**16 - 1  # marks a pair without a way; no ride takes 18 hours


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a day, epoch seconds, both ends inclusive; with what forbids it, if anything."""

    from_s: int
    to_s: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientLaw:
    """What the law says about one way to reach one client on one day.

    Attributes
    ----------
    windows : tuple of Span
        When a visit may be under way, or when they may be called or written to.
    closed : tuple of Span
        All the rest of the day, each stretch with the rules that close it.
    caps : tuple of CapLeft
        How often they may still be sought.
    """

    windows: tuple[Span, ...]
    closed: tuple[Span, ...]
    caps: tuple[CapLeft, ...]


@dataclass(frozen=True, slots=True)
class CreditorDuties:
    """What the creditors of one client forbid and ask for at the door, beside the house.

    Attributes
    ----------
    names : tuple of str
        Of the creditors.
    cash, reason : tuple of Block
        The rules under which nobody takes money, and nobody asks why they did not pay.
    words : tuple of ForbiddenWords
        What nobody may say.
    duties : tuple of str
        What a collector says of themselves.
    """

    names: tuple[str, ...]
    cash: tuple[Block, ...]
    reason: tuple[Block, ...]
    words: tuple[ForbiddenWords, ...]
    duties: tuple[str, ...]


def creditor_duties(profile: Profile, law: CreditorLaw | None) -> CreditorDuties | None:
    """Return what a law of creditors asks for beside a profile; None without one."""
    if law is None:
        return None
    only = replace(profile, rules=law.rules_beside(profile))
    said, words = identification(profile), forbidden_words(profile)
    return CreditorDuties(
        law.names,
        cash_blocks(only),
        reason_blocks(only),
        tuple(one for one in forbidden_words(only) if one not in words),
        tuple(one for one in identification(only) if one not in said),
    )


def client_law(
    profile: Profile, facts: ContactFacts, day: date, channel: Channel = Channel.VISIT
) -> ClientLaw:
    """Return the windows and the closed stretches of a local day, which together are all of it."""
    points = turning_points_s(profile, facts, day, channel)
    spans = [_span(profile, facts, day, start, end, channel) for start, end in pairwise(points)]
    merged = tuple(_merged(spans))
    return ClientLaw(
        windows=tuple(one for one in merged if not one.blocks),
        closed=tuple(one for one in merged if one.blocks),
        caps=caps_left(profile, facts, day, channel),
    )


def held_back(law: ClientLaw, blocks: tuple[Block, ...]) -> ClientLaw:
    """Return a law under which a channel is closed all day, by what closes it anyway and `blocks`.

    That is how a treatment keeps messages back; without blocks the law stays as it is.
    """
    if not blocks:
        return law
    spans = sorted((*law.windows, *law.closed), key=lambda one: one.from_s)
    closed = (replace(one, blocks=(*one.blocks, *blocks)) for one in spans)
    return replace(law, windows=(), closed=tuple(closed))


def _span(
    profile: Profile, facts: ContactFacts, day: date, start_s: int, end_s: int, channel: Channel
) -> Span:
    begins = clock.at_second(day, start_s, facts.asked_in or facts.zone).timestamp()
    ends = clock.at_second(day, end_s, facts.asked_in or facts.zone).timestamp()
    blocks = decide(profile, facts, day, start_s, channel).blocks
    return Span(int(begins), int(ends) - 1, blocks)


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for one in spans:
        if found and found[-1].blocks == one.blocks:
            found[-1] = Span(found[-1].from_s, one.to_s, one.blocks)
        elif one.from_s <= one.to_s:
            found.append(one)
    return found
