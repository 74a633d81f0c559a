"""New zones take the place of all that are in force from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from collector_app.audit.batches import log_rows
from collector_app.core.actor import Actor
from collector_app.core.errors import InvalidInput
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership
from collector_app.zones.periods import end_before, hold_zones
from collector_app.zones.queries import located
from collector_app.zones.rules import ProposedZone, check_newcomers
from collector_app.zones.services.assignments import answer_for
from collector_app.zones.services.newcomers import Placement, join, place
from collector_app.zones.services.refusals import check_collectors, check_day

ACCEPTED = "zone.accepted"


@dataclass(frozen=True, slots=True)
class AcceptedZones:
    """The zones that now exist, in the order they were given, and what became of newcomers."""

    zone_ids: tuple[int, ...]
    newcomers: Placement


def replace_zones(
    session: Session,
    actor: Actor,
    zones: Sequence[ProposedZone],
    day: date,
    collector_of_zone: Mapping[int, int | None],
) -> AcceptedZones:
    """Replace all zones from a day on.

    Zones, memberships and assignments that reach that day end the day before; those planned for
    later days never begin. Clients who came after the zones were drawn join the zone of their
    nearest neighbour.

    Parameters
    ----------
    collector_of_zone : mapping of int to int or None
        Collector by position of the zone in `zones`, from 0; a zone left out has nobody. One
        collector may answer for several zones.

    Raises
    ------
    StaleProposal
        When too many clients came after the zones were drawn.
    DayIsOver, NotACollector
        When the day has passed, or somebody named is no active collector.
    """
    check_day(day)
    _check_positions(collector_of_zone, len(zones))
    check_collectors(session, collector_of_zone.values())
    _check_fresh(session, zones)
    hold_zones(session, day)
    for kind in (ZoneAssignment, ZoneMembership, Zone):
        end_before(session, actor, ACCEPTED, kind, day)
    rows = [
        _open_zone(session, actor, zone, day, collector_of_zone.get(position))
        for position, zone in enumerate(zones)
    ]
    log_rows(session, actor, ACCEPTED, Zone, [row.id for row in rows])
    return AcceptedZones(tuple(row.id for row in rows), place(session, actor, [day]))


def _check_positions(collector_of_zone: Mapping[int, int | None], zone_count: int) -> None:
    unknown = sorted(set(collector_of_zone) - set(range(zone_count)))
    if unknown:
        raise InvalidInput("zone", f"0-{zone_count - 1}", positions=unknown)


def _check_fresh(session: Session, zones: Iterable[ProposedZone]) -> None:
    now = {client.id for client in located(session)}
    then = {client_id for zone in zones for client_id in zone.client_ids}
    check_newcomers(len(now - then), len(now))


def _open_zone(
    session: Session, actor: Actor, proposed: ProposedZone, day: date, collector_id: int | None
) -> Zone:
    zone = Zone(name=proposed.name, colour=proposed.colour, outline=proposed.outline, from_on=day)
    session.add(zone)
    session.flush()
    members = [
        {"zone_id": zone.id, "client_id": client_id, "from_on": day}
        for client_id in proposed.client_ids
    ]
    join(session, actor, ACCEPTED, members)
    answer_for(session, actor, zone, collector_id, day)
    return zone
