"""The phone judges without asking: at every moment of random days it says what the office says."""

import json
import subprocess
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance.profile_files import house_rules, law_profiles
from collector_app.compliance.rules import (
    DAY_S,
    CapRule,
    Channel,
    ContactFacts,
    Touch,
    beside,
    combine,
    creditor_law,
    decide,
    wish_rule,
)
from collector_app.core import clock
from collector_app.day_package.package import LawTexts, _law
from collector_app.day_package.rules import client_law
from collector_app.portfolio.rules import AddressOrigin, VisitedPlace, VisitPlaceKind
from tests.javascript.test_node import node

JUDGE = Path(__file__).parent.parent / "javascript" / "judge_each.mjs"
COMPANY = ZoneInfo("America/Mexico_City")
ZONES = [COMPANY, COMPANY, *map(ZoneInfo, ("America/Tijuana", "America/Sao_Paulo"))]
CHANNELS = (Channel.VISIT, Channel.CALL, Channel.WHATSAPP)
# Whatever day falls out, these too: clocks go forward and back in Tijuana, a year and its ISO week
# end, holidays of several countries.
DAYS = [
    *(date(2026, 3, 8), date(2026, 11, 1)),
    *(date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 4)),
    *(date(2026, 5, 1), date(2026, 9, 16), date(2026, 9, 18)),
]
CASES = 1_500
EDGE_S = (-1, 0, 1)


@pytest.fixture
def words(app):
    with app.test_request_context():
        yield


def some_facts(dice: Random, day: date) -> ContactFacts:
    """What may have been done before a day, and what the client may have asked for."""
    start = datetime(day.year, day.month, day.day, tzinfo=COMPANY)
    history = tuple(
        Touch(
            start - timedelta(minutes=dice.randint(1, 20 * 24 * 60)),
            dice.random() < 0.5,
            dice.choice(CHANNELS),
        )
        for _ in range(dice.choice([0, 0, 1, 2, 5]))
    )
    wish = wish_rule(1, "1111100", dice.randint(0, 12) * 3600, dice.randint(13, 23) * 3600)
    return ContactFacts(
        zone=dice.choice(ZONES),
        asked_in=COMPANY,
        history=history,
        ban="lo pidió" if dice.random() < 0.05 else None,
        wishes=(wish,) if dice.random() < 0.2 else (),
        place=VisitedPlace(
            dice.choice([None, *VisitPlaceKind]),
            dice.random() < 0.5,
            dice.choice([None, *AddressOrigin]),
        )
        if dice.random() < 0.2
        else None,
        creditors=some_creditors(dice) if dice.random() < 0.4 else None,
    )


def some_creditors(dice: Random):
    """One or two creditors, each under a law of their own, which may be that of the house."""
    profiles = dice.sample(sorted(law_profiles().values(), key=lambda one: one.id), 2)
    return creditor_law(
        tuple((one, (f"Banco {one.id}",)) for one in profiles[: dice.choice((1, 2))])
    )


def some_case(dice: Random):
    profile = combine(dice.choice(sorted(law_profiles().values(), key=lambda one: one.id)))
    if dice.random() < 0.5:
        profile = combine(profile, house_rules())
    day = (
        dice.choice(DAYS)
        if dice.random() < 0.5
        else date(2026, 1, 1) + timedelta(dice.randint(0, 730))
    )
    facts, channel = some_facts(dice, day), dice.choice(CHANNELS)
    law = client_law(profile, facts, day, channel)
    starts_at = int(clock.local_midnight(day, COMPANY).timestamp())
    edges = [one.from_s - starts_at for one in (*law.windows, *law.closed)]
    second_s = dice.choice(edges) + dice.choice(EDGE_S)
    if dice.random() < 0.4:
        second_s = dice.randrange(DAY_S)
    return profile, facts, day, channel, law, min(max(second_s, 0), DAY_S - 1)


def judged(cases) -> list[dict]:
    answer = subprocess.run(
        [node(), str(JUDGE)], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout)


def as_phone(day: date, law, second_s: int, channel: Channel, made=()) -> dict:
    texts = LawTexts()
    told = _law(law, texts)
    client = {**told, "remote": {channel.value: told}, "service_s": 0, "promise": None}
    return {
        "client": client,
        "texts": texts.rows,
        "at": int(clock.at_second(day, second_s, COMPANY).timestamp()),
        "made": [{"channel": one.channel.value, "isContact": one.is_contact} for one in made],
        "channel": channel.value,
    }


def test_phone_and_office_say_the_same_of_every_moment(words):
    dice = Random(7)
    cases = [some_case(dice) for _ in range(CASES)]

    answers = judged([as_phone(day, law, at, channel) for _p, _f, day, channel, law, at in cases])

    seen, theirs = {True: 0, False: 0}, 0
    for (profile, facts, day, channel, _law_told, at), told in zip(cases, answers, strict=True):
        expected = decide(profile, facts, day, at, channel)
        case = (profile.id, facts, day, channel, at)
        assert told["isOpen"] is expected.allowed, case
        assert set(told["rules"]) == {one.rule_id for one in expected.blocks}, case
        seen[expected.allowed] += 1
        theirs += any("creditors" in one.facts for one in expected.blocks)
    assert theirs > CASES // 20  # creditors forbid something, too
    assert min(seen.values()) > CASES // 10  # neither answer is rare


def test_what_the_phone_did_since_spends_the_same_limits(words):
    dice = Random(11)
    cases = []
    for profile, facts, day, channel, law, _at in (some_case(dice) for _ in range(CASES)):
        at = dice.randrange(6 * 3600, 20 * 3600)  # the same day on every clock
        made = tuple(
            Touch(
                clock.at_second(day, max(0, at - 60 * n - 60), COMPANY),
                dice.random() < 0.5,
                dice.choice(CHANNELS),
            )
            for n in range(dice.choice([1, 1, 2, 3]))
        )
        cases.append((profile, facts, day, channel, law, at, made))

    answers = judged(
        [as_phone(day, law, at, channel, made) for _p, _f, day, channel, law, at, made in cases]
    )

    spent = 0
    for (profile, facts, day, channel, _law_told, at, made), told in zip(
        cases, answers, strict=True
    ):
        rules = beside(profile, facts.creditors).rules
        caps = {one.id for one in rules if isinstance(one, CapRule)}
        after = replace(facts, history=(*facts.history, *made))
        expected = decide(profile, after, day, at, channel)
        broken = {one.rule_id for one in expected.blocks}
        case = (profile.id, facts, day, channel, at, made)
        # It closes nothing that the office would not, and no limit goes unseen.
        assert told["isOpen"] or not expected.allowed, case
        assert broken & caps <= set(told["rules"]), case
        spent += bool(broken & caps)
    assert spent > CASES // 20
