"""Figures that may be a minute old: added up once, waited for by others, never kept when broken."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from flask import Flask

from collector_app.figures.keeping import kept, register_kept


class Counted:
    """A query that says how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def __call__(self, session: object, *asked: object) -> int:
        assert session is not None
        self.asked.append(asked)
        return len(self.asked)


@pytest.fixture
def read() -> Counted:
    return Counted()


@pytest.fixture
def keeping(app: Flask) -> Iterator[Flask]:
    app.config["FIGURES_KEPT_S"] = 60
    register_kept(app)
    with app.app_context():
        yield app
    app.config["FIGURES_KEPT_S"] = 0
    register_kept(app)


def test_what_was_asked_is_added_up_once(keeping: Flask, read: Counted) -> None:
    assert [kept(read, "enero"), kept(read, "enero")] == [1, 1]


def test_another_question_has_its_own_answer(keeping: Flask, read: Counted) -> None:
    assert [kept(read, "enero"), kept(read, "febrero"), kept(read, "enero")] == [1, 2, 1]


def test_two_queries_are_not_taken_for_each_other(keeping: Flask, read: Counted) -> None:
    other = Counted()
    kept(read, "enero")
    kept(other, "enero")
    assert other.asked == [("enero",)]


def test_whoever_asks_meanwhile_waits_instead_of_adding_up_again(keeping: Flask) -> None:
    begun, may_end, both = Event(), Event(), Barrier(2)
    asked = []

    def slow(_session: object) -> int:
        asked.append(1)
        begun.set()
        assert may_end.wait(10)
        return 7

    def ask() -> int:
        with keeping.app_context():
            both.wait(10)
            return kept(slow)

    with ThreadPoolExecutor(2) as people:
        answers = [people.submit(ask) for _ in range(2)]
        assert begun.wait(10)
        may_end.set()
        assert [one.result(10) for one in answers] == [7, 7]
    assert len(asked) == 1


def test_a_read_that_fails_is_asked_again(keeping: Flask) -> None:
    answers = iter([ZeroDivisionError, 3])

    def broken_once(_session: object) -> int:
        answer = next(answers)
        if answer is ZeroDivisionError:
            raise ZeroDivisionError
        return 3

    with pytest.raises(ZeroDivisionError):
        kept(broken_once)
    assert kept(broken_once) == 3


def test_with_zero_seconds_nothing_is_kept(app: Flask, read: Counted) -> None:
    with app.app_context():
        assert [kept(read), kept(read)] == [1, 2]
