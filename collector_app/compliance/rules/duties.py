"""What a profile asks of conduct, money, words and memory: of several rules the strictest holds."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from collector_app.compliance.rules.deciding import Block, block_of
from collector_app.compliance.rules.penalties import PenaltyRule
from collector_app.compliance.rules.profile import (
    AnswerRule,
    CashRule,
    IdentificationRule,
    Matter,
    PersonsRule,
    Profile,
    ReasonRule,
    RetentionRule,
    Rule,
    WordsRule,
)
from collector_app.compliance.rules.threats import threat_pattern

Kind = TypeVar("Kind", bound=Rule)


@dataclass(frozen=True, slots=True)
class ForbiddenWords:
    """Words that nobody may say, and by which article; of a threat ``pattern`` is of its forms."""

    term: str
    article: str
    pattern: str | None


def cash_blocks(profile: Profile) -> tuple[Block, ...]:
    """Return the rules under which nobody may take money; none when it may be taken."""
    return tuple(
        block_of(rule.id, rule.source, "cash", {})
        for rule in _of(profile, CashRule)
        if not rule.may_receive
    )


def person_blocks(profile: Profile, person: str) -> tuple[Block, ...]:
    """Return the rules under which the debt may not be talked about with that person."""
    return tuple(
        block_of(rule.id, rule.source, "person", {"person": person})
        for rule in _of(profile, PersonsRule)
        if person not in rule.may_hear
    )


def reason_blocks(profile: Profile) -> tuple[Block, ...]:
    """Return the rules under which nobody asks the client why they did not pay."""
    return tuple(
        block_of(rule.id, rule.source, "reason", {})
        for rule in _of(profile, ReasonRule)
        if not rule.may_ask
    )


def identification(profile: Profile) -> tuple[str, ...]:
    """Return everything that the collector has to say of themselves, each thing once."""
    said = (duty for rule in _of(profile, IdentificationRule) for duty in rule.duties)
    return tuple(dict.fromkeys(said))


def word_blocks(profile: Profile, *texts: str | None) -> tuple[Block, ...]:
    """Return the rules that texts break, with the words that they may not say."""
    found = ((rule, words_said(rule.terms, *texts)) for rule in _of(profile, WordsRule))
    return tuple(
        block_of(rule.id, rule.source, "words", {"words": ", ".join(terms)})
        for rule, terms in found
        if terms
    )


def words_said(terms: Iterable[str], *texts: str | None) -> list[str]:
    """Return which terms stand in texts as whole words, whatever their case and accents.

    Of a threat, such as "te vamos a embargar", every form is found: see `threats`.
    """
    said = [_plain(text) for text in texts if text]
    return [term for term in terms if any(_is_said(term, one) for one in said)]


def keep_log_months(profile: Profile) -> int:
    """Return for how many months the record of contacts must be kept: the longest of all rules."""
    return max((rule.keep_log_months for rule in _of(profile, RetentionRule)), default=0)


def forbidden_words(profile: Profile) -> tuple[ForbiddenWords, ...]:
    """Return all that may not be said."""
    return tuple(
        ForbiddenWords(term, rule.source.article, threat_pattern(_plain(term)))
        for rule in _of(profile, WordsRule)
        for term in rule.terms
    )


def deletion_rule(profile: Profile) -> RetentionRule | None:
    """Return the rule that lets data on a default go first; None where nothing has to go."""
    limits = (rule for rule in _of(profile, RetentionRule) if rule.delete_default_after_months)
    return min(limits, key=lambda rule: rule.delete_default_after_months, default=None)


def answer_rules(profile: Profile, matter: Matter) -> tuple[AnswerRule, ...]:
    """Return the rules that say until when a matter is answered, if the law says anything."""
    return tuple(rule for rule in _of(profile, AnswerRule) if matter in rule.matters)


def penalties(profile: Profile) -> tuple[PenaltyRule, ...]:
    """Return what breaking the profile costs, rule by rule."""
    return tuple(_of(profile, PenaltyRule))


def _of(profile: Profile, kind: type[Kind]) -> list[Kind]:
    return [rule for rule in profile.rules if isinstance(rule, kind)]


def _is_said(term: str, said: str) -> bool:
    pattern = threat_pattern(_plain(term))
    return f" {_plain(term)} " in f" {said} " if pattern is None else bool(re.search(pattern, said))


def _plain(text: str) -> str:
    """Return words alone, small and without accents, one space between them."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
