"""Experiments as they stand, who gets the challenger, and what came of both arms."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.errors import NotFound
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.payments.queries import promise_states
from collector_app.portfolio.rules import Stage
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromiseState
from collector_app.strategy.models import Experiment, ExperimentClient, Segment
from collector_app.strategy.queries.columns import read_treatment
from collector_app.strategy.rules import (
    SETTLING_DAYS,
    Arm,
    Conclusion,
    Difference,
    ExperimentTerms,
    Measure,
    Treatment,
    arm_of,
    conclusion,
    difference_of_means,
    difference_of_shares,
)

# Events of the log that change what clients outside of the challenger's arm get.
_OF_SEGMENT = ("segment.changed", "segment.moved", "segment.removed")
_OF_TREATMENT = ("treatment.set", "treatment.cleared")


@dataclass(frozen=True, slots=True)
class ExperimentRow:
    """An experiment as it stands, and how many clients each arm has."""

    id: int
    segment_id: int
    segment: str
    stage: Stage
    terms: ExperimentTerms
    challenger: Treatment
    clients: Counter[Arm]
    stopped_on: date | None
    stop_reason: str | None


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """What came of both arms, and what may be said of it."""

    difference: Difference
    conclusion: Conclusion


def experiments(session: Session, zone: ZoneInfo) -> list[ExperimentRow]:
    """Return all experiments, the last one begun first."""
    found = session.execute(
        select(Experiment, Segment.name)
        .join(Segment, Segment.id == Experiment.segment_id)
        .order_by(Experiment.id.desc())
    ).all()
    clients = _clients(session, [one.id for one, _name in found])
    return [_row(one, name, clients[one.id], zone) for one, name in found]


def experiment(session: Session, experiment_id: int, zone: ZoneInfo) -> ExperimentRow:
    """Return one experiment.

    Raises
    ------
    NotFound
        When there is none with that id.
    """
    row = next((one for one in experiments(session, zone) if one.id == experiment_id), None)
    if row is None:
        message = f"no experiment {experiment_id}"
        raise NotFound(message)
    return row


def result(session: Session, row: ExperimentRow, today: date, zone: ZoneInfo) -> ExperimentResult:
    """Return what came of an experiment until a day; who was in it at its beginning counts."""
    clients = _clients(session, [row.id])[row.id]
    values = _values(session, row.terms, clients, today, zone)
    arms: dict[Arm, list[float]] = {arm: [] for arm in Arm}
    for client_id in clients:
        arm = arm_of(row.id, client_id, row.terms.share_percent)
        arms[arm].append(values.get(client_id, 0))
    champion, challenger = arms[Arm.CHAMPION], arms[Arm.CHALLENGER]
    if row.terms.measure is Measure.RECOVERED:
        difference = difference_of_means(champion, challenger)
    else:
        difference = difference_of_shares(
            [one > 0 for one in champion], [one > 0 for one in challenger]
        )
    said = conclusion(row.terms, difference, today, is_stopped=row.stopped_on is not None)
    return ExperimentResult(difference, said)


def champion_changes(session: Session, row: ExperimentRow, zone: ZoneInfo) -> list[date]:
    """Return the days on which somebody changed what the champion is while an experiment ran.

    Its arm gets the treatment in force: a change of that, or of the segments by which clients come
    to it, makes it two champions. What follows is read from the log, where it stands for good.
    """
    begun = (
        select(AuditEntry.id)
        .where(AuditEntry.event == "experiment.begun", AuditEntry.subject_type == "experiment")
        .where(AuditEntry.subject_id == str(row.id))
        .scalar_subquery()
    )
    last = min(row.terms.ends_on, row.stopped_on or row.terms.ends_on)
    changes = session.execute(
        select(AuditEntry.at, AuditEntry.event, AuditEntry.facts)
        .where(
            AuditEntry.event.in_(_OF_SEGMENT + _OF_TREATMENT),
            AuditEntry.id > begun,
            AuditEntry.at < clock.local_midnight(last + timedelta(days=1), zone),
        )
        .order_by(AuditEntry.id)
    )
    own = {"segment": row.segment_id, "stage": row.stage.value}
    days = (
        at.astimezone(zone).date()
        for at, event, facts in changes
        if event in _OF_SEGMENT or own.items() <= facts.items()
    )
    return list(dict.fromkeys(days))


def challengers(
    session: Session, day: date, client_ids: Collection[int] | None
) -> dict[int, tuple[str, Treatment]]:
    """Return the challenger, with its segment, of each client who gets one on a day."""
    found = session.execute(
        select(Experiment, Segment.name, ExperimentClient.client_id)
        .join(Segment, Segment.id == Experiment.segment_id)
        .join(ExperimentClient, ExperimentClient.experiment_id == Experiment.id)
        .where(is_running(day), among(ExperimentClient.client_id, client_ids))
    )
    return {
        client_id: (segment, read_treatment(one))
        for one, segment, client_id in found
        if arm_of(one.id, client_id, one.share_percent) is Arm.CHALLENGER
    }


def busy_clients(session: Session, day: date) -> set[int]:
    """Return the clients who are in an experiment that runs on a day."""
    return set(
        session.scalars(
            select(ExperimentClient.client_id)
            .join(Experiment, Experiment.id == ExperimentClient.experiment_id)
            .where(is_running(day))
        )
    )


def is_running(day: date) -> ColumnElement[bool]:
    """Return the condition that an experiment runs on a day."""
    return and_(
        Experiment.starts_on <= day, Experiment.ends_on >= day, Experiment.stopped_at.is_(None)
    )


def _clients(session: Session, experiment_ids: Collection[int]) -> dict[int, list[int]]:
    by_experiment: dict[int, list[int]] = {one: [] for one in experiment_ids}
    found = session.execute(
        select(ExperimentClient.experiment_id, ExperimentClient.client_id)
        .where(among(ExperimentClient.experiment_id, experiment_ids))
        .order_by(ExperimentClient.client_id)
    )
    for experiment_id, client_id in found:
        by_experiment[experiment_id].append(client_id)
    return by_experiment


def _values(
    session: Session,
    terms: ExperimentTerms,
    clients: Collection[int],
    today: date,
    zone: ZoneInfo,
) -> dict[int, float]:
    """Return what is measured of each client, 0 for those who are missing."""
    if terms.measure is Measure.KEPT:
        return _kept(session, terms, clients, today, zone)
    starts_at = clock.local_midnight(terms.starts_on, zone)
    ends_at = clock.local_midnight(terms.ends_on + timedelta(days=1), zone)
    found = session.execute(
        select(Payment.client_id, func.sum(Payment.amount_cents))
        .where(
            Payment.annulled_at.is_(None),
            Payment.received_at >= starts_at,
            Payment.received_at < ends_at,
            among(Payment.client_id, clients),
        )
        .group_by(Payment.client_id)
    )
    return {client_id: float(cents) for client_id, cents in found}


def _kept(
    session: Session,
    terms: ExperimentTerms,
    clients: Collection[int],
    today: date,
    zone: ZoneInfo,
) -> dict[int, float]:
    """Return 1 for who made a promise since the first day, due by the last, and kept it."""
    starts_at = clock.local_midnight(terms.starts_on, zone)
    promised = session.scalars(
        select(Promise.client_id)
        .where(
            Promise.made_at >= starts_at,
            Promise.due_on <= terms.ends_on,
            among(Promise.client_id, clients),
        )
        .distinct()
    ).all()
    day = min(today, terms.ends_on + timedelta(days=SETTLING_DAYS))
    return {
        client_id: 1.0
        for client_id, promises in promise_states(session, day, promised, zone=zone).items()
        if any(
            one.state is PromiseState.KEPT
            and one.made_at >= starts_at
            and one.due_on <= terms.ends_on
            for one in promises
        )
    }


def _row(one: Experiment, segment: str, clients: Collection[int], zone: ZoneInfo) -> ExperimentRow:
    stopped_at = one.stopped_at
    return ExperimentRow(
        id=one.id,
        segment_id=one.segment_id,
        segment=segment,
        stage=one.stage,
        terms=ExperimentTerms(one.name, one.share_percent, one.measure, one.starts_on, one.ends_on),
        challenger=read_treatment(one),
        clients=Counter(arm_of(one.id, client_id, one.share_percent) for client_id in clients),
        stopped_on=stopped_at.astimezone(zone).date() if stopped_at else None,
        stop_reason=one.stop_reason,
    )
