"""Reports and webhooks in a real browser: readable by all, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.reports.rules import Hours, ReportKind
from collector_app.reports.services import ask_for_report, keep_failure, schedule_report
from collector_app.webhooks.rules import WebhookEvent
from collector_app.webhooks.services import add_webhook, keep_answer, send_test
from tests.factories import actor_of, make_user


def complaints_of_axe(page) -> str:
    found = Axe().run(page)
    return "" if not found.violations_count else found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_reports_and_webhooks(desk, session, scheme):
    admin = make_user(session, Role.ADMIN)
    actor = actor_of(admin)
    schedule_report(session, actor, ReportKind.ZONE_WEEK, Hours("1000000", 8 * 3600))
    asked = ask_for_report(session, actor, ReportKind.DAY_CLOSE, clock.now().date())
    session.flush()
    keep_failure(session, asked.id, "internal")
    webhook = add_webhook(
        session, actor, "https://example.org/", list(WebhookEvent), may_be_private=False
    )
    session.flush()
    told = send_test(session, actor, webhook.id)
    session.flush()
    keep_answer(session, told.id, 500, None)
    page = desk(admin)
    page.emulate_media(color_scheme=scheme)

    for path in ("/informes", "/webhooks", f"/webhooks/{webhook.id}"):
        page.goto(path)
        assert complaints_of_axe(page) == ""
