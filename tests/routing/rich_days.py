"""Small problems with everything in them: breaks, cash, groups, turns, days, prices."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from routing.errors import InvalidProblem
from routing.explain import plan_of
from routing.geo import Point
from routing.measure import Matrices
from routing.plan import Plan, Visit
from routing.problem import (
    Break,
    Candidate,
    Measure,
    Prices,
    Problem,
    ServiceClass,
    Shift,
    Window,
)
from routing.travel.times import Matrix, Profile
from tests.routing.situations import HOUR, WHOLE_DAY, PaperTown, at

T8 = 8 * HOUR
WAITING_SHARE = 0.3
MINUTES = st.integers(0, 60)
SKILLS = st.frozensets(st.sampled_from(["firm", "woman"]), max_size=1)


class RushHour(PaperTown):
    """From 8:20 to 8:40 a block takes three times as long, afterwards half as long."""

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        return (0, T8 + 1200, T8 + 2400)

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        paper = super().matrix(points, profile, depart_s)
        if depart_s < T8 + 1200:
            return paper
        halves = 6 if depart_s < T8 + 2400 else 1
        return replace(paper, seconds=(paper.seconds * halves // 2).astype(np.int32))


def spans(most: int, days: int = 1) -> st.SearchStrategy[tuple[Window, ...]]:
    """Windows of the hour from 8 to 9, for every day or for one."""
    pair = st.tuples(MINUTES, MINUTES).map(sorted)
    day = st.none() | st.integers(0, days - 1)
    window = st.builds(
        lambda ends, day: Window(T8 + 60 * ends[0], T8 + 60 * ends[1], day), pair, day
    )
    return st.lists(window, max_size=most).map(tuple)


def breaks() -> st.SearchStrategy[tuple[Break, ...]]:
    first = st.builds(
        lambda start, width, minutes: Break(
            Window(T8 + 60 * start, T8 + 60 * (start + width)), 60 * minutes
        ),
        st.integers(0, 20),
        st.integers(0, 15),
        st.integers(1, 10),
    )
    both = first.flatmap(
        lambda one: st.tuples(st.just(one), st.integers(0, 10)).map(
            lambda pair: (pair[0], _later(*pair))
        )
    )
    return st.one_of(st.just(()), first.map(lambda one: (one,)), both)


def _later(one: Break, gap: int) -> Break:
    over_s = one.window.start_s + one.duration_s
    return Break(Window(over_s + 60 * gap, over_s + 60 * gap + 300), 120)


@st.composite
def rich_days(draw: st.DrawFn, most: int = 6) -> Problem:
    days = draw(st.integers(1, 2))
    shifts = tuple(
        Shift(
            id=f"{name}{day}",
            start=at(draw(st.integers(0, 3))),
            end=draw(st.sampled_from([at(0), at(3, 3), None])),
            window=Window(T8, T8 + 60 * draw(st.integers(20, 60))),
            profile=draw(st.sampled_from([Profile.MOTORCYCLE, Profile.CAR])),
            max_stops=draw(st.sampled_from([None, None, None, 1, 2])),
            day=day,
            collector=name,
            breaks=draw(breaks()),
            skills=draw(SKILLS),
            cash_limit=draw(st.sampled_from([None, None, 10, 25])),
        )
        for name in draw(st.sampled_from([["ana"], ["ana", "beto"]]))
        for day in range(days)
    )
    ids = [str(i) for i in range(draw(st.integers(min(2, most), most)))]
    people = [_person(draw, one, ids[:i], shifts, days) for i, one in enumerate(ids)]
    prices = Prices(
        unfairness=draw(st.sampled_from([(), (), ((Measure.HOURS, 50), (Measure.RECOVERY, 100))])),
        moved=draw(st.sampled_from([0, 30])),
        dropped=draw(st.sampled_from([0, 20])),
    )
    return Problem(shifts, tuple(people), draw(st.sampled_from([0, 600, 6000])), prices)


def _person(
    draw: st.DrawFn, id: str, earlier: list[str], shifts: Sequence[Shift], days: int
) -> Candidate:
    collectors = sorted({one.works_for for one in shifts})
    group = draw(st.sampled_from([None, None, None, "family"]))
    prize = draw(st.integers(0, 300))
    return Candidate(
        id=id,
        point=at(draw(st.integers(0, 6)), draw(st.integers(0, 6))),
        service_s=60 * draw(st.integers(0, 8)),
        prize=prize,
        windows=draw(st.sampled_from([WHOLE_DAY, WHOLE_DAY, None])) or draw(spans(2, days)),
        required=draw(st.integers(0, 9)) == 0,
        shifts=draw(st.sampled_from([None, None, frozenset({shifts[0].id})])),
        collectors=draw(st.sampled_from([None, None, frozenset({collectors[-1]})])),
        forbidden_collectors=draw(st.sampled_from([*[frozenset[str]()] * 5, frozenset({"ana"})])),
        skills=draw(st.sampled_from([*[frozenset[str]()] * 5, frozenset({"firm"})])),
        services=draw(st.sampled_from([(), (ServiceClass("x", 1, 60), ServiceClass("y", 2, 301))])),
        preferred=draw(spans(1, days)),
        outside_price=draw(st.sampled_from([0, 40])),
        group=group,
        after=draw(st.frozensets(st.sampled_from(earlier), max_size=1))
        if earlier and draw(st.integers(0, 3)) == 0
        else frozenset(),
        max_visits=1 if group else draw(st.integers(1, 2)),
        repeat_prize=draw(st.integers(0, prize)),
        last_contact_day=draw(st.sampled_from([None, -1, -2])),
        min_rest_days=draw(st.sampled_from([0, 0, 0, 0, 1, 2])),
        max_rest_days=draw(st.sampled_from([None, None, 3])),
        cash=draw(st.sampled_from([0, 8, 15])),
        is_deposit=draw(st.integers(0, 5)) == 0,
        hardness=draw(st.integers(0, 2)),
        published_shift=draw(st.sampled_from([None, None, shifts[0].id])),
    )


Orders = dict[str, list[Visit]]


def grown(draw: st.DrawFn, day: Problem, matrices: Matrices) -> tuple[Orders, Plan]:
    """Orders made by trying visits at random places and keeping those that plan_of accepts."""
    orders: Orders = {shift.id: [] for shift in day.shifts}
    plan = plan_of(day, matrices, orders)
    if not (day.candidates and day.shifts):
        return orders, plan
    dice = draw(st.randoms(use_true_random=False))
    for _ in range(10):
        shift_id = dice.choice(day.shifts).id
        visit = Visit(dice.choice(day.candidates).id, dice.random() < WAITING_SHARE)
        longer = {name: list(order) for name, order in orders.items()}
        longer[shift_id].insert(dice.randint(0, len(longer[shift_id])), visit)
        try:
            plan = plan_of(day, matrices, longer)
        except InvalidProblem:
            continue
        orders = longer
    return orders, plan
