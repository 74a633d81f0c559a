"""Seasons whose truth is known: what is learned must bring in more than the fixed weights do.

Few and small seasons, so that this is fast; `python -m routing simulate-scoring` plays many.
"""

import json

import numpy as np
import pytest

from routing.__main__ import main
from routing.scoring.simulation import FAMILIES, Policy, compare
from routing.scoring.simulation.comparison import paired_gain
from routing.scoring.simulation.season import Rules, Season
from routing.scoring.simulation.towns import town

SMALL = Rules(days=45, budget_s=4 * 3600, relearn_days=7)
CLIENTS = 160


@pytest.fixture(scope="module")
def learned():
    return compare("segments", range(6), SMALL, clients=CLIENTS)


def season(policy: Policy, family: str = "tempers", seed: int = 1) -> Season:
    people = town(family, 60, np.random.default_rng([seed, 0]))
    return Season(people, policy, Rules(days=21, budget_s=2 * 3600, relearn_days=7), seed)


def test_learning_recovers_more_where_there_is_something_to_learn(learned):
    assert learned.gain > 0.02
    assert sum(a > b for a, b in zip(learned.policy_cents, learned.fixed_cents, strict=True)) >= 4


def test_what_was_learned_foretells_contacts_better_than_the_average(learned):
    assert learned.forecasts.skill > 0.05


def test_knowing_the_truth_is_never_far_behind_and_bounds_what_can_be_learned():
    truth = compare("segments", range(6), SMALL, policy=Policy.ORACLE, clients=CLIENTS)

    assert truth.gain > 0.04
    assert truth.forecasts.reliability < 0.01


def test_where_the_fixed_weights_are_right_the_truth_is_what_they_say():
    told = compare("assumed", [1], Rules(days=14), policy=Policy.ORACLE, clients=60)

    assert told.policy_cents == told.fixed_cents


def test_the_same_seed_plays_the_same_season():
    assert season(Policy.LEARNED).play() == season(Policy.LEARNED).play()
    assert season(Policy.LEARNED).play() != season(Policy.LEARNED, seed=2).play()


@pytest.mark.parametrize("policy", [Policy.FIXED, Policy.LEARNED])
def test_house_rules_hold_in_every_season(policy):
    played = season(policy)
    played.play()

    owed = sum(account.who.owed_cents for account in played.accounts)
    left = sum(account.owed_cents for account in played.accounts)
    assert owed - left == played.recovered_cents > 0
    assert all(len(account.attempts) <= 2 for account in played.accounts)
    assert len(played.contacts) == played.visits == len(played.forecasts)


def test_towns_of_a_seed_are_the_same_for_every_policy():
    first, again = (town("hours", 20, np.random.default_rng([3, 0])) for _ in range(2))

    assert first == again
    assert set(FAMILIES) >= {"segments", "hours", "stale", "tempers", "alike", "assumed"}


def test_the_interval_of_a_gain_by_hand():
    # Gains of 10, 20 and 30 on 100: mean 0.2, deviation 0.1, t of two degrees 4.303.
    gain, half = paired_gain([100, 100, 100], [110, 120, 130])

    assert gain == pytest.approx(0.2)
    assert half == pytest.approx(4.3027 * 0.1 / 3**0.5, abs=1e-4)
    assert paired_gain([100], [110])[1] == float("inf")


# -- the command


ASKED = ["simulate-scoring", "--days", "8", "--clients", "30", "--family", "alike"]


def test_the_command_writes_rows(capsys):
    code = main([*ASKED, "--seeds", "2", "--json"])

    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert code == 0
    assert (row["family"], row["policy"], row["seeds"]) == ("alike", "learned", 2)
    assert len(row["fixed_cents"]) == len(row["policy_cents"]) == 2
    assert row["low"] <= row["gain"] <= row["high"]


def test_one_seed_has_no_interval(capsys):
    main([*ASKED, "--seeds", "1"])

    assert "alike      learned" in capsys.readouterr().out


def test_no_seeds_are_refused(capsys):
    assert main([*ASKED, "--seeds", "0"]) == 2
    assert "--seeds: expected 1 or more" in capsys.readouterr().err
