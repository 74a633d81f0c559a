"""Lists of clients come in the order of an index, which neither database has to sort."""

import sqlalchemy as sa

from collector_app.portfolio import queries
from collector_app.portfolio.queries import ClientFilter, client_list
from tests.factories import make_client


def test_accents_and_capitals_do_not_count_in_the_order(session):
    names = ["Óscar Ñuño", "ana soto", "Ángel Díaz", "OSCAR NUNEZ", "Zoé"]
    for name in names:
        make_client(session, name=name)

    assert [one.name for one in client_list(session, ClientFilter())] == [
        "ana soto",
        "Ángel Díaz",
        "OSCAR NUNEZ",
        "Óscar Ñuño",
        "Zoé",
    ]


def test_a_page_of_the_list_is_read_along_the_index(session):
    make_client(session)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))  # one client is scanned else
        session.execute(sa.text("SET LOCAL enable_sort = off"))
    order = queries.in_order_of_names().limit(50)
    explain = "EXPLAIN QUERY PLAN " if session.get_bind().dialect.name == "sqlite" else "EXPLAIN "
    written = order.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(
        str(row) for row in session.connection().exec_driver_sql(explain + str(written))
    )

    assert "ix_client_plain_name_id" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
