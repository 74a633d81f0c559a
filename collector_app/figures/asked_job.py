"""The job that adds up what somebody chose, for whoever waits for it."""

from collections.abc import Callable, Mapping
from typing import Any

from collector_app.core.jobs import Report
from collector_app.figures.renewal_job import renew
from collector_app.figures.rules import question_of

KIND = "figures_asked"


def answer_asked(
    known: Mapping[str, Callable[..., Any]], arguments: dict[str, Any], report: Report
) -> dict[str, Any]:
    """Add up the answer to a question and keep it, however fast it was.

    Parameters
    ----------
    known : mapping
        The queries that people may ask, by their names.
    """
    report(0.0, "")
    question = question_of(known[arguments["question"]], arguments["asked"])
    return {"kept": renew(question, is_chosen=True)}
