"""What accepting a proposal would change, for clients and for each collector."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector_app.zones.queries import CollectorRow, ProposalPage, ZoneBoard, ZoneOwner
from collector_app.zones.rules import Handover, ProposedZone, handover


@dataclass(frozen=True, slots=True)
class CollectorChange:
    """The work of one collector, today and as proposed; without id: what nobody answers for."""

    collector_id: int | None
    name: str | None
    clients_before: int
    clients_after: int
    month_h_before: float
    month_h_after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Today beside the proposal."""

    handover: Handover
    collectors: tuple[CollectorChange, ...]
    without_collector: int  # proposed zones

    @property
    def without_zone(self) -> tuple[str, ...]:
        """Return the names of the collectors who would have no client."""
        return tuple(one.name for one in self.collectors if one.name and not one.clients_after)


@dataclass(frozen=True, slots=True)
class Way:
    """One of two proposals drawn beside each other, in figures to choose by.

    Pairs are of the zone with least and the zone with most.

    Attributes
    ----------
    imbalance, money_imbalance : float
        How far the heaviest zone is above what is asked of it, as a share.
    hours, road_km : pair of float
        Of a month.
    overdue_cents : pair of int
    mean_distance_km, tours_km : float
        From clients to the middle of their zone, weighted by work; sum of a tour through each zone.
    """

    proposal_id: int
    is_cold: bool
    handover: Handover
    imbalance: float
    money_imbalance: float
    hours: tuple[float, float]
    road_km: tuple[float, float]
    overdue_cents: tuple[int, int]
    mean_distance_km: float
    tours_km: float


def way(page: ProposalPage, changes: Comparison) -> Way:
    """Return a proposal of at least one zone in figures, with what it changes for clients."""
    hours = [zone.month_h for zone in page.zones]
    road = [zone.month_km for zone in page.zones]
    cents = [zone.overdue_cents for zone in page.zones]
    far_m = sum(zone.month_h * zone.mean_distance_m for zone in page.zones)
    return Way(
        proposal_id=page.row.id,
        is_cold=page.is_cold,
        handover=changes.handover,
        imbalance=page.figures["imbalance"],
        money_imbalance=page.figures["money_imbalance"],
        hours=(min(hours), max(hours)),
        road_km=(min(road), max(road)),
        overdue_cents=(min(cents), max(cents)),
        mean_distance_km=far_m / sum(hours) / 1000 if sum(hours) else 0.0,
        tours_km=sum(zone.tour_m for zone in page.zones) / 1000,
    )


def compare(
    board: ZoneBoard,
    owners: Mapping[int, ZoneOwner],
    zones: Sequence[ProposedZone],
    chosen: Mapping[int, int | None],
    staff: Sequence[CollectorRow],
) -> Comparison:
    """Compare the zones of a day with a proposal and the collectors chosen for it.

    Parameters
    ----------
    chosen : mapping of int to int or None
        Collector by position of the zone in the proposal, from 0.
    staff : sequence of CollectorRow
        The collectors to list, in this order.
    """
    before = {client_id: owner.collector_id for client_id, owner in owners.items()}
    after = {
        client_id: chosen.get(position)
        for position, zone in enumerate(zones)
        for client_id in zone.client_ids
    }
    clients: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
    hours: dict[int | None, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for load in board.zones:
        clients[load.zone.collector_id][0] += load.zone.client_count
        hours[load.zone.collector_id][0] += load.month_h
    for position, zone in enumerate(zones):
        clients[chosen.get(position)][1] += len(zone.client_ids)
        hours[chosen.get(position)][1] += zone.month_h
    names = {one.id: one.name for one in staff}
    listed: list[int | None] = [*names, *(who for who in clients if who not in names)]
    return Comparison(
        handover=handover(before, after),
        collectors=tuple(
            CollectorChange(who, names.get(who) if who else None, *clients[who], *hours[who])
            for who in listed
        ),
        without_collector=sum(chosen.get(position) is None for position in range(len(zones))),
    )
