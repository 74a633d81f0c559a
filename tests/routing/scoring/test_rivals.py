"""Fixed weights and what was learned are believed as far as they foretold; the truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from routing.scoring import AmountTold, ContactCount, DayPart, Experience, PrizeWeights, PromiseEnd
from routing.scoring.hierarchy import fit_values
from routing.scoring.learning import Learned, met_share
from routing.scoring.rivals import Rival, mean_rivals_of
from routing.scoring.simulation import compare
from routing.scoring.simulation.season import Rules

WEIGHTS = PrizeWeights()
ALL_DAY = {DayPart.MIDDAY: 1.0}


def attempts(truth, clients: int = 150, each: int = 12, seed: int = 1) -> Experience:
    """Visits one after the other; ``truth(client, misses)`` is the chance of each to be met."""
    dice, rows = np.random.default_rng(seed), []
    for client in range(clients):
        misses = 0
        for _ in range(each):
            is_met = bool(dice.random() < truth(client, misses))
            rows.append(ContactCount(client, "person", 1, DayPart.MIDDAY, is_met, 1, misses))
            misses = 0 if is_met else misses + 1
    return Experience(contacts=tuple(rows))


def believed(rivals: tuple[Rival, ...]) -> dict[str, float]:
    fixed, steady, remembering = rivals
    return {
        "fixed": fixed.weight,
        "steady": steady.weight,
        "remembering": remembering.weight,
    }


def as_assumed(client: int, misses: int) -> float:
    return met_share(WEIGHTS, misses)


def as_they_are(client: int, misses: int) -> float:
    return 0.85 if client % 2 else 0.15


def test_where_the_fixed_weights_are_right_they_are_believed():
    found = believed(Learned(attempts(as_assumed), WEIGHTS)._contact)

    assert found["fixed"] + found["remembering"] > 0.99


def test_where_clients_are_as_they_are_their_own_share_is_believed():
    assert believed(Learned(attempts(as_they_are), WEIGHTS)._contact)["steady"] > 0.99


def test_where_misses_count_from_another_level_both_are_used():
    found = believed(Learned(attempts(lambda _, n: 0.9 * 0.8**n), WEIGHTS)._contact)

    assert found["remembering"] > 0.99


@pytest.mark.parametrize("seed", range(4))
def test_where_the_fixed_weights_are_right_misses_lower_the_chance_as_they_say(seed):
    learned = Learned(attempts(as_assumed, clients=300, seed=seed), WEIGHTS)
    asked = {
        "kind": "person",
        "days_past_due": 40,
        "owed_cents": 300_000,
        "weekday": 1,
        "hours": ALL_DAY,
    }

    found = [learned.chances(10**6, misses=n, **asked).contact.share for n in range(4)]

    assert found == pytest.approx([met_share(WEIGHTS, n) for n in range(4)], abs=0.05)


def test_weights_are_shares():
    for truth in (as_assumed, as_they_are):
        rivals = Learned(attempts(truth, clients=40, each=6), WEIGHTS)._contact
        assert sum(one.weight for one in rivals) == pytest.approx(1.0)
        assert all(0 <= one.weight <= 1 for one in rivals)


def test_without_a_promise_nobody_is_believed_more_than_the_others():
    rivals = Learned(attempts(as_they_are), WEIGHTS).keeping.rivals

    assert [one.weight for one in rivals] == pytest.approx([1 / 3] * 3)


def test_broken_promises_count_where_they_foretold():
    dice, ends = np.random.default_rng(3), []
    for client in range(300):
        broken = 0
        for _ in range(6):
            is_kept = bool(dice.random() < 0.6 * 0.75**broken)
            ends.append(PromiseEnd(client, 40, float(is_kept), broken))
            broken += not is_kept

    rivals = Learned(replace(attempts(as_assumed), promises=tuple(ends)), WEIGHTS).keeping.rivals

    assert believed(rivals)["steady"] < 0.1


@pytest.mark.parametrize(("mean", "is_fixed"), [(0.25, True), (0.6, False)])
def test_an_assumed_part_of_the_debt_is_believed_while_it_holds(mean, is_fixed):
    dice = np.random.default_rng(5)
    values = mean * (0.5 + dice.random(300))
    paths, clients = [(9,)] * 300, list(range(300))

    fixed, learned = mean_rivals_of(
        values, 0.25, fit_values(values, 0.25, paths, clients), paths, clients
    )

    assert (fixed.weight > learned.weight) is is_fixed
    assert fixed.weight + learned.weight == pytest.approx(1.0)


def test_no_amount_is_no_evidence():
    nothing = np.zeros(0)

    rivals = mean_rivals_of(nothing, 0.25, fit_values(nothing, 0.25, [], []), [], [])

    assert [one.weight for one in rivals] == pytest.approx([0.5, 0.5])


def test_segments_that_do_not_differ_cost_few_numbers():
    told = attempts(as_they_are)
    same = Learned(told, WEIGHTS)._contact[1].found

    assert 0.9 < same.own_numbers < 4


@pytest.mark.parametrize(("family", "least"), [("assumed", -0.02), ("stale", 0.0)])
def test_learning_costs_nothing_that_counts_where_the_weights_are_right_and_pays_elsewhere(
    family, least
):
    told = compare(family, range(10), Rules(days=60, budget_s=4 * 3600), clients=160)

    assert told.gain > least


def test_amounts_beside_visits_are_learned_from():
    paid = tuple(AmountTold(n, 100_000, 60_000) for n in range(200))
    learned = Learned(replace(attempts(as_assumed), paid=paid), WEIGHTS)

    found = learned.chances(
        5, kind="person", days_past_due=40, owed_cents=100_000, weekday=1, hours=ALL_DAY
    )

    assert found.pay_part.share == pytest.approx(0.6, abs=0.06)
