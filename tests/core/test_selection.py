"""One of the values that were told: any number of them, found by the index."""

from sqlalchemy import bindparam, create_engine, inspect, select, text

from collector_app.accounts.models import User
from collector_app.core.selection import among_told
from tests.factories import make_user

BY_ID = select(User.id).where(among_told(User.id, "ids")).order_by(User.id)
BY_NAME = select(User.id).where(among_told(User.username, "names"))


def test_rows_with_one_of_the_numbers_or_texts_are_found(session):
    ana, luis, _eva = (make_user(session, username=name) for name in ("ana", "luis", "eva"))

    assert session.scalars(BY_ID, {"ids": {ana.id, luis.id, 10**6}}).all() == [ana.id, luis.id]
    assert session.scalars(BY_NAME, {"names": ['l"uis', "luis", "'"]}).all() == [luis.id]
    assert session.scalars(BY_ID, {"ids": []}).all() == []


def test_there_may_be_more_of_them_than_a_database_binds(session):
    ana = make_user(session)

    assert session.scalars(BY_ID, {"ids": range(100_000)}).all() == [ana.id]


def test_sqlite_finds_them_by_the_index():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        inspect(User).local_table.create(connection)
        asked = f"EXPLAIN QUERY PLAN {BY_NAME.compile(engine)}"
        plan = connection.exec_driver_sql(asked, ("[]",))

        assert "SEARCH user_account USING" in " ".join(row[3] for row in plan)


def test_it_stands_among_other_conditions_and_negated(session):
    ana, luis = make_user(session, username="ana"), make_user(session, username="luis")
    either = select(User.id).where(~among_told(User.id, "ids"), User.username == bindparam("name"))

    assert session.scalars(either, {"ids": [ana.id], "name": "luis"}).all() == [luis.id]
    assert session.scalars(either, {"ids": [luis.id], "name": "luis"}).all() == []
    assert session.scalar(text("SELECT count(*) FROM user_account")) == 2
