"""The job that tells a webhook what waits for it, and the chore that starts it."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from collector_app.core import clock, jobs
from collector_app.core.jobs import Report
from collector_app.web.extensions import db, transaction
from collector_app.webhooks.queries import due, next_waiting
from collector_app.webhooks.rules import is_sent_now, secret_of
from collector_app.webhooks.sending import send
from collector_app.webhooks.services import keep_answer, prepare_deliveries, webhook_numbered

KIND = "webhook"
AT_ONCE = 200  # then somebody else's job has its turn


def run_deliveries(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Handle the job ``webhook``: send in order until nothing waits or something fails.

    A worker that is killed between the answer and its being kept sends that one again; who receives
    knows it by its id.
    """
    sent = 0
    while sent < AT_ONCE and _send_next(arguments["webhook_id"]):
        sent += 1
        report(sent / AT_ONCE, _("%(n)s enviados", n=sent))
    return {"sent": sent}


def tell_webhooks() -> None:
    """Turn the log into deliveries and put them into the queue; the worker calls this."""
    with transaction() as session:
        prepare_deliveries(session)
    for row in due(db.session(), clock.now()):
        jobs.enqueue(
            KIND,
            {"webhook_id": row.webhook_id, "title": _("Webhook")},
            job_id=f"webhook-{row.webhook_id}-{row.delivery_id}-{row.tries}",
        )


def _send_next(webhook_id: int) -> bool:
    """Send the first that waits; tell whether it was taken and another may follow."""
    session = db.session()
    webhook = webhook_numbered(session, webhook_id)
    first = next_waiting(session, webhook_id)
    now = clock.now()
    if first is None or webhook.disabled_at or not is_sent_now(webhook.next_try_at, now):
        return False
    delivery_id, url, body = first.id, webhook.url, first.body.encode()
    secret = secret_of(current_app.config["SECRET_KEY"], webhook.salt)
    session.rollback()  # nobody waits for us while a stranger's server answers
    answer = send(
        url,
        body,
        secret,
        int(now.timestamp()),
        may_be_private=current_app.config["WEBHOOKS_PRIVATE"],
    )
    with transaction() as writing:
        keep_answer(writing, delivery_id, answer.status, answer.error)
        return webhook_numbered(writing, webhook_id).failures == 0
