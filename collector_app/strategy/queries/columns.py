"""What the columns of a treatment say, wherever they are stored."""

from collector_app.compliance.rules import Channel
from collector_app.strategy.models import TreatmentColumns
from collector_app.strategy.rules import USUAL_VISIT_PERCENT, Treatment


def read_treatment(row: TreatmentColumns) -> Treatment:
    """Return the treatment of a stage or of a challenger."""
    return Treatment(
        channels=frozenset(Channel(one) for one in row.channels),
        cadence_days=row.cadence_days,
        most_discount_percent=row.most_discount_percent,
        most_instalments=row.most_instalments,
        script=row.script,
        opening=row.opening,
        visit_percent=USUAL_VISIT_PERCENT if row.visit_percent is None else row.visit_percent,
        notice_days=row.notice_days or 0,
    )
