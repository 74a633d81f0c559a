"""Every rule of every version of every profile: allowed just inside of it, blocked just outside."""

from dataclasses import replace
from typing import get_args

import pytest

from collector_app.compliance.profile_files import FOLDER, versions
from collector_app.compliance.rules import (
    AnswerRule,
    ConductRule,
    IdentificationRule,
    Profile,
    RetentionRule,
    Rule,
)
from tests.compliance.pairs import BUILDERS, pairs_of

# Nothing that is recorded tells whether they were kept: people read them (see `test_views`).
READ_BY_PEOPLE = {ConductRule, IdentificationRule}
# See `tests/privacy/test_retention.py` and `tests/complaints/test_deadlines.py`.
JUDGED_ON_ROWS = {RetentionRule, AnswerRule}

EVERY_RULE = [
    pytest.param(profile, rule, id=f"{rule.id}@{profile.effective_from}")
    for of_id in versions(FOLDER).values()
    for profile in of_id
    for rule in profile.rules
    if type(rule) not in READ_BY_PEOPLE | JUDGED_ON_ROWS
]


@pytest.mark.parametrize(("profile", "rule"), EVERY_RULE)
def test_a_rule_allows_just_inside_and_blocks_just_outside(profile: Profile, rule: Rule):
    alone = replace(profile, rules=(rule,))

    for pair in [*pairs_of(alone, rule), *pairs_of(profile, rule)]:
        inside = [block for block in pair.inside if block.rule_id == rule.id]
        outside = [block for block in pair.outside if block.rule_id == rule.id]
        assert inside == [], pair.name
        assert [block.article for block in outside] == [rule.source.article], pair.name


@pytest.mark.parametrize(("profile", "rule"), EVERY_RULE)
def test_a_rule_by_itself_forbids_nothing_but_what_lies_outside_of_it(profile: Profile, rule: Rule):
    pairs = pairs_of(replace(profile, rules=(rule,)), rule)

    assert pairs, f"{rule.id} has no pair of tests"
    assert all(pair.inside == () != pair.outside for pair in pairs)


def test_every_kind_of_rule_has_its_pairs_or_says_where_they_are():
    assert BUILDERS.keys() | READ_BY_PEOPLE | JUDGED_ON_ROWS == set(get_args(Rule))
