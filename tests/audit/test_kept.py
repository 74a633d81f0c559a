"""Answers hold until something is done, however many people come, go and take lists along."""

from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import update

from collector_app.audit.batches import log_rows
from collector_app.audit.chain import deeds_since, head_of, last_deed
from collector_app.audit.kept import KeptUntilDone
from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import EMPTY, LOOKS
from collector_app.audit.services import log
from collector_app.core.actor import Actor
from collector_app.portfolio.models import Client
from tests.factories import make_client

SYSTEM = Actor.system("test")
PACKAGE = Path(__file__).parent.parent.parent / "collector_app"


@pytest.fixture
def kept():
    return KeptUntilDone(2)


@pytest.fixture
def ask(kept, session):
    """Ask a question; the answer is how many were given before."""
    numbers = count()
    return lambda question="who": kept.of(session, question, lambda: next(numbers))


def happens(session, event: str) -> None:
    log(session, SYSTEM, event, "thing:1")
    session.commit()


def test_while_nothing_is_done_the_answer_holds(session, ask):
    happens(session, "zone.drawn")

    assert [ask(), ask()] == [0, 0]


def test_what_was_done_since_is_in_the_answer(session, ask):
    ask()
    happens(session, "zone.drawn")

    assert [ask(), ask()] == [1, 1]


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_who_only_looks_changes_no_answer(session, ask, look):
    happens(session, "zone.drawn")
    ask()
    happens(session, look)

    assert ask() == 0


def test_what_was_taken_back_before_it_was_committed_changes_no_answer(session, ask):
    ask()
    log(session, SYSTEM, "zone.drawn", "thing:1")
    session.rollback()

    assert ask() == 0


def asked(kept, session, answers, holds) -> int:
    return kept.of(session, "who", lambda: next(answers), holds)


def test_an_answer_holds_after_deeds_that_it_does_not_depend_on(session, kept):
    answers, seen = count(), []

    def holds(deeds) -> bool:
        seen.append([(one.event, one.subject_type, one.subject_id) for one in deeds])
        return all(one.event == "visit.recorded" for one in deeds)

    happens(session, "zone.drawn")
    asked(kept, session, answers, holds)
    happens(session, "visit.recorded")
    assert asked(kept, session, answers, holds) == 0
    happens(session, "visit.recorded")
    happens(session, "list.downloaded")
    assert asked(kept, session, answers, holds) == 0
    happens(session, "visit.annulled")
    assert asked(kept, session, answers, holds) == 1
    assert seen[:2] == [[("visit.recorded", "thing", "1")]] * 2


def test_after_more_deeds_than_are_looked_through_it_is_asked_again(session, kept):
    answers = count()
    happens(session, "zone.drawn")
    asked(kept, session, answers, lambda _deeds: True)
    for _ in range(201):
        log(session, SYSTEM, "visit.recorded", "thing:1")
    session.commit()

    assert asked(kept, session, answers, lambda _deeds: True) == 1


def test_where_the_log_is_another_one_no_answer_holds(session, kept):
    answers = count()
    happens(session, "zone.drawn")
    asked(kept, session, answers, lambda _deeds: True)
    session.execute(update(AuditEntry).values(hash="f" * 64))
    session.commit()
    happens(session, "visit.recorded")

    assert asked(kept, session, answers, lambda _deeds: True) == 1


def test_a_batch_of_rows_is_told_by_what_wrote_them(session):
    happens(session, "zone.drawn")
    head = head_of(session)
    client = make_client(session)
    log_rows(session, SYSTEM, "portfolio.imported", Client, [client.id])
    session.commit()

    (deed,) = deeds_since(session, head, 10)
    assert (deed.event, deed.subject_type) == ("portfolio.imported", "audit_batch")


def test_each_question_has_its_answer_and_those_asked_last_are_kept(ask):
    assert [ask(one) for one in ("a", "b", "a")] == [0, 1, 0]
    ask("c")

    assert ask("a") == 0
    assert ask("b") == 3


def test_a_question_that_fails_is_asked_again(session, kept):
    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        kept.of(session, "who", fail)

    assert kept.of(session, "who", lambda: 7) == 7


def test_what_is_done_while_an_answer_is_made_is_asked_again(session, kept):
    def answer() -> str:
        happens(session, "zone.drawn")
        return "of before"

    kept.of(session, "who", answer)

    assert kept.of(session, "who", lambda: "of now") == "of now"


def test_another_database_has_other_answers(session, ask):
    ask()
    KeptUntilDone.forget_all()

    assert ask() == 1


def test_the_last_deed_is_the_last_entry_that_is_no_look(session):
    assert last_deed(session) == EMPTY
    happens(session, "zone.drawn")
    deed = head_of(session)
    happens(session, "list.downloaded")

    assert last_deed(session) == deed != head_of(session)


def test_of_a_log_of_looks_alone_the_last_is_taken(session):
    happens(session, "list.downloaded")

    assert last_deed(session) == head_of(session) != EMPTY


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_each_look_is_an_event_that_somebody_logs(look):
    sources = (path for path in PACKAGE.rglob("*.py") if path.name != "rules.py")

    assert any(f'"{look}"' in path.read_text() for path in sources)
