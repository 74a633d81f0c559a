"""How a job that divides clients is told, in the middle of it, to stop or to end early."""

from collections.abc import Callable

from collector_app.core.jobs import Report, early_end

DIVIDING = 0.3  # of the job is done when the division begins; nobody knows how long it takes


def pacing(job_id: str, report: Report, note: str) -> Callable[[], bool]:
    """Return what a division asks now and then: whether to end with the best zones so far.

    It raises `Stopped` where somebody cancelled the job.
    """
    report(DIVIDING, note)
    is_asked = early_end(job_id)

    def ends_early() -> bool:
        report(DIVIDING, note)
        return is_asked()

    return ends_early
