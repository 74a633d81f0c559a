"""The policy of promises is data: read whole, refused by its field."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector_app.portfolio.rules import Stage
from collector_app.promises.policy_file import InvalidPolicy, policy_for, read_policy
from collector_app.promises.rules import PromiseFlag, PromisePolicy, allowed_terms, promise_flags

DAY = date(2026, 3, 10)
STAGE = "{max_days_ahead: 7, min_share_percent: 10, most_open: 1, most_broken: 2}"
WHOLE = "grace_days: 1\ntolerance_cents: 100\nstages:\n" + "".join(
    f"  {one}: {STAGE}\n" for one in Stage
)


def test_every_stage_has_its_numbers():
    assert [policy_for(one).max_days_ahead for one in Stage] == [30, 15, 15, 10, 7]
    assert policy_for(Stage.JUDICIAL).most_broken == 1


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("grace_days: 1", "grace_days: -1", "grace_days"),
        ("grace_days: 1", "grace: 1", "file"),
        ("  judicial: " + STAGE, "", "stages.judicial"),
        ("min_share_percent: 10", "min_share_percent: 101", "stages.preventive.min_share_percent"),
        ("most_open: 1", "most_open: 0", "stages.preventive.most_open"),
    ],
)
def test_a_faulty_policy_is_refused_with_its_field(before, after, place):
    with pytest.raises(InvalidPolicy) as refused:
        read_policy(WHOLE.replace(before, after, 1).encode())

    assert refused.value.facts["place"] == place


@given(debt=st.integers(0, 10**10), days=st.integers(0, 60), percent=st.integers(0, 100))
@example(debt=81_750, days=0, percent=14)  # as floats 11,445.000000000002
def test_what_is_allowed_is_just_inside_and_one_more_is_just_outside(debt, days, percent):
    policy = PromisePolicy(max_days_ahead=days, min_share=percent / 100)

    allowed = allowed_terms(debt, DAY, policy)

    ahead = (allowed.last_on - DAY).days
    assert promise_flags(allowed.least_cents, ahead, debt, policy) == ()
    assert PromiseFlag.TOO_FAR_AHEAD in promise_flags(debt, ahead + 1, debt, policy)
    if allowed.least_cents > 0:
        assert PromiseFlag.TOO_SMALL in promise_flags(allowed.least_cents - 1, ahead, debt, policy)
