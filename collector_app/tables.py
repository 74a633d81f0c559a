"""Imports every table, so that foreign keys by name find their target."""

from collector_app.absences import models as absences
from collector_app.accounts import models as accounts
from collector_app.agreements import models as agreements
from collector_app.api import models as api
from collector_app.audit import models as audit
from collector_app.backing import models as backing
from collector_app.cash import models as cash
from collector_app.complaints import models as complaints
from collector_app.compliance import models as compliance
from collector_app.contacts import models as contacts
from collector_app.core.orm import Model
from collector_app.costs import models as costs
from collector_app.dispatch import models as dispatch
from collector_app.exchange import models as exchange
from collector_app.figures import models as figures
from collector_app.indicators import models as indicators
from collector_app.jobs import models as jobs
from collector_app.live import models as live
from collector_app.locations import models as locations
from collector_app.messages import models as messages
from collector_app.payments import models as payments
from collector_app.planning import models as planning
from collector_app.portfolio import models as portfolio
from collector_app.promises import models as promises
from collector_app.reconciliation import models as reconciliation
from collector_app.repairs import models as repairs
from collector_app.reports import models as reports
from collector_app.schedules import models as schedules
from collector_app.scoring import models as scoring
from collector_app.stages import models as stages
from collector_app.strategy import models as strategy
from collector_app.studio import models as studio
from collector_app.sync import models as sync
from collector_app.violations import models as violations
from collector_app.visits import models as visits
from collector_app.webhooks import models as webhooks
from collector_app.zones import models as zones

__all__ = [
    "Model",
    "absences",
    "accounts",
    "agreements",
    "api",
    "audit",
    "backing",
    "cash",
    "complaints",
    "compliance",
    "contacts",
    "costs",
    "dispatch",
    "exchange",
    "figures",
    "indicators",
    "jobs",
    "live",
    "locations",
    "messages",
    "payments",
    "planning",
    "portfolio",
    "promises",
    "reconciliation",
    "repairs",
    "reports",
    "schedules",
    "scoring",
    "stages",
    "strategy",
    "studio",
    "sync",
    "violations",
    "visits",
    "webhooks",
    "zones",
]
