"""create_app(): the only module that knows every area."""

from flask import Flask
from flask.cli import AppGroup

from collector_app import tables
from collector_app.absences.views import bp as absences
from collector_app.accounts.access import register_login
from collector_app.accounts.cli import accounts as accounts_commands
from collector_app.accounts.views import bp as accounts
from collector_app.agenda.views import bp as agenda
from collector_app.agreements.menu import requests_in_menu
from collector_app.agreements.views import bp as agreements
from collector_app.analysis.views import bp as analysis
from collector_app.api.views import calls as api_calls
from collector_app.api.views import keys as api_keys
from collector_app.api.views import writes as api_writes
from collector_app.audit.cli import audit as audit_commands
from collector_app.backing.views import bp as backing
from collector_app.cash.views import bp as cash
from collector_app.city.cli import city as city_commands
from collector_app.city.views import base_map_url
from collector_app.city.views import bp as city
from collector_app.client_file.views import bp as client_file
from collector_app.complaints.views import bp as complaints
from collector_app.compliance.views import bp as compliance
from collector_app.contacts.views import bp as contacts
from collector_app.core import jobs as durable_jobs
from collector_app.costs.views import bp as costs
from collector_app.day_package.views import api as day_package_api
from collector_app.day_package.views import bp as day_package
from collector_app.demo.cli import demo as demo_commands
from collector_app.dispatch.views import bp as dispatch
from collector_app.exchange.cli import cartera as cartera_commands
from collector_app.exchange.views import bp as exchange
from collector_app.figures.keeping import register_kept
from collector_app.follow_up.views import bp as follow_up
from collector_app.indicators.cli import indicators as indicators_commands
from collector_app.indicators.views import bp as indicators
from collector_app.jobs.views import bp as jobs
from collector_app.live.views import bp as live
from collector_app.locations.views import bp as locations
from collector_app.messages.views import bp as messages
from collector_app.offline.views import bp as offline
from collector_app.payments.views import bp as payments
from collector_app.phone.views import bp as phone
from collector_app.planning.cli import plan as plan_commands
from collector_app.planning.views import bp as planning
from collector_app.playbook.views import bp as playbook
from collector_app.playbook.views import phone_bp as playbook_phone
from collector_app.portfolio.views import bp as portfolio
from collector_app.privacy.cli import privacy as privacy_commands
from collector_app.privacy.views import bp as privacy
from collector_app.reconciliation.views import bp as reconciliation
from collector_app.repairs.shown import register_shown
from collector_app.repairs.views import bp as repairs
from collector_app.reports.views import bp as reports
from collector_app.scoring.views import bp as scoring
from collector_app.speeds.cli import calibrate_speeds
from collector_app.stages.views import bp as stages
from collector_app.strategy.views.experiments import bp as experiments
from collector_app.strategy.views.segments import bp as strategy
from collector_app.studio.cli import zones as zones_commands
from collector_app.studio.queries import capacity_hours
from collector_app.studio.views import bp as studio
from collector_app.sync.locking import register_lock
from collector_app.sync.office_keys import register_office_key
from collector_app.sync.views.api import bp as sync_api
from collector_app.sync.views.desk import bp as sync
from collector_app.sync.views.lock import bp as phone_lock
from collector_app.violations.cli import compliance as compliance_commands
from collector_app.violations.views import bp as violations
from collector_app.web.borders import register_borders
from collector_app.web.extensions import register_extensions
from collector_app.web.maps import offer_base_map
from collector_app.web.nav import count_in_menu
from collector_app.web.presentation import register_presentation
from collector_app.web.security import register_security
from collector_app.webhooks.menu import turned_off_in_menu
from collector_app.webhooks.views import bp as webhooks
from collector_app.zones.capacities import capacities
from collector_app.zones.views import bp as zones
from config import Config, from_environment

AREAS = (
    (accounts, "/"),
    (jobs, "/trabajos"),
    (compliance, "/cumplimiento"),
    (violations, "/faltas"),
    (complaints, "/quejas"),
    (contacts, "/contactos"),
    (privacy, "/datos"),
    (playbook, "/guion"),
    (strategy, "/estrategia"),
    (experiments, "/estrategia/experimentos"),
    (payments, "/recibos"),
    (agenda, "/promesas"),
    (agreements, "/convenios"),
    (cash, "/caja"),
    (costs, "/costos"),
    (reconciliation, "/conciliacion"),
    (planning, "/planes"),
    (absences, "/ausencias"),
    (messages, "/mensajes"),
    (dispatch, "/planes"),
    (repairs, "/reparar"),
    (scoring, "/puntuacion"),
    (stages, "/etapas"),
    (backing, "/respaldo"),
    (portfolio, "/cartera"),
    (locations, "/cartera"),
    (client_file, "/cartera"),
    (exchange, "/cartera/importar"),
    (phone, "/phone"),
    (playbook_phone, "/phone/guion"),
    (offline, "/phone"),
    (day_package, "/phone"),
    (day_package_api, "/phone/api/v1"),
    (sync_api, "/phone/api/v1"),
    (sync, "/"),
    (phone_lock, "/phone/llave"),
    (live, "/tablero"),
    (reports, "/informes"),
    (indicators, "/indicadores"),
    (analysis, "/analisis"),
    (api_calls, "/api/v1"),
    (api_writes, "/api/v1"),
    (api_keys, "/claves"),
    (webhooks, "/webhooks"),
    (zones, "/zonas"),
    (studio, "/zonas/borradores"),
    (follow_up, "/zonas/seguimiento"),
    (city, "/ciudad"),
)  # the site map: blueprint, prefix
COMMANDS: tuple[AppGroup, ...] = (
    accounts_commands,
    audit_commands,
    city_commands,
    compliance_commands,
    demo_commands,
    plan_commands,
    privacy_commands,
    zones_commands,
    cartera_commands,
    indicators_commands,
)  # flask cartera, flask zones, flask plan, ...
city_commands.add_command(calibrate_speeds)  # the area of cities may not know visits
capacities.told_by(capacity_hours)  # nor zones shifts, absences and the law


def create_app(config: Config | None = None) -> Flask:
    """Build the application from settings, by default those of the environment."""
    config = config or from_environment()
    config.INSTANCE.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "collector_app",
        template_folder="../templates",
        static_folder="../static",
        instance_path=str(config.INSTANCE),
    )
    app.config.from_object(config)
    register_extensions(app)
    register_kept(app)
    register_shown(app)
    durable_jobs.keep_in(config.INSTANCE, config.SQLALCHEMY_DATABASE_URI)
    register_security(app)
    register_borders(app)
    register_login(app)
    register_office_key(app)
    register_lock(app)
    register_presentation(app)
    offer_base_map(app, base_map_url)
    for blueprint, prefix in AREAS:
        app.register_blueprint(blueprint, url_prefix=prefix)
    count_in_menu(app, "agreements.overview", requests_in_menu)
    count_in_menu(app, "webhooks.overview", turned_off_in_menu)
    for group in COMMANDS:
        app.cli.add_command(group)
    assert tables.Model.metadata.tables  # noqa: S101 - imported so that the metadata is whole
    return app
