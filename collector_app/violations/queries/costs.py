"""What the faltas of some days may cost, and the fines that became final."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
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
    exposures,
    rules_broken,
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


def cost_of_cases(session: Session, wanted: CaseFilter) -> list[Exposure]:
    """Return what the faltas of those days may cost; only what is new or confirmed costs.

    Which of them are repeated goes by everything that the company did, whoever is asked about.
    """
    found = session.execute(
        select(ViolationCase.law, ViolationCase.profile_version, func.max(ViolationCase.at))
        .where(ViolationCase.law.is_not(None), *_costly(wanted, wanted.first))
        .group_by(ViolationCase.law, ViolationCase.profile_version)
        .order_by(ViolationCase.law, ViolationCase.profile_version)
    )
    profiles: dict[str, dict[str, Profile]] = {}
    for law, version, at in found:
        day = at.astimezone(wanted.zone).date()
        profiles.setdefault(str(law), {})[version] = law_version(str(law), version, day)
    return [
        cost
        for law, versions in profiles.items()
        for cost in _cost_under(session, wanted, law, versions)
    ]


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


def _cost_under(
    session: Session, wanted: CaseFilter, law: str, versions: Mapping[str, Profile]
) -> Iterator[Exposure]:
    """Yield what the faltas against one law may cost, by what it said in each of its versions."""
    found = session.execute(
        select(
            ViolationCase.at,
            ViolationCase.profile_version,
            ViolationCase.collector_id,
            ViolationCase.blocks,
        ).where(ViolationCase.law == law, *_costly(wanted, _first_known(wanted, versions)))
    )
    faults = [
        (
            at.astimezone(wanted.zone).date(),
            versions.get(version),
            wanted.collector_id in (None, collector_id),
            rules_broken(law, (one["rule_id"] for one in blocks)),
        )
        for at, version, collector_id, blocks in found
    ]
    sanctioned_on = session.scalars(
        select(Sanction.final_on).where(Sanction.law == law, Sanction.withdrawn_at.is_(None))
    ).all()
    for profile in dict.fromkeys(versions.values()):
        of_version = [
            Fault(on, broken, is_asked and under == profile and on >= wanted.first)
            for on, under, is_asked, broken in faults
        ]
        yield from exposures(profile, of_version, sanctioned_on=sanctioned_on, value_on=value_on)


def _first_known(wanted: CaseFilter, versions: Mapping[str, Profile]) -> date | None:
    """Return from which day on faltas have to be known to tell which are repeated; None: all."""
    years = [years_back(profile) for profile in versions.values()]
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
