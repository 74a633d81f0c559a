"""Lines as they are stored, read back whole or as well as one sees them from afar."""

from hypothesis import given
from hypothesis import strategies as st

from collector_app.planning.paths import decode, outline_of
from collector_app.web.maps import encode_line

DEGREES = st.integers(-3_000_000, 3_000_000).map(lambda n: n / 100_000)
LINES = st.lists(st.tuples(DEGREES, DEGREES), max_size=40)


@given(LINES)
def test_an_outline_begins_and_ends_where_the_line_does(line):
    outline = outline_of(encode_line(line))
    assert outline[:1] == tuple(line[:1])
    assert outline[-1:] == tuple(line[-1:])


def test_an_outline_leaves_out_what_nobody_sees_from_afar():
    line = [(-29.9 + n / 100_000, -71.25) for n in range(400)]
    assert len(decode(encode_line(line))) == 400
    assert len(outline_of(encode_line(line))) == 2


def test_an_outline_keeps_corners():
    corner = [(-29.9, -71.25), (-29.9, -71.20), (-29.85, -71.20)]
    assert list(outline_of(encode_line(corner))) == corner
