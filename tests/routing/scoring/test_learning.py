"""Chances are drawn from the client to clients like them to the portfolio, as the data demand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.scoring import (
    DAY_PARTS,
    MIN_ATTEMPTS,
    AmountTold,
    ContactCount,
    DayPart,
    Experience,
    PrizeWeights,
    PromiseEnd,
    Source,
    TalkCount,
    VisitFacts,
    day_part,
    is_explored,
    learn,
    neutral_prize,
    part_weights,
    prize,
)
from routing.scoring.prizes import PrizeCode
from routing.scoring.shrinkage import Level, fit_means, fit_shares, log_odds, lost_chances

WEIGHTS = PrizeWeights()
ALL_DAY = dict.fromkeys(DAY_PARTS, 0.25)
STRANGER = 10**6


def attempts(client: int, reached: int, tried: int, **where) -> ContactCount:
    values = {"kind": "person", "weekday": 1, "part": DayPart.MIDDAY, **where}
    return ContactCount(client_id=client, reached=reached, attempts=tried, **values)


def crowd(share: float = 0.5, clients: int = 200, tried: int = 4, **where):
    """Clients of whom each was met as often as the share says: they do not differ."""
    return tuple(attempts(n, round(share * tried), tried, **where) for n in range(clients))


def chances(experience: Experience, client: int = STRANGER, **values):
    asked = {
        "kind": "person",
        "days_past_due": 40,
        "owed_cents": 300_000,
        "weekday": 1,
        "hours": {DayPart.MIDDAY: 1.0},
        **values,
    }
    return learn(experience).chances(client, **asked)


# -- from assumption to portfolio to segment to client


def test_below_the_least_number_of_attempts_nothing_is_learned():
    few = crowd(clients=MIN_ATTEMPTS - 1, tried=1, share=0)

    assert learn(Experience(contacts=few)) is None
    assert learn(Experience(contacts=(*few, attempts(9999, 0, 1)))) is not None


@pytest.mark.parametrize("share", [0.25, 0.75])
def test_a_stranger_is_met_as_often_as_the_portfolio(share):
    found = chances(Experience(contacts=crowd(share))).contact

    assert found.share == pytest.approx(share, abs=0.06)
    assert found.source in (Source.SEGMENT, Source.PORTFOLIO)
    assert found.sample >= 200


def test_kinds_that_differ_are_told_apart():
    firms = tuple(attempts(1000 + n, 3, 4, kind="firm") for n in range(100))
    known = Experience(contacts=(*crowd(0.25, 100), *firms))

    firm, person = chances(known, kind="firm").contact, chances(known).contact

    assert firm.share > 0.6
    assert person.share < 0.4
    assert firm.source is Source.SEGMENT


def test_weekdays_that_differ_are_told_apart():
    rows = [attempts(n, 0, 2, weekday=1) for n in range(200)]
    rows += [attempts(n, 2, 2, weekday=5) for n in range(200)]
    known = Experience(contacts=tuple(rows))

    assert chances(known, weekday=5).contact.share > 0.8
    assert chances(known, weekday=1).contact.share < 0.2


def test_where_clients_do_not_differ_ones_own_visits_hardly_count():
    dice = np.random.default_rng(1)
    same = tuple(attempts(n, int(dice.binomial(6, 0.5)), 6) for n in range(300))

    lucky = chances(Experience(contacts=(*same, attempts(STRANGER, 4, 4)))).contact

    assert lucky.share == pytest.approx(0.5, abs=0.12)


def test_where_clients_differ_a_lot_ones_own_visits_decide():
    split = tuple(attempts(n, 6 * (n % 2), 6) for n in range(300))
    known = (*split, attempts(STRANGER, 4, 4))

    found = chances(Experience(contacts=known)).contact

    assert found.share > 0.85
    assert (found.source, found.sample) == (Source.CLIENT, 4)


def test_who_was_never_met_is_likely_lost_where_many_are():
    dice = np.random.default_rng(2)
    rows = [attempts(n, 0, 5) for n in range(100)]
    rows += [attempts(100 + n, int(dice.binomial(5, 0.6)), 5) for n in range(200)]

    known = Experience(contacts=tuple(rows))

    # A third is lost; of those never met in five visits, nearly all are: 0.4⁵ is one in a hundred.
    assert chances(known, 5).contact.share < 0.1
    assert chances(known).contact.share == pytest.approx(0.4, abs=0.06)
    met = chances(known, next(one.client_id for one in rows if one.reached == 3)).contact
    assert met.share == pytest.approx(0.6, abs=0.06)


def test_an_own_hour_is_learned_from_own_visits():
    rows = []
    for n in range(200):
        evening = DayPart.EVENING if n % 2 else DayPart.MORNING
        other = DayPart.MORNING if n % 2 else DayPart.EVENING
        rows += [attempts(n, 4, 4, part=evening), attempts(n, 0, 4, part=other)]

    by_part = learn(Experience(contacts=tuple(rows))).contact_by_part(1, "person", 1)

    assert by_part[DayPart.EVENING] > 0.75
    assert by_part[DayPart.MORNING] < 0.25


def test_older_debt_is_paid_less_often_where_the_data_say_so():
    fresh = tuple(TalkCount(n, "person", 15, 4, 2, 0) for n in range(100))
    old = tuple(TalkCount(1000 + n, "person", 300, 4, 0, 4) for n in range(100))
    known = Experience(contacts=crowd(), talks=(*fresh, *old))

    ages = [chances(known, days_past_due=age).pays_now.share for age in (15, 45, 100, 300)]

    assert ages == sorted(ages, reverse=True)
    assert ages[0] > 0.4
    assert ages[-1] < 0.05
    assert chances(known, days_past_due=300).promises.share > 0.9


def test_who_breaks_promises_is_trusted_less():
    ends = [PromiseEnd(n, 40, float(n % 2)) for n in range(100) for _ in range(4)]
    known = Experience(contacts=crowd(), promises=tuple(ends))

    assert chances(known, 1).keeps.share > 0.8
    assert chances(known, 2).keeps.share < 0.2
    assert chances(known).keeps.share == pytest.approx(0.5, abs=0.06)


def test_large_debts_are_paid_in_smaller_parts_where_the_data_say_so():
    small = [AmountTold(n, 50_000, 40_000) for n in range(100)]
    large = [AmountTold(1000 + n, 5_000_000, 250_000) for n in range(100)]
    known = Experience(contacts=crowd(), paid=(*small, *large))

    assert chances(known, owed_cents=50_000).pay_part.share > 0.6
    assert chances(known, owed_cents=5_000_000).pay_part.share < 0.2
    # Nothing is known of promised amounts: the assumption stays.
    assert chances(known).promise_part.share == WEIGHTS.amount_share


def test_only_the_open_hours_count():
    rows = [attempts(n, 0, 2, part=DayPart.MORNING) for n in range(100)]
    rows += [attempts(n, 2, 2, part=DayPart.EVENING) for n in range(100)]
    known = Experience(contacts=tuple(rows))

    shares = [
        chances(known, hours=hours).contact.share
        for hours in ({DayPart.MORNING: 1.0}, ALL_DAY, {DayPart.EVENING: 1.0})
    ]

    assert shares == sorted(shares)
    assert shares[-1] - shares[0] > 0.5


COUNTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9)), max_size=60)


@given(COUNTS)
def test_chances_stay_chances_whatever_was_seen(rows):
    counts = tuple(attempts(c, min(a, b), max(a, b, 1)) for c, a, b in rows)
    talks = tuple(TalkCount(c, "firm", 7 * a, max(a, b), min(a, b), 0) for c, a, b in rows)
    paid = tuple(AmountTold(c, 100 * a, 100 * b) for c, a, b in rows)
    known = Experience(contacts=(*crowd(), *counts), talks=talks, paid=paid)

    found = chances(known, 1, kind="firm", hours=ALL_DAY)

    for one in (found.contact, found.pays_now, found.promises, found.keeps, found.pay_part):
        assert 0 <= one.share <= 1
        assert 0 <= one.spread <= 0.51


# -- strength of shrinkage, recovered from invented data


@pytest.mark.parametrize("strength", [2.0, 8.0, 40.0])
def test_the_strength_of_invented_groups_is_found_again(strength):
    dice = np.random.default_rng(3)
    tries = np.full(4000, 6.0)
    truth = dice.beta(0.4 * strength, 0.6 * strength, len(tries))
    hits = dice.binomial(6, truth).astype(float)
    logits = log_odds(np.full(len(tries), 0.4))

    (fit,), _rows = fit_shares(hits, tries, logits, [Level(np.arange(len(tries)), 4.0)])

    # Told by the correlation of two tries of one group, which is what is estimated.
    assert 1 / (1 + fit.strength) == pytest.approx(1 / (1 + strength), abs=0.015)


def test_the_strength_of_invented_means_is_found_again():
    dice = np.random.default_rng(4)
    groups = np.repeat(np.arange(3000), 4)
    # Between groups a standard deviation of 0.05, within of 0.10: one group's mean weighs 4 to 1.
    values = 0.3 + dice.normal(0, 0.05, 3000)[groups] + dice.normal(0, 0.1, len(groups))

    (fit,) = fit_means(values, 0.3, [Level(groups, 10.0)])

    assert fit.strength == pytest.approx(4.0, rel=0.2)


def test_the_share_of_the_lost_is_found_again():
    dice = np.random.default_rng(5)
    tries = np.full(3000, 5.0)
    is_lost = dice.random(3000) < 0.2
    hits = np.where(is_lost, 0, dice.binomial(5, 0.5, 3000)).astype(float)

    lost, share = lost_chances(hits, tries, 0.5 * tries, strength=1000, contact=0.02)

    assert share == pytest.approx(0.2, abs=0.03)
    assert lost[hits > 0].max() == 0
    assert lost[hits == 0].mean() > 0.8


# -- hours


@pytest.mark.parametrize(
    ("second", "part"),
    [
        (0, DayPart.MORNING),
        (11 * 3600 - 1, DayPart.MORNING),
        (11 * 3600, DayPart.MIDDAY),
        (17 * 3600 - 1, DayPart.AFTERNOON),
        (17 * 3600, DayPart.EVENING),
    ],
)
def test_parts_of_the_day(second, part):
    assert day_part(second) is part


def test_windows_are_shared_out_over_the_parts_of_the_day():
    weights = part_weights(((10 * 3600, 11 * 3600 - 1), (11 * 3600, 14 * 3600 - 1)))

    assert weights == pytest.approx({DayPart.MORNING: 0.25, DayPart.MIDDAY: 0.75})
    assert part_weights(((9 * 3600, 9 * 3600),)) == {DayPart.MORNING: 1.0}
    assert part_weights(()) == ALL_DAY


# -- exploration and neutral prizes


def test_everybody_has_a_turn_and_the_same_day_gives_the_same():
    day = date(2026, 3, 10)
    turns = [
        is_explored(day + timedelta(days=n), client) for n in range(100) for client in range(50)
    ]

    assert sum(turns) / len(turns) == pytest.approx(0.02, abs=0.006)
    assert all(is_explored(day, n) == is_explored(day, n) for n in range(50))


def test_exploration_gives_the_benefit_of_the_doubt_and_no_more_money_is_told():
    facts = VisitFacts(overdue_cents=500_000, days_since_contact=10)
    found = chances(Experience(contacts=crowd()))

    plain = prize(facts, WEIGHTS, found)
    explored = prize(facts, WEIGHTS, found, explored=True)

    assert explored.total > plain.total
    assert explored.expected_cents == plain.expected_cents
    assert explored.parts[-1].code is PrizeCode.EXPLORATION
    assert sum(part.cents for part in explored.parts) == explored.total


def test_an_assumption_has_no_doubt_to_give_the_benefit_of():
    facts = VisitFacts(overdue_cents=500_000)

    assert prize(facts, WEIGHTS, explored=True) == prize(facts, WEIGHTS)


def test_a_learned_prize_by_hand():
    facts = VisitFacts(overdue_cents=100_000, days_since_contact=0)
    found = chances(Experience(contacts=crowd()))
    given_ = replace(
        found,
        contact=replace(found.contact, share=0.5),
        pays_now=replace(found.pays_now, share=0.2),
        promises=replace(found.promises, share=0.5),
        keeps=replace(found.keeps, share=0.6),
        pay_part=replace(found.pay_part, share=0.5),
        promise_part=replace(found.promise_part, share=0.4),
    )

    # 0.5 x (0.2 x 0.5 + 0.5 x 0.6 x 0.4) x 100,000 = 0.5 x 0.22 x 100,000.
    assert prize(facts, WEIGHTS, given_).expected_cents == 11_000


def test_a_neutral_prize_says_so_and_no_more():
    assert neutral_prize(5_000).parts[0].code is PrizeCode.NEUTRAL
    assert neutral_prize(5_000).expected_cents == 0
    assert neutral_prize(0).parts == ()
