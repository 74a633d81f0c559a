"""Beginning an experiment, which fixes everything, and stopping it."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.audit.batches import log_rows
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.bulk import insert_all
from collector_app.core.errors import NotFound
from collector_app.portfolio.rules import Stage
from collector_app.strategy.models import Experiment, ExperimentClient
from collector_app.strategy.queries import (
    busy_clients,
    client_traits,
    is_running,
    segment_named,
    segment_rules,
)
from collector_app.strategy.rules import (
    AlreadyExperimenting,
    BadExperiment,
    ExperimentTerms,
    NobodyToCompare,
    Treatment,
    check_experiment,
    segment_of,
)
from collector_app.strategy.services.segments import WRITERS, check_words, write_treatment


def start_experiment(
    session: Session,
    actor: Actor,
    segment_id: int,
    stage: Stage,
    terms: ExperimentTerms,
    challenger: Treatment,
    *,
    zone: ZoneInfo,
) -> Experiment:
    """Begin an experiment with everybody who is in a segment at a stage on its first day.

    Raises
    ------
    BadExperiment, BadTreatment
        Naming the field that can't be used.
    NotFound
        When there is no such segment.
    AlreadyExperimenting
        When one runs with that segment at that stage.
    NobodyToCompare
        When nobody is there, or all are in other experiments.
    """
    actor.require(*WRITERS)
    check_experiment(terms)
    check_words(session, challenger, terms.starts_on)
    rule = segment_named(session, segment_id)
    if session.scalar(
        select(Experiment.id).where(
            is_running(terms.starts_on),
            Experiment.segment_id == segment_id,
            Experiment.stage == stage,
        )
    ):
        raise AlreadyExperimenting(segment=rule.name)
    rules, busy = segment_rules(session), busy_clients(session, terms.starts_on)
    clients = [
        one.client_id
        for one in client_traits(session, terms.starts_on, zone)
        if one.stage is stage and one.client_id not in busy and segment_of(rules, one) == rule
    ]
    if not clients:
        raise NobodyToCompare(segment=rule.name)
    begun = Experiment(
        name=terms.name.strip(),
        segment_id=segment_id,
        stage=stage,
        share_percent=terms.share_percent,
        measure=terms.measure,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        started_by=actor.user_id,
    )
    write_treatment(begun, challenger)
    session.add(begun)
    audit.log(session, actor, "experiment.begun", begun, clients=len(clients))
    rows = [{"experiment_id": begun.id, "client_id": one} for one in clients]
    ids = insert_all(session, ExperimentClient, rows)
    log_rows(session, actor, "experiment.begun", ExperimentClient, ids)
    return begun


def stop_experiment(session: Session, actor: Actor, experiment_id: int, reason: str) -> None:
    """End an experiment before its last day: everybody is treated as before, nobody won.

    Raises
    ------
    NotFound
        When there is none with that id.
    BadExperiment
        When there are no words in the reason.
    """
    actor.require(*WRITERS)
    if not reason.strip():
        raise BadExperiment("reason", "why it is stopped")
    one = session.get(Experiment, experiment_id, with_for_update={"key_share": True})
    if one is None:
        message = f"no experiment {experiment_id}"
        raise NotFound(message)
    if one.stopped_at is None:
        one.stopped_at, one.stop_reason = clock.now(), reason.strip()
        audit.log(session, actor, "experiment.stopped", one)
