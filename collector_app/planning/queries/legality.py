"""Whether the stops of a plan are within the law, worked out anew, and a certificate of it."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.rules import content_hash
from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.queries import bans_on, terms_on
from collector_app.compliance.rules import NO_TERMS, Block, HourWindow, combine, decide
from collector_app.core import clock
from collector_app.planning.models import Plan, Route, Stop
from collector_app.planning.queries.day import contact_facts
from collector_app.planning.rules import PlanPolicy
from collector_app.visits.queries import contacts_since


@dataclass(frozen=True, slots=True)
class Breach:
    """A stop outside the law, and every rule that forbids it."""

    stop_id: int
    client_id: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Legality:
    """How many stops were checked, which are outside the law, and under which law."""

    stop_count: int
    breaches: tuple[Breach, ...]
    profile_name: str
    profile_id: str


def legality(session: Session, plan_id: int, zone: ZoneInfo) -> Legality:
    """Check every stop of a plan against the law it was made under.

    Nothing that the planner worked out is used: windows, caps and bans are decided again from the
    stored visits, those known when the plan was made, and from the bans as they are now. A visit
    has to begin and to end within the legal hours.
    """
    plan = session.get_one(Plan, plan_id)
    law = law_profile(plan.parameters["law"], plan.day)
    profile = combine(law, house_rules(plan.day))
    stops = session.scalars(
        select(Stop).join(Route, Route.id == Stop.route_id).where(Route.plan_id == plan_id)
    ).all()
    client_ids = [stop.client_id for stop in stops]
    since = clock.local_midnight(plan.day, zone) - timedelta(days=PlanPolicy().history_days)
    contacts = contacts_since(session, since, client_ids)
    bans, terms = bans_on(session, plan.day), terms_on(session, plan.day)
    breaches = []
    for stop in stops:
        known = [one for one in contacts.get(stop.client_id, ()) if one.at < plan.created_at]
        of_client = terms.get(stop.client_id, NO_TERMS)
        facts = contact_facts(known, zone, bans.get(stop.client_id), of_client)
        begins = decide(profile, facts, plan.day, stop.starts_s)
        ends = decide(profile, facts, plan.day, stop.leaves_s)
        if not (begins.allowed and ends.allowed and _within_one(begins.windows, stop)):
            blocks = begins.blocks or ends.blocks
            breaches.append(Breach(stop.id, stop.client_id, blocks))
    return Legality(len(stops), tuple(breaches), law.name, law.id)


def certificate(session: Session, plan_id: int, zone: ZoneInfo) -> dict[str, object]:
    """Return what was checked of a plan, so that anybody can check it again later.

    Returns
    -------
    dict
        Day, profile with the version of its rules, each rule by name, how many stops and breaches,
        and the SHA-256 of the stops: who, when, by whom.
    """
    plan = session.get_one(Plan, plan_id)
    law = law_profile(plan.parameters["law"], plan.day)
    profile = combine(law, house_rules(plan.day))
    checked = legality(session, plan_id, zone)
    return {
        "plan_id": plan_id,
        "day": plan.day.isoformat(),
        "profile": profile.id,
        "profile_version": profile.version,
        "rules": [rule.id for rule in profile.rules],
        "stops": checked.stop_count,
        "breaches": len(checked.breaches),
        "stops_sha256": content_hash({"stops": _stops(session, plan_id)}),
    }


def _stops(session: Session, plan_id: int) -> list[list[int]]:
    found = session.execute(
        select(Route.collector_id, Stop.client_id, Stop.starts_s, Stop.leaves_s)
        .join(Route, Route.id == Stop.route_id)
        .where(Route.plan_id == plan_id)
        .order_by(Route.collector_id, Stop.starts_s, Stop.id)
    )
    return [list(row) for row in found]


def _within_one(windows: tuple[HourWindow, ...], stop: Stop) -> bool:
    return any(one.start_s <= stop.starts_s and stop.leaves_s <= one.end_s for one in windows)
