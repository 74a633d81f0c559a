"""What the faltas of some days may cost, and the fines that became final."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.compliance.profile_files import law_version
from collector_app.compliance.rules import Profile
from collector_app.compliance.unit_values import value_on
from collector_app.core import clock
from collector_app.violations.models import Sanction, ViolationCase
from collector_app.violations.queries.cases import CaseFilter
from collector_app.violations.rules import (
    COSTLY,
    Exposure,
    Fault,
    WorstCost,
    exposures,
    laws_broken,
    prices,
    rules_broken,
    worst_costs,
    years_back,
)


@dataclass(frozen=True, slots=True)
class SanctionRow:
    """A fine that became final, as the page lists it."""

    id: int
    law: str
    final_on: date
    reference: str
    noted_by: str | None
    noted_at: datetime
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class CaseCosts:
    """What faltas may cost.

    Attributes
    ----------
    by_penalty : tuple of Exposure
        Each falta under every law that it was against, and under each of its penalties.
    worst : tuple of WorstCost
        By currency, each falta once: under whatever costs the most.
    of_several : int
        How many of them were against more than one law.
    """

    by_penalty: tuple[Exposure, ...]
    worst: tuple[WorstCost, ...]
    of_several: int


def cost_of_cases(session: Session, wanted: CaseFilter) -> CaseCosts:
    """Return what the faltas of those days may cost; only what is new or confirmed costs.

    Which of them are repeated goes by everything that the company did, whoever is asked about.
    """
    profiles: dict[str, dict[str, Profile]] = {}
    of_several = 0
    for one in reversed(_broken(session, wanted, wanted.first)):
        for law in one.laws:
            if one.version not in profiles.setdefault(law, {}):
                profiles[law][one.version] = law_version(law, one.version, one.on)
        of_several += wanted.collector_id in (None, one.collector_id) and len(one.laws) > 1
    every = [profile for versions in profiles.values() for profile in versions.values()]
    known = _broken(session, wanted, _first_known(wanted, every)) if every else []
    priced = [
        of_version
        for law, versions in sorted(profiles.items())
        for of_version in _prices_under(session, wanted, law, versions, known)
    ]
    return CaseCosts(
        tuple(cost for of_version in priced for cost in exposures(of_version)),
        tuple(worst_costs(chain.from_iterable(priced))),
        of_several,
    )


def sanction_list(session: Session) -> list[SanctionRow]:
    """Return the fines that became final, the newest first, those withdrawn too."""
    found = session.execute(
        select(Sanction, User.full_name)
        .outerjoin(User, User.id == Sanction.noted_by)
        .order_by(Sanction.final_on.desc(), Sanction.id.desc())
    )
    return [
        SanctionRow(
            one.id,
            one.law,
            one.final_on,
            one.reference,
            name,
            one.noted_at,
            one.withdrawn_at is not None,
        )
        for one, name in found
    ]


@dataclass(frozen=True, slots=True)
class _Broken:
    """A falta as its cost goes by, and the laws that it was against."""

    id: int
    on: date
    version: str
    collector_id: int | None
    rule_ids: tuple[str, ...]
    laws: tuple[str, ...]


def _broken(session: Session, wanted: CaseFilter, first: date | None) -> list[_Broken]:
    """Return the faltas against any law from a day on, the oldest first; None: all of them."""
    found = session.execute(
        select(
            ViolationCase.id,
            ViolationCase.at,
            ViolationCase.profile_version,
            ViolationCase.collector_id,
            ViolationCase.blocks,
        )
        .where(ViolationCase.law.is_not(None), *_costly(wanted, first))
        .order_by(ViolationCase.at, ViolationCase.id)
    )
    rows = []
    for number, at, version, collector_id, blocks in found:
        rule_ids = tuple(one["rule_id"] for one in blocks)
        day, laws = at.astimezone(wanted.zone).date(), laws_broken(rule_ids)
        rows.append(_Broken(number, day, version, collector_id, rule_ids, laws))
    return rows


def _prices_under(
    session: Session,
    wanted: CaseFilter,
    law: str,
    versions: Mapping[str, Profile],
    known: Sequence[_Broken],
) -> Iterator[list[tuple[Fault, Exposure]]]:
    """Yield what each falta against one law may cost, by what it said in each of its versions."""
    sanctioned_on = session.scalars(
        select(Sanction.final_on).where(Sanction.law == law, Sanction.withdrawn_at.is_(None))
    ).all()
    against = [one for one in known if law in one.laws]
    for profile in dict.fromkeys(versions[one] for one in sorted(versions)):
        of_version = [
            Fault(
                one.on,
                rules_broken(law, one.rule_ids),
                wanted.collector_id in (None, one.collector_id)
                and versions.get(one.version) == profile
                and one.on >= wanted.first,
                one.id,
            )
            for one in against
        ]
        yield prices(profile, of_version, sanctioned_on=sanctioned_on, value_on=value_on)


def _first_known(wanted: CaseFilter, profiles: Sequence[Profile]) -> date | None:
    """Return from which day on faltas have to be known to tell which are repeated; None: all."""
    years = [years_back(profile) for profile in profiles]
    known = [one for one in years if one is not None]
    if len(known) < len(years):
        return None
    return clock.months_after(wanted.first, -12 * max(known))


def _costly(wanted: CaseFilter, first: date | None) -> tuple[ColumnElement[bool], ...]:
    end = clock.local_midnight(wanted.last + timedelta(days=1), wanted.zone)
    upto = (ViolationCase.state.in_(COSTLY), ViolationCase.at < end)
    if first is None:
        return upto
    return (*upto, ViolationCase.at >= clock.local_midnight(first, wanted.zone))
