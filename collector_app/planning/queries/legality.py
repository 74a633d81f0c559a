"""Whether the stops of a plan are within the law, worked out anew, and a certificate of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from threading import Lock
from zoneinfo import ZoneInfo

from cachetools import LRUCache
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.kept import KeptUntilDone
from collector_app.audit.rules import Deed, content_hash
from collector_app.compliance.creditor_book import creditor_laws, read_creditors
from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.queries import bans_on, law_in_force, terms_on
from collector_app.compliance.rules import (
    NO_TERMS,
    Block,
    ContactFacts,
    Profile,
    combine,
    decide,
)
from collector_app.contacts.queries import contact_facts, touches_since
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.planning.models import Plan, Route, Stop
from collector_app.planning.queries.legality_basis import basis_of
from collector_app.planning.queries.shown import is_field_work
from collector_app.planning.rules import PlanPolicy
from collector_app.portfolio.queries import told_places
from collector_app.visits.models import Visit
from collector_app.visits.queries import ContactRow, contacts_since


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


@dataclass(frozen=True, slots=True)
class ChangedCreditor:
    """A creditor whose law changed for some stops of a plan: the name of what holds now.

    ``law`` is None where nothing but the law of the house holds for them any more.
    """

    name: str
    law: str | None
    client_count: int


NEWEST_FORM = 4  # of certificates
_MOST_KEPT = 256
_MOST_VISITS_KEPT = 20_000  # some days of the largest company
VERDICTS: LRUCache[bytes, Legality] = LRUCache(_MOST_KEPT)
_shown: KeptUntilDone[Legality] = KeptUntilDone(_MOST_KEPT)
_shown_changes: KeptUntilDone[list[ChangedCreditor]] = KeptUntilDone(_MOST_KEPT)
_one_at_a_time = Lock()


def legality(
    session: Session, plan_id: int, zone: ZoneInfo, known_at: datetime | None = None
) -> Legality:
    """Check every stop of a plan against the law it was made under.

    Nothing that the planner worked out is used: windows, caps and bans are decided again from the
    stored visits, calls and messages, those known when the plan was made, and from the bans as they
    are now. A visit has to begin and to end within the legal hours. Stops that had been visited
    when a plan was repaired are facts, not plans: they are not checked.

    A verdict is kept by all that it rests on (`basis_of`), which is read each time: who looks at a
    plan to which nothing happened since somebody looked waits for no rule.

    Parameters
    ----------
    known_at : datetime, optional
        Check with what was known at that instant: bans, wishes, exceptions and words on places of
        before it, and visits, calls and messages that had come in.
    """
    plan = session.get_one(Plan, plan_id)
    law = law_profile(plan.parameters["law"], plan.day)
    profile = combine(law, house_rules(plan.day))
    since = clock.local_midnight(plan.day, zone) - timedelta(days=PlanPolicy().history_days)
    if known_at is not None:
        return Legality(*_checked(session, plan, profile, since, zone, known_at), law.name, law.id)
    basis = basis_of(session, plan, profile, since, zone)
    with _one_at_a_time:
        known = VERDICTS.get(basis)
    if known is not None:
        return known
    found = Legality(*_checked(session, plan, profile, since, zone), law.name, law.id)
    with _one_at_a_time:
        VERDICTS[basis] = found
    return found


def shown_legality(session: Session, plan_id: int, zone: ZoneInfo) -> Legality:
    """Return `legality` for a page, which writes nothing: read again when something was done.

    Of visits those alone count that began before the plan was made: phones tell some of them late.
    """

    def holds(deeds: Sequence[Deed]) -> bool:
        if not is_field_work(deeds):
            return False
        visits = [int(one.subject_id) for one in deeds if one.event == "visit.recorded"]
        if not visits:
            return True
        made_at = select(Plan.created_at).where(Plan.id == plan_id).scalar_subquery()
        early = select(Visit.id).where(among(Visit.id, visits), Visit.started_at < made_at)
        return session.scalar(early.limit(1)) is None

    return _shown.of(session, (plan_id, zone.key), lambda: legality(session, plan_id, zone), holds)


def other_law(session: Session, plan_id: int) -> str | None:
    """Return the name of the law of a plan's day where it was made under another one."""
    plan = session.get_one(Plan, plan_id)
    law = law_in_force(session, plan.day)
    return None if law.id == plan.parameters["law"] else law.name


def shown_changed_creditors(
    session: Session, plan_id: int, zone: ZoneInfo
) -> list[ChangedCreditor]:
    """Return `changed_creditors` for a page, which writes nothing."""
    return _shown_changes.of(
        session,
        (plan_id, zone.key),
        lambda: changed_creditors(session, plan_id, zone),
        is_field_work,
    )


def changed_creditors(session: Session, plan_id: int, zone: ZoneInfo) -> list[ChangedCreditor]:
    """Return the creditors whose law holds otherwise for stops of a plan since it was made.

    Their law was chosen anew, or somebody told since whose a credit is. What the law of the house
    is made of forbids nothing more and is no change.
    """
    plan = session.get_one(Plan, plan_id)
    client_ids = _clients(session, plan)
    book = read_creditors(session, plan.day, zone, client_ids)
    now: dict[str, str] = {}
    concerned: defaultdict[str, set[int]] = defaultdict(set)
    for client_id in client_ids:
        before, after = (
            {
                (name, profile_id)
                for profile_id, _version, names in (law.key if law else ())
                if profile_id != plan.parameters["law"]
                for name in names
            }
            for law in (
                book.law(client_id, plan.day, known_at=plan.created_at),
                book.law(client_id, plan.day),
            )
        )
        now |= dict(after)
        for name, _profile_id in before ^ after:
            concerned[name].add(client_id)
    return [
        ChangedCreditor(
            name,
            law_profile(now[name], plan.day).name if name in now else None,
            len(concerned[name]),
        )
        for name in sorted(concerned)
    ]


def _checked(
    session: Session,
    plan: Plan,
    profile: Profile,
    since: datetime,
    zone: ZoneInfo,
    known_at: datetime | None = None,
) -> tuple[int, tuple[Breach, ...]]:
    """Return how many stops of a plan were checked, and those outside the law."""
    stops = session.execute(
        select(Stop.id, Stop.client_id, Stop.starts_s, Stop.leaves_s)
        .join(Route, Route.id == Stop.route_id)
        .where(Route.plan_id == plan.id)
    ).all()
    client_ids = [stop.client_id for stop in stops]
    contacts = contacts_since(session, since, client_ids, known_at)
    touches = touches_since(session, since, client_ids, known_at)
    bans = bans_on(session, plan.day, known_at)
    terms = terms_on(session, plan.day, zone, client_ids, known_at=known_at)
    checked, breaches, law = 0, [], _Law(profile, repr(profile))
    for stop in stops:
        known = [one for one in contacts.get(stop.client_id, ()) if one.at < plan.created_at]
        if _was_made(stop.starts_s, plan, known, zone):
            continue
        checked += 1
        others = [one for one in touches.get(stop.client_id, ()) if one.at < plan.created_at]
        of_client = terms.get(stop.client_id, NO_TERMS)
        facts = contact_facts(known, others, zone, bans.get(stop.client_id), of_client)
        blocks = blocks_once(law, facts, plan.day, stop.starts_s, stop.leaves_s)
        if blocks is not None:
            breaches.append(Breach(stop.id, stop.client_id, blocks))
    return checked, tuple(breaches)


def certificate(
    session: Session,
    plan_id: int,
    zone: ZoneInfo,
    checked: Legality | None = None,
    form: int = NEWEST_FORM,
) -> dict[str, object]:
    """Return what was checked of a plan, so that anybody can check it again later.

    Parameters
    ----------
    checked : Legality, optional
        What `legality` has just said of the plan, so that it is not worked out twice.
    form : int, optional
        That of the certificate to compare with: what it tells of each stop (`form_of`).

    Returns
    -------
    dict
        Day, profile with the version of its rules, each rule by name, how many stops and breaches,
        and the SHA-256 of the stops: who, in which order, when from arriving to leaving, by whom;
        and of how many stops who told the address was known when the plan was published, and
        which laws of creditors held beside it then.
    """
    plan = session.get_one(Plan, plan_id)
    law = law_profile(plan.parameters["law"], plan.day)
    profile = combine(law, house_rules(plan.day))
    checked = checked or legality(session, plan_id, zone)
    told = {
        "plan_id": plan_id,
        "day": plan.day.isoformat(),
        "profile": profile.id,
        "profile_version": profile.version,
        "rules": [rule.id for rule in profile.rules],
        "stops": checked.stop_count,
        "breaches": len(checked.breaches),
        "stops_sha256": content_hash({"stops": _stops(session, plan_id, form)}),
    }
    if form > 1:
        told |= {"form": form}
    if form > 2:
        told |= {"addresses": _origins(session, plan)}
    if form > 3:
        told |= _creditors(session, plan, zone)
    return told


def form_of(sealed: Mapping[str, object]) -> int:
    """Return the form of a certificate.

    1 told neither arrivals nor the order of the stops, 2 not who had told their addresses, 3 not
    under which laws of creditors they stood.
    """
    form = sealed.get("form", 1)
    return form if isinstance(form, int) else NEWEST_FORM


def _origins(session: Session, plan: Plan) -> dict[str, int]:
    """Return how many stops have an address of each origin, "unknown" when nobody knew."""
    client_ids = _clients(session, plan)
    told = told_places(session, client_ids, plan.published_at)
    origins = (told[one].origin if one in told else None for one in client_ids)
    return dict(Counter("unknown" if one is None else one.value for one in origins))


def _creditors(session: Session, plan: Plan, zone: ZoneInfo) -> dict[str, object]:
    """Return to how many stops each law of creditors applied, by profile, and in which versions."""
    client_ids = _clients(session, plan)
    laws = creditor_laws(session, plan.day, zone, client_ids, known_at=plan.published_at)
    held = Counter(
        one.id for number in client_ids if number in laws for one in laws[number].profiles
    )
    versions = {one.id: one.version for law in laws.values() for one in law.profiles}
    return {"creditor_laws": dict(held), "creditor_versions": versions}


def _clients(session: Session, plan: Plan) -> Sequence[int]:
    stops = select(Stop.client_id).join(Route, Route.id == Stop.route_id)
    return session.scalars(stops.where(Route.plan_id == plan.id)).all()


def _stops(session: Session, plan_id: int, form: int) -> list[list[int]]:
    columns = (Route.collector_id, Stop.client_id, Stop.starts_s, Stop.leaves_s)
    since_form_2 = (Stop.position, Stop.arrives_s) if form > 1 else ()
    rows = session.execute(
        select(*columns, *since_form_2)
        .join(Route, Route.id == Stop.route_id)
        .where(Route.plan_id == plan_id)
        .order_by(Route.collector_id, Stop.starts_s, Stop.id)
    )
    return [list(row) for row in rows]


def blocks_of_visit(
    profile: Profile, facts: ContactFacts, day: date, starts_s: int, leaves_s: int
) -> tuple[Block, ...] | None:
    """Return what forbids a visit from its beginning to its end; None when nothing does.

    A visit that spans two legal windows is forbidden although no single rule says so.
    """
    whole = decide(profile, facts, day)
    is_within = any(one.start_s <= starts_s and leaves_s <= one.end_s for one in whole.windows)
    if whole.allowed and is_within:
        return None
    at = (decide(profile, facts, day, second_s) for second_s in (starts_s, leaves_s))
    return next((one.blocks for one in at if one.blocks), ())


@dataclass(frozen=True, slots=True)
class _Law:
    """A profile, told apart from others by its text: to compare its rules takes longer."""

    profile: Profile = field(compare=False)
    text: str


@lru_cache(_MOST_VISITS_KEPT)
def blocks_once(
    law: _Law, facts: ContactFacts, day: date, starts_s: int, leaves_s: int
) -> tuple[Block, ...] | None:
    """Return what `blocks_of_visit` does; a visit about which nothing changed is decided once.

    Of a day that is repaired few visits get another hour, or another contact before them.
    """
    return blocks_of_visit(law.profile, facts, day, starts_s, leaves_s)


def _was_made(starts_s: int, plan: Plan, known: Sequence[ContactRow], zone: ZoneInfo) -> bool:
    """Tell whether a stop lay in the past of its plan and had been visited that day."""
    if clock.at_second(plan.day, starts_s, zone) >= plan.created_at:
        return False
    return any(one.at.astimezone(zone).date() == plan.day for one in known)
