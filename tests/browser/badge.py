"""The badge of a phone's page that says what waits for the office."""

from playwright.sync_api import Locator, Page


def badge(page: Page) -> Locator:
    """Find it once it has counted: while it counts anew, what it said before may be false."""
    return page.locator("#outbox[aria-busy=false] [data-says]")
