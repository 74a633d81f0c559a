"""Intervals on simulated arms whose truth is known: they hold it as often as they say."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.strategy.rules import (
    LEAST_CLIENTS,
    SETTLING_DAYS,
    Arm,
    ArmResult,
    BadExperiment,
    Conclusion,
    Difference,
    arm_of,
    check_experiment,
    conclusion,
    difference_of_means,
    difference_of_shares,
)
from tests.strategy.factories import TODAY, terms

TRIALS = 400
# 95 % less three standard errors of a share of that many trials, which are 1.1 points each.
LEAST_HELD = 0.917
MOST_WRONG = 0.083


def over_at(one):
    return one.ends_on + timedelta(days=SETTLING_DAYS + 1)


def money(dice, clients, share, mean_cents):
    """Most pay nothing, the others log-normal sums: as money of visits is spread."""
    paid = dice.random(clients) < share
    sums = dice.lognormal(np.log(mean_cents) - 0.5, 1.0, clients)
    return np.where(paid, sums, 0.0)


@pytest.mark.parametrize(("a", "b", "n"), [(0.10, 0.14, 150), (0.5, 0.45, 100), (0.02, 0.02, 200)])
def test_the_interval_of_shares_holds_the_true_difference(a, b, n):
    dice = np.random.default_rng(7)
    held = 0
    for _trial in range(TRIALS):
        found = difference_of_shares(list(dice.random(n) < a), list(dice.random(2 * n) < b))
        held += found.low <= b - a <= found.high

    assert held / TRIALS >= LEAST_HELD


def test_the_interval_of_money_holds_the_true_difference():
    dice = np.random.default_rng(8)
    truth = 0.2 * 60_000 - 0.2 * 50_000
    held = 0
    for _trial in range(TRIALS):
        champion = money(dice, 150, 0.2, 50_000)
        challenger = money(dice, 150, 0.2, 60_000)
        found = difference_of_means(champion.tolist(), challenger.tolist())
        held += found.low <= truth <= found.high

    assert held / TRIALS >= LEAST_HELD


def test_where_there_is_no_difference_a_winner_is_called_once_in_twenty_at_most():
    dice, one = np.random.default_rng(9), terms()
    called = {"shares": 0, "money": 0}
    for _trial in range(TRIALS):
        arms = [list(dice.random(120) < 0.15) for _arm in range(2)]
        sums = [money(dice, 120, 0.15, 50_000).tolist() for _arm in range(2)]
        for name, found in (
            ("shares", difference_of_shares(*arms)),
            ("money", difference_of_means(*sums)),
        ):
            said = conclusion(one, found, over_at(one), is_stopped=False)
            called[name] += said is not Conclusion.NO_DIFFERENCE

    assert max(called.values()) / TRIALS <= MOST_WRONG


def test_looking_every_day_would_call_winners_that_are_none_and_the_verdict_does_not():
    dice, one = np.random.default_rng(10), terms()
    peeked = said_before_the_end = 0
    for _trial in range(60):
        champion = dice.random((28, 40)) < 0.15
        challenger = dice.random((28, 40)) < 0.15
        looks_good = False
        for days in range(3, 28):
            found = difference_of_shares(
                list(champion[:days].ravel()), list(challenger[:days].ravel())
            )
            looks_good |= found.low > 0 or found.high < 0
            today = one.starts_on + timedelta(days=days)
            said = conclusion(one, found, today, is_stopped=False)
            said_before_the_end += said is not Conclusion.RUNNING
        peeked += looks_good

    assert peeked > 9  # three times what one look at the end would call
    assert said_before_the_end == 0


def test_a_true_difference_of_the_size_told_is_seen_four_times_in_five():
    dice, seen = np.random.default_rng(11), 0
    size = difference_of_shares([True] * 40 + [False] * 160, [True] * 40 + [False] * 160).least_seen
    for _trial in range(TRIALS):
        found = difference_of_shares(
            list(dice.random(200) < 0.2 - size / 2), list(dice.random(200) < 0.2 + size / 2)
        )
        seen += found.low > 0

    assert 0.73 < seen / TRIALS < 0.88


def arms(low, high, clients=LEAST_CLIENTS):
    return Difference(ArmResult(clients, 0.1), ArmResult(clients, 0.2), low, high, 0.1)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (arms(0.01, 0.2), Conclusion.CHALLENGER_BETTER),
        (arms(0.0, 0.2), Conclusion.NO_DIFFERENCE),
        (arms(-0.2, -0.01), Conclusion.CHAMPION_BETTER),
        (arms(0.01, 0.2, LEAST_CLIENTS - 1), Conclusion.TOO_SMALL),
    ],
)
def test_what_is_said_after_the_end_follows_from_the_interval(found, said):
    one = terms()

    assert conclusion(one, found, over_at(one), is_stopped=False) is said
    settling = one.ends_on + timedelta(days=SETTLING_DAYS)
    assert conclusion(one, found, settling, is_stopped=False) is Conclusion.RUNNING
    assert conclusion(one, found, over_at(one), is_stopped=True) is Conclusion.STOPPED


def test_arms_without_clients_have_no_interval_and_no_winner():
    for found in (difference_of_shares([], [True]), difference_of_means([1.0], [2.0, 3.0])):
        assert not found.has_interval
        one = terms()
        assert conclusion(one, found, over_at(one), is_stopped=False) is Conclusion.TOO_SMALL


@given(st.integers(1, 10**6), st.integers(1, 10**9), st.integers(5, 95))
def test_an_arm_is_always_the_same_and_a_larger_share_keeps_who_was_in(experiment, client, share):
    arm = arm_of(experiment, client, share)

    assert arm_of(experiment, client, share) is arm
    if arm is Arm.CHALLENGER:
        assert arm_of(experiment, client, min(95, share + 1)) is Arm.CHALLENGER


@pytest.mark.parametrize("share", [5, 30, 50])
def test_arms_have_the_share_that_was_asked_for(share):
    chosen = sum(arm_of(3, client, share) is Arm.CHALLENGER for client in range(20_000))

    assert chosen / 20_000 == pytest.approx(share / 100, abs=0.012)


def test_the_arms_of_two_experiments_have_nothing_to_do_with_each_other():
    both = sum(
        arm_of(1, client, 50) is Arm.CHALLENGER and arm_of(2, client, 50) is Arm.CHALLENGER
        for client in range(20_000)
    )

    assert both / 20_000 == pytest.approx(0.25, abs=0.012)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("name", "x", " "),
        ("share_percent", 5, 4),
        ("share_percent", 95, 96),
        ("ends_on", TODAY + timedelta(days=6), TODAY + timedelta(days=5)),
        ("ends_on", TODAY + timedelta(days=179), TODAY + timedelta(days=180)),
    ],
)
def test_an_experiment_is_refused_just_outside_of_what_may_be(field, good, bad):
    check_experiment(terms(**{field: good}))

    with pytest.raises(BadExperiment) as refused:
        check_experiment(terms(**{field: bad}))
    assert refused.value.field == field
