"""Which pages a running demo has: found as people find them, by following links.

Each rule of the site map is opened once, by the first person who may, at the first address that a
link gives it. What no link reaches is told as well, so that a page can't be forgotten.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import httpx
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

HOST = "127.0.0.1"
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# Addresses of machines, of parts of a page and of files; no page that somebody looks at.
NO_PAGES = ("/static/", "/api/v1", "/ciudad/")
DETOUR = "/phone/ir"  # links of the phone to pages outside of it lead through here
HTTP_OK = 200


@dataclass(frozen=True)
class FoundPage:
    """A page of the demo: its rule in the site map, the address that was found, who opens it."""

    rule: str
    path: str
    username: str
    title: str

    @property
    def name(self) -> str:
        """Return its rule as the name of a file, with the names of what it speaks of."""
        told = re.sub(r"<(?:[^:>]*:)?(\w+)>", r"\1", self.rule).lower()
        return re.sub(r"[^a-z0-9]+", "-", told).strip("-") or "inicio"


@dataclass(frozen=True)
class Walk:
    """What was found: pages, and the rules to read that no link reached."""

    pages: tuple[FoundPage, ...]
    missing: tuple[str, ...]


def walked(
    app: Flask,
    home: str,
    people: Sequence[tuple[str, httpx.Client]],
    most: int,
    starts: Sequence[str] = ("/",),
) -> Walk:
    """Follow links as each person, one address of each rule.

    Parameters
    ----------
    home : str
        Where the demo runs.
    people : sequence of (username, client)
        Logged in; the first who may open a page is the one whom it is shown to.
    most : int
        Addresses to open for each person at most.
    starts : sequence of str
        Where each begins.
    """
    adapter = app.url_map.bind(HOST)
    pages: dict[str, FoundPage] = {}
    files = set[str]()
    for username, browser in people:
        for found in _followed(adapter, home, username, browser, most, starts):
            if isinstance(found, FoundPage):
                pages.setdefault(found.rule, found)
            else:
                files.add(found)
    missing = sorted(set(rules_of(app)) - pages.keys() - files)
    return Walk(tuple(pages[rule] for rule in sorted(pages)), tuple(missing))


def rules_of(app: Flask) -> Iterator[str]:
    """Yield the rules that may be pages."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NO_PAGES):
            yield rule.rule


def _followed(
    adapter: MapAdapter,
    home: str,
    username: str,
    browser: httpx.Client,
    most: int,
    starts: Sequence[str],
) -> Iterator[FoundPage | str]:
    """Yield pages and the rules of files, each rule once, as links lead there."""
    seen = set[str]()
    waiting = deque(starts)
    while waiting and most > 0:
        path = waiting.popleft()
        rule = _rule_of(adapter, path)
        if rule is None or rule in seen:
            continue
        most -= 1
        answer = browser.get(path)
        if answer.status_code != HTTP_OK:
            continue  # another link of this rule may lead to something
        seen.add(rule)
        if not _is_page(answer):
            yield rule
            continue
        landed = _rule_of(adapter, answer.url.path) or rule
        seen.add(landed)
        title = _TITLE.search(answer.text)
        told = unescape(title[1]).partition(" · ")[0].strip() if title else landed
        yield FoundPage(landed, answer.url.raw_path.decode(), username, told)
        waiting.extend(_links(answer.text, str(answer.url), home))


def _is_page(answer: httpx.Response) -> bool:
    kind = answer.headers.get("content-type", "")
    return kind.startswith("text/html") and "<html" in answer.text[:500]


def _links(text: str, here: str, home: str) -> Iterator[str]:
    for href in _LINK.findall(text):
        there = urlsplit(urldefrag(urljoin(here, unescape(href))).url)
        if f"{there.scheme}://{there.netloc}" == home:
            beyond = parse_qs(there.query).get("a") if there.path == DETOUR else None
            yield beyond[0] if beyond else there.path + (f"?{there.query}" if there.query else "")


def _rule_of(adapter: MapAdapter, path: str) -> str | None:
    try:
        rule, _values = adapter.match(path.partition("?")[0], method="GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    return None if rule.rule.startswith(NO_PAGES) else rule.rule
