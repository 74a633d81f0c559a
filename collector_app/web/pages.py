"""Pages of long lists, links to the same page with another query, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

ROWS_PER_PAGE = 50
NEAR = 2  # page numbers shown on each side of the present one


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list a page shows; `page_of_request` makes it, the pager macro shows it."""

    number: int
    size: int
    total: int

    @property
    def page_count(self) -> int:
        """Return how many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """Return how many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """Return the number of the first row on this page, from 1; 0 in an empty list."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """Return the number of the last row on this page."""
        return min(self.offset + self.size, self.total)

    def near(self) -> Iterator[int | None]:
        """Yield the page numbers to link to; None stands for those left out."""
        shown = {1, self.page_count, *range(self.number - NEAR, self.number + NEAR + 1)}
        before = 0
        for number in sorted(shown & set(range(1, self.page_count + 1))):
            if number - before > 1:
                yield None
            yield number
            before = number


def page_of_request(total: int, size: int = ROWS_PER_PAGE) -> Page:
    """Return the page that ``?page=`` asks for, moved into the list when it lies outside."""
    page = Page(number=1, size=size, total=total)
    asked = request.args.get("page", default=1, type=int)
    return Page(number=min(max(asked, 1), page.page_count), size=size, total=total)


def here(**changes: object) -> str:
    """Return the address of this page with some values of its query changed (None removes one)."""
    query = {**request.args.to_dict(), **changes}
    path = url_for(request.endpoint or "static", **(request.view_args or {}))
    kept = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{kept}" if kept else path


def is_same_origin(target: str) -> bool:
    r"""Tell whether an address stays here: a path of ours, nothing that a browser bends.

    Browsers read ``\`` as ``/`` and skip control characters, so ``/\evil.example`` and
    ``/<tab>/evil.example`` would leave; only plain absolute paths are let through.
    """
    if not target.startswith("/") or target.startswith("//"):
        return False
    if "\\" in target or any(ord(letter) < ord(" ") or ord(letter) == 127 for letter in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def way_back(fallback: str) -> str:
    """Return ``next`` of the form or query when it is a path of ours, else `fallback`."""
    target = request.form.get("next") or request.args.get("next") or ""
    return target if is_same_origin(target) else fallback


def redirect_back(fallback: str) -> Response:
    """Redirect to where ``next`` says, after a form."""
    return redirect(way_back(fallback), code=303)


def register_pages(app: Flask) -> None:
    """Make `here()` known to the templates, and keep their own lines out of the pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["here"] = here
