"""Whether a plan is what its certificate says: told apart from laws and bans that came later."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.planning.models import Plan
from collector_app.planning.queries.legality import Breach, certificate, form_of, legality
from collector_app.planning.rules import CertificateState

OF_THE_PLAN = frozenset({"plan_id", "day", "profile", "stops_sha256"})
OF_THE_LAW = frozenset({"profile_version", "rules", "creditor_versions"})


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a certificate.

    Attributes
    ----------
    differing : dict of str to (object, object)
        What was sealed and what it is, each decided with what was known at publishing.
    breaches : tuple of Breach
        Stops that would not be allowed by what is known now.
    """

    state: CertificateState
    differing: dict[str, tuple[object, object]]
    breaches: tuple[Breach, ...]


def verify(
    session: Session, plan_id: int, sealed: Mapping[str, object], zone: ZoneInfo
) -> Verification:
    """Compare a published plan with its certificate.

    What was checked is checked again with what was known when the plan was published; only then
    with what is known now.
    """
    plan = session.get_one(Plan, plan_id)
    then = legality(session, plan_id, zone, plan.published_at)
    again = certificate(session, plan_id, zone, then, form_of(sealed))
    differing = {
        name: (sealed.get(name), value)
        for name, value in sorted(again.items())
        if value != sealed.get(name)
    }
    now = legality(session, plan_id, zone)
    state = _state(set(differing), has_new_breaches=bool(now.breaches))
    return Verification(state, differing, now.breaches)


def _state(names: set[str], *, has_new_breaches: bool) -> CertificateState:
    if names & OF_THE_PLAN:
        return CertificateState.ALTERED
    if names & OF_THE_LAW:
        return CertificateState.CHANGED_SINCE
    if names:
        return CertificateState.UNREPEATABLE
    return CertificateState.CHANGED_SINCE if has_new_breaches else CertificateState.HOLDS
