"""What agreements ask for."""

from collector_app.schedules.models import Agreement
from collector_app.schedules.rules import Terms


def terms_of(one: Agreement) -> Terms:
    """Return what an agreement asks for."""
    return Terms(
        one.debt_cents,
        one.discount_basis,
        one.down_cents,
        one.instalments,
        one.every_days,
        one.first_on,
        one.step_cents,
    )
