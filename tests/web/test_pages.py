"""Pages of lists, links to the same page, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.web.pages import Page, here, is_same_origin, page_of_request, way_back


@pytest.mark.parametrize(
    ("number", "total", "first", "last", "pages"),
    [(1, 0, 0, 0, 1), (1, 50, 1, 50, 1), (2, 51, 51, 51, 2), (3, 120, 101, 120, 3)],
)
def test_a_page_knows_its_rows(number, total, first, last, pages):
    page = Page(number=number, size=50, total=total)

    assert (page.first, page.last, page.page_count) == (first, last, pages)


def test_the_pager_shows_the_ends_and_the_neighbours():
    page = Page(number=10, size=1, total=20)

    assert list(page.near()) == [1, None, 8, 9, 10, 11, 12, None, 20]


def test_the_pager_leaves_nothing_out_of_a_short_list():
    assert list(Page(number=1, size=1, total=3).near()) == [1, 2, 3]


@given(number=st.integers(1, 60), total=st.integers(0, 60))
def test_the_pager_always_links_to_itself_and_counts_upwards(number, total):
    page = Page(number=min(number, max(1, total)), size=1, total=total)
    shown = [n for n in page.near() if n is not None]

    assert page.number in shown
    assert shown == sorted(set(shown))


@pytest.mark.parametrize(
    ("asked", "number"), [("", 1), ("?page=2", 2), ("?page=0", 1), ("?page=99", 3), ("?page=x", 1)]
)
def test_a_page_outside_the_list_is_moved_into_it(app, asked, number):
    with app.test_request_context(f"/usuarios{asked}"):
        assert page_of_request(total=120, size=50).number == number


def test_a_link_to_the_same_page_changes_one_value_of_its_query(app):
    with app.test_request_context("/usuarios?q=ana&page=3"):
        assert here(page=4) == "/usuarios?q=ana&page=4"
        assert here(page=None, sort="name") == "/usuarios?q=ana&sort=name"


@pytest.mark.parametrize("target", ["/", "/usuarios?q=a%0ab", "/phone/#fin", "/a//b"])
def test_our_own_paths_are_ours(target):
    assert is_same_origin(target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "usuarios",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        " /usuarios",
    ],
)
def test_what_a_browser_would_follow_elsewhere_is_not_ours(target):
    assert not is_same_origin(target)


def test_the_way_back_comes_from_the_form_before_the_address(app):
    with app.test_request_context("/x?next=/b", method="POST", data={"next": "/a"}):
        assert way_back("/") == "/a"
    with app.test_request_context("/x?next=//evil.example"):
        assert way_back("/home") == "/home"
